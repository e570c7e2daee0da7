#include "core/toggles/ratelimit/keyed_limiter.h"

#include <QtTest>

#include <thread>
#include <vector>

using namespace hone;
using namespace hone::toggles::ratelimit;
using namespace std::chrono_literals;

class KeyedLimiterTest : public QObject {
    Q_OBJECT
private slots:
    void countsEachKeyByItself();
    void remembersNoMoreKeysThanAllowed();
    void forgetsKeysThatAreFullAgain();
    void keepsTheBusyKeyAmongManyOthers();
    void grantsExactlyTheBurstToManyThreads();
    void startsAfreshWhenCleared();
};

void KeyedLimiterTest::countsEachKeyByItself() {
    FakeClock clock;
    KeyedLimiter limiter(clock, 1, 1, 100);
    QVERIFY(limiter.take("ann").allowed);
    QVERIFY(!limiter.take("ann").allowed);
    QVERIFY(limiter.take("bob").allowed);
    QCOMPARE(limiter.keyCount(), std::size_t(2));
}

void KeyedLimiterTest::remembersNoMoreKeysThanAllowed() {
    FakeClock clock;
    KeyedLimiter limiter(clock, 1, 1, 160);
    for (int i = 0; i < 5000; ++i)
        QVERIFY(limiter.take("key" + std::to_string(i)).allowed);
    QVERIFY(limiter.keyCount() <= 160);
    QVERIFY(limiter.keyCount() > 100);
}

void KeyedLimiterTest::forgetsKeysThatAreFullAgain() {
    FakeClock clock;
    KeyedLimiter limiter(clock, 1, 1, 100'000);
    for (int i = 0; i < 1000; ++i)
        (void)limiter.take("old" + std::to_string(i));
    clock.advance(2s);
    for (int i = 0; i < 1000; ++i)
        (void)limiter.take("new" + std::to_string(i));
    QVERIFY(limiter.keyCount() < 1200);
}

void KeyedLimiterTest::keepsTheBusyKeyAmongManyOthers() {
    FakeClock clock;
    KeyedLimiter limiter(clock, 0.01, 1, 1600);
    QVERIFY(limiter.take("busy").allowed);
    for (int i = 0; i < 5000; ++i) {
        (void)limiter.take("other" + std::to_string(i));
        QVERIFY(!limiter.take("busy").allowed);
    }
}

void KeyedLimiterTest::grantsExactlyTheBurstToManyThreads() {
    FakeClock clock;  // stands still: nothing refills
    KeyedLimiter limiter(clock, 1, 1000, 100);
    std::atomic<int> allowed = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 500; ++i)
                    allowed += limiter.take("shared").allowed ? 1 : 0;
            });
    }
    QCOMPARE(allowed.load(), 1000);
}

void KeyedLimiterTest::startsAfreshWhenCleared() {
    FakeClock clock;
    KeyedLimiter limiter(clock, 1, 1, 100);
    QVERIFY(limiter.take("ann").allowed);
    limiter.clear();
    QCOMPARE(limiter.keyCount(), std::size_t(0));
    QVERIFY(limiter.take("ann").allowed);
}

QTEST_GUILESS_MAIN(KeyedLimiterTest)
#include "keyed_limiter_test.moc"
