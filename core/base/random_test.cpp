#include "core/base/random.h"

#include <QtTest>

using namespace hone;

/// Literals are `prng_splitmix64` of stat-vectors.json.
class RandomTest : public QObject {
    Q_OBJECT
private slots:
    void givesThePublishedNumbersForASeed();
    void takesTheTop53BitsForAUniformNumber();
    void takesTheTop32BitsForAnIndex();
    void staysBelowTheEndOfTheRange();
};

void RandomTest::givesThePublishedNumbersForASeed() {
    SplitMix64 random(1234567);
    for (const std::uint64_t expected :
         {6457827717110365317ULL, 3203168211198807973ULL, 9817491932198370423ULL, 4593380528125082431ULL,
          16408922859458223821ULL})
        QCOMPARE(random.next(), expected);
}

void RandomTest::takesTheTop53BitsForAUniformNumber() {
    SplitMix64 random(42);
    for (const double expected : {0.741564878771823, 0.15991039287692, 0.278601130255139})
        QVERIFY(std::abs(random.uniform() - expected) < 1e-15);
}

void RandomTest::takesTheTop32BitsForAnIndex() {
    SplitMix64 random(42);
    for (const std::uint64_t expected : {7, 1, 2, 3, 0, 8, 2, 8, 3, 6, 2, 4})
        QCOMPARE(random.index(10), expected);
}

void RandomTest::staysBelowTheEndOfTheRange() {
    SplitMix64 random(7);
    for (int i = 0; i < 10'000; ++i) {
        QVERIFY(random.index(3) < 3);
        const double u = random.uniform();
        QVERIFY(u >= 0 && u < 1);
    }
}

QTEST_GUILESS_MAIN(RandomTest)
#include "random_test.moc"
