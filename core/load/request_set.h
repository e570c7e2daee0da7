#pragma once

#include "core/load/answer_checks.h"
#include "core/load/key_sampler.h"
#include "core/load/load.h"
#include "core/net/client.h"

#include <string>
#include <string_view>
#include <vector>

namespace hone::load {

/// The requests of a workload in wire form with slots for their variables, and the servers they go to.
///
/// A value, immutable once compiled; shared by the generator's threads, each with its own RequestStream.
class RequestSet {
public:
    /// Errors (InvalidArgument) name the request and the value.
    static Result<RequestSet> compile(const model::Workload& workload, std::string_view baseUrl,
                                      const std::vector<std::pair<std::string, std::string>>& extraHeaders);

    struct Piece {
        enum class Slot : std::uint8_t { None, Plain, Encoded, BodyLength };
        std::string literal;  ///< Comes before the slot.
        Slot slot = Slot::None;
        std::size_t variable = 0;
    };
    struct Request {
        std::string name;
        std::size_t endpoint = 0;  ///< Index into servers().
        bool isHead = false, isSafe = false;
        std::vector<Piece> target, head, body;  ///< `head` contains the target.
        std::vector<std::size_t> variables;     ///< Each once, in order of appearance.
        std::string fixed;                      ///< The whole wire form when there are no variables.
        AnswerChecks checks;
    };
    /// Where requests go.
    struct Server {
        net::Endpoint endpoint;
        bool isSecure = false;  ///< https.
        [[nodiscard]] std::string url() const;
    };
    struct Variable {
        model::Variable source;
        std::vector<std::string> encoded;  ///< Of a list: percent-encoded for targets.
    };

    [[nodiscard]] const std::vector<Request>& requests() const { return m_requests; }
    [[nodiscard]] const std::vector<Variable>& variables() const { return m_variables; }
    [[nodiscard]] const std::vector<Server>& servers() const { return m_servers; }
    [[nodiscard]] const std::vector<double>& weights() const { return m_weights; }

private:
    friend class RequestCompiler;
    std::vector<Request> m_requests;
    std::vector<Variable> m_variables;
    std::vector<Server> m_servers;
    std::vector<double> m_weights;
};

/// Draws requests from a set: the same seed gives the same sequence of requests and keys.
///
/// Thread: one. Invariant: the k-th shot depends on seed, thread and k only, never on time or answers.
class RequestStream {
public:
    RequestStream(const RequestSet& set, std::uint64_t seed, int thread = 0, int threads = 1);

    struct Shot {
        std::size_t request = 0;
        std::string_view wire;  ///< Valid until the next call.
        std::size_t endpoint = 0;
        bool isHead = false;
    };
    Shot next();
    Shot next(std::size_t request);            ///< A given request with the next keys.
    [[nodiscard]] std::string target() const;  ///< Of the last shot.
    void restart(std::uint64_t seed);

private:
    void append(std::string& out, const std::vector<RequestSet::Piece>& pieces, std::size_t bodyBytes) const;

    const RequestSet& m_set;
    int m_thread;
    WeightedChoice m_choice;
    SplitMix64 m_random;
    std::vector<KeySampler> m_samplers;  ///< By variable.
    std::vector<std::int64_t> m_drawn;   ///< By variable: index of the value in the last shot.
    std::size_t m_last = 0;
    std::string m_wire, m_body;
};

}  // namespace hone::load
