#include "core/model/run.h"

#include <QtTest>

using namespace hone;
using namespace hone::model;
using nlohmann::json;

namespace {

RunResult measured() {
    RunResult run;
    run.id = "01J";
    run.name = "cached";
    run.note = "second try";
    run.tags = {"demo", "cache"};
    run.startedAt =
        std::chrono::system_clock::time_point(std::chrono::nanoseconds(1'767'225'600'123'456'789));
    run.target = "http://127.0.0.1:8437";
    run.dataset = "cities (150 000 rows)";
    run.workload = Workload::forUrl("/api/cities");
    run.profile.toggles["cache"] = {.on = true, .params = {{"ttl", std::string("30s")}}};
    run.environment = currentEnvironment();
    run.measuredS = 10.25;
    run.warmupS = 2;
    run.requests = 5000;
    run.errors = 3;
    run.warmupRequests = 900;
    run.unfinished = 1;
    run.errorsByKind = {{"timeout", 2}, {"reset", 1}};
    run.byStatus = {{200, 4997}, {503, 1}};
    run.wireBytes = 1'234'567'890'123;
    run.bodyBytes = 77;
    run.latency.recordN(1840, 4999);
    run.latency.record(123'457);
    run.serviceTime.record(1);
    run.byRequest.push_back(
        {.name = "GET /api/cities", .requests = 5000, .errors = 3, .bytes = 9, .latency = run.latency});
    run.series.push_back({.startS = 1,
                          .lengthS = 0.5,
                          .warmup = true,
                          .requests = 10,
                          .errors = 1,
                          .bytes = 5,
                          .p50Us = 1.5,
                          .p95Us = 2,
                          .p99Us = 3,
                          .maxUs = 4});
    run.counters = {{"cache.hits", 4700}, {"cache.share", 0.94}};
    run.engineCpuUsPerRequest = 12.5;
    run.toggleUsPerRequest = {{"cache", 1.25}, {"encoding", 40}};
    run.generatorCpuShare = 0.3;
    run.warnings = {"the generator was late"};
    run.partial = true;
    return run;
}

}  // namespace

class RunTest : public QObject {
    Q_OBJECT
private slots:
    void readsBackEverythingItWrites();
    void keepsExactExtremesAndEveryQuantile();
    void keepsAnEmptyRun();
    void readsABareHistogramText();
    void namesTheMemberOfAMistake_data();
    void namesTheMemberOfAMistake();
    void derivesRatesAndShares();
    void describesThisMachine();
};

void RunTest::readsBackEverythingItWrites() {
    const RunResult run = measured();
    const auto back = RunResult::fromJson(json::parse(run.toJson().dump()));
    QVERIFY2(back, back ? "" : back.error().what.c_str());
    QCOMPARE(back->toJson(), run.toJson());
    QCOMPARE(back->startedAt, run.startedAt);
    QCOMPARE(back->environment, run.environment);
    QCOMPARE(back->byStatus, run.byStatus);
    QCOMPARE(back->toggleUsPerRequest, run.toggleUsPerRequest);
    QCOMPARE(back->series[0].rps(), 20.0);
    QVERIFY(back->profile.sameSettings(run.profile));
}

void RunTest::keepsExactExtremesAndEveryQuantile() {
    const auto back = RunResult::fromJson(measured().toJson());
    QVERIFY(back);
    QCOMPARE(back->latency.max(), std::int64_t(123'457));
    QCOMPARE(back->latency.count(), std::int64_t(5000));
    QCOMPARE(back->latency.quantile(0.95), measured().latency.quantile(0.95));
    QCOMPARE(back->byRequest[0].latency.max(), std::int64_t(123'457));
}

void RunTest::keepsAnEmptyRun() {
    const auto back = RunResult::fromJson(RunResult().toJson());
    QVERIFY2(back, back ? "" : back.error().what.c_str());
    QCOMPARE(back->toJson(), RunResult().toJson());
    QVERIFY(RunResult::fromJson(json::object()));  // every member has a default
}

void RunTest::readsABareHistogramText() {
    json document = measured().toJson();
    document["latency"] = document["latency"]["hdr"];
    const auto back = RunResult::fromJson(document);
    QVERIFY(back);
    QCOMPARE(back->latency.count(), std::int64_t(5000));
    QCOMPARE(back->latency.max(), std::int64_t(123'519));  // as far as the bucket tells
}

void RunTest::namesTheMemberOfAMistake_data() {
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("named");
    QTest::newRow("histogram") << "/latency/hdr" << "\"HIST\"" << "latency: the histogram text is damaged";
    QTest::newRow("extreme") << "/latency/max" << "5"
                             << "latency: min 1840 and max 5 lie outside its buckets";
    QTest::newRow("status") << "/byStatus/ok" << "5" << "byStatus has \"ok\"";
    QTest::newRow("counter") << "/counters/hits" << "\"many\"" << "counters.hits must be a number";
    QTest::newRow("negative") << "/requests" << "-5" << "requests must be a whole number";
    QTest::newRow("interval") << "/series/0/p50Us" << "\"x\"" << "series[0].p50Us";
    QTest::newRow("time") << "/startedAt" << "\"yesterday\"" << "startedAt must be a time";
    QTest::newRow("no such day") << "/startedAt" << "\"2026-02-30T00:00:00Z\"" << "startedAt must be a time";
    QTest::newRow("beyond the clock")
        << "/startedAt" << "\"1069-12-31T00:00:00Z\"" << "startedAt must be a time";
    QTest::newRow("workload") << "/workload/threads" << "0" << "workload: threads";
    QTest::newRow("tags") << "/tags" << "[1]" << "tags must be a list of texts";
}

void RunTest::namesTheMemberOfAMistake() {
    QFETCH(QString, where);
    QFETCH(QString, value);
    QFETCH(QString, named);
    json document = measured().toJson();
    document[json::json_pointer(where.toStdString())] = json::parse(value.toStdString());
    const auto run = RunResult::fromJson(document);
    QVERIFY(!run);
    QVERIFY2(run.error().what.contains(named.toStdString()), run.error().what.c_str());
}

void RunTest::derivesRatesAndShares() {
    RunResult run;
    QCOMPARE(run.rps(), 0.0);
    QCOMPARE(run.errorRate(), 0.0);
    QCOMPARE(run.bytesPerRequest(), 0.0);
    run.measuredS = 4;
    run.requests = 100;
    run.errors = 5;
    run.wireBytes = 1000;
    QCOMPARE(run.rps(), 25.0);
    QCOMPARE(run.errorRate(), 0.05);
    QCOMPARE(run.bytesPerRequest(), 10.0);
}

void RunTest::describesThisMachine() {
    const Environment environment = currentEnvironment();
    QVERIFY(environment.kernel.starts_with("Linux "));
    QVERIFY(!environment.cpu.empty());
    QVERIFY(environment.cores >= 1);
    QVERIFY(environment.memoryBytes > (std::int64_t{64} << 20));
    QVERIFY(environment.build.starts_with("hone "));
    QVERIFY(environment.loadAverage >= 0);
}

QTEST_GUILESS_MAIN(RunTest)
#include "run_test.moc"
