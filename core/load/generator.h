#pragma once

#include "core/load/private_cache.h"
#include "core/load/recorder.h"
#include "core/load/request_set.h"
#include "core/load/targets.h"
#include "core/load/tick_board.h"

#include <deque>

namespace hone::load {

/// Of the whole generator; beyond it, due requests of an open loop wait (backlog).
inline constexpr std::size_t kMaxConnections = 1000;

/// What the threads of one run share; outlives them.
struct RunContext {
    const LoadPlan& plan;
    const RequestSet& requests;
    const Targets& targets;  ///< Of requests.servers().
    const Timetable& timetable;
    TickBoard& board;
    std::function<void(bool begins)>
        onMeasure;  ///< Each thread tells when its measured part begins and ends.
};

/// One thread of the load generator: its loop, its users (each with its own connections), its record.
///
/// Thread: run() is the thread; cancel() from any. Owner: runLoad. Invariant: `m_inFlight` users wait for an
/// answer. Derived classes decide who sends when (closed and open loop).
class Generator {
public:
    Generator(const RunContext& run, int thread);
    virtual ~Generator() = default;
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    void run(Nanos start);
    void cancel();
    [[nodiscard]] Totals& totals() { return m_recorder.totals(); }
    [[nodiscard]] std::vector<SampledAnswer>& samples() { return m_samples; }
    [[nodiscard]] std::size_t connections() const { return (m_users.size() + m_streams - 1) / m_streams; }

protected:
    enum class Phase : std::uint8_t { Warmup, Measured, Draining, Over };

    /// One virtual user: at most one request under way. Its clients are made when first needed, one per
    /// endpoint.
    struct User {
        Generator* owner = nullptr;
        std::size_t number = 0;  ///< Users of HTTP/2 share a connection in groups of `streams`.
        std::vector<std::unique_ptr<net::Client>> clients;
        Nanos due{0};
        std::size_t request = 0;
        bool measured = false;  ///< Sent in the measured part.
        std::unique_ptr<std::string> sampledTarget;
        RequestStream::Session session;       ///< Of a sequence.
        std::unique_ptr<PrivateCache> cache;  ///< When clients cache …
        std::string wire;                     ///< … the request under way …
        std::size_t server = 0;
        bool asksAgain = false;  ///< … which asks whether a stored answer still holds.
    };

    virtual void begin() = 0;                                          ///< The first sends.
    virtual void beginMeasuring() = 0;                                 ///< The stream was restarted.
    virtual void answered(User& user, const net::Answer& answer) = 0;  ///< The user is free again.
    [[nodiscard]] virtual bool countsAsMeasured(const User& user) const = 0;
    [[nodiscard]] virtual Nanos drain() const = 0;               ///< How long to wait for answers at the end.
    [[nodiscard]] virtual std::uint64_t backlog() { return 0; }  ///< Due by now but not sent.

    User& addUser();
    void fire(User& user, Nanos due);

    const RunContext& m_run;
    int m_thread, m_threads;
    std::size_t m_streams;  ///< Users of one connection.
    std::unique_ptr<net::Loop> m_loop;
    RequestStream m_stream;
    Recorder m_recorder;
    std::deque<User> m_users;  ///< Deque: callbacks keep references.
    Nanos m_start{0};
    std::uint64_t m_inFlight = 0;
    Phase m_phase = Phase::Warmup;

private:
    [[nodiscard]] std::unique_ptr<net::Client> clientFor(const User& user, std::size_t server);
    /// True when the user's own cache has the answer; else `shot` may have become a conditional request.
    bool answerLocally(User& user, RequestStream::Shot& shot);
    void onAnswer(User& user, const net::Answer& answer);
    /// What the next step needs; the name of what the answer lacks.
    std::string_view takeValues(User& user, const net::Answer& answer);
    void takeSample(User& user, const net::Answer& answer);
    void endTick(int index);
    void startMeasuring();
    void stopSending(Nanos now);
    void finish();

    std::vector<int> m_samplesLeft;  ///< By request.
    std::vector<SampledAnswer> m_samples;
    Nanos m_measureStart{0}, m_cpuAtStart{0};
};

[[nodiscard]] std::unique_ptr<Generator> makeClosedLoop(const RunContext& run, int thread);
[[nodiscard]] std::unique_ptr<Generator> makeOpenLoop(const RunContext& run, int thread);

/// The share of `whole` that thread `index` of `threads` takes.
[[nodiscard]] inline int shareOf(int whole, int index, int threads) {
    return whole / threads + (index < whole % threads ? 1 : 0);
}

}  // namespace hone::load
