#include "core/model/gate.h"

#include <QtTest>

using namespace hone;
using namespace hone::model;

namespace {

RunResult runOf(int requests, std::int64_t us) {
    RunResult run;
    run.workload = Workload::forUrl("/api/cities");
    run.requests = static_cast<std::uint64_t>(requests);
    run.measuredS = 1;
    run.latency.recordN(us, requests);
    return run;
}

Baseline baselineOf(double p95, double bytes) {
    Baseline baseline;
    baseline.workload = Workload::forUrl("/api/cities");
    for (const double wobble : {0.99, 1.0, 1.01, 1.0})
        baseline.rounds.push_back({.seconds = 1,
                                   .requests = 1000,
                                   .errors = 0,
                                   .metrics = {{"p95", p95 * wobble}, {"bytes", bytes}}});
    return baseline;
}

const Check& check(const std::vector<Check>& checks, std::string_view metric) {
    const auto it = std::ranges::find(checks, metric, &Check::metric);
    if (it == checks.end())
        qFatal("metric not checked");
    return *it;
}

}  // namespace

class GateTest : public QObject {
    Q_OBJECT
private slots:
    void passesAndFailsByTheThreshold();
    void failsAPercentileOfTooFewRequestsAndSaysHowManyItNeeds();
    void failsWhatWasNotMeasured();
    void failsWhenEveryRequestFailed();
    void failsARegressionAgainstTheBaseline();
    void doesNotBlameTheCodeForAnotherMachine();
    void letsUnclearPassUnlessItIsStrict();
    void writesEveryCheckAsJson();
};

void GateTest::passesAndFailsByTheThreshold() {
    const RunResult run = runOf(1000, 10'000);
    const Check good = checkThreshold(*parseThreshold("p95<20ms"), run);
    QCOMPARE(good.outcome, Check::Outcome::Passed);
    QVERIFY(good.note.empty());
    const Check bad = checkThreshold(*parseThreshold("p95<5ms"), run);
    QCOMPARE(bad.outcome, Check::Outcome::Failed);
    QCOMPARE(bad.group, std::string("/api/cities"));
    QVERIFY(bad.limit.starts_with("< 5.00"));
    QVERIFY(!checkThreshold(*parseThreshold("rps>5"), run).lowerIsBetter);
}

void GateTest::failsAPercentileOfTooFewRequestsAndSaysHowManyItNeeds() {
    const Check check = checkThreshold(*parseThreshold("p99<20ms"), runOf(300, 10'000));
    QCOMPARE(check.outcome, Check::Outcome::Failed);
    QCOMPARE(check.note, std::string("300 requests are too few for p99: it needs 368"));
    QCOMPARE(checkThreshold(*parseThreshold("p99<20ms"), runOf(368, 10'000)).outcome, Check::Outcome::Passed);
}

void GateTest::failsWhatWasNotMeasured() {
    const Check check = checkThreshold(*parseThreshold("p95{nobody}<1s"), runOf(100, 1'000));
    QCOMPARE(check.outcome, Check::Outcome::Failed);
    QVERIFY(!check.value);
    QCOMPARE(checkThreshold(*parseThreshold("cpu<1s"), runOf(100, 1'000)).outcome, Check::Outcome::Failed);
}

void GateTest::failsWhenEveryRequestFailed() {
    RunResult run = runOf(100, 1'000);
    QVERIFY(!checkAnswers(run));
    run.errors = 100;
    QCOMPARE(checkAnswers(run)->outcome, Check::Outcome::Failed);
    QVERIFY(checkAnswers(RunResult{}));
}

void GateTest::failsARegressionAgainstTheBaseline() {
    const auto now = baselineOf(26'000, 900);
    const auto checks = checkBaseline(baselineOf(20'000, 1'000), runOf(100, 1'000), now.rounds, {});
    QCOMPARE(check(checks, "p95").outcome, Check::Outcome::Failed);
    QVERIFY(check(checks, "p95").observed.contains("+30"));
    QCOMPARE(check(checks, "bytes").outcome, Check::Outcome::Passed);
    QCOMPARE(check(checks, "errors").outcome, Check::Outcome::Passed);
    const auto loose =
        checkBaseline(baselineOf(20'000, 1'000), runOf(100, 1'000), now.rounds, {.tolerance = 0.5});
    QCOMPARE(check(loose, "p95").outcome, Check::Outcome::Passed);
}

void GateTest::doesNotBlameTheCodeForAnotherMachine() {
    Baseline baseline = baselineOf(20'000, 1'000);
    baseline.environment.cpu = "Z80";
    const auto now = baselineOf(26'000, 1'300);
    auto checks = checkBaseline(baseline, runOf(100, 1'000), now.rounds, {});
    QCOMPARE(check(checks, "p95").outcome, Check::Outcome::Unclear);
    QCOMPARE(check(checks, "bytes").outcome, Check::Outcome::Failed);
    checks = checkBaseline(baseline, runOf(100, 1'000), now.rounds, {.anyMachine = true});
    QCOMPARE(check(checks, "p95").outcome, Check::Outcome::Failed);
}

void GateTest::letsUnclearPassUnlessItIsStrict() {
    GateResult gate;
    QVERIFY(gate.passed());
    gate.checks.push_back({.outcome = Check::Outcome::Unclear});
    QVERIFY(gate.passed());
    gate.strict = true;
    QVERIFY(!gate.passed());
    gate.strict = false;
    gate.checks.push_back({.outcome = Check::Outcome::Failed});
    QVERIFY(!gate.passed());
    QCOMPARE(gate.count(Check::Outcome::Unclear), 1);
}

void GateTest::writesEveryCheckAsJson() {
    GateResult gate;
    gate.run = runOf(1000, 10'000);
    gate.rounds = {roundOf(gate.run)};
    gate.checks = {checkThreshold(*parseThreshold("p95<20ms"), gate.run)};
    const auto json = gate.toJson();
    QCOMPARE(json["passed"], true);
    QCOMPARE(json["checks"][0]["outcome"], "passed");
    QCOMPARE(json["checks"][0]["name"], "p95<20ms");
    QVERIFY(json["rounds"][0]["metrics"]["p95"].get<double>() > 9'000);
    QVERIFY(RunResult::fromJson(json["run"]));
}

QTEST_GUILESS_MAIN(GateTest)
#include "gate_test.moc"
