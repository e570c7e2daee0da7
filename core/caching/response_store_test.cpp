#include "core/caching/response_store.h"

#include "core/base/random.h"
#include "core/http/hash.h"

#include <QtTest>

#include <thread>

using namespace hone;
using namespace hone::caching;
using namespace std::chrono_literals;

namespace {

Answer answerOf(std::string body) {
    auto answer = std::make_shared<StoredAnswer>();
    http::Fields fields;
    fields.add("Content-Type", "application/json");
    answer->full = http::prepare(200, std::move(fields), std::move(body));
    return answer;
}

bool put(ResponseStore& store, const std::string& key, Answer answer) {
    return store.insert(http::xxHash64(key), key, std::move(answer));
}
Answer get(const ResponseStore& store, const std::string& key) {
    return store.find(http::xxHash64(key), key);
}

}  // namespace

class ResponseStoreTest : public QObject {
    Q_OBJECT
private slots:
    void sharesTheAnswerItKeeps();
    void countsBytesWithHeadKeyAndOverhead();
    void staysInItsBudgetOverAllShards();
    void keepsNothingLargerThanAShard();
    void erasesOnlyTheAnswerThatWasMeant();
    void knowsWhenAnAnswerHasExpired();
    void servesFourThreadsWithoutMixingUpKeys();
};

void ResponseStoreTest::sharesTheAnswerItKeeps() {
    ResponseStore store(1 << 20);
    const Answer answer = answerOf("body");
    QVERIFY(put(store, "k", answer));
    QVERIFY(get(store, "k") == answer);
    QVERIFY(!get(store, "other"));
    QCOMPARE(store.size(), std::size_t(1));
    store.clear();
    QVERIFY(!get(store, "k"));
    QCOMPARE(answer->full->body, std::string("body"));  // who is sending it still has it
}

void ResponseStoreTest::countsBytesWithHeadKeyAndOverhead() {
    ResponseStore store(1 << 20);
    QVERIFY(put(store, "key", answerOf(std::string(10'000, 'x'))));
    QVERIFY(store.bytes() > 10'000);
    QVERIFY(store.bytes() < 11'500);
}

void ResponseStoreTest::staysInItsBudgetOverAllShards() {
    constexpr std::size_t kBudget = std::size_t{64} << 20;
    ResponseStore store(kBudget);
    QCOMPARE(store.shardBudget(), kBudget / 4);
    const Answer answer = answerOf(std::string(100'000, 'x'));
    for (int i = 0; i < 1500; ++i)
        QVERIFY(put(store, "key" + std::to_string(i), answer));
    QVERIFY(store.bytes() <= kBudget);
    QVERIFY(store.bytes() > kBudget / 2);
    QVERIFY(store.evictions() > 500);
}

void ResponseStoreTest::keepsNothingLargerThanAShard() {
    ResponseStore store(100'000);
    QVERIFY(!put(store, "big", answerOf(std::string(100'001, 'x'))));
    QVERIFY(!get(store, "big"));
    QCOMPARE(store.bytes(), std::size_t(0));
}

void ResponseStoreTest::erasesOnlyTheAnswerThatWasMeant() {
    ResponseStore store(1 << 20);
    const Answer old = answerOf("old");
    const Answer renewed = answerOf("new");
    QVERIFY(put(store, "k", old));
    QVERIFY(put(store, "k", renewed));
    QVERIFY(!store.erase(http::xxHash64("k"), "k", old));
    QVERIFY(get(store, "k") == renewed);
    QVERIFY(store.erase(http::xxHash64("k"), "k", renewed));
    QVERIFY(!get(store, "k"));
}

void ResponseStoreTest::knowsWhenAnAnswerHasExpired() {
    StoredAnswer answer;
    answer.storedAt = 100s;
    answer.freshFor = 10s;
    answer.staleFor = 5s;
    QVERIFY(!answer.isExpired(115s));
    QVERIFY(answer.isExpired(115s + 1ns));
    QCOMPARE(answer.age(99s).count(), Nanos(0).count());
}

void ResponseStoreTest::servesFourThreadsWithoutMixingUpKeys() {
    ResponseStore store(1 << 20);
    std::atomic<int> wrong = 0;
    std::atomic<int> found = 0;
    {
        std::vector<std::jthread> threads;
        for (unsigned t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                SplitMix64 random(t);
                for (int i = 0; i < 5000; ++i) {
                    const std::string key = std::to_string(random.index(2000));
                    if (const Answer answer = get(store, key)) {
                        ++found;
                        wrong += answer->full->body.starts_with(key + ":") ? 0 : 1;
                    } else {
                        (void)put(store, key, answerOf(key + ":" + std::string(500, 'x')));
                    }
                    if (i % 1000 == 999)
                        store.clear();
                }
            });
    }
    QCOMPARE(wrong.load(), 0);
    QVERIFY(found > 0);
    QVERIFY(store.bytes() <= (1 << 20));
}

QTEST_GUILESS_MAIN(ResponseStoreTest)
#include "response_store_test.moc"
