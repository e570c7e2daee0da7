#include "core/toggles/ratelimit/token_bucket.h"

#include <QtTest>

using namespace hone;
using namespace hone::toggles::ratelimit;
using namespace std::chrono_literals;

class TokenBucketTest : public QObject {
    Q_OBJECT
private slots:
    void refusesAfterTheBurstAndGrantsOneRefillLater();
    void neverHoldsMoreThanTheBurst();
    void refillsFractionsAtSlowRates();
    void saysWhatIsLeftAndWhenThereIsMore();
    void allowsRateTimesTimePlusBurstOverALongTime_data();
    void allowsRateTimesTimePlusBurstOverALongTime();
    void isFullAgainAfterItsWindow();
};

void TokenBucketTest::refusesAfterTheBurstAndGrantsOneRefillLater() {
    FakeClock clock;
    TokenBucket bucket(clock, /*ratePerSecond=*/10, /*burst=*/1);
    QVERIFY(bucket.tryTake());
    QVERIFY(!bucket.tryTake());
    clock.advance(100ms);  // one refill at 10/s
    QVERIFY(bucket.tryTake());
    QVERIFY(!bucket.tryTake());
}

void TokenBucketTest::neverHoldsMoreThanTheBurst() {
    FakeClock clock;
    TokenBucket bucket(clock, 1000, 3);
    clock.advance(1h);
    for (int i = 0; i < 3; ++i)
        QVERIFY(bucket.tryTake());
    QVERIFY(!bucket.tryTake());
}

void TokenBucketTest::refillsFractionsAtSlowRates() {
    FakeClock clock;
    TokenBucket bucket(clock, /*ratePerSecond=*/0.1, 1);
    QVERIFY(bucket.tryTake());
    for (int i = 0; i < 9; ++i) {
        clock.advance(1s);
        QVERIFY(!bucket.tryTake());  // looking must not lose the fraction
    }
    clock.advance(1s);
    QVERIFY(bucket.tryTake());
}

void TokenBucketTest::saysWhatIsLeftAndWhenThereIsMore() {
    FakeClock clock;
    TokenBucket bucket(clock, /*ratePerSecond=*/2, /*burst=*/2);
    const auto first = bucket.take();
    QVERIFY(first.allowed);
    QCOMPARE(first.remaining, 1);
    QCOMPARE(first.untilNext.count(), Nanos(0).count());
    QCOMPARE(first.untilFull.count(), Nanos(500ms).count());
    QVERIFY(bucket.tryTake());
    const auto refused = bucket.take();
    QVERIFY(!refused.allowed);
    QCOMPARE(refused.remaining, 0);
    QCOMPARE(refused.untilNext.count(), Nanos(500ms).count());
    QCOMPARE(refused.untilFull.count(), Nanos(1s).count());
}

void TokenBucketTest::allowsRateTimesTimePlusBurstOverALongTime_data() {
    QTest::addColumn<double>("rate");
    QTest::addColumn<int>("burst");
    QTest::addRow("fast") << 333.0 << 7;
    QTest::addRow("slow") << 0.7 << 1;
    QTest::addRow("big burst") << 10.0 << 500;
}

void TokenBucketTest::allowsRateTimesTimePlusBurstOverALongTime() {
    QFETCH(double, rate);
    QFETCH(int, burst);
    FakeClock clock;
    TokenBucket bucket(clock, rate, burst);
    const int seconds = 60;
    int allowed = 0;
    for (int i = 0; i < burst; ++i)
        allowed += bucket.tryTake() ? 1 : 0;
    for (int i = 0; i < seconds * 1000; ++i) {
        clock.advance(1ms);
        allowed += bucket.tryTake() ? 1 : 0;
    }
    const double expected = rate * seconds + burst;
    QVERIFY2(std::abs(allowed - expected) <= 1, qPrintable(QString("%1 of %2").arg(allowed).arg(expected)));
}

void TokenBucketTest::isFullAgainAfterItsWindow() {
    FakeClock clock;
    TokenBucket bucket(clock, 10, 5);
    QVERIFY(bucket.isFull());
    for (int i = 0; i < 5; ++i)
        QVERIFY(bucket.tryTake());
    clock.advance(499ms);
    QVERIFY(!bucket.isFull());
    clock.advance(1ms);
    QVERIFY(bucket.isFull());
}

QTEST_GUILESS_MAIN(TokenBucketTest)
#include "token_bucket_test.moc"
