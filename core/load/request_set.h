#pragma once

#include "core/load/answer_checks.h"
#include "core/load/answer_extracts.h"
#include "core/load/key_sampler.h"
#include "core/load/load.h"
#include "core/load/recorded_log.h"
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
        /// Target: a whole target from an answer, absolute or not.
        enum class Slot : std::uint8_t { None, Plain, Encoded, Target, BodyLength };
        std::string literal;  ///< Comes before the slot.
        Slot slot = Slot::None;
        std::size_t variable = 0, column = 0;
    };
    struct Request {
        std::string name;
        std::size_t endpoint = 0;  ///< Index into servers().
        bool isHead = false, isSafe = false;
        std::vector<Piece> target, head, body;  ///< `head` contains the target.
        std::vector<std::size_t> variables;     ///< That are drawn; each once, in order of appearance.
        bool isFixed = true;                    ///< No slots but the body's length.
        std::string fixed;                      ///< The whole wire form then.
        AnswerChecks checks;
        AnswerExtracts extracts;
        [[nodiscard]] bool readBody() const { return checks.readBody() || extracts.readBody(); }
    };
    /// Where requests go.
    struct Server {
        net::Endpoint endpoint;
        bool isSecure = false;  ///< https.
        [[nodiscard]] std::string url() const;
    };
    struct Column {
        std::vector<std::string> plain, encoded;  ///< Percent-encoded for targets.
    };
    struct Variable {
        model::Variable source;       ///< With columns: a range of their rows.
        std::vector<Column> columns;  ///< Of a list or file, those that are used.
        bool isTaken = false;         ///< From answers, not drawn.
    };

    [[nodiscard]] const std::vector<Request>& requests() const { return m_requests; }
    [[nodiscard]] const std::vector<Variable>& variables() const { return m_variables; }
    [[nodiscard]] const std::vector<Server>& servers() const { return m_servers; }
    [[nodiscard]] const std::vector<double>& weights() const { return m_weights; }
    [[nodiscard]] bool isSequence() const { return m_isSequence; }
    /// Of a replay: when, and with `targets` what. Arrival k is request k.
    [[nodiscard]] const std::shared_ptr<const std::vector<Nanos>>& arrivals() const { return m_arrivals; }
    [[nodiscard]] const std::vector<RecordedRequest>& recorded() const { return m_recorded; }
    [[nodiscard]] const std::string& recordedFields() const { return m_recordedFields; }
    /// What the result must say about the compiled workload.
    [[nodiscard]] const std::vector<std::string>& notes() const { return m_notes; }

private:
    friend class RequestCompiler;
    Result<> addReplay(const model::Workload& workload);
    std::vector<Request> m_requests;
    std::vector<Variable> m_variables;
    std::vector<Server> m_servers;
    std::vector<double> m_weights;
    bool m_isSequence = false;
    std::shared_ptr<const std::vector<Nanos>> m_arrivals;
    std::vector<RecordedRequest> m_recorded;
    std::string m_recordedFields;  ///< Field lines of every recorded request.
    std::vector<std::string> m_notes;
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
    /// Where one client stands in the sequence.
    struct Session {
        std::size_t step = 0;
        std::vector<std::int64_t> drawn;  ///< By variable, for all steps of this round.
        std::vector<std::string> taken;   ///< By variable: from the answers so far.
    };
    Shot next();
    Shot next(std::size_t request);            ///< A given request with the next keys.
    Shot next(Session& session);               ///< The next step; keys are drawn at the first.
    [[nodiscard]] std::string target() const;  ///< Of the last shot.
    void restart(std::uint64_t seed);

private:
    Shot compose(std::size_t request);
    Shot nextRecorded();
    void append(std::string& out, const std::vector<RequestSet::Piece>& pieces, std::size_t bodyBytes) const;

    const RequestSet& m_set;
    int m_thread;
    WeightedChoice m_choice;
    SplitMix64 m_random;
    std::vector<KeySampler> m_samplers;                 ///< By variable.
    std::vector<std::int64_t> m_drawn;                  ///< By variable: index of the value in the last shot.
    const std::vector<std::string>* m_taken = nullptr;  ///< Of the client being served.
    std::size_t m_last = 0, m_position = 0;             ///< In the recording.
    int m_threads;
    std::string m_wire, m_body;
};

}  // namespace hone::load
