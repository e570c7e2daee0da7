#include "core/toggles/encoding/better_copies.h"

#include <QtTest>

using namespace hone;
using namespace hone::toggles::encoding;
using coding::Coding;

namespace {

std::string table(int rows) {
    std::string out = "[";
    for (int i = 0; i < rows; ++i)
        out += R"({"id":)" + std::to_string(i * 7919 % 10007) + R"(,"name":"row )" + std::to_string(i * 31) +
               R"("},)";
    out.back() = ']';
    return out;
}

Prepared kept(Coding coding, const std::string& text, std::string_view tag = "\"first\"") {
    coding::Compressor cheap({.gzip = 1, .brotli = 1, .zstd = 1});
    std::string coded;
    if (!cheap.compress(coding, text, coded))
        return nullptr;
    http::Fields fields;
    fields.add("Content-Type", "application/json");
    fields.add("Content-Encoding", coding::codingName(coding));
    fields.add("ETag", tag);
    return http::prepare(200, fields, coded);
}

constexpr coding::Levels kHigh{.gzip = 12, .brotli = 9, .zstd = 19};

}  // namespace

class BetterCopiesTest : public QObject {
    Q_OBJECT
private slots:
    void aCopySaysTheSameInFewerBytes_data();
    void aCopySaysTheSameInFewerBytes();
    void otherBytesHaveAnotherStrongTag();
    void whatIsNotCodedOrMustStayHasNone();
    void copiesStayWithinTheBudget();
    void copiesOfWhatIsGoneMakeRoom();
    void onlyWhatIsSentOftenIsWorthIt();
    void anotherAnswerIsNeverServedInstead();
};

void BetterCopiesTest::aCopySaysTheSameInFewerBytes_data() {
    QTest::addColumn<int>("coding");
    QTest::newRow("gzip") << int(Coding::Gzip);
    QTest::newRow("br") << int(Coding::Brotli);
    QTest::newRow("zstd") << int(Coding::Zstd);
}

void BetterCopiesTest::aCopySaysTheSameInFewerBytes() {
    QFETCH(int, coding);
    BetterCopies copies(kHigh, 1'000'000);
    const auto answer = kept(Coding(coding), table(2000));
    QVERIFY(!copies.of(answer));
    copies.settle();
    const auto copy = copies.of(answer);
    QVERIFY(copy);
    QVERIFY(copy->body.size() < answer->body.size());
    QCOMPARE(*coding::decodeContent(coding::codingName(Coding(coding)), copy->body), table(2000));
    QCOMPARE(copy->status, 200);
    QVERIFY(copy->head11.find("Content-Length: " + std::to_string(copy->body.size())) != std::string::npos);
    QCOMPARE(copies.counts().made, std::uint64_t(1));
    QCOMPARE(copies.counts().bytesBefore - copies.counts().bytesAfter,
             std::uint64_t(answer->body.size() - copy->body.size()));
}

void BetterCopiesTest::otherBytesHaveAnotherStrongTag() {
    BetterCopies copies(kHigh, 1'000'000);
    const auto strong = kept(Coding::Gzip, table(500)), weak = kept(Coding::Gzip, table(600), "W/\"same\"");
    (void)copies.of(strong);
    (void)copies.of(weak);
    copies.settle();
    const auto tag = copies.of(strong)->fields.get("ETag");
    QVERIFY(tag && *tag != "\"first\"" && tag->starts_with('"'));
    QCOMPARE(std::string(*copies.of(weak)->fields.get("ETag")), std::string("W/\"same\""));
}

void BetterCopiesTest::whatIsNotCodedOrMustStayHasNone() {
    BetterCopies copies(kHigh, 1'000'000);
    http::Fields fields;
    fields.add("Content-Type", "application/json");
    const auto answer = http::prepare(200, fields, table(500));
    (void)copies.of(answer);
    copies.settle();
    QVERIFY(!copies.of(answer));
    const auto coded = kept(Coding::Gzip, table(500));
    auto fixed = coded->fields;
    fixed.add("Cache-Control", "no-transform");
    const auto untouchable = http::prepare(200, fixed, coded->body);
    (void)copies.of(untouchable);
    copies.settle();
    QVERIFY(!copies.of(untouchable));
}

void BetterCopiesTest::copiesStayWithinTheBudget() {
    BetterCopies copies(kHigh, 4000);
    std::vector<Prepared> all;
    for (int i = 0; i < 20; ++i) {
        all.push_back(kept(Coding::Zstd, table(300 + i)));
        (void)copies.of(all.back());
    }
    copies.settle();
    QVERIFY(copies.bytes() <= 4000);
    QVERIFY(copies.counts().made < 20);
}

void BetterCopiesTest::copiesOfWhatIsGoneMakeRoom() {
    BetterCopies copies(kHigh, 4000);
    for (int i = 0; i < 6; ++i) {
        const auto answer = kept(Coding::Zstd, table(300 + i));
        (void)copies.of(answer);
        copies.settle();
        QVERIFY2(copies.of(answer), qPrintable(QString::number(i)));
    }
    copies.clear();
    QCOMPARE(copies.bytes(), std::size_t(0));
}

void BetterCopiesTest::onlyWhatIsSentOftenIsWorthIt() {
    BetterCopies copies(kHigh, 1'000'000);
    Popularity popularity(copies, 3);
    const auto answer = kept(Coding::Gzip, table(500));
    QVERIFY(!popularity.swap(answer));
    QVERIFY(!popularity.swap(answer));
    copies.settle();
    QCOMPARE(copies.counts().made, std::uint64_t(0));
    (void)popularity.swap(answer);  // the third asks for the copy
    copies.settle();
    QCOMPARE(copies.counts().made, std::uint64_t(1));
    Prepared got;
    for (int i = 0; i < 8 && !got; ++i)
        got = popularity.swap(answer);
    QCOMPARE(got, copies.of(answer));
}

void BetterCopiesTest::anotherAnswerIsNeverServedInstead() {
    BetterCopies copies(kHigh, 10'000'000);
    Popularity popularity(copies, 1);
    for (int i = 0; i < 400; ++i) {  // more than there are places, and addresses come back
        const std::string text = table(20 + i % 7);
        const auto answer = kept(Coding::Gzip, text);
        (void)popularity.swap(answer);
        if (i % 10 == 0)
            copies.settle();
        if (const auto& copy = popularity.swap(answer))
            QCOMPARE(*coding::decodeContent("gzip", copy->body), text);
    }
}

QTEST_GUILESS_MAIN(BetterCopiesTest)
#include "better_copies_test.moc"
