#include "core/net/request_parser.h"

#include <QTest>

using namespace hone;
using namespace hone::net;
using Step = RequestParser::Step;

class RequestParserTest : public QObject {
    Q_OBJECT
private slots:
    void viewsPointIntoTheBytesFed();
    void offsetsSurviveBytesThatMove();
    void everySplitGivesTheSameRequest_data();
    void everySplitGivesTheSameRequest();
    void chunkedContentMayComeByteByByte_data();
    void chunkedContentMayComeByteByByte();
    void theNextRequestStartsBehindTheFirst();
    void continueIsAskedForOnce();
};

namespace {

constexpr std::string_view kPlain = "PUT /a?b=c HTTP/1.1\r\nHost: h\r\nX: 1\r\nContent-Length: 4\r\n\r\nbody";
constexpr std::string_view kChunked =
    "PUT /a?b=c HTTP/1.1\r\nHost: h\r\nX: 1\r\nTransfer-Encoding: "
    "chunked\r\n\r\n1\r\nb\r\n3;x=y\r\nody\r\n0\r\nX: 2\r\n\r\n";

}  // namespace

void RequestParserTest::viewsPointIntoTheBytesFed() {
    const Limits limits;
    RequestParser parser(limits);
    std::string bytes(kPlain);
    QCOMPARE(parser.feed(bytes.data(), bytes.size()), Step::Complete);
    http::Request request;
    parser.fill(bytes.data(), request);
    QCOMPARE(request.method, http::Method::Put);
    QCOMPARE(request.path, std::string_view("/a"));
    QCOMPARE(request.query, std::string_view("b=c"));
    QCOMPARE(request.fields.size(), std::size_t(3));
    QCOMPARE(request.body, std::string_view("body"));
    const auto inside = [&](std::string_view view) {
        return view.data() >= bytes.data() && view.data() + view.size() <= bytes.data() + bytes.size();
    };
    QVERIFY(inside(request.path) && inside(request.body) && inside(request.fields[1].value));
}

void RequestParserTest::offsetsSurviveBytesThatMove() {
    const Limits limits;
    RequestParser parser(limits);
    std::string first(kPlain.substr(0, 40));
    QCOMPARE(parser.feed(first.data(), first.size()), Step::NeedMore);
    std::string moved(kPlain);
    first.assign(first.size(), '?');
    QCOMPARE(parser.feed(moved.data(), moved.size()), Step::Complete);
    http::Request request;
    parser.fill(moved.data(), request);
    QCOMPARE(request.field("host").value_or(""), std::string_view("h"));
    QCOMPARE(request.target, std::string_view("/a?b=c"));
}

void RequestParserTest::everySplitGivesTheSameRequest_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("length") << QByteArray(kPlain.data(), kPlain.size());
    QTest::newRow("chunked") << QByteArray(kChunked.data(), kChunked.size());
}

void RequestParserTest::everySplitGivesTheSameRequest() {
    QFETCH(QByteArray, text);
    const Limits limits;
    RequestParser parser(limits);
    for (qsizetype split = 1; split < text.size(); ++split) {
        std::string bytes = text.toStdString();
        parser.reset();
        QCOMPARE(parser.feed(bytes.data(), static_cast<std::size_t>(split)), Step::NeedMore);
        QCOMPARE(parser.feed(bytes.data(), bytes.size()), Step::Complete);
        QCOMPARE(parser.size(), bytes.size());
        http::Request request;
        parser.fill(bytes.data(), request);
        QCOMPARE(request.body, std::string_view("body"));
        QCOMPARE(request.joined("x"), std::string("1"));  // trailers stay out
        QCOMPARE(request.path, std::string_view("/a"));
    }
}

void RequestParserTest::chunkedContentMayComeByteByByte_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("none: the first chunk is the last") << QByteArray("0\r\n\r\n") << QByteArray();
    QTest::newRow("none, with a trailer") << QByteArray("0\r\nX: 2\r\n\r\n") << QByteArray();
    QTest::newRow("a last chunk of several noughts") << QByteArray("000\r\n\r\n") << QByteArray();
    QTest::newRow("content") << QByteArray("1\r\nb\r\n3;x=y\r\nody\r\n0\r\n\r\n") << QByteArray("body");
    QTest::newRow("content that looks like the last chunk")
        << QByteArray("4\r\n0\r\n0\r\n0\r\n\r\n") << QByteArray("0\r\n0");
}

void RequestParserTest::chunkedContentMayComeByteByByte() {
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, body);
    const Limits limits;
    RequestParser parser(limits);
    std::string bytes =
        "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + content.toStdString();
    for (std::size_t size = 1; size < bytes.size(); ++size)
        QCOMPARE(parser.feed(bytes.data(), size), Step::NeedMore);
    QCOMPARE(parser.feed(bytes.data(), bytes.size()), Step::Complete);
    http::Request request;
    parser.fill(bytes.data(), request);
    QCOMPARE(request.body, std::string_view(body.data(), static_cast<std::size_t>(body.size())));
}

void RequestParserTest::theNextRequestStartsBehindTheFirst() {
    const Limits limits;
    RequestParser parser(limits);
    std::string bytes = std::string(kChunked) + std::string(kPlain);
    QCOMPARE(parser.feed(bytes.data(), bytes.size()), Step::Complete);
    QCOMPARE(parser.size(), kChunked.size());
    parser.reset();
    QCOMPARE(parser.feed(bytes.data() + kChunked.size(), kPlain.size()), Step::Complete);
    QVERIFY(parser.keepAlive());
}

void RequestParserTest::continueIsAskedForOnce() {
    const Limits limits;
    RequestParser parser(limits);
    std::string bytes = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n";
    QCOMPARE(parser.feed(bytes.data(), 30), Step::NeedMore);
    QVERIFY(!parser.takeContinue());
    QCOMPARE(parser.feed(bytes.data(), bytes.size()), Step::NeedMore);
    QVERIFY(parser.inBody());
    QVERIFY(parser.takeContinue());
    QVERIFY(!parser.takeContinue());
}

QTEST_GUILESS_MAIN(RequestParserTest)
#include "request_parser_test.moc"
