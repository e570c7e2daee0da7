#include "core/toggles/advanced/previous_answers.h"

#include "core/toggles/advanced/dictionary_fields.h"

#include <QtTest>

#include <thread>

using namespace hone;
using namespace hone::toggles::advanced;

namespace {

constexpr coding::DictionaryHash kNobody{};

std::string body(int i) { return std::string(1000, static_cast<char>('a' + i % 26)) + std::to_string(i); }

}  // namespace

class PreviousAnswersTest : public QObject {
    Q_OBJECT
private slots:
    void findsWhatItWasGivenByHash();
    void givesNobodyWhatAnotherUserGot();
    void forgetsTheLeastRecentlyUsedWhenFull();
    void keepsNothingThatFillsAQuarterOfIt();
    void forgetsEverythingWhenCleared();
    void staysWithinItsBudgetWhileManyUseIt();
};

void PreviousAnswersTest::findsWhatItWasGivenByHash() {
    PreviousAnswers answers(1'000'000);
    QVERIFY(answers.keep(sha256(body(1)), kNobody, body(1)));
    QVERIFY(answers.keep(sha256(body(1)), kNobody, body(1)));
    QVERIFY(answers.bytes() < 2000);  // once
    const auto found = answers.find(sha256(body(1)), kNobody);
    QVERIFY(found && found->bytes == body(1) && found->hash == sha256(body(1)));
    QVERIFY(!answers.find(sha256(body(2)), kNobody));
}

void PreviousAnswersTest::givesNobodyWhatAnotherUserGot() {
    PreviousAnswers answers(1'000'000);
    const auto hash = sha256(body(1)), one = sha256("cookie:1"), other = sha256("cookie:2");
    QVERIFY(answers.keep(hash, one, body(1)));
    QVERIFY(answers.find(hash, one));
    QVERIFY(!answers.find(hash, other));
    QVERIFY(!answers.find(hash, kNobody));
}

void PreviousAnswersTest::forgetsTheLeastRecentlyUsedWhenFull() {
    PreviousAnswers answers(12'000);
    for (int i = 0; i < 5; ++i)
        QVERIFY(answers.keep(sha256(body(i)), kNobody, body(i)));
    for (int i = 5; i < 12; ++i) {
        QVERIFY(answers.find(sha256(body(0)), kNobody));  // used all the time
        QVERIFY(answers.keep(sha256(body(i)), kNobody, body(i)));
        QVERIFY(answers.bytes() <= 12'000);
    }
    QVERIFY(answers.find(sha256(body(0)), kNobody));
    QVERIFY(answers.find(sha256(body(11)), kNobody));
    QVERIFY(!answers.find(sha256(body(1)), kNobody));
}

void PreviousAnswersTest::keepsNothingThatFillsAQuarterOfIt() {
    PreviousAnswers answers(4'000);
    QVERIFY(!answers.keep(sha256(body(1)), kNobody, body(1)));
    QCOMPARE(answers.bytes(), std::size_t(0));
}

void PreviousAnswersTest::forgetsEverythingWhenCleared() {
    PreviousAnswers answers(1'000'000);
    QVERIFY(answers.keep(sha256(body(1)), kNobody, body(1)));
    const auto held = answers.find(sha256(body(1)), kNobody);
    answers.clear();
    QCOMPARE(answers.bytes(), std::size_t(0));
    QVERIFY(!answers.find(sha256(body(1)), kNobody));
    QCOMPARE(held->bytes, body(1));  // who uses it may finish
}

void PreviousAnswersTest::staysWithinItsBudgetWhileManyUseIt() {
    PreviousAnswers answers(20'000);
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 2000; ++i) {
                    const auto text = body((i * 7 + t) % 40);
                    const auto hash = sha256(text);
                    (void)answers.keep(hash, kNobody, text);
                    const auto found = answers.find(hash, kNobody);
                    wrong += (found && found->bytes != text) || answers.bytes() > 20'000;
                }
            });
    }
    QCOMPARE(wrong.load(), 0);
    QVERIFY(answers.bytes() > 10'000);
}

QTEST_GUILESS_MAIN(PreviousAnswersTest)
#include "previous_answers_test.moc"
