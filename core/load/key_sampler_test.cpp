#include "core/load/key_sampler.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace hone;
using namespace hone::load;
using Draw = model::Variable::Draw;

class KeySamplerTest : public QObject {
    Q_OBJECT
private slots:
    void zipfFollowsItsProbabilities_data();
    void zipfFollowsItsProbabilities();
    void zipfStaysInRangeForHugeCounts();
    void hotSetGivesItsShareToTheHotKeys();
    void uniformReachesEveryKeyEvenly();
    void sequentialThreadsTogetherVisitAllKeys();
    void sameSeedGivesTheSameKeys();
    void weightedChoiceFollowsTheWeights();
    void aWeightOfZeroIsNeverChosen();
};

void KeySamplerTest::zipfFollowsItsProbabilities_data() {
    QTest::addColumn<double>("exponent");
    for (const double exponent : {0.0, 0.5, 0.9, 1.0, 1.3, 2.0})
        QTest::addRow("exponent %.1f", exponent) << exponent;
}

void KeySamplerTest::zipfFollowsItsProbabilities() {
    QFETCH(double, exponent);
    constexpr int kKeys = 50, kDraws = 200'000;
    const ZipfSampler zipf(kKeys, exponent);
    SplitMix64 random(42);
    std::vector<double> seen(kKeys);
    for (int i = 0; i < kDraws; ++i)
        ++seen[static_cast<std::size_t>(zipf.next(random) - 1)];
    double sum = 0, chiSquare = 0;
    for (int k = 1; k <= kKeys; ++k)
        sum += std::pow(k, -exponent);
    for (int k = 1; k <= kKeys; ++k) {
        const double expected = kDraws * std::pow(k, -exponent) / sum;
        chiSquare += std::pow(seen[static_cast<std::size_t>(k - 1)] - expected, 2) / expected;
    }
    QVERIFY2(chiSquare < 85.4, qPrintable(QString::number(chiSquare)));  // 49 degrees of freedom, p = 0.001.
}

void KeySamplerTest::zipfStaysInRangeForHugeCounts() {
    constexpr std::int64_t kMany = 1'000'000'000;
    const ZipfSampler zipf(kMany, 1.1);
    SplitMix64 random(1);
    for (int i = 0; i < 100'000; ++i) {
        const auto key = zipf.next(random);
        QVERIFY(key >= 1 && key <= kMany);
    }
}

void KeySamplerTest::hotSetGivesItsShareToTheHotKeys() {
    KeySampler sampler({.first = 1, .last = 1000, .draw = Draw::HotSet, .hotShare = 0.8, .hotKeys = 0.05}, 0,
                       1);
    SplitMix64 random(3);
    int hot = 0;
    for (int i = 0; i < 100'000; ++i) {
        const auto key = sampler.next(random);
        QVERIFY(key >= 0 && key < 1000);
        hot += key < 50;
    }
    QVERIFY2(std::abs(hot - 80'000) < 640, qPrintable(QString::number(hot)));  // Five standard deviations.
}

void KeySamplerTest::uniformReachesEveryKeyEvenly() {
    KeySampler sampler({.values = {"a", "b", "c", "d"}, .draw = Draw::Uniform}, 0, 1);
    SplitMix64 random(5);
    std::vector<int> seen(4);
    for (int i = 0; i < 40'000; ++i)
        ++seen[static_cast<std::size_t>(sampler.next(random))];
    for (const int count : seen)
        QVERIFY(std::abs(count - 10'000) < 434);
}

void KeySamplerTest::sequentialThreadsTogetherVisitAllKeys() {
    const model::Variable variable{.first = 10, .last = 19, .draw = Draw::Sequential};
    SplitMix64 random(1);
    std::multiset<std::int64_t> seen;
    for (int thread = 0; thread < 2; ++thread) {
        KeySampler sampler(variable, thread, 2);
        for (int i = 0; i < 5; ++i)
            seen.insert(sampler.next(random));
    }
    QCOMPARE(seen.size(), std::size_t(10));
    for (std::int64_t key = 0; key < 10; ++key)
        QCOMPARE(seen.count(key), std::size_t(1));
}

void KeySamplerTest::sameSeedGivesTheSameKeys() {
    for (const Draw draw : {Draw::Uniform, Draw::Zipf, Draw::HotSet}) {
        KeySampler one({.first = 1, .last = 500, .draw = draw}, 0, 1), same = one;
        SplitMix64 random(11), again(11);
        for (int i = 0; i < 1000; ++i)
            QCOMPARE(one.next(random), same.next(again));
    }
}

void KeySamplerTest::weightedChoiceFollowsTheWeights() {
    const double weights[] = {5, 1, 3, 1};
    const WeightedChoice choice(weights);
    SplitMix64 random(8);
    std::vector<int> seen(4);
    for (int i = 0; i < 100'000; ++i)
        ++seen[choice.next(random)];
    QVERIFY(std::abs(seen[0] - 50'000) < 800);
    QVERIFY(std::abs(seen[1] - 10'000) < 480);
    QVERIFY(std::abs(seen[2] - 30'000) < 730);
    QVERIFY(std::abs(seen[3] - 10'000) < 480);
}

void KeySamplerTest::aWeightOfZeroIsNeverChosen() {
    const double weights[] = {0, 2, 0, 1, 0};
    const WeightedChoice choice(weights);
    SplitMix64 random(8);
    for (int i = 0; i < 10'000; ++i) {
        const auto index = choice.next(random);
        QVERIFY(index == 1 || index == 3);
    }
}

QTEST_GUILESS_MAIN(KeySamplerTest)
#include "key_sampler_test.moc"
