// Attributions and sweeps on the real engine with its real toggles; blocks are short, so only what the design
// guarantees is checked, and what is exact: bytes.

#include "core/data/dataset.h"
#include "core/experiment/attribution.h"
#include "core/experiment/sweep.h"
#include "core/toggles/catalogue.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <set>

using namespace hone;
using namespace hone::experiment;
using namespace std::chrono_literals;
using engine::Arm;

class AttributionRunTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    std::unique_ptr<engine::Engine> m_engine;

    [[nodiscard]] AttributionPlan plan() const {
        AttributionPlan plan;
        plan.workload = model::Workload::forUrl("/api/items");
        plan.workload.requests[0].headers = {{"Accept-Encoding", "gzip"}};
        plan.workload.clients = 1;
        plan.workload.warmup = 20ms;
        plan.toggles = {"cache", "encoding"};
        plan.engine = m_engine.get();
        plan.replicates = 2;
        plan.block = 60ms;
        plan.guard = 20ms;
        plan.metric = "bytes";
        plan.confirm = false;
        return plan;
    }

private slots:
    void initTestCase() {
        const std::filesystem::path file = m_dir.filePath("items.csv").toStdString();
        {
            std::ofstream csv(file);
            csv << "id,name\n";
            for (int i = 1; i <= 200; ++i)
                csv << i << ",item number " << i << "\n";
        }
        auto dataset = data::openForServing(file.string(), m_dir.filePath("cache").toStdString(), {}, {});
        QVERIFY2(dataset, dataset ? "" : dataset.error().line().c_str());
        engine::EngineOptions options;
        options.datasets = {*dataset};
        options.catalogue = toggles::catalogue();
        auto engine = engine::Engine::create(std::move(options));
        QVERIFY2(engine, engine ? "" : engine.error().line().c_str());
        m_engine = std::move(*engine);
    }

    void findsTheToggleThatSavesBytes() {
        model::Profile before;
        before.name = "before";
        QVERIFY(m_engine->apply(Arm::A, before));
        std::set<std::string> phases;
        const auto result = runAttribution(plan(), {}, [&](const AttributionProgress& progress) {
            phases.insert(progress.phase.substr(0, progress.phase.find(',')));
        });
        QVERIFY2(result, result ? "" : result.error().line().c_str());
        QVERIFY(!result->partial);
        QCOMPARE(result->stages.size(), std::size_t{1});
        QCOMPARE(result->stages[0].runs.size(), std::size_t{8});
        QCOMPARE(result->stages[0].design, std::string("full 2^2"));
        QCOMPARE(result->recommendedToggles(), (std::vector<std::string>{"encoding"}));
        QVERIFY(result->recommended.isOn("encoding") && !result->recommended.isOn("cache"));
        const auto* bytes = result->stages[0].metric("bytes")->effect("encoding");
        QVERIFY(bytes && bytes->hi < 0.5);
        QVERIFY(result->sentence.find("Turn on encoding") != std::string::npos);
        QVERIFY(phases.contains("checking encoding") && phases.contains("resolve"));
        QCOMPARE(m_engine->profile(Arm::A).name, std::string("before"));
        const auto again = model::Attribution::fromJson(result->toJson());
        QVERIFY2(again, again ? "" : again.error().line().c_str());
    }

    void leavesOutWhatOnlyRefuses() {
        auto limited = plan();
        limited.toggles = {"ratelimit", "encoding"};
        QVERIFY(limited.base.setText("ratelimit.rate=1"));
        QVERIFY(limited.base.setText("ratelimit.burst=1"));
        const auto result = runAttribution(limited, {});
        QVERIFY2(result, result ? "" : result.error().line().c_str());
        QCOMPARE(result->stages[0].toggles, (std::vector<std::string>{"encoding"}));
        QCOMPARE(result->decisions.size(), std::size_t{2});
        QCOMPARE(result->decisions[0].toggle, std::string("ratelimit"));
        QVERIFY2(result->decisions[0].reason.find("refus") != std::string::npos,
                 result->decisions[0].reason.c_str());
        QVERIFY(!result->decisions[0].recommended);
    }

    void confirmsWhatItRecommends() {
        auto confirmed = plan();
        confirmed.toggles = {"encoding"};
        confirmed.confirm = true;
        confirmed.confirmPairs = 6;
        const auto result = runAttribution(confirmed, {});
        QVERIFY2(result, result ? "" : result.error().line().c_str());
        QVERIFY(result->confirmation);
        QVERIFY(result->confirmation->b.profile.isOn("encoding"));
        QVERIFY(!result->confirmation->a.profile.isOn("encoding"));
        QCOMPARE(result->confirmation->effect("bytes")->verdict, stats::Verdict::Better);
    }

    void aStopRequestKeepsWholeReplicates() {
        auto stopped = plan();
        stopped.replicates = 50;
        std::stop_source source;
        const auto result =
            runAttribution(stopped, source.get_token(), [&](const AttributionProgress& progress) {
                if (progress.phase.starts_with("resolve, run 6 "))
                    source.request_stop();
            });
        QVERIFY2(result, result ? "" : result.error().line().c_str());
        QVERIFY(result->partial);
        QCOMPARE(result->stages[0].replicates, 1);
        QVERIFY(!result->confirmation);
        QVERIFY(result->sentence.find("interrupted") != std::string::npos);
    }

    void badPlansAreRefused() {
        auto bad = plan();
        bad.toggles = {"cahce"};
        auto refused = runAttribution(bad, {});
        QVERIFY(!refused && refused.error().hint.find("encoding") != std::string::npos);
        bad.toggles = {"cache", "cache"};
        QVERIFY(!runAttribution(bad, {}));
        bad.toggles = {};
        QVERIFY(!runAttribution(bad, {}));
        bad = plan();
        bad.metric = "speed";
        QVERIFY(!runAttribution(bad, {}));
        bad = plan();
        bad.design = DesignChoice::Fractional;
        QVERIFY(!runAttribution(bad, {}));
        bad = plan();
        bad.engine = nullptr;
        QVERIFY(!runAttribution(bad, {}));
    }

    void aSweepFindsTheFewestBytes() {
        SweepPlan sweep;
        sweep.workload = plan().workload;
        sweep.engine = m_engine.get();
        sweep.toggle = "encoding";
        sweep.param = "minSize";
        sweep.values = {"0", "64KiB"};  // The list is smaller than 64 KiB, so the second value codes nothing.
        sweep.replicates = 2;
        sweep.block = 60ms;
        sweep.guard = 20ms;
        sweep.metric = "bytes";
        const auto result = runSweep(sweep, {});
        QVERIFY2(result, result ? "" : result.error().line().c_str());
        QCOMPARE(result->runs.size(), std::size_t{4});
        QCOMPARE(result->replicates, 2);
        const auto* bytes = result->curve("bytes");
        QVERIFY(bytes && bytes->best == 0 && bytes->enough == 0);
        QVERIFY(bytes->points[1].value > 2 * bytes->points[0].value);
        QVERIFY(result->recommended.isOn("encoding"));
        sweep.values = {"0"};
        QVERIFY(!runSweep(sweep, {}));
        sweep.values = {"0", "lots"};
        QVERIFY(!runSweep(sweep, {}));
        sweep.values = {"0", "1KiB"};
        sweep.param = "minimum";
        const auto refused = runSweep(sweep, {});
        QVERIFY(!refused && refused.error().hint.find("minSize") != std::string::npos);
    }

    void curvesSayWhatIsEnoughAndWhereTheyBend() {
        model::Sweep sweep;
        sweep.toggle = "encoding";
        sweep.param = "level";
        sweep.values = {"1", "2", "3", "4", "5", "6"};
        sweep.positions = {1, 2, 3, 4, 5, 6};
        sweep.numeric = true;
        sweep.metric = "bytes";
        sweep.plannedReplicates = sweep.replicates = 3;
        const double bytes[] = {1000, 600, 450, 401, 400, 399};
        for (int replicate = 0; replicate < 3; ++replicate)
            for (int point = 0; point < 6; ++point)
                sweep.runs.push_back(
                    {.replicate = replicate,
                     .point = point,
                     .metrics = {{"bytes", bytes[point] * (1 + 0.001 * replicate)}, {"p95", 0.0}}});
        conclude(sweep);
        QVERIFY(!sweep.curve("p95"));  // 0 has no logarithm: not measured.
        const auto* curve = sweep.curve("bytes");
        QVERIFY(curve);
        QCOMPARE(curve->best, 5);
        QCOMPARE(curve->enough, 3);
        QCOMPARE(curve->knee, 2);
        QCOMPARE(sweep.recommended.name, std::string("encoding.level=4"));
    }
};

QTEST_GUILESS_MAIN(AttributionRunTest)
#include "attribution_run_test.moc"
