#include "core/caching/s3_fifo.h"

#include "core/base/random.h"
#include "core/http/hash.h"

#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::caching;

namespace {

/// Keys and hashes from numbers; every value is its number.
struct Numbers {
    explicit Numbers(std::size_t budget) : cache(budget) {}
    bool put(int key, std::size_t bytes = 1) {
        const auto text = std::to_string(key);
        return cache.insert(http::xxHash64(text), text, key, bytes);
    }
    bool has(int key) {
        const auto text = std::to_string(key);
        const int* found = cache.find(http::xxHash64(text), text);
        return found && *found == key;
    }
    S3Fifo<int> cache;
};

}  // namespace

class S3FifoTest : public QObject {
    Q_OBJECT
private slots:
    void findsWhatWasStored();
    void neverExceedsItsBudget();
    void refusesWhatIsLargerThanTheBudget();
    void keepsPopularKeysThroughAScan();
    void readmitsAGhostToTheMainQueue();
    void replacesAValueInPlace();
    void forgetsErasedAndClearedKeys();
    void tellsKeysOfOneHashApart();
    void beatsPlainFifoOnASkewedWorkload();
};

void S3FifoTest::findsWhatWasStored() {
    Numbers numbers(100);
    for (int i = 0; i < 50; ++i)
        QVERIFY(numbers.put(i));
    for (int i = 0; i < 50; ++i)
        QVERIFY(numbers.has(i));
    QVERIFY(!numbers.has(50));
    QCOMPARE(numbers.cache.bytes(), std::size_t(50));
    QCOMPARE(numbers.cache.size(), std::size_t(50));
    QCOMPARE(numbers.cache.evictions(), std::uint64_t(0));
}

void S3FifoTest::neverExceedsItsBudget() {
    Numbers numbers(1000);
    SplitMix64 random(1);
    for (int i = 0; i < 20'000; ++i) {
        const int key = static_cast<int>(random.index(400));
        if (!numbers.has(key))
            QVERIFY(numbers.put(key, 1 + random.index(60)));
        if (random.index(20) == 0) {
            const auto text = std::to_string(random.index(400));
            numbers.cache.erase(http::xxHash64(text), text);
        }
        QVERIFY(numbers.cache.bytes() <= 1000);
        QVERIFY(numbers.cache.size() <= 1000);
    }
    QVERIFY(numbers.cache.evictions() > 0);
    QVERIFY(numbers.cache.bytes() > 700);  // and uses it
}

void S3FifoTest::refusesWhatIsLargerThanTheBudget() {
    Numbers numbers(10);
    QVERIFY(numbers.put(1, 5));
    QVERIFY(!numbers.put(2, 11));
    QVERIFY(numbers.has(1));
    QVERIFY(numbers.put(3, 10));
    QVERIFY(numbers.has(3));
    QCOMPARE(numbers.cache.bytes(), std::size_t(10));
}

void S3FifoTest::keepsPopularKeysThroughAScan() {
    Numbers numbers(100);
    for (int i = 0; i < 50; ++i)
        QVERIFY(numbers.put(i));
    for (int round = 0; round < 3; ++round)
        for (int i = 0; i < 50; ++i)
            QVERIFY(numbers.has(i));
    for (int i = 1000; i < 6000; ++i)
        QVERIFY(numbers.put(i));
    int kept = 0;
    for (int i = 0; i < 50; ++i)
        kept += numbers.has(i) ? 1 : 0;
    QCOMPARE(kept, 50);
}

void S3FifoTest::readmitsAGhostToTheMainQueue() {
    Numbers numbers(20);
    for (int i = 0; i < 21; ++i)
        QVERIFY(numbers.put(i));
    QVERIFY(!numbers.has(0));
    QVERIFY(numbers.put(0));
    for (int i = 100; i < 115; ++i)  // would have pushed it out of the small queue
        QVERIFY(numbers.put(i));
    QVERIFY(numbers.has(0));
}

void S3FifoTest::replacesAValueInPlace() {
    S3Fifo<int> cache(10);
    QVERIFY(cache.insert(7, "k", 1, 4));
    QVERIFY(cache.insert(7, "k", 2, 6));
    QCOMPARE(*cache.find(7, "k"), 2);
    QCOMPARE(cache.bytes(), std::size_t(6));
    QCOMPARE(cache.size(), std::size_t(1));
    QVERIFY(!cache.insert(7, "k", 3, 11));
    QVERIFY(!cache.find(7, "k"));
}

void S3FifoTest::forgetsErasedAndClearedKeys() {
    Numbers numbers(10);
    QVERIFY(numbers.put(1));
    QVERIFY(numbers.put(2));
    QVERIFY(numbers.cache.erase(http::xxHash64("1"), "1"));
    QVERIFY(!numbers.cache.erase(http::xxHash64("1"), "1"));
    QVERIFY(!numbers.has(1));
    numbers.cache.clear();
    QVERIFY(!numbers.has(2));
    QCOMPARE(numbers.cache.bytes(), std::size_t(0));
    QVERIFY(numbers.put(2));
}

void S3FifoTest::tellsKeysOfOneHashApart() {
    S3Fifo<int> cache(10);
    QVERIFY(cache.insert(7, "a", 1, 1));
    QVERIFY(!cache.find(7, "b"));
    QVERIFY(!cache.erase(7, "b"));
    QVERIFY(cache.insert(7, "b", 2, 1));  // the newer one wins; a wrong answer is impossible
    QVERIFY(!cache.find(7, "a"));
    QCOMPARE(*cache.find(7, "b"), 2);
}

void S3FifoTest::beatsPlainFifoOnASkewedWorkload() {
    constexpr int kKeys = 5000;
    constexpr std::size_t kRoom = 250;
    SplitMix64 random(2024);
    Numbers numbers(kRoom);
    std::deque<int> fifo;
    std::unordered_set<int> inFifo;
    int hits = 0;
    int fifoHits = 0;
    for (int i = 0; i < 60'000; ++i) {
        // Zipf-like with exponent near 1: rank = keys^u.
        const int key = static_cast<int>(std::pow(kKeys, random.uniform()));
        if (numbers.has(key))
            ++hits;
        else
            QVERIFY(numbers.put(key));
        if (inFifo.contains(key)) {
            ++fifoHits;
        } else {
            fifo.push_back(key);
            inFifo.insert(key);
            if (fifo.size() > kRoom) {
                inFifo.erase(fifo.front());
                fifo.pop_front();
            }
        }
    }
    QVERIFY2(hits > fifoHits, qPrintable(QString("%1 against %2").arg(hits).arg(fifoHits)));
}

QTEST_GUILESS_MAIN(S3FifoTest)
#include "s3_fifo_test.moc"
