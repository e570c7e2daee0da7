#include "core/experiment/experiment.h"
#include "core/net/scripted_server.h"

#include <QTest>

#include <atomic>

using namespace hone;
using namespace hone::experiment;
using namespace std::chrono_literals;
using engine::Arm;
using net::ScriptedServer;

namespace {

/// What an experiment needs of an engine: two arms behind one port whose answers the test decides.
class FakeEngine final : public engine::Engine {
public:
    using Answer = std::function<void(ScriptedServer::Peer&, bool isB, const std::string& request)>;
    explicit FakeEngine(Answer answer)
        : m_server([this, answer = std::move(answer)](ScriptedServer::Peer& peer) {
              for (std::string request; !(request = peer.request()).empty();) {
                  const bool isB = request.find("Hone-Arm: B") != std::string::npos;
                  ++requests;
                  answer(peer, isB, request);
              }
          }) {}

    std::string url() const override { return m_server.url(); }
    std::uint16_t port() const override { return m_server.port(); }
    const std::string& adminToken() const override { return m_token; }
    engine::Catalogue catalogue() const override { return {}; }
    std::span<const std::shared_ptr<data::Dataset>> datasets() const override { return {}; }
    Result<> apply(Arm arm, const model::Profile& profile) override {
        if (profile.isOn("unknown"))
            return fail(Error::InvalidArgument, "toggle \"unknown\" is not known");
        m_profiles[static_cast<std::size_t>(arm)] = profile;
        return {};
    }
    model::Profile profile(Arm arm) const override { return m_profiles[static_cast<std::size_t>(arm)]; }
    void resetState(Arm) override { ++resets; }
    engine::Connections connections(Arm) const override { return {}; }
    std::uint64_t purge(Arm, const engine::Purge&) override { return 0; }
    engine::Snapshot snapshot() const override {
        engine::Snapshot out;
        out.requests = requests;
        out.cpu = Nanos(static_cast<std::int64_t>(requests) * 25'000);
        out.counters[0]["cache.hits"] = static_cast<double>(requests);
        out.counters[1]["cache.hits"] = 2 * static_cast<double>(requests);
        return out;
    }
    std::vector<engine::JournalEntry> journal(std::size_t) const override { return {}; }
    void setLink(std::optional<net::LinkOptions> link) override { simulated = std::move(link); }
    std::optional<net::LinkOptions> link() const override { return simulated; }
    void stop(std::chrono::milliseconds) override {}

    std::optional<net::LinkOptions> simulated;

    std::atomic<std::uint64_t> requests{0};
    std::atomic<int> resets{0};

private:
    std::string m_token = "test";
    model::Profile m_profiles[2];
    ScriptedServer m_server;
};

/// Works for so long, as a slow handler does: the difference the comparison is to find.
void work(Nanos duration) {
    for (const Nanos end = monotonicNow() + duration; monotonicNow() < end;) {
    }
}

void jsonAnswer(ScriptedServer::Peer& peer, std::string_view body) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
}

ComparePlan planOf(FakeEngine& engine) {
    ComparePlan plan;
    plan.workload.requests = {{.name = "item", .url = "/api/items/{{id}}"}};
    plan.workload.variables["id"] = {.first = 1, .last = 100};
    plan.workload.clients = 1;
    plan.workload.warmup = 20ms;
    plan.a.name = "off";
    plan.b.name = "on";
    plan.b.toggles["cache"].on = true;
    plan.engine = &engine;
    plan.pairs = 6;
    plan.block = 60ms;
    plan.guard = 10ms;
    plan.metric = "p50";
    plan.stopEarly = false;
    return plan;
}

}  // namespace

class ComparisonTest : public QObject {
    Q_OBJECT
private slots:
    void aFasterArmIsFound();
    void blocksAreInterleavedInSeededRandomOrder();
    void profilesAreRestored();
    void stopsEarlyWhenTheAnswerIsClear();
    void bothArmsOfAPairAskForTheSameKeys();
    void differentAnswersMakeItInvalid();
    void theNoiseFloorIsMeasuredOnRequest();
    void progressNamesThePhases();
    void aStopRequestKeepsWholePairs();
    void badPlansAreRefused();
    void benchMetersTheEngineAndRestoresIt();
    void benchCanLeaveTheProfileApplied();
    void benchRefusesForeignHostsUnlessAllowed();
    void benchOfAnyUrlNeedsNoEngine();
};

void ComparisonTest::aFasterArmIsFound() {
    FakeEngine engine([](ScriptedServer::Peer& peer, bool isB, const std::string&) {
        work(isB ? 0us : 1'500us);
        jsonAnswer(peer, "{}");
    });
    const auto comparison = runComparison(planOf(engine), {});
    QVERIFY2(comparison.has_value(), comparison ? "" : comparison.error().line().c_str());
    QCOMPARE(int(comparison->verdict), int(stats::Verdict::Better));
    QVERIFY(comparison->effect("p50")->paired.ratio < 0.7);
    QCOMPARE(comparison->blocks.size(), std::size_t(12));
    QVERIFY(comparison->answersCompared > 0);
    QVERIFY(comparison->answerDifferences.empty());
    QCOMPARE(comparison->a.profile.name, std::string("off"));
    QCOMPARE(comparison->b.profile.name, std::string("on"));
    QVERIFY(!comparison->sentence.empty() && !comparison->id.empty() && comparison->a.id != comparison->b.id);
    std::uint64_t requests = 0;
    for (const auto& block : comparison->blocks)
        requests += block.arm == 0 ? block.requests : 0;
    QCOMPARE(comparison->a.requests, requests);
    QCOMPARE(comparison->a.latency.count(), std::int64_t(requests));
    QVERIFY(std::abs(comparison->a.engineCpuUsPerRequest - 25) < 0.01);
    QVERIFY(comparison->effect("bytes")->paired.exact);
    QCOMPARE(comparison->effect("bytes")->paired.ratio, 1.0);
}

void ComparisonTest::blocksAreInterleavedInSeededRandomOrder() {
    FakeEngine engine([](ScriptedServer::Peer& peer, bool, const std::string&) { jsonAnswer(peer, "{}"); });
    const auto orderFor = [&](std::uint64_t seed) {
        auto plan = planOf(engine);
        plan.seed = seed;
        plan.block = 10ms;
        plan.guard = 0ms;
        std::string order;
        const auto comparison = runComparison(plan, {});
        for (const auto& block : comparison->blocks)
            order += block.arm == 0 ? 'A' : 'B';
        return order;
    };
    const auto order = orderFor(3);
    QCOMPARE(order.size(), std::size_t(12));
    for (std::size_t pair = 0; pair < 6; ++pair)
        QVERIFY(order[2 * pair] != order[2 * pair + 1]);
    QCOMPARE(orderFor(3), order);
    QVERIFY(orderFor(7) != order);
}

void ComparisonTest::profilesAreRestored() {
    FakeEngine engine([](ScriptedServer::Peer& peer, bool, const std::string&) { jsonAnswer(peer, "{}"); });
    model::Profile before;
    before.name = "before";
    QVERIFY(engine.apply(Arm::A, before) && engine.apply(Arm::B, before));
    auto plan = planOf(engine);
    plan.block = 10ms;
    QVERIFY(runComparison(plan, {}).has_value());
    QCOMPARE(engine.profile(Arm::A).name, std::string("before"));
    QCOMPARE(engine.profile(Arm::B).name, std::string("before"));
    QCOMPARE(engine.resets.load(), 2);
    plan.b.toggles["unknown"].on = true;
    QVERIFY(!runComparison(plan, {}).has_value());
    QCOMPARE(engine.profile(Arm::A).name, std::string("before"));
}

void ComparisonTest::stopsEarlyWhenTheAnswerIsClear() {
    FakeEngine engine([](ScriptedServer::Peer& peer, bool isB, const std::string&) {
        work(isB ? 0us : 3'000us);
        jsonAnswer(peer, "{}");
    });
    auto plan = planOf(engine);
    plan.pairs = 40;
    plan.stopEarly = true;
    const auto comparison = runComparison(plan, {});
    QVERIFY(comparison->stoppedEarly);
    QVERIFY(comparison->blocks.size() >= 10 && comparison->blocks.size() < 80);
    QCOMPARE(comparison->blocks.size() % 2, std::size_t(0));
    QCOMPARE(int(comparison->verdict), int(stats::Verdict::Better));
    QCOMPARE(comparison->plannedPairs, 40);
}

void ComparisonTest::bothArmsOfAPairAskForTheSameKeys() {
    std::mutex mutex;
    std::vector<std::string> seen[2];
    FakeEngine engine([&](ScriptedServer::Peer& peer, bool isB, const std::string& request) {
        {
            const std::lock_guard lock(mutex);
            seen[isB].push_back(request.substr(0, request.find(" HTTP")));
        }
        jsonAnswer(peer, "{}");
    });
    auto plan = planOf(engine);
    plan.workload.model = model::LoadModel::Open;
    plan.workload.arrival = model::Arrival::Constant;
    plan.workload.ratePerSecond = 500;
    plan.block = 40ms;
    QVERIFY(runComparison(plan, {}).has_value());
    for (auto& targets : seen)
        std::ranges::sort(targets);
    QCOMPARE(seen[0], seen[1]);
    QVERIFY(seen[0].size() >= 6 * 20);
}

void ComparisonTest::differentAnswersMakeItInvalid() {
    FakeEngine engine([](ScriptedServer::Peer& peer, bool isB, const std::string&) {
        jsonAnswer(peer, isB ? "[1]" : "[2]");
    });
    auto plan = planOf(engine);
    plan.block = 10ms;
    const auto comparison = runComparison(plan, {});
    QCOMPARE(int(comparison->verdict), int(stats::Verdict::Invalid));
    QVERIFY(!comparison->answerDifferences.empty());
    QVERIFY(comparison->answerDifferences[0].request.starts_with("/api/items/"));
}

void ComparisonTest::theNoiseFloorIsMeasuredOnRequest() {
    FakeEngine engine([](ScriptedServer::Peer& peer, bool, const std::string&) { jsonAnswer(peer, "{}"); });
    auto plan = planOf(engine);
    plan.block = 20ms;
    plan.noisePairs = 3;
    plan.metric = "mean";  // Medians of whole microseconds may well be equal.
    const auto comparison = runComparison(plan, {});
    QVERIFY(comparison->noiseFloor > 0);
    QCOMPARE(comparison->blocks.size(), std::size_t(12));  // A/A blocks are not among them.
}

void ComparisonTest::progressNamesThePhases() {
    FakeEngine engine([](ScriptedServer::Peer& peer, bool, const std::string&) { jsonAnswer(peer, "{}"); });
    auto plan = planOf(engine);
    plan.block = 20ms;
    std::vector<std::string> phases;
    std::size_t effects = 0;
    double left = 1e9;
    QVERIFY(runComparison(plan, {}, [&](const CompareProgress& progress) {
                if (phases.empty() || phases.back() != progress.phase)
                    phases.push_back(progress.phase);
                effects = progress.effects.size();
                left = progress.leftS;
            }).has_value());
    QVERIFY(std::ranges::find(phases, "warm-up A") != phases.end());
    QVERIFY(std::ranges::find(phases, "pair 3 of 6: B") != phases.end());
    QVERIFY(effects >= 6);
    QCOMPARE(left, 0.0);
}

void ComparisonTest::aStopRequestKeepsWholePairs() {
    FakeEngine engine([](ScriptedServer::Peer& peer, bool, const std::string&) { jsonAnswer(peer, "{}"); });
    auto plan = planOf(engine);
    plan.block = 20ms;
    std::stop_source stop;
    const auto comparison = runComparison(plan, stop.get_token(), [&](const CompareProgress& progress) {
        if (progress.blocks.size() >= 5)
            stop.request_stop();
    });
    QVERIFY(comparison.has_value());
    QVERIFY(comparison->partial);
    QVERIFY(comparison->blocks.size() >= 4 && comparison->blocks.size() < 12);
    QCOMPARE(comparison->blocks.size() % 2, std::size_t(0));
    QVERIFY(!comparison->sentence.empty());
}

void ComparisonTest::badPlansAreRefused() {
    FakeEngine engine([](ScriptedServer::Peer& peer, bool, const std::string&) { jsonAnswer(peer, "{}"); });
    const auto refused = [&](auto change) {
        auto plan = planOf(engine);
        change(plan);
        const auto result = runComparison(plan, {});
        return !result && result.error().code == Error::InvalidArgument;
    };
    QVERIFY(refused([](auto& plan) { plan.pairs = 5; }));
    QVERIFY(refused([](auto& plan) { plan.metric = "p42"; }));
    QVERIFY(refused([](auto& plan) { plan.engine = nullptr; }));
    QVERIFY(refused([](auto& plan) { plan.block = 0ms; }));
    QVERIFY(refused([](auto& plan) { plan.delta = 0; }));
    QVERIFY(refused([](auto& plan) { plan.workload.requests[0].url = "http://127.0.0.1:1/"; }));
    QCOMPARE(engine.requests.load(), std::uint64_t(0));
}

void ComparisonTest::benchMetersTheEngineAndRestoresIt() {
    FakeEngine engine([](ScriptedServer::Peer& peer, bool isB, const std::string&) {
        jsonAnswer(peer, isB ? "wrong arm" : "{}");
    });
    BenchPlan plan{
        .workload = planOf(engine).workload, .profile = {.name = "tried"}, .engine = &engine, .name = "mine"};
    plan.workload.duration = 100ms;
    const auto run = runBench(plan, {});
    QVERIFY(run.has_value());
    QCOMPARE(run->name, std::string("mine"));
    QCOMPARE(run->profile.name, std::string("tried"));
    QCOMPARE(run->bodyBytes, 2 * run->requests);
    QVERIFY(std::abs(run->engineCpuUsPerRequest - 25) < 0.01);
    QVERIFY(run->counters.at("cache.hits") > 0);
    QVERIFY(!run->environment.os.empty());
    QVERIFY(!run->id.empty());
    QCOMPARE(engine.profile(Arm::A).name, std::string("baseline"));
    QCOMPARE(engine.resets.load(), 1);
}

void ComparisonTest::benchCanLeaveTheProfileApplied() {
    FakeEngine engine([](ScriptedServer::Peer& peer, bool, const std::string&) { jsonAnswer(peer, "{}"); });
    BenchPlan plan{.workload = planOf(engine).workload,
                   .profile = {.name = "tried"},
                   .engine = &engine,
                   .keepProfile = true};
    plan.workload.duration = 20ms;
    QVERIFY(runBench(plan, {}).has_value());
    QCOMPARE(engine.profile(Arm::A).name, std::string("tried"));
    QCOMPARE(engine.resets.load(), 0);
}

void ComparisonTest::benchRefusesForeignHostsUnlessAllowed() {
    BenchPlan plan;
    plan.workload.requests = {{.url = "/"}};
    plan.url = "http://no-such-host.invalid";
    const auto refused = runBench(plan, {});
    QCOMPARE(int(refused.error().code), int(Error::InvalidArgument));
    QVERIFY(refused.error().what.find("no-such-host.invalid") != std::string::npos);
    plan.allowRemote = true;
    QCOMPARE(int(runBench(plan, {}).error().code), int(Error::Unavailable));
    plan.allowRemote = false;
    plan.url.clear();
    plan.workload.requests = {{.url = "http://no-such-host.invalid/{{x}}"}};
    QCOMPARE(int(runBench(plan, {}).error().code), int(Error::InvalidArgument));
}

void ComparisonTest::benchOfAnyUrlNeedsNoEngine() {
    ScriptedServer server([](ScriptedServer::Peer& peer) {
        while (!peer.request().empty())
            peer.answer("{}");
    });
    BenchPlan plan;
    plan.workload = model::Workload::forUrl(server.url() + "/x");
    plan.workload.warmup = 0ms;
    plan.workload.duration = 50ms;
    const auto run = runBench(plan, {});
    QVERIFY2(run.has_value(), run ? "" : run.error().line().c_str());
    QVERIFY(run->requests > 0);
    QCOMPARE(run->engineCpuUsPerRequest, 0.0);
    QVERIFY(run->dataset.empty());
}

QTEST_GUILESS_MAIN(ComparisonTest)
#include "comparison_test.moc"
