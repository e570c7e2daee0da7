#include "core/net/http2_head.h"
#include "core/net/http2_scanner.h"

#include <QTest>

using namespace hone;
using namespace hone::net;

class Http2HeadTest : public QObject {
    Q_OBJECT
private slots:
    void theTargetIsSplitAtTheFirstQuestionMark();
    void hostComesFirstWhenOnlyTheAuthorityWasThere();
    void theFirstReasonIsKept();
    void aClearedHeadRemembersNothing();
    void sizeCountsEveryLineWithItsOverhead();
    void theScannerFindsFramesHoweverTheBytesAreCut();
    void theScannerKnowsWhenAHeaderBlockIsUnfinished();
};

namespace {

void addLine(Http2Head& head, std::string_view path) {
    head.add(":method", "GET");
    head.add(":scheme", "https");
    head.add(":authority", "a.test:80");
    head.add(":path", path);
}

std::string frameHead(std::size_t length, std::uint8_t type, std::uint8_t flags) {
    return {static_cast<char>(length >> 16),
            static_cast<char>(length >> 8),
            static_cast<char>(length),
            static_cast<char>(type),
            static_cast<char>(flags),
            0,
            0,
            0,
            1};
}

}  // namespace

void Http2HeadTest::theTargetIsSplitAtTheFirstQuestionMark() {
    const Limits limits;
    Http2Head head(limits);
    addLine(head, "/a?b?c");
    head.finish();
    QVERIFY(!head.refusal());
    http::Request request;
    head.fill(request);
    QCOMPARE(request.path, std::string_view("/a"));
    QCOMPARE(request.query, std::string_view("b?c"));
    QCOMPARE(request.target, std::string_view("/a?b?c"));
    QCOMPARE(request.version, 20);
    QVERIFY(request.method == http::Method::Get);
}

void Http2HeadTest::hostComesFirstWhenOnlyTheAuthorityWasThere() {
    const Limits limits;
    Http2Head head(limits);
    addLine(head, "/");
    head.add("x", "1");
    head.finish();
    http::Request request;
    head.fill(request);
    QCOMPARE(request.fields.size(), std::size_t(2));
    QCOMPARE(request.fields[0].name, std::string_view("host"));
    QCOMPARE(request.fields[0].value, std::string_view("a.test:80"));
    QCOMPARE(request.fields[1].value, std::string_view("1"));
}

void Http2HeadTest::theFirstReasonIsKept() {
    const Limits limits;
    Http2Head head(limits);
    addLine(head, "no slash");
    head.add("expect", "magic");
    head.finish();
    QVERIFY(head.refusal());
    QCOMPARE(head.refusal()->status, 417);
}

void Http2HeadTest::aClearedHeadRemembersNothing() {
    const Limits limits;
    Http2Head head(limits);
    addLine(head, "/first");
    head.add("cookie", "secret=1");
    head.add("content-length", "3");
    head.add("host", "other");
    head.finish();
    QCOMPARE(head.refusal()->status, 400);
    head.clear();
    addLine(head, "/second");
    head.finish();
    QVERIFY(!head.refusal());
    QVERIFY(!head.contentLength());
    http::Request request;
    head.fill(request);
    QCOMPARE(request.target, std::string_view("/second"));
    QVERIFY(!request.field("cookie"));
    QCOMPARE(request.fields.size(), std::size_t(1));
}

void Http2HeadTest::sizeCountsEveryLineWithItsOverhead() {
    Limits limits;
    limits.headerBytes = 100;
    Http2Head head(limits);
    head.add("abc", "12345");
    QCOMPARE(head.size(), std::size_t(40));
    head.addTrailer("t", "v");
    QCOMPARE(head.size(), std::size_t(74));
    head.add("d", "");
    QCOMPARE(head.size(), std::size_t(107));
    QCOMPARE(head.refusal()->status, 431);
}

void Http2HeadTest::theScannerFindsFramesHoweverTheBytesAreCut() {
    const std::string bytes = std::string(Http2Scanner::kPrefaceBytes, 'P') + frameHead(70'000, 0, 1) +
                              std::string(70'000, 'd') + frameHead(0, 4, 0) + frameHead(5, 8, 0) + "12345";
    for (const std::size_t piece : {std::size_t(1), std::size_t(7), std::size_t(1'000), bytes.size()}) {
        Http2Scanner scanner;
        std::vector<std::pair<int, std::size_t>> seen;
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            QVERIFY(scanner.scan(std::string_view(bytes).substr(at, piece), [&](const auto& frame) {
                seen.emplace_back(frame.type, frame.length);
                return true;
            }));
        QCOMPARE(seen, (std::vector<std::pair<int, std::size_t>>{{0, 70'000}, {4, 0}, {8, 5}}));
    }
}

void Http2HeadTest::theScannerKnowsWhenAHeaderBlockIsUnfinished() {
    Http2Scanner scanner;
    const auto feed = [&](const std::string& bytes) {
        return scanner.scan(bytes, [](const Http2Scanner::Frame&) { return true; });
    };
    QVERIFY(feed(std::string(Http2Scanner::kPrefaceBytes, 'P')));
    QVERIFY(!scanner.inHeaderBlock());
    QVERIFY(feed(frameHead(3, Http2Scanner::kHeaders, Http2Scanner::kEndHeaders) + "ab"));
    QVERIFY(scanner.inHeaderBlock());
    QVERIFY(feed("c"));
    QVERIFY(!scanner.inHeaderBlock());
    QVERIFY(feed(frameHead(3, Http2Scanner::kHeaders, 0) + "abc"));
    QVERIFY(scanner.inHeaderBlock());
    QVERIFY(feed(frameHead(2, Http2Scanner::kContinuation, Http2Scanner::kEndHeaders)));
    QCOMPARE(scanner.blockBytes(), std::size_t(5));
    QVERIFY(scanner.inHeaderBlock());
    QVERIFY(feed("de"));
    QVERIFY(!scanner.inHeaderBlock());
}

QTEST_GUILESS_MAIN(Http2HeadTest)
#include "http2_head_test.moc"
