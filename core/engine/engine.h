#pragma once

#include "core/engine/toggle_def.h"
#include "core/engine/upstream/upstream_options.h"
#include "core/model/profile.h"
#include "core/net/server.h"
#include "core/stats/histogram.h"

#include <map>
#include <optional>
#include <vector>

namespace hone::engine {

enum class Arm : std::uint8_t { A = 0, B = 1 };

struct EngineOptions {
    net::ServerOptions server;
    std::vector<std::shared_ptr<data::Dataset>> datasets;
    Catalogue catalogue;
    int poolThreads = -1;                   ///< For endpoints that block. 0: on the loop; < 0: one a CPU.
    int poolCpu = -1;                       ///< ≥ 0 pins the pool threads there.
    std::string adminToken;                 ///< Empty: a random one.
    std::vector<std::string> allowedHosts;  ///< Besides loopback names, for the Host check.
    /// Set: every path goes there instead of to the datasets, which then are none.
    std::optional<UpstreamOptions> upstream;
    std::vector<std::string> cors;  ///< Origins whose pages may use the API; "*": every page's.
};

/// Counters of one endpoint since the engine started.
struct EndpointStats {
    std::string name;
    std::uint64_t requests = 0, errors = 0, bytesOut = 0;  ///< Errors: 5xx. Bytes: of the content.
    double p50Us = 0, p99Us = 0;  ///< Inside the engine: parsed → handed to the socket.
};

/// What the engine did so far; a value taken at one moment (approximate between workers).
struct Snapshot {
    Nanos taken{0};
    std::uint64_t requests = 0, errors = 0;  ///< Without /_hone/. Errors: 5xx; a refusal (4xx) is an answer.
    std::uint64_t bytesOut = 0;              ///< On the wire.
    std::uint64_t openConnections = 0;
    Nanos cpu{0};  ///< Loops, pool and endpoints' own threads together.
    std::map<int, std::uint64_t> byStatus;
    std::vector<EndpointStats> endpoints;
    stats::Histogram latency{1, 3'600'000'000, 3};  ///< Microseconds inside the engine.
    /// Per arm: "cache.hits" → value, for the toggles that are on.
    std::map<std::string, double> counters[2];
    /// Per arm: toggle id → what keeps it from its work, in a sentence; only those in trouble.
    std::map<std::string, std::string> troubles[2];
    /// Per arm: toggle id → time its stages took since its pipeline was made, all workers together.
    std::map<std::string, Nanos> stageTimes[2];
};

/// What one stage, the endpoint or the gate did for an exchange.
struct JournalStep {
    std::string name;  ///< Toggle id, "sql", "upstream" …
    Nanos duration{0};
    std::string note;  ///< "hit", "gzip", "304" …
};

/// One finished exchange, for the journal.
struct JournalEntry {
    std::uint64_t number = 0;
    std::chrono::system_clock::time_point at;
    int arm = 0;
    std::string method, target, endpoint;
    int status = 0;
    std::uint64_t bytesOut = 0;
    Nanos duration{0};
    std::string serverTiming;
    int version = 11;  ///< 10, 11, 20, 30.
    std::string peer;
    std::vector<std::pair<std::string, std::string>> requestFields;  ///< Credentials masked.
    std::vector<std::pair<std::string, std::string>> answerFields;
    std::vector<JournalStep> steps;  ///< In the order of the phases.
    /// Why this answer, in a sentence: which toggle answered or refused, or which routes nearly matched a
    /// 404.
    std::string why;
};

/// The API under test: serves the datasets over real sockets through the pipeline of each arm.
///
/// Thread: every method from any. Requests in flight finish on the pipeline they began with.
class Engine {
public:
    /// Starts listening with both arms on the baseline profile. Errors as net::Server::create,
    /// AlreadyExists when two datasets have a table of the same name, InvalidArgument for an origin that is
    /// none.
    static Result<std::unique_ptr<Engine>> create(EngineOptions options,
                                                  const Clock& clock = SystemClock::instance());
    virtual ~Engine() = default;

    [[nodiscard]] virtual std::string url() const = 0;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual const std::string& adminToken() const = 0;
    [[nodiscard]] virtual Catalogue catalogue() const = 0;
    [[nodiscard]] virtual std::span<const std::shared_ptr<data::Dataset>> datasets() const = 0;

    /// Compiles and swaps in; a refused profile leaves the running one. Toggles whose settings did not change
    /// keep their state (a warm cache stays warm while another switch moves).
    virtual Result<> apply(Arm arm, const model::Profile& profile) = 0;
    [[nodiscard]] virtual model::Profile profile(Arm arm) const = 0;
    /// How the clients of an arm may connect.
    [[nodiscard]] virtual Connections connections(Arm arm) const = 0;
    /// Cold start: every toggle of the arm forgets what it learned.
    virtual void resetState(Arm arm) = 0;
    /// Forgets the kept answers that match; how many they were.
    virtual std::uint64_t purge(Arm arm, const Purge& what) = 0;

    [[nodiscard]] virtual Snapshot snapshot() const = 0;
    /// The newest `limit` exchanges, newest first. Sampled under heavy load (says how many were seen in
    /// `number`).
    [[nodiscard]] virtual std::vector<JournalEntry> journal(std::size_t limit) const = 0;
    /// The simulated network between clients and engine, for connections from now on; none: the real one
    /// alone.
    virtual void setLink(std::optional<net::LinkOptions> link) = 0;
    [[nodiscard]] virtual std::optional<net::LinkOptions> link() const = 0;
    virtual void stop(std::chrono::milliseconds grace) = 0;
};

/// Checks a profile against a catalogue and gives each toggle that is on its full ParamSet, in catalogue
/// order. Unknown toggles and parameters are refused by name with the known ones.
struct ResolvedToggle {
    const ToggleDef* def = nullptr;
    ParamSet params;
};
Result<std::vector<ResolvedToggle>> resolve(const model::Profile& profile, Catalogue catalogue);

}  // namespace hone::engine
