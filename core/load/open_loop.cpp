#include "core/load/generator.h"

namespace hone::load {

namespace {

constexpr Nanos kLongestDrain{1'000'000'000};
constexpr int kPortion = 32;  ///< Sends in a row before answers are looked at.

/// Sends are due by the schedule whatever the server does. A due request takes an idle user or adds one; at
/// the limit it waits, and its latency counts from when it was due. The backlog is not stored: the schedule
/// is deterministic, so a second copy of it that follows the clock tells how many are due.
class OpenLoop final : public Generator {
public:
    OpenLoop(const RunContext& run, int thread)
        : Generator(run, thread), m_schedule(warmupSchedule()), m_dueSchedule(m_schedule) {
        const int users = shareOf(run.plan.workload.clients, thread, m_threads) * run.plan.workload.streams;
        for (int i = 0; i < users; ++i)
            m_idle.push_back(&addUser());
        m_maxUsers = maxUsers();
    }

private:
    void begin() override { follow(warmupSchedule(), m_start); }
    void beginMeasuring() override {
        // Whatever of the warm-up is still due is let go: the measured part begins on its own schedule.
        follow(measuredSchedule(), m_start + m_run.timetable.warmup());
    }
    void answered(User& user, const net::Answer&) override {
        m_idle.push_back(&user);
        if (m_starved && m_phase != Phase::Draining) {
            m_starved = false;
            sendDue();
        }
    }
    bool countsAsMeasured(const User& user) const override { return user.measured; }
    Nanos drain() const override { return std::min<Nanos>(m_run.plan.workload.timeout, kLongestDrain); }

    std::uint64_t backlog() override {
        const Nanos now = monotonicNow();
        for (; m_dueNext <= now && m_dueNext < m_end; m_dueNext = nextOf(m_dueSchedule))
            ++m_due;
        return m_due - m_sent;
    }

    ArrivalSchedule measuredSchedule() const {
        const auto& w = m_run.plan.workload;
        if (m_run.requests.arrivals())
            return {m_run.requests.arrivals(), w.replay.speed};
        if (!w.stages.empty())
            return {w.arrival, w.stages, w.seed};
        return {w.arrival, w.ratePerSecond, w.seed};
    }
    /// At the rate the measured part begins with; a replay warms up with its own beginning.
    ArrivalSchedule warmupSchedule() const {
        const auto& w = m_run.plan.workload;
        if (m_run.requests.arrivals())
            return measuredSchedule();
        return {w.arrival, w.stages.empty() ? w.ratePerSecond : w.stages.front().from, w.seed + 1};
    }
    std::size_t maxUsers() const {
        const auto share = kMaxConnections / static_cast<std::size_t>(m_threads) * m_streams;
        return std::max<std::size_t>(share, m_users.size());
    }
    /// Each thread takes every n-th arrival of the one schedule.
    Nanos nextOf(ArrivalSchedule& schedule) const {
        Nanos next{0};
        for (int i = 0; i < m_threads; ++i)
            next = schedule.next();
        return m_base + next;
    }

    void follow(ArrivalSchedule schedule, Nanos base) {
        m_schedule = schedule;
        m_base = base;
        m_end = m_phase == Phase::Measured ? m_start + m_run.timetable.total()
                                           : m_start + m_run.timetable.warmup();
        m_starved = false;
        ++m_following;
        for (int i = 0; i <= m_thread; ++i)
            m_next = m_base + m_schedule.next();
        m_dueSchedule = m_schedule;
        m_dueNext = m_next;
        m_due = m_sent = 0;
        awaitNext();
    }
    void awaitNext() {
        if (m_next >= m_end)
            return;
        m_loop->at(m_next, [this, following = m_following] {
            if (following == m_following && m_phase != Phase::Draining && m_phase != Phase::Over)
                sendDue();
        });
    }
    void sendDue() {
        for (int i = 0; i < kPortion && m_next <= monotonicNow() && m_next < m_end; ++i) {
            User* user = idleUser();
            if (!user) {
                m_starved = true;  // The next answer takes the schedule up again.
                return;
            }
            const Nanos due = m_next;
            m_next = nextOf(m_schedule);
            ++m_sent;
            fire(*user, due);
        }
        awaitNext();
    }
    User* idleUser() {
        if (m_idle.empty())
            return m_users.size() < m_maxUsers ? &addUser() : nullptr;
        // The one used last: its connection is the warmest. With caches of their own they take turns.
        const bool takeTurns = m_run.plan.workload.clientCache;
        User* user = takeTurns ? m_idle.front() : m_idle.back();
        takeTurns ? m_idle.pop_front() : m_idle.pop_back();
        return user;
    }

    ArrivalSchedule m_schedule,
        m_dueSchedule;  ///< What to send next; what is due by the clock (moved by backlog()).
    Nanos m_base{0}, m_next{0}, m_dueNext{0}, m_end{0};
    std::uint64_t m_due = 0, m_sent = 0;
    int m_following = 0;  ///< Which schedule a timer was set for.
    std::deque<User*> m_idle;
    std::size_t m_maxUsers = 0;
    bool m_starved = false;
};

}  // namespace

std::unique_ptr<Generator> makeOpenLoop(const RunContext& run, int thread) {
    return std::make_unique<OpenLoop>(run, thread);
}

}  // namespace hone::load
