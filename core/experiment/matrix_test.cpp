// Matrices: what follows from given blocks, and a short one on the real engine, where only what the design
// guarantees is checked and what is exact: bytes.

#include "core/experiment/matrix.h"
#include "core/data/dataset.h"
#include "core/experiment/blocks.h"
#include "core/toggles/catalogue.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <set>

using namespace hone;
using namespace hone::experiment;
using namespace std::chrono_literals;
using stats::Verdict;

namespace {

/// Rounds in which every profile has its level times a little noise that differs between profiles.
model::Matrix matrixOf(const std::vector<double>& levelsUs, double noise = 0.01, int rounds = 10) {
    model::Matrix matrix;
    matrix.plannedRounds = matrix.rounds = rounds;
    for (std::size_t arm = 0; arm < levelsUs.size(); ++arm) {
        model::RunResult run;
        run.profile.name = std::string(1, static_cast<char>('a' + static_cast<int>(arm)));
        matrix.arms.push_back(run);
        for (int round = 0; round < rounds; ++round) {
            model::Block block{.pair = round, .arm = static_cast<int>(arm), .requests = 1000, .metrics = {}};
            const double swing = std::sin(1.7 * round + 2.3 * static_cast<double>(arm));
            for (const char* id : {"p50", "p95", "p99"})
                block.metrics[id] = levelsUs[arm] * std::exp(noise * swing);
            block.metrics["rps"] = 1e6 / block.metrics["p50"];
            matrix.blocks.push_back(block);
        }
    }
    return matrix;
}

}  // namespace

class MatrixTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    std::unique_ptr<engine::Engine> m_engine;

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

    void everyPairHasAnIntervalAndTheBestIsMarked() {
        model::Matrix matrix = matrixOf({1000, 700, 500});
        conclude(matrix);
        const model::MatrixMetric* p95 = matrix.of("p95");
        QVERIFY(p95);
        QCOMPARE(p95->pairs.size(), std::size_t{3});
        QCOMPARE(p95->best, std::vector<int>{2});
        QCOMPARE(p95->pair(0, 2)->verdict, Verdict::Better);
        QVERIFY(p95->pair(2, 0) == p95->pair(0, 2));  // In either order.
        QVERIFY(std::abs(p95->pair(0, 1)->paired.ratio - 0.7) < 0.02);
        // More requests a second are better: the same profile leads there.
        QCOMPARE(matrix.of("rps")->best, std::vector<int>{2});
        QVERIFY2(matrix.sentence.starts_with("c is best"), matrix.sentence.c_str());
    }

    void profilesThatCannotBeToldApartShareThePlace() {
        model::Matrix matrix = matrixOf({1000, 502, 500}, 0.05);
        conclude(matrix);
        const auto& best = matrix.of("p95")->best;
        QCOMPARE(std::set<int>(best.begin(), best.end()), (std::set<int>{1, 2}));
        QVERIFY2(matrix.sentence.find("cannot be told apart") != std::string::npos, matrix.sentence.c_str());
    }

    void pairIntervalsAreWiderThanThoseOfOneComparison() {
        model::Matrix matrix = matrixOf({1000, 900, 800, 700}, 0.03);
        conclude(matrix);
        const auto values = pairedValues(
            [&] {
                std::vector<model::Block> two;
                for (const auto& block : matrix.blocks)
                    if (block.arm <= 1)
                        two.push_back(block);
                return two;
            }(),
            "p95");
        const auto alone = stats::pairedBlocks(values.a, values.b);
        const auto& together = matrix.of("p95")->pair(0, 1)->paired;
        QCOMPARE(together.ratio, alone.ratio);
        QVERIFY(together.lo < alone.lo && together.hi > alone.hi);
    }

    void holmCountsAllPairsOfAllHeadlineMetrics() {
        model::Matrix matrix = matrixOf({1000, 990, 980}, 0.02);
        conclude(matrix);
        for (const auto& metric : matrix.metrics)
            for (const auto& pair : metric.pairs)
                QVERIFY(pair.pHolm >= pair.paired.p);
        std::vector<double> all;
        for (const auto& metric : matrix.metrics)
            if (metric.headline)
                for (const auto& pair : metric.pairs)
                    all.push_back(pair.paired.p);
        QCOMPARE(all.size(), std::size_t{12});
        QCOMPARE(matrix.of("p50")->pairs[0].pHolm, stats::holm(all)[0]);
    }

    void aProfileThatFailsRequestsIsNeverTheBest() {
        model::Matrix matrix = matrixOf({1000, 100});
        for (auto& block : matrix.blocks)
            if (block.arm == 1)
                block.errors = 600;  // Quick refusals.
        conclude(matrix);
        QCOMPARE(matrix.of("p95")->best, std::vector<int>{0});
        QCOMPARE(matrix.of("p95")->pairs[0].verdict, Verdict::Invalid);
        QVERIFY2(matrix.sentence.find("left out") != std::string::npos, matrix.sentence.c_str());
    }

    void roundsInWhichAProfileAnsweredNothingAreLeftOutForAll() {
        model::Matrix matrix = matrixOf({1000, 700, 500});
        for (auto& block : matrix.blocks)
            if (block.pair == 3 && block.arm == 1)
                block = {.pair = 3, .arm = 1, .metrics = {{"p50", 0}, {"p95", 0}, {"p99", 0}, {"rps", 0}}};
        conclude(matrix);
        const auto* p95 = matrix.of("p95");
        for (const auto& pair : p95->pairs) {
            QCOMPARE(pair.paired.pairs, 9);
            // Means and pairs are of the same rounds: they agree.
            const double ratio =
                p95->values[static_cast<std::size_t>(pair.b)] / p95->values[static_cast<std::size_t>(pair.a)];
            QVERIFY(std::abs(ratio / pair.paired.ratio - 1) < 1e-9);
        }
        QVERIFY(QString::fromStdString(matrix.warnings.at(0)).contains("1 of 10 rounds"));
    }

    void theLibraryKeepsEachOneAgainstTheFirst() {
        model::Matrix matrix = matrixOf({1000, 700, 500});
        matrix.name = "three";
        conclude(matrix);
        const auto kept = comparisonsOf(matrix);
        QCOMPARE(kept.size(), std::size_t{2});
        QCOMPARE(kept[1].name, std::string("a / c"));
        QCOMPARE(kept[1].blocks.size(), std::size_t{20});
        QCOMPARE(kept[1].verdict, Verdict::Better);
        QVERIFY(!kept[1].warnings.empty());  // It is one of several, and says so.
        QVERIFY(kept[0].id != kept[1].id);
    }

    void measuresEveryProfileOnceARoundAndPutsTheEngineBack() {
        MatrixPlan plan;
        plan.workload = model::Workload::forUrl("/api/items");
        plan.workload.requests[0].headers = {{"Accept-Encoding", "gzip"}};
        plan.workload.clients = 1;
        for (const char* name : {"plain", "packed", "kept"}) {
            model::Profile profile;
            profile.name = name;
            plan.profiles.push_back(profile);
        }
        plan.profiles[1].toggles["encoding"].on = true;
        plan.profiles[2].toggles["cache"].on = true;
        plan.engine = m_engine.get();
        plan.rounds = 6;
        plan.block = 30ms;
        plan.guard = 10ms;
        plan.metric = "bytes";
        model::Profile before;
        before.name = "before";
        QVERIFY(m_engine->apply(engine::Arm::A, before));
        int told = 0;
        auto matrix = runMatrix(plan, {}, [&](const MatrixProgress&) { ++told; });
        QVERIFY2(matrix, matrix ? "" : matrix.error().line().c_str());
        QVERIFY(told > 18);
        QCOMPARE(matrix->rounds, 6);
        QCOMPARE(matrix->blocks.size(), std::size_t{18});
        for (int round = 0; round < 6; ++round) {
            std::set<int> arms;
            for (const auto& block : matrix->blocks)
                if (block.pair == round)
                    arms.insert(block.arm);
            QCOMPARE(arms.size(), std::size_t{3});
        }
        QVERIFY2(matrix->invalid[1].empty(), matrix->invalid[1].c_str());
        QCOMPARE(matrix->of("bytes")->best, std::vector<int>{1});
        QCOMPARE(m_engine->profile(engine::Arm::A).name, std::string("before"));
        const auto json = matrix->toJson();
        QCOMPARE(json["metrics"]["bytes"]["best"][0].get<std::string>(), std::string("packed"));
    }

    void aStopRequestBeforeTheFirstRoundIsNoResult() {
        MatrixPlan plan;
        plan.workload = model::Workload::forUrl("/api/items");
        plan.profiles.resize(2);
        plan.profiles[1].name = "other";
        plan.engine = m_engine.get();
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!runMatrix(plan, stop.get_token()));
    }

    void plansWithoutSenseSayWhy_data() {
        QTest::addColumn<int>("profiles");
        QTest::addColumn<int>("rounds");
        QTest::addColumn<QString>("word");
        QTest::newRow("one profile") << 1 << 10 << "1 profiles";
        QTest::newRow("few rounds") << 3 << 5 << "5 rounds";
        QTest::newRow("twice the same") << 0 << 10 << "twice";
    }
    void plansWithoutSenseSayWhy() {
        QFETCH(int, profiles);
        QFETCH(int, rounds);
        QFETCH(QString, word);
        MatrixPlan plan;
        plan.workload = model::Workload::forUrl("/api/items");
        plan.engine = m_engine.get();
        plan.rounds = rounds;
        for (int i = 0; i < std::max(profiles, 2) && profiles != 1; ++i) {
            model::Profile profile;
            profile.name = profiles == 0 ? "same" : std::string(1, static_cast<char>('a' + i));
            plan.profiles.push_back(profile);
        }
        if (profiles == 1)
            plan.profiles.resize(1);
        const auto refused = runMatrix(plan, {});
        QVERIFY(!refused);
        QVERIFY2(QString::fromStdString(refused.error().what).contains(word), refused.error().what.c_str());
    }
};

QTEST_GUILESS_MAIN(MatrixTest)
#include "matrix_test.moc"
