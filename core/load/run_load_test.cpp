#include "core/load/load.h"
#include "core/net/scripted_server.h"

#include <QTest>

#include <set>

using namespace hone;
using namespace hone::load;
using namespace std::chrono_literals;
using net::ScriptedServer;

namespace {

model::Workload closed(int clients, std::chrono::milliseconds warmup, std::chrono::milliseconds duration) {
    auto workload = model::Workload{};
    workload.requests = {{.name = "item", .url = "/api/items/{{id}}"}};
    workload.variables["id"] = {.first = 1, .last = 1000, .draw = model::Variable::Draw::Zipf};
    workload.clients = clients;
    workload.warmup = warmup;
    workload.duration = duration;
    return workload;
}

model::Workload open(double rate, model::Arrival arrival, std::chrono::milliseconds duration) {
    auto workload = closed(4, 0ms, duration);
    workload.model = model::LoadModel::Open;
    workload.ratePerSecond = rate;
    workload.arrival = arrival;
    return workload;
}

/// Remembers the targets it was asked for.
class Api {
public:
    explicit Api(std::string status = "200 OK")
        : m_server([this, status](ScriptedServer::Peer& peer) {
              for (std::string request; !(request = peer.request()).empty();) {
                  {
                      const std::lock_guard lock(m_mutex);
                      m_targets.push_back(request.substr(0, request.find(" HTTP")));
                  }
                  peer.answer("{}", status);
              }
          }) {}
    std::vector<std::string> targets() {
        const std::lock_guard lock(m_mutex);
        return m_targets;
    }
    [[nodiscard]] std::string url() const { return m_server.url(); }

private:
    std::mutex m_mutex;
    std::vector<std::string> m_targets;  ///< Guarded by m_mutex.
    ScriptedServer m_server;
};

LoadResult mustRun(const LoadPlan& plan, const OnProgress& onProgress = {}) {
    auto result = runLoad(plan, {}, onProgress);
    if (!result)
        qFatal("%s", result.error().line().c_str());
    return std::move(*result);
}

}  // namespace

class RunLoadTest : public QObject {
    Q_OBJECT
private slots:
    void closedLoopCountsWhatTheServerSaw();
    void openLoopSendsWhatTheScheduleSays();
    void sameSeedAsksForTheSameTargets();
    void theMeasuredPartBeginsTheKeySequence();
    void severalThreadsShareTheWork();
    void warmupIsExcludedAndSeriesCoversBoth();
    void errorsAreCountedByKind();
    void timeoutsEnterTheHistogramAtTheirValue();
    void anOpenLoopSeesTheStallAClosedOneHides();
    void aSlowServerLeavesABacklogAndAWarning();
    void progressTellsPhaseAndCounts();
    void aStopRequestEndsEarlyAndMarksPartial();
    void withoutRecordingNothingIsCounted();
    void measureIsAnnouncedOnTheCallersThread();
    void sampledBodiesAreKept();
    void sampleAnswersDrawsTheSameTargetsForASeed();
    void nothingListeningIsAnError();
    void impossibleNumbersAreRefused();
};

void RunLoadTest::closedLoopCountsWhatTheServerSaw() {
    Api api;
    const auto run = mustRun({.workload = closed(4, 0ms, 300ms), .baseUrl = api.url()}).run;
    QVERIFY(run.requests > 100);
    QVERIFY(run.unfinished <= 4);
    // What was under way at the end may not have reached the server.
    const auto seen = std::uint64_t(api.targets().size());
    QVERIFY(seen >= run.requests && seen <= run.requests + run.unfinished);
    QCOMPARE(run.errors, std::uint64_t(0));
    QCOMPARE(run.latency.count(), std::int64_t(run.requests));
    QCOMPARE(run.ttfb.count(), std::int64_t(run.requests));
    QCOMPARE(run.connect.count(), 4LL);
    QCOMPARE(run.byStatus.at(200), run.requests);
    QCOMPARE(run.byRequest.size(), std::size_t(1));
    QCOMPARE(run.byRequest[0].name, std::string("item"));
    QCOMPARE(run.byRequest[0].requests, run.requests);
    QCOMPARE(run.bodyBytes, 2 * run.requests);
    QCOMPARE(run.wireBytes,
             run.requests * std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").size());
    QVERIFY(std::abs(run.measuredS - 0.3) < 0.25);
    QVERIFY(!run.partial);
    QVERIFY(run.generatorCpuShare > 0);
}

void RunLoadTest::openLoopSendsWhatTheScheduleSays() {
    for (const auto arrival : {model::Arrival::Constant, model::Arrival::Poisson}) {
        Api api;
        const auto workload = open(1000, arrival, 400ms);
        ArrivalSchedule schedule(arrival, 1000, workload.seed);
        std::uint64_t due = 0;
        while (schedule.next() < 400ms)
            ++due;
        const auto run = mustRun({.workload = workload, .baseUrl = api.url()}).run;
        QCOMPARE(run.requests + run.unfinished, due);
        QCOMPARE(run.unfinished, std::uint64_t(0));
        QCOMPARE(run.lateness.count(), std::int64_t(due));
        QCOMPARE(run.serviceTime.count(), std::int64_t(due));
        QCOMPARE(api.targets().size(), std::size_t(due));
    }
}

void RunLoadTest::sameSeedAsksForTheSameTargets() {
    std::vector<std::vector<std::string>> seen;
    for (const std::uint64_t seed : {11, 11, 12}) {
        Api api;
        auto workload = open(500, model::Arrival::Constant, 200ms);
        workload.seed = seed;
        workload.clients = 1;
        mustRun({.workload = workload, .baseUrl = api.url()});
        seen.push_back(api.targets());
        std::ranges::sort(seen.back());  // Several connections may overtake each other.
    }
    QCOMPARE(seen[0].size(), std::size_t(100));
    QCOMPARE(seen[0], seen[1]);
    QVERIFY(seen[0] != seen[2]);
}

void RunLoadTest::theMeasuredPartBeginsTheKeySequence() {
    // However many requests the warm-up took, the measured part asks for the same keys.
    Api api;
    auto cold = open(500, model::Arrival::Constant, 200ms), warm = cold;
    warm.warmup = 100ms;
    mustRun({.workload = cold, .baseUrl = api.url()});
    auto withoutWarmup = api.targets();
    mustRun({.workload = warm, .baseUrl = api.url()});
    const auto both = api.targets();
    QCOMPARE(both.size(), std::size_t(100 + 50 + 100));
    std::vector<std::string> afterWarmup(both.end() - 100, both.end());
    std::ranges::sort(withoutWarmup);
    std::ranges::sort(afterWarmup);
    QCOMPARE(afterWarmup, withoutWarmup);
}

void RunLoadTest::severalThreadsShareTheWork() {
    Api api;
    auto workload = open(1000, model::Arrival::Constant, 300ms);
    workload.threads = 3;
    const auto run = mustRun({.workload = workload, .baseUrl = api.url()}).run;
    QCOMPARE(run.requests + run.unfinished, std::uint64_t(300));
    auto many = closed(2, 0ms, 100ms);
    many.threads = 8;  // More threads than clients: only two have work.
    const auto second = mustRun({.workload = many, .baseUrl = api.url()}).run;
    QCOMPARE(second.connect.count(), 2LL);
}

void RunLoadTest::warmupIsExcludedAndSeriesCoversBoth() {
    Api api;
    const auto run = mustRun({.workload = closed(2, 250ms, 350ms), .baseUrl = api.url()}).run;
    QVERIFY(run.warmupRequests > 0);
    QCOMPARE(run.latency.count(), std::int64_t(run.requests));
    QCOMPARE(run.warmupS, 0.25);
    std::uint64_t warm = 0, measured = 0;
    double end = 0;
    for (const auto& slice : run.series) {
        QCOMPARE(slice.startS, end);
        end = slice.startS + slice.lengthS;
        QVERIFY(slice.warmup == (slice.startS < 0.25));
        (slice.warmup ? warm : measured) += slice.requests;
    }
    QVERIFY(std::abs(end - 0.6) < 1e-9);
    QCOMPARE(run.series.size(), std::size_t(3 + 4));
    QVERIFY(warm > 0 && measured > 0);
    QCOMPARE(warm + measured, run.warmupRequests + run.requests);
}

void RunLoadTest::errorsAreCountedByKind() {
    ScriptedServer server([](ScriptedServer::Peer& peer) {
        for (int i = 0; !peer.request().empty(); ++i) {
            if (i == 3)
                return peer.send("nonsense\r\n\r\n");
            peer.answer("{}", i == 0 ? "200 OK" : i == 1 ? "429 Too Many Requests" : "503 Busy");
        }
    });
    const auto run = mustRun({.workload = closed(1, 0ms, 200ms), .baseUrl = server.url()}).run;
    QVERIFY(run.requests >= 4);
    QVERIFY(run.errorsByKind.at("status 429") >= 1);
    QVERIFY(run.errorsByKind.at("status 503") >= 1);
    QVERIFY(run.errorsByKind.at("malformed answer") >= 1);
    std::uint64_t sum = 0;
    for (const auto& [kind, count] : run.errorsByKind)
        sum += count;
    QCOMPARE(sum, run.errors);
    QCOMPARE(run.requests - run.errors, run.byStatus.at(200));
    QVERIFY(std::ranges::any_of(run.warnings,
                                [](const auto& text) { return text.find("status 429") != text.npos; }));
}

void RunLoadTest::timeoutsEnterTheHistogramAtTheirValue() {
    ScriptedServer server([](ScriptedServer::Peer& peer) { peer.waitForClose(); });
    auto workload = closed(1, 0ms, 300ms);
    workload.timeout = 50ms;
    const auto run = mustRun({.workload = workload, .baseUrl = server.url()}).run;
    QVERIFY(run.requests >= 1);
    QCOMPARE(run.errorsByKind.at("timeout"), run.requests);
    QVERIFY(run.latency.min() >= 50'000);
}

void RunLoadTest::anOpenLoopSeesTheStallAClosedOneHides() {
    // The server hangs once for 300 ms, everybody with it. Blocking is the behaviour under test.
    const auto stallsOnce = [](std::shared_ptr<std::atomic<int>> count, std::shared_ptr<std::mutex> turn) {
        return [count, turn](ScriptedServer::Peer& peer) {
            while (!peer.request().empty()) {
                {
                    const std::lock_guard lock(*turn);
                    if (++*count == 100)
                        std::this_thread::sleep_for(300ms);
                }
                peer.answer("{}");
            }
        };
    };
    ScriptedServer forOpen(stallsOnce(std::make_shared<std::atomic<int>>(0), std::make_shared<std::mutex>()));
    ScriptedServer forClosed(
        stallsOnce(std::make_shared<std::atomic<int>>(0), std::make_shared<std::mutex>()));
    const auto openRun =
        mustRun({.workload = open(500, model::Arrival::Constant, 1'000ms), .baseUrl = forOpen.url()}).run;
    auto workload = closed(1, 0ms, 1'000ms);
    const auto closedRun = mustRun({.workload = workload, .baseUrl = forClosed.url()}).run;
    // 150 of the 500 requests were due while it hung; a closed loop's single client met it once.
    const auto slow = [](const stats::Histogram& h) { return h.count() - h.countAtOrBelow(50'000); };
    QCOMPARE(openRun.requests, std::uint64_t(500));
    QVERIFY2(slow(openRun.latency) >= 100, qPrintable(QString::number(slow(openRun.latency))));
    QVERIFY(openRun.latency.quantile(0.90) > 50'000);
    QVERIFY(slow(closedRun.latency) <= 5);
    QVERIFY(slow(closedRun.latency) >= 1);
    QVERIFY(closedRun.latency.max() >= 300'000);
    QVERIFY(closedRun.latency.quantile(0.90) < 50'000);
}

void RunLoadTest::aSlowServerLeavesABacklogAndAWarning() {
    // More due requests than the 1 000 connections an open loop may have, and none is answered.
    ScriptedServer server([](ScriptedServer::Peer& peer) { peer.waitForClose(); });
    auto workload = open(4000, model::Arrival::Constant, 500ms);
    workload.timeout = 600ms;
    const auto run = mustRun({.workload = workload, .baseUrl = server.url()}).run;
    QCOMPARE(run.requests + run.unfinished, std::uint64_t(2000));
    QVERIFY(std::ranges::any_of(run.warnings,
                                [](const auto& text) { return text.find("never sent") != text.npos; }));
}

void RunLoadTest::progressTellsPhaseAndCounts() {
    Api api;
    std::vector<LoadProgress> seen;
    const auto result = mustRun({.workload = closed(2, 200ms, 300ms), .baseUrl = api.url()},
                                [&](const LoadProgress& progress) { seen.push_back(progress); });
    QCOMPARE(seen.size(), std::size_t(5));
    QVERIFY(seen[0].warmup && seen[1].warmup && !seen[2].warmup);
    QCOMPARE(seen[0].totalS, 0.5);
    QCOMPARE(seen[4].elapsedS, 0.5);
    QVERIFY(std::ranges::is_sorted(seen, {}, &LoadProgress::requests));
    QCOMPARE(seen[4].requests, result.run.requests + result.run.warmupRequests);
    QVERIFY(seen[2].rps > 0);
    QVERIFY(seen[2].inFlight <= 2);
    QVERIFY(!seen[0].latency && seen[2].latency && seen[4].latency);
    QCOMPARE(seen[4].latency->count(), result.run.latency.count());
}

void RunLoadTest::aStopRequestEndsEarlyAndMarksPartial() {
    for (const bool isOpen : {false, true}) {
        Api api;
        std::stop_source stop;
        auto workload = isOpen ? open(500, model::Arrival::Poisson, 60'000ms) : closed(2, 0ms, 60'000ms);
        const auto result = runLoad({.workload = workload, .baseUrl = api.url()}, stop.get_token(),
                                    [&](const LoadProgress& progress) {
                                        if (progress.requests > 20)
                                            stop.request_stop();
                                    });
        QVERIFY(result.has_value());
        QVERIFY(result->run.partial);
        QVERIFY(result->run.requests > 0);
        QVERIFY(result->run.measuredS > 0 && result->run.measuredS < 60);
    }
    Api api;
    std::stop_source before;
    before.request_stop();
    const auto nothing =
        runLoad({.workload = closed(1, 0ms, 60'000ms), .baseUrl = api.url()}, before.get_token());
    QVERIFY(nothing.has_value());
    QVERIFY(nothing->run.partial);
}

void RunLoadTest::withoutRecordingNothingIsCounted() {
    Api api;
    const auto run = mustRun({.workload = closed(2, 0ms, 100ms), .baseUrl = api.url(), .record = false}).run;
    QCOMPARE(run.requests, std::uint64_t(0));
    QCOMPARE(run.latency.count(), 0LL);
    QVERIFY(run.warmupRequests > 0);
    QVERIFY(!api.targets().empty());
}

void RunLoadTest::measureIsAnnouncedOnTheCallersThread() {
    Api api;
    std::vector<bool> calls;
    const auto self = std::this_thread::get_id();
    bool sameThread = true;
    LoadPlan plan{.workload = closed(2, 50ms, 50ms), .baseUrl = api.url()};
    plan.workload.threads = 2;
    plan.onMeasure = [&](bool begins) {
        calls.push_back(begins);
        sameThread = sameThread && std::this_thread::get_id() == self;
    };
    mustRun(plan);
    QCOMPARE(calls, (std::vector<bool>{true, false}));
    QVERIFY(sameThread);
}

void RunLoadTest::sampledBodiesAreKept() {
    Api api;
    auto workload = closed(2, 50ms, 100ms);
    workload.requests.push_back({.name = "list", .url = "/api/items"});
    const auto result = mustRun({.workload = workload, .baseUrl = api.url(), .sampleBodies = 3});
    QCOMPARE(result.samples.size(), std::size_t(6));
    for (const auto& sample : result.samples) {
        QCOMPARE(sample.status, 200);
        QCOMPARE(sample.body, std::string("{}"));
        QVERIFY(sample.target.starts_with("/api/items"));
        QCOMPARE(sample.fields.size(), std::size_t(1));
    }
}

void RunLoadTest::sampleAnswersDrawsTheSameTargetsForASeed() {
    Api api;
    auto workload = closed(1, 0ms, 10ms);
    workload.requests.push_back({.name = "write", .method = "POST", .url = "/api/items", .body = "{}"});
    workload.requests.push_back({.name = "list", .url = "/api/items"});
    const LoadPlan plan{.workload = workload, .baseUrl = api.url()};
    const auto first = sampleAnswers(plan, 4, {}), second = sampleAnswers(plan, 4, {});
    QCOMPARE(first->size(), std::size_t(5));  // Four keys, no write, one list.
    for (std::size_t i = 0; i < first->size(); ++i) {
        QCOMPARE((*first)[i].target, (*second)[i].target);
        QCOMPARE((*first)[i].status, 200);
    }
    QVERIFY(
        std::ranges::none_of(api.targets(), [](const auto& target) { return target.starts_with("POST"); }));
}

void RunLoadTest::nothingListeningIsAnError() {
    std::string url;
    {
        url = ScriptedServer([](ScriptedServer::Peer&) {}).url();
    }
    const auto result = runLoad({.workload = closed(1, 0ms, 100ms), .baseUrl = url}, {});
    QVERIFY(!result.has_value());
    QCOMPARE(int(result.error().code), int(Error::Unavailable));
    QVERIFY(result.error().what.find(url) != std::string::npos);
    QVERIFY(!result.error().hint.empty());
}

void RunLoadTest::impossibleNumbersAreRefused() {
    Api api;
    const auto refused = [&](auto change) {
        auto workload = open(10, model::Arrival::Poisson, 100ms);
        change(workload);
        const auto result = runLoad({.workload = workload, .baseUrl = api.url()}, {});
        return !result && result.error().code == Error::InvalidArgument;
    };
    QVERIFY(refused([](auto& w) { w.ratePerSecond = 0; }));
    QVERIFY(refused([](auto& w) { w.clients = 0; }));
    QVERIFY(refused([](auto& w) { w.threads = 0; }));
    QVERIFY(refused([](auto& w) { w.duration = 0ms; }));
    QVERIFY(refused([](auto& w) { w.timeout = 0ms; }));
    QVERIFY(refused([](auto& w) { w.requests.clear(); }));
    QVERIFY(api.targets().empty());
}

QTEST_GUILESS_MAIN(RunLoadTest)
#include "run_load_test.moc"
