#include "core/model/comparison.h"

#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::model;
using stats::Verdict;

namespace {

/// An effect whose interval reaches `spread` to both sides of the ratio.
Effect effectOf(const char* metric, double ratio, double spread, bool lowerIsBetter = true) {
    Effect effect;
    effect.metric = metric;
    effect.title = std::string(metric) + " of something";
    effect.lowerIsBetter = lowerIsBetter;
    effect.paired.pairs = 10;
    effect.paired.ratio = ratio;
    effect.paired.meanLog = std::log(ratio);
    effect.paired.lo = ratio - spread;
    effect.paired.hi = ratio + spread;
    effect.paired.exact = spread == 0;
    effect.anytime = {.ratio = ratio, .lo = ratio - 2 * spread, .hi = ratio + 2 * spread};
    effect.verdict = stats::judge(effect.paired.lo, effect.paired.hi, 0.02, lowerIsBetter);
    return effect;
}

Comparison comparisonOf(std::vector<Effect> effects) {
    Comparison comparison;
    comparison.verdict = effects.empty() ? Verdict::CannotTell : effects.front().verdict;
    comparison.metric = effects.empty() ? "p95" : effects.front().metric;
    comparison.effects = std::move(effects);
    return comparison;
}

/// Blocks of `pairs` pairs, 2 s a pair.
std::vector<Block> blocksOf(int pairs) {
    std::vector<Block> blocks;
    for (int i = 0; i < 2 * pairs; ++i)
        blocks.push_back({.pair = i / 2, .arm = i % 2, .order = i, .startS = 1.0 * i, .seconds = 1});
    return blocks;
}

/// With plain spaces, so that expectations can be read.
std::string said(const Comparison& comparison) {
    QString text = QString::fromStdString(describe(comparison));
    return text.replace(QChar(0xA0), ' ').replace(QChar(0x202F), ' ').toStdString();
}

}  // namespace

class DescribeTest : public QObject {
    Q_OBJECT
private slots:
    void saysWhatItGainsAndWhatItCosts();
    void keepsNumberAndUnitTogether();
    void saysHowManyTimesFasterWherePercentSaturate();
    void saysALossPlainly();
    void saysThroughputInItsOwnWords();
    void saysNoPracticalDifference();
    void addsWhatIsCertainBesideAnUndecidedMetric();
    void saysWhatIsStillNeeded();
    void saysWhyAClearIntervalIsNotBelieved();
    void saysThatNothingWasMeasured();
    void marksWhatMayBeTooLittleToMatter();
    void usesTheIntervalThatAllowsPeeking();
    void callsADeterministicMetricExact();
    void leavesOutWhatIsNotCertain();
    void namesTheFirstDifferentAnswer();
    void saysWhyThereIsNoVerdict();
    void mentionsFailuresAndInterruption();
    void usesTheTitleOfAnUnknownMetric();
    void hasWordsForEveryVerdict();
    void keepsAComparisonThroughJson();
    void keepsUnboundedIntervalsThroughText();
};

void DescribeTest::saysWhatItGainsAndWhatItCosts() {
    const auto comparison =
        comparisonOf({effectOf("p95", 0.69, 0.03), effectOf("bytes", 0.29, 0), effectOf("cpu", 1.12, 0.02)});
    QCOMPARE(said(comparison),
             std::string("B answers p95 31 % faster (95 % interval 28 … 34) and sends 71 % fewer bytes, "
                         "for 12 % more CPU."));
    const auto two = comparisonOf(
        {effectOf("p50", 0.5, 0.01), effectOf("bytes", 0.29, 0), effectOf("rps", 1.5, 0.1, false)});
    QCOMPARE(
        said(two),
        std::string("B answers p50 50 % faster (95 % interval 49 … 51), sends 71 % fewer bytes and handles "
                    "50 % more requests a second."));
}

void DescribeTest::keepsNumberAndUnitTogether() {
    QVERIFY(describe(comparisonOf({effectOf("p95", 0.69, 0.03)}))
                .contains("31\u00A0% faster (95\u00A0% interval"));
}

void DescribeTest::saysHowManyTimesFasterWherePercentSaturate() {
    QCOMPARE(said(comparisonOf({effectOf("p95", 0.16, 0.01)})),
             std::string("B answers p95 84 % faster (6.25 times faster; 95 % interval 5.88 … 6.67)."));
    QCOMPARE(said(comparisonOf({effectOf("p95", 0.001, 0.0005)})),
             std::string("B answers p95 99.9 % faster (1 000 times faster; 95 % interval 667 … 2 000)."));
    QCOMPARE(said(comparisonOf({effectOf("p99", 6, 0.5)})),
             std::string("B answers p99 500 % slower (6.00 times as long; 95 % interval 5.50 … 6.50)."));
}

void DescribeTest::saysALossPlainly() {
    const auto comparison =
        comparisonOf({effectOf("p95", 1.31, 0.03), effectOf("bytes", 0.29, 0), effectOf("cpu", 1.12, 0.02)});
    QCOMPARE(said(comparison),
             std::string("B answers p95 31 % slower (95 % interval 28 … 34) and uses 12 % more CPU, but "
                         "sends 71 % fewer bytes."));
}

void DescribeTest::saysThroughputInItsOwnWords() {
    QCOMPARE(said(comparisonOf({effectOf("rps", 1.2, 0.05, false)})),
             std::string("B handles 20 % more requests a second (95 % interval 15 … 25)."));
    QCOMPARE(said(comparisonOf({effectOf("rps", 12, 1, false)})),
             std::string("B handles 12.0 times as many requests a second (95 % interval 11.0 … 13.0)."));
    QCOMPARE(said(comparisonOf({effectOf("rps", 0.8, 0.05, false)})),
             std::string("B handles 20 % fewer requests a second (95 % interval 15 … 25)."));
    QCOMPARE(
        said(comparisonOf({effectOf("p95", 0.8, 0.05), effectOf("rps", 0.9, 0.05, false)})),
        std::string("B answers p95 20 % faster (95 % interval 15 … 25), for 10 % fewer requests a second."));
}

void DescribeTest::saysNoPracticalDifference() {
    QCOMPARE(said(comparisonOf({effectOf("p95", 1.001, 0.009)})),
             std::string(
                 "No practical difference in p95: B is within ±2 % of A (95 % interval −0.8 % … +1.0 %)."));
    QCOMPARE(said(comparisonOf({effectOf("bytes", 1, 0)})),
             std::string("No practical difference in bytes sent: B is within ±2 % of A (exactly 0.0 %)."));
}

void DescribeTest::addsWhatIsCertainBesideAnUndecidedMetric() {
    const auto comparison =
        comparisonOf({effectOf("p95", 1, 0.01), effectOf("bytes", 0.29, 0), effectOf("cpu", 1.12, 0.02)});
    QVERIFY(said(comparison).ends_with("). It sends 71 % fewer bytes and uses 12 % more CPU."));
}

void DescribeTest::saysWhatIsStillNeeded() {
    auto comparison = comparisonOf({effectOf("p95", 0.98, 0.05)});
    comparison.effects[0].pairsNeeded = 24;
    comparison.blocks = blocksOf(10);
    QCOMPARE(said(comparison),
             std::string("Cannot tell yet whether B changes p95: the 95 % interval −7.0 % … +3.0 % reaches "
                         "beyond ±2 %. About 14 more pairs (about 28.0 s) would show it."));
    comparison.effects[0].pairsNeeded = 6;  // chance was kind to the estimate
    QVERIFY(said(comparison).contains("About 2 more pairs"));
}

void DescribeTest::saysWhyAClearIntervalIsNotBelieved() {
    auto comparison = comparisonOf({effectOf("p95", 0.95, 0.01)});
    comparison.verdict = Verdict::CannotTell;
    QVERIFY(said(comparison)
                .contains("p95: −5.0 % is seen (95 % interval −6.0 % … −4.0 %), but the check without"));
    comparison.noiseFloor = 0.06;
    QVERIFY(said(comparison)
                .contains("p95: −5.0 % is no more than identical arms differed here (+6.2 %). About"));
}

void DescribeTest::saysThatNothingWasMeasured() {
    QCOMPARE(said(Comparison()),
             std::string("Cannot tell yet whether B changes p95: no block pair measured so far."));
    auto comparison = comparisonOf({effectOf("p95", 1, 0.01)});
    comparison.effects[0].paired.pairs = 1;
    comparison.effects[0].paired.lo = 0;
    comparison.effects[0].paired.hi = INFINITY;
    comparison.verdict = Verdict::CannotTell;
    QCOMPARE(said(comparison), std::string("Cannot tell yet whether B changes p95: 1 block pair measured so "
                                           "far. About 5 more pairs would show it."));
}

void DescribeTest::marksWhatMayBeTooLittleToMatter() {
    QCOMPARE(said(comparisonOf({effectOf("p95", 0.985, 0.01)})),
             std::string("B answers p95 1.5 % faster (95 % interval 0.5 … 2.5), which may be within ±2 % and "
                         "too little to matter."));
}

void DescribeTest::usesTheIntervalThatAllowsPeeking() {
    auto comparison = comparisonOf({effectOf("p95", 0.69, 0.03)});
    comparison.stoppedEarly = true;
    QVERIFY(said(comparison).contains("95 % interval 25 … 37"));
}

void DescribeTest::callsADeterministicMetricExact() {
    QCOMPARE(said(comparisonOf({effectOf("bytes", 0.29, 0)})),
             std::string("B sends 71 % fewer bytes (exactly)."));
}

void DescribeTest::leavesOutWhatIsNotCertain() {
    const auto comparison =
        comparisonOf({effectOf("p95", 0.69, 0.03), effectOf("bytes", 1, 0), effectOf("cpu", 1.05, 0.2)});
    QCOMPARE(said(comparison), std::string("B answers p95 31 % faster (95 % interval 28 … 34)."));
}

void DescribeTest::namesTheFirstDifferentAnswer() {
    auto comparison = comparisonOf({effectOf("p95", 0.69, 0.03)});
    comparison.verdict = Verdict::Invalid;
    comparison.answersCompared = 200;
    comparison.answerDifferences = {{.request = "GET /a", .expected = true},
                                    {.request = "GET /b", .explanation = "3 rows fewer"},
                                    {.request = "GET /c"}};
    QCOMPARE(said(comparison),
             std::string("No verdict: A and B gave different answers to 2 of 200 compared requests, first "
                         "to GET /b (3 rows fewer)."));
}

void DescribeTest::saysWhyThereIsNoVerdict() {
    Comparison comparison;
    comparison.verdict = Verdict::Invalid;
    comparison.warnings = {"this is a debug build"};
    QCOMPARE(said(comparison), std::string("No verdict: this is a debug build."));
    comparison.warnings.clear();
    QVERIFY(said(comparison).starts_with("No verdict: "));
}

void DescribeTest::mentionsFailuresAndInterruption() {
    auto comparison = comparisonOf({effectOf("p95", 0.69, 0.03)});
    comparison.b.requests = 1000;
    comparison.b.errors = 32;
    comparison.partial = true;
    comparison.plannedPairs = 20;
    QVERIFY(
        said(comparison)
            .ends_with("Interrupted after 10 of 20 pairs. But 3.20 % of B's requests failed, of A's 0 %."));
}

void DescribeTest::usesTheTitleOfAnUnknownMetric() {
    QVERIFY(said(comparisonOf({effectOf("queue", 1, 0.01)}))
                .starts_with("No practical difference in queue of something"));
}

void DescribeTest::hasWordsForEveryVerdict() {
    QCOMPARE(verdictWords(Verdict::Better), std::string("better"));
    QCOMPARE(verdictWords(Verdict::Worse), std::string("worse"));
    QCOMPARE(verdictWords(Verdict::NoDifference), std::string("no practical difference"));
    QCOMPARE(verdictWords(Verdict::CannotTell), std::string("cannot tell yet"));
    for (int i = 0; i <= static_cast<int>(Verdict::Invalid); ++i)
        QVERIFY(!verdictWords(static_cast<Verdict>(i)).empty());
}

void DescribeTest::keepsAComparisonThroughJson() {
    auto comparison = comparisonOf({effectOf("p95", 0.69, 0.03), effectOf("bytes", 0.29, 0)});
    comparison.id = "01K";
    comparison.tags = {"x"};
    comparison.blocks = blocksOf(2);
    comparison.blocks[1].metrics = {{"p95", 1840.5}, {"rps", 500}};
    comparison.answerDifferences = {
        {.request = "GET /b", .explanation = "e", .a = "1", .b = "2", .expected = true}};
    comparison.sentence = describe(comparison);
    comparison.a.latency.record(5);
    const auto back = Comparison::fromJson(nlohmann::json::parse(comparison.toJson().dump()));
    QVERIFY2(back, back ? "" : back.error().what.c_str());
    QCOMPARE(back->toJson(), comparison.toJson());
    QCOMPARE(back->blocks[1].arm, 1);
    QCOMPARE(describe(*back), comparison.sentence);
    QVERIFY(back->effect("bytes"));
    QVERIFY(!back->effect("nothing"));
}

void DescribeTest::keepsUnboundedIntervalsThroughText() {
    auto comparison = comparisonOf({effectOf("p95", 1, 0.1)});
    comparison.effects[0].paired.hi = comparison.effects[0].anytime.tRadius = INFINITY;
    const auto back = Comparison::fromJson(nlohmann::json::parse(comparison.toJson().dump()));
    QVERIFY(back);
    QVERIFY(std::isinf(back->effects[0].paired.hi));
    QVERIFY(std::isinf(back->effects[0].anytime.tRadius));
    auto wrong = comparison.toJson();
    wrong["effects"][0]["verdict"] = "faster";
    const auto refused = Comparison::fromJson(wrong);
    QVERIFY(!refused);
    QVERIFY(refused.error().what.contains("effects[0].verdict is no verdict: \"faster\""));
}

QTEST_GUILESS_MAIN(DescribeTest)
#include "describe_test.moc"
