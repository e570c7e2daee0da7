#include "core/model/baseline.h"

#include "core/base/random.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <fstream>

using namespace hone;
using namespace hone::model;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

double noise(SplitMix64& random) {
    double sum = -6;
    for (int i = 0; i < 12; ++i)
        sum += random.uniform();
    return sum;
}

/// Rounds whose latencies wander by `spread` about 10 ms times `factor`.
std::vector<Round> roundsOf(SplitMix64& random, int count, double factor, double spread) {
    std::vector<Round> rounds;
    for (int i = 0; i < count; ++i) {
        const double level = factor * std::exp(spread * noise(random));
        rounds.push_back({.seconds = 2,
                          .requests = 1000,
                          .errors = 0,
                          .metrics = {{"p50", 10'000 * level},
                                      {"p95", 20'000 * level * std::exp(spread * noise(random))},
                                      {"p99", 30'000 * level * std::exp(spread * noise(random))},
                                      {"rps", 500 / level},
                                      {"bytes", 1'000}}});
    }
    return rounds;
}

Baseline baselineOf(std::vector<Round> rounds) {
    Baseline baseline;
    baseline.name = "browse";
    baseline.workload = Workload::forUrl("/api/cities");
    baseline.dataset = "cities";
    baseline.rounds = std::move(rounds);
    return baseline;
}

const Drift& drift(const std::vector<Drift>& drifts, std::string_view metric) {
    const auto it = std::ranges::find(drifts, metric, &Drift::metric);
    if (it == drifts.end())
        qFatal("metric not compared");
    return *it;
}

bool anyWorse(const std::vector<Drift>& drifts) {
    return std::ranges::any_of(drifts, [](const Drift& d) { return d.verdict == stats::Verdict::Worse; });
}

}  // namespace

class BaselineTest : public QObject {
    Q_OBJECT
private slots:
    void savesAndLoadsEverything();
    void refusesAFileWithoutRoundsOrWorkload();
    void refusesAnotherWorkloadAndNamesTheDifference();
    void refusesOtherData();
    void countsNeitherNameNorDurationAsAnotherWorkload();
    void findsAPlantedSlowdown();
    void findsALossOfThroughput();
    void callsAnUnchangedTargetWorseRarely();
    void doesNotClaimLessThanTheNoiseFloor();
    void findsMoreErrorsBeyondChance();
    void leavesTheThroughputOfAScheduleOut();
    void namesWhatDiffersBetweenMachines();
    void isDescribedByItsSchema();
};

void BaselineTest::savesAndLoadsEverything() {
    QTemporaryDir dir;
    RunResult run;
    run.name = "browse";
    run.startedAt = std::chrono::system_clock::time_point(1'700'000'000s);
    run.workload = Workload::forUrl("/api/cities");
    run.profile.toggles["cache"].on = true;
    run.environment.cpu = "Z80";
    run.environment.cores = 1;
    run.requests = 100;
    run.measuredS = 2;
    run.wireBytes = 5'000;
    run.latency.recordN(1'000, 100);
    Baseline baseline = Baseline::of(std::vector{run, run, run});
    baseline.extra["owner"] = "team";
    const auto file = dir.filePath("browse.baseline.json").toStdString();
    QVERIFY(baseline.save(file));
    const auto back = Baseline::load(file);
    QVERIFY2(back, back ? "" : back.error().line().c_str());
    QCOMPARE(back->toJson(), baseline.toJson());
    QCOMPARE(back->rounds.size(), std::size_t(3));
    QCOMPARE(back->rounds[0].metrics.at("rps"), 50.0);
    QCOMPARE(back->rounds[0].metrics.at("p95"), 1'000.0);
    QVERIFY(!back->rounds[0].metrics.contains("cpu"));
    QCOMPARE(back->environment.cpu, std::string("Z80"));
    QVERIFY(back->profile.isOn("cache"));
}

void BaselineTest::refusesAFileWithoutRoundsOrWorkload() {
    const auto valid = baselineOf({{}, {}}).toJson();
    QVERIFY(Baseline::fromJson(valid));
    json document = valid;
    document.erase("workload");
    QVERIFY(Baseline::fromJson(document).error().what.contains("workload"));
    document = valid;
    document["rounds"] = json::array();
    QVERIFY(Baseline::fromJson(document).error().what.contains("0 rounds"));
    document = valid;
    document["rounds"][1]["requests"] = "many";
    QVERIFY(Baseline::fromJson(document).error().what.contains("rounds[1].requests"));
    document = valid;
    document["hone"] = 99;
    QVERIFY(!Baseline::fromJson(document));
    QVERIFY(!Baseline::load("/nonexistent/x.baseline.json"));
}

void BaselineTest::refusesAnotherWorkloadAndNamesTheDifference() {
    Baseline baseline = baselineOf({{}, {}});
    baseline.workload.model = LoadModel::Open;
    RunResult now;
    now.workload = baseline.workload;
    now.dataset = baseline.dataset;
    QVERIFY(checkComparable(baseline, now));
    now.workload.ratePerSecond = 600;
    auto refused = checkComparable(baseline, now);
    QVERIFY(!refused);
    QVERIFY2(refused.error().what.contains("load.rate is \"500/s\" in the baseline and \"600/s\" now"),
             refused.error().what.c_str());
    now.workload = baseline.workload;
    now.workload.requests[0].url = "/api/lakes";
    refused = checkComparable(baseline, now);
    QVERIFY2(refused.error().what.contains("requests.0.url"), refused.error().what.c_str());
    now.workload = Workload::forUrl("/api/cities");
    now.workload.requests.resize(5, now.workload.requests[0]);
    now.workload.seed = 9;
    QVERIFY(checkComparable(baseline, now).error().what.contains("more"));
    now.workload = baseline.workload;
    now.workload.requests.clear();
    QVERIFY(!checkComparable(baseline, now));
}

void BaselineTest::refusesOtherData() {
    const Baseline baseline = baselineOf({{}, {}});
    RunResult now;
    now.workload = baseline.workload;
    now.dataset = "shop";
    QVERIFY(checkComparable(baseline, now).error().what.contains("\"shop\""));
}

void BaselineTest::countsNeitherNameNorDurationAsAnotherWorkload() {
    Workload a = Workload::forUrl("/api/cities");
    Workload b = a;
    b.name = "other name";
    b.note = "n";
    b.duration = 60s;
    b.ratePerSecond = 7;  // a closed loop has no rate
    QCOMPARE(workloadHash(a), workloadHash(b));
    QVERIFY(workloadDifferences(a, b).empty());
    b.seed = 2;
    QVERIFY(workloadHash(a) != workloadHash(b));
}

void BaselineTest::findsAPlantedSlowdown() {
    SplitMix64 random(21);
    int found = 0;
    for (int k = 0; k < 100; ++k) {
        const auto baseline = baselineOf(roundsOf(random, 6, 1, 0.02));
        found += anyWorse(driftsFrom(baseline, roundsOf(random, 6, 1.2, 0.02), 0.05)) ? 1 : 0;
    }
    QVERIFY2(found >= 95, qPrintable(QString::number(found)));
}

void BaselineTest::findsALossOfThroughput() {
    SplitMix64 random(4);
    const auto baseline = baselineOf(roundsOf(random, 6, 1, 0.01));
    const auto drifts = driftsFrom(baseline, roundsOf(random, 6, 1.3, 0.01), 0.05);
    const Drift& rps = drift(drifts, "rps");
    QCOMPARE(rps.verdict, stats::Verdict::Worse);
    QVERIFY(rps.ratio.ratio < 0.8 && rps.now < rps.before);
    QCOMPARE(drift(drifts, "bytes").verdict, stats::Verdict::NoDifference);
}

void BaselineTest::callsAnUnchangedTargetWorseRarely() {
    SplitMix64 random(33);
    int declared = 0;
    for (int k = 0; k < 400; ++k) {
        const double spread = 0.01 + 0.1 * random.uniform();
        const auto baseline = baselineOf(roundsOf(random, 6, 1, spread));
        declared += anyWorse(driftsFrom(baseline, roundsOf(random, 6, 1, spread), 0.05)) ? 1 : 0;
    }
    QVERIFY2(declared <= 8, qPrintable(QString::number(declared)));  // 2 % of 400
}

void BaselineTest::doesNotClaimLessThanTheNoiseFloor() {
    SplitMix64 random(8);
    const auto baseline = baselineOf(roundsOf(random, 6, 1, 0.15));
    const auto drifts = driftsFrom(baseline, roundsOf(random, 40, 1.12, 0.001), 0.01);
    const Drift& p50 = drift(drifts, "p50");
    QVERIFY(p50.ratio.noiseFloor > 0.1);
    QCOMPARE(p50.band, p50.ratio.noiseFloor);
    QVERIFY(p50.verdict != stats::Verdict::Worse);
}

void BaselineTest::findsMoreErrorsBeyondChance() {
    const Round clean{.seconds = 1, .requests = 1000, .errors = 0, .metrics = {}};
    const Round one{.seconds = 1, .requests = 1000, .errors = 1, .metrics = {}};
    const Round many{.seconds = 1, .requests = 1000, .errors = 20, .metrics = {}};
    const Baseline baseline = baselineOf({clean, clean, clean});
    QVERIFY(!errorDrift(baseline, std::vector{clean, one, clean}).isWorse);
    const auto drift = errorDrift(baseline, std::vector{many, many, many});
    QVERIFY(drift.isWorse);
    QCOMPARE(drift.now, 0.02);
}

void BaselineTest::leavesTheThroughputOfAScheduleOut() {
    SplitMix64 random(5);
    Baseline baseline = baselineOf(roundsOf(random, 4, 1, 0.01));
    baseline.workload.model = LoadModel::Open;
    for (const Drift& drift : driftsFrom(baseline, roundsOf(random, 4, 1, 0.01), 0.05))
        QVERIFY(drift.metric != "rps");
}

void BaselineTest::namesWhatDiffersBetweenMachines() {
    Environment a, b;
    QVERIFY(machineDifferences(a, b).empty());
    a.cpu = "Z80";
    b.cpu = "6502";
    b.optimised = false;
    const auto differences = machineDifferences(a, b);
    QCOMPARE(differences.size(), std::size_t(2));
    QCOMPARE(differences[0], std::string("processor was Z80, is 6502"));
}

void BaselineTest::isDescribedByItsSchema() {
    const json schema =
        json::parse(std::ifstream(HONE_SOURCE_DIR "/resources/docs/schema/baseline.schema.json"));
    const Round round{.seconds = 1, .requests = 10, .errors = 0, .metrics = {{"p95", 1}}};
    const json written = baselineOf({round, round}).toJson();
    const json& properties = schema["properties"];
    for (const auto& [name, member] : written.items())
        QVERIFY2(properties.contains(name), name.c_str());
    for (const auto& [name, member] : written["environment"].items())
        QVERIFY2(properties["environment"]["properties"].contains(name), name.c_str());
    for (const auto& [name, member] : written["rounds"][0].items())
        QVERIFY2(properties["rounds"]["items"]["properties"].contains(name), name.c_str());
    for (const auto& name : schema["required"])
        QVERIFY(written.contains(name.get<std::string>()));
}

QTEST_GUILESS_MAIN(BaselineTest)
#include "baseline_test.moc"
