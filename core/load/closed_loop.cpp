#include "core/load/generator.h"

namespace hone::load {

namespace {

// A client that cannot connect would try again at once, a hundred thousand times a second.
constexpr Nanos kPauseAfterRefusal{10'000'000};

/// Each user sends, waits for the answer, thinks, and sends again.
class ClosedLoop final : public Generator {
public:
    ClosedLoop(const RunContext& run, int thread) : Generator(run, thread) {
        m_loop->setSpin(Nanos::zero());  // Nothing is due at a certain time, so polling would only cost.
        const int users = shareOf(run.plan.workload.clients, thread, m_threads) * run.plan.workload.streams;
        for (int i = 0; i < users; ++i)
            addUser();
    }

private:
    void begin() override {
        m_begun = true;
        for (auto& user : m_users)
            fire(user, monotonicNow());
    }
    void beginMeasuring() override {
        if (!m_begun)
            begin();
    }
    void answered(User& user, const net::Answer& answer) override {
        if (m_phase == Phase::Draining)
            return;
        Nanos pause = m_run.plan.workload.thinkTime;
        if (answer.status == 0 && answer.error != Error::Timeout)
            pause = std::max(pause, kPauseAfterRefusal);
        if (pause == Nanos::zero())
            return fire(user, answer.done);
        m_loop->at(answer.done + pause, [this, &user] {
            if (m_phase == Phase::Warmup || m_phase == Phase::Measured)
                fire(user, monotonicNow());
        });
    }
    // What completes in the window is a fair sample of a steady state; what was sent in it would lose the
    // slow ones.
    bool countsAsMeasured(const User&) const override { return m_phase == Phase::Measured; }
    Nanos drain() const override { return Nanos::zero(); }

    bool m_begun = false;
};

}  // namespace

std::unique_ptr<Generator> makeClosedLoop(const RunContext& run, int thread) {
    return std::make_unique<ClosedLoop>(run, thread);
}

}  // namespace hone::load
