#include "core/experiment/engine_arm.h"

#include <QtTest>

using namespace hone;
using namespace hone::experiment;
using engine::Arm;

namespace {

/// Says what the test put into `now`.
class StillEngine : public engine::Engine {
public:
    std::string url() const override { return "http://127.0.0.1:1"; }
    std::uint16_t port() const override { return 1; }
    const std::string& adminToken() const override { return m_token; }
    engine::Catalogue catalogue() const override { return {}; }
    std::span<const std::shared_ptr<data::Dataset>> datasets() const override { return {}; }
    Result<> apply(Arm, const model::Profile&) override { return {}; }
    model::Profile profile(Arm) const override { return {}; }
    void resetState(Arm) override {}
    engine::Connections connections(Arm) const override { return {}; }
    std::uint64_t purge(Arm, const engine::Purge&) override { return 0; }
    engine::Snapshot snapshot() const override { return now; }
    std::vector<engine::JournalEntry> journal(std::size_t) const override { return {}; }
    void setLink(std::optional<net::LinkOptions>) override {}
    std::optional<net::LinkOptions> link() const override { return {}; }
    void stop(std::chrono::milliseconds) override {}

    engine::Snapshot now;

private:
    std::string m_token = "test";
};

}  // namespace

class EngineArmTest : public QObject {
    Q_OBJECT
private slots:
    void theTimeOfAToggleIsSharedOutOverTheMeasuredRequestsOfItsArm() {
        StillEngine engine;
        EngineMeter meter(engine, Arm::B);
        engine.now.requests = 1000;
        engine.now.stageTimes[1]["encoding"] = Nanos(5'000'000);
        meter.note(true);
        engine.now.requests = 1500;
        engine.now.stageTimes[0]["cache"] = Nanos(9'000'000);  // The other arm's.
        engine.now.stageTimes[1]["encoding"] = Nanos(6'000'000);
        meter.note(false);
        model::RunResult run;
        meter.writeTo(run);
        QCOMPARE(run.toggleUsPerRequest.size(), std::size_t{1});
        QCOMPARE(run.toggleUsPerRequest.at("encoding"), 2.0);
    }

    void aProfileAppliedInBetweenCountsFromZero() {
        StillEngine engine;
        EngineMeter meter(engine, Arm::A);
        engine.now.stageTimes[0]["cache"] = Nanos(5'000'000);
        meter.note(true);
        engine.now.requests = 10;
        engine.now.stageTimes[0]["cache"] = Nanos(20'000);
        meter.note(false);
        model::RunResult run;
        meter.writeTo(run);
        QCOMPARE(run.toggleUsPerRequest.at("cache"), 2.0);
    }

    void withoutARequestOrAnEndThereIsNothingToShareOut() {
        StillEngine engine;
        EngineMeter meter(engine, Arm::A);
        engine.now.stageTimes[0]["cache"] = Nanos(1000);
        model::RunResult run;
        meter.note(true);
        meter.writeTo(run);
        meter.note(false);
        meter.writeTo(run);
        QVERIFY(run.toggleUsPerRequest.empty());
    }
};

QTEST_GUILESS_MAIN(EngineArmTest)
#include "engine_arm_test.moc"
