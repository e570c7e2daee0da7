#include "core/report/reproduction.h"

#include "core/report/samples.h"

#include <QtTest>

using namespace hone;
using report::reproductionOf;
namespace samples = report::samples;

namespace {

model::RunResult slower(double factor) {
    auto run = samples::run();
    run.latency = {};
    for (int i = 1; i <= 1000; ++i)
        run.latency.record(static_cast<std::int64_t>((200 + i * i / 100) * factor));
    return run;
}

model::Comparison found(stats::Verdict verdict, double ratio, double lo, double hi) {
    auto comparison = samples::comparison();
    auto& effect = comparison.effects[0];
    effect.verdict = verdict;
    effect.paired.ratio = ratio;
    effect.paired.lo = lo;
    effect.paired.hi = hi;
    return comparison;
}

}  // namespace

class ReproductionTest : public QObject {
    Q_OBJECT
private slots:
    void aRunReproducesWithinTheTolerance() {
        QVERIFY(reproductionOf(samples::run(), slower(1.2), 0.25).reproduces);
        QVERIFY(reproductionOf(samples::run(), slower(0.85), 0.25).reproduces);
        const auto missed = reproductionOf(samples::run(), slower(1.5), 0.25);
        QVERIFY(!missed.reproduces);
        QVERIFY2(missed.sentence.find("p95") != std::string::npos, missed.sentence.c_str());
    }

    void moreFailuresAreNoReproduction() {
        auto now = samples::run();
        now.errors += 20;
        QVERIFY(!reproductionOf(samples::run(), now, 0.25).reproduces);
    }

    void otherDataAndMachinesAreSaid() {
        auto now = samples::run();
        now.dataset = "cities (10 rows)";
        now.environment.cpu = "Another CPU";
        const auto out = reproductionOf(samples::run(), now, 0.25);
        QVERIFY(out.notes.size() >= 2);
    }

    void aComparisonReproducesItsFindingNotItsNumbers() {
        using enum stats::Verdict;
        const auto kept = found(Better, 0.7, 0.66, 0.74);
        QVERIFY(reproductionOf(kept, found(Better, 0.5, 0.45, 0.55)).reproduces);
        QVERIFY(reproductionOf(kept, found(CannotTell, 0.8, 0.6, 1.1)).reproduces);
        QVERIFY(!reproductionOf(kept, found(CannotTell, 0.95, 0.85, 1.1)).reproduces);
        QVERIFY(!reproductionOf(kept, found(NoDifference, 1, 0.99, 1.01)).reproduces);
        QVERIFY(!reproductionOf(kept, found(Worse, 0.7, 0.66, 0.74)).reproduces);
        const auto same =
            reproductionOf(found(NoDifference, 1, 0.99, 1.01), found(NoDifference, 1, 0.985, 1.005));
        QVERIFY(same.reproduces);
        QVERIFY(same.sentence.starts_with("Reproduced"));
    }
};

QTEST_GUILESS_MAIN(ReproductionTest)
#include "reproduction_test.moc"
