#include "core/engine/held_answers.h"

#include "core/engine/test_support.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace hone::engine::test;
using namespace std::chrono_literals;

namespace {

/// Alarms that go off when the test has moved the clock so far.
class Alarms {
public:
    explicit Alarms(FakeClock& clock) : m_clock(clock) {}
    [[nodiscard]] HeldAnswers::After after() {
        return [this](Nanos delay, std::function<void()> task) {
            m_alarms.emplace_back(m_clock.now() + delay, std::move(task));
        };
    }
    void advance(Nanos by) {
        m_clock.advance(by);
        for (auto& [due, task] : std::exchange(m_alarms, {}))
            if (due <= m_clock.now())
                task();
            else
                m_alarms.emplace_back(due, std::move(task));
    }
    [[nodiscard]] std::size_t size() const { return m_alarms.size(); }

private:
    FakeClock& m_clock;
    std::vector<std::pair<Nanos, std::function<void()>>> m_alarms;
};

}  // namespace

class HeldAnswersTest : public QObject {
    Q_OBJECT
private slots:
    void init() { fresh(); }

    void sendsEachAnswerWhenItsTimeHasComeAndNotBefore() {
        FakeClock clock;
        Alarms alarms(clock);
        HeldAnswers held(clock);
        held.setAfter(alarms.after());
        Asked far("/far"), near("/near"), alsoNear("/near");
        held.hold(50ms, far.responder(), {.body = "far"});
        held.hold(20ms, near.responder(), {.body = "near"});
        held.hold(20ms, alsoNear.responder(), {.body = "alsoNear"});
        alarms.advance(20ms - 1ns);
        QCOMPARE(near.answers, 0);
        alarms.advance(1ns);
        QCOMPARE(near.answers, 1);
        QCOMPARE(alsoNear.answers, 1);
        QCOMPARE(far.answers, 0);
        alarms.advance(30ms);
        QCOMPARE(far.answers, 1);
        QCOMPARE(far.got.body, std::string("far"));
        QCOMPARE(held.size(), std::size_t{0});
        QCOMPARE(alarms.size(), std::size_t{0});
    }

    void sendsAtOnceWhereThereIsNoLoop() {
        FakeClock clock;
        HeldAnswers held(clock);
        Asked asked("/a");
        held.hold(1h, asked.responder(), {});
        QCOMPARE(asked.answers, 1);
    }

    void forgetsItsAlarmsWhenItIsGone() {
        FakeClock clock;
        Alarms alarms(clock);
        Asked asked("/a");
        {
            HeldAnswers held(clock);
            held.setAfter(alarms.after());
            held.hold(1ms, asked.responder(), {});
        }
        QCOMPARE(asked.answers, 1);  // by the Responder that was given up
        QCOMPARE(asked.got.finalStatus(), 500);
        alarms.advance(1ms);
        QCOMPARE(asked.answers, 1);
    }

    void aStageHoldsBackTheAnswerOfItsExchange() {
        Bench bench;
        Alarms alarms(bench.clock);
        bench.worker->setAfter(alarms.after());
        QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
        script().behaviour[0].finish = [](Exchange& exchange) { exchange.heldBack = 80ms; };
        Asked asked("/api/things");
        bench.ask(asked);
        QCOMPARE(asked.answers, 0);
        Asked second("/api/things");  // the frame is free for others meanwhile
        bench.ask(second);
        alarms.advance(79ms);
        QCOMPARE(asked.answers + second.answers, 0);
        alarms.advance(1ms);
        QCOMPARE(asked.answers, 1);
        QCOMPARE(second.answers, 1);
        QCOMPARE(asked.got.finalStatus(), 200);
    }

    void whatIsHeldBackCountsAsTimeOfTheAnswer() {
        Bench bench;
        QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
        script().behaviour[0].finish = [](Exchange& exchange) { exchange.heldBack = 2h; };
        Asked asked("/api/things");
        bench.ask(asked);
        const auto timing = std::string(asked.got.fields.get("Server-Timing").value_or(""));
        const auto at = timing.find("total;dur=");
        QVERIFY2(at != timing.npos, timing.c_str());
        QVERIFY2(std::stod(timing.substr(at + 10)) >= 7'200'000, timing.c_str());
    }
};

QTEST_GUILESS_MAIN(HeldAnswersTest)
#include "held_answers_test.moc"
