#include "core/engine/arms.h"

#include "core/engine/test_support.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace hone::engine::test;

class ArmsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { fresh(); }

    void beginsWithNothingOn() {
        const FakeClock clock;
        const Arms arms(fakes(), {}, clock, 1);
        QVERIFY(arms.pipeline(Arm::A)->toggles().empty());
        QVERIFY(arms.pipeline(Arm::B)->toggles().empty());
        QCOMPARE(arms.profile(Arm::A).name, std::string("baseline"));
    }

    void makesAStageSetForEveryWorkerInThePhasesOfTheToggle() {
        const FakeClock clock;
        Arms arms(fakes(), {}, clock, 3);
        QVERIFY(arms.apply(Arm::A, profileOf({"three", "one"})));
        const auto pipeline = arms.pipeline(Arm::A);
        QCOMPARE(script().made[0], 1);
        for (int worker = 0; worker < 3; ++worker) {
            QCOMPARE(pipeline->stages(worker).hooks(Phase::Admission).size(), std::size_t{1});
            const auto plan = pipeline->stages(worker).hooks(Phase::Plan);
            QCOMPARE(plan.size(), std::size_t{2});
            QCOMPARE(plan[0]->id, std::string_view("one"));  // catalogue order
            QCOMPARE(plan[1]->id, std::string_view("three"));
            QCOMPARE(plan[1]->stage.slot, 2);
        }
        QVERIFY(&pipeline->stages(0).hooks(Phase::Plan)[0]->stage !=
                &pipeline->stages(1).hooks(Phase::Plan)[0]->stage);
    }

    void keepsTheStateOfAToggleWhoseSettingsDidNotChange() {
        const FakeClock clock;
        Arms arms(fakes(), {}, clock, 1);
        QVERIFY(arms.apply(Arm::A, profileOf({"one"})));
        const auto before = arms.pipeline(Arm::A)->find("one")->state;
        QVERIFY(arms.apply(Arm::A, profileOf({"one", "two"})));
        QCOMPARE(arms.pipeline(Arm::A)->find("one")->state, before);
        QCOMPARE(script().made[0], 1);
    }

    void startsAFreshStateWhenASettingChangedOrItWasOff() {
        const FakeClock clock;
        Arms arms(fakes(), {}, clock, 1);
        QVERIFY(arms.apply(Arm::A, profileOf({"one"})));
        QVERIFY(arms.apply(Arm::A, profileOf({"one"}, 20)));
        QCOMPARE(script().made[0], 2);
        QVERIFY(arms.apply(Arm::A, profileOf({})));
        QVERIFY(arms.apply(Arm::A, profileOf({"one"}, 20)));
        QCOMPARE(script().made[0], 3);
    }

    void givesEachArmItsOwnState() {
        const FakeClock clock;
        Arms arms(fakes(), {}, clock, 1);
        QVERIFY(arms.apply(Arm::A, profileOf({"one"})));
        QVERIFY(arms.apply(Arm::B, profileOf({"one"}, 30)));
        QVERIFY(arms.pipeline(Arm::A)->find("one")->state != arms.pipeline(Arm::B)->find("one")->state);
        QCOMPARE(arms.counters(Arm::A).at("one.size"), 10.0);
        QCOMPARE(arms.counters(Arm::B).at("one.size"), 30.0);
    }

    void addsUpTheTimeOfAToggleOverPhasesAndWorkersOfItsArm() {
        const FakeClock clock;
        Arms arms(fakes(), {}, clock, 2);
        QVERIFY(arms.apply(Arm::A, profileOf({"one", "three"})));
        const auto pipeline = arms.pipeline(Arm::A);
        for (int worker = 0; worker < 2; ++worker)
            for (const auto phase : {Phase::Admission, Phase::Plan})
                for (const auto& hook : pipeline->stages(worker).hooks(phase))
                    if (hook->id == "one")
                        hook->nanos.add(500);
        const auto times = arms.stageTimes(Arm::A);
        QCOMPARE(times.size(), std::size_t{2});
        QCOMPARE(times.at("one").count(), 2000);
        QCOMPARE(times.at("three").count(), 0);
        QVERIFY(arms.stageTimes(Arm::B).empty());
    }

    void leavesTheRunningPipelineWhenAProfileIsRefused() {
        const FakeClock clock;
        Arms arms(fakes(), {}, clock, 1);
        QVERIFY(arms.apply(Arm::A, profileOf({"one"})));
        const auto running = arms.pipeline(Arm::A);
        const auto generation = arms.generation(Arm::A);
        QVERIFY(!arms.apply(Arm::A, profileOf({"one"}, 1000)));
        QVERIFY(!arms.apply(Arm::A, profileOf({"four"})));
        script().behaviour[1].makeError = Error{Error::Unavailable, "no broker", {}};
        const auto refused = arms.apply(Arm::A, profileOf({"two"}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().what, std::string("no broker"));
        QCOMPARE(arms.pipeline(Arm::A), running);
        QCOMPARE(arms.generation(Arm::A), generation);
        QVERIFY(arms.profile(Arm::A).isOn("one"));
    }
};

QTEST_GUILESS_MAIN(ArmsTest)
#include "arms_test.moc"
