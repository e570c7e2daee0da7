#include "core/net/http2_memory_connection.h"

#include <QTest>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

class Http2MalformedTest : public QObject {
    Q_OBJECT
private slots:
    void aMalformedRequestNeverReachesTheHandler_data();
    void aMalformedRequestNeverReachesTheHandler();
    void limitsHaveTheirStatus_data();
    void limitsHaveTheirStatus();
    void whatIsWithinTheLimitsPasses();
    void contentBeyondTheLimitIsAnswered413AndNotReadOn();
    void contentThatDiffersFromItsLengthResetsTheStream_data();
    void contentThatDiffersFromItsLengthResetsTheStream();
    void upperCaseInANameResetsTheStream();
    void oneBadRequestLeavesTheOthersAlone();
};

namespace {

constexpr int kReset = 0;  ///< RST_STREAM with PROTOCOL_ERROR instead of an answer.

FieldList request(const std::string& method, const std::string& scheme, const std::string& authority,
                  const std::string& path) {
    return {{":method", method}, {":scheme", scheme}, {":authority", authority}, {":path", path}};
}

void expect(const FieldList& fields, int status, const Limits& limits = {}) {
    bool handled = false;
    MemoryConnection server(
        [&](const http::Request& r, Responder respond) {
            handled = true;
            echo(r, std::move(respond));
        },
        limits);
    Http2TestClient client;
    const auto id = client.ask(fields);
    server.talk(client);
    QCOMPARE(client[id].status, status);
    QCOMPARE(handled, status == 200);
    QVERIFY(client.goAways.empty());
    if (status == kReset)
        QCOMPARE(client[id].closed.value_or(0), std::uint32_t(NGHTTP2_PROTOCOL_ERROR));
    else
        QVERIFY(client[id].ended);
    if (status >= 400) {
        QCOMPARE(client[id].field("content-type"), std::string("application/problem+json"));
        QVERIFY(client[id].body.contains("\"detail\""));
    }
    QCOMPARE(server.core->malformed.get(), std::uint64_t(status == 200 ? 0 : 1));
}

}  // namespace

Q_DECLARE_METATYPE(FieldList)

void Http2MalformedTest::aMalformedRequestNeverReachesTheHandler_data() {
    QTest::addColumn<FieldList>("fields");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const FieldList& fields, int status) {
        QTest::newRow(name) << fields << status;
    };
    const auto with = [&](const char* name, const std::string& field, const std::string& value, int status) {
        FieldList fields = request("GET", "http", "a", "/");
        fields.emplace_back(field, value);
        row(name, fields, status);
    };
    row("user in the authority", request("GET", "http", "u@a", "/"), 400);
    row("user and password", request("GET", "http", "u:p@a", "/"), 400);
    row("two hosts in the authority", request("GET", "http", "a,b", "/"), 400);
    row("space in the authority", request("GET", "http", "a b", "/"), kReset);
    row("path in the authority", request("GET", "http", "a/b", "/"), kReset);
    row("empty authority", request("GET", "http", "", "/"), kReset);
    row("path without a slash", request("GET", "http", "a", "x"), kReset);
    row("empty path", request("GET", "http", "a", ""), kReset);
    row("star without OPTIONS", request("GET", "http", "a", "*"), kReset);
    row("path without a slash, other scheme", request("GET", "ftp", "a", "x"), 400);
    row("other scheme", request("GET", "ftp", "a", "/"), 400);
    row("fragment", request("GET", "http", "a", "/a#b"), 400);
    row("not ASCII in the path", request("GET", "http", "a", "/\xc3\xa4"), 400);
    row("space in the path", request("GET", "http", "a", "/a b"), kReset);
    row("line end in the path", request("GET", "http", "a", "/\r\nx: y"), kReset);
    row("method no token", request("G T", "http", "a", "/"), kReset);
    row("no authority and no host", {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}}, kReset);
    row("no scheme", {{":method", "GET"}, {":authority", "a"}, {":path", "/"}}, kReset);
    row("no path", {{":method", "GET"}, {":scheme", "http"}, {":authority", "a"}}, kReset);
    row("CONNECT", {{":method", "CONNECT"}, {":authority", "a:1"}}, 501);
    row("CONNECT with a path", request("CONNECT", "http", "a", "/"), kReset);
    with("another host", "host", "b", 400);
    with("user in the host", "host", "u@a", 400);
    with("two hosts in one", "host", "a,b", 400);
    with("second path", ":path", "/b", kReset);
    with("unknown pseudo-field", ":what", "x", kReset);
    with("protocol without extended CONNECT", ":protocol", "websocket", kReset);
    with("CR in a value", "x", "a\rb", 400);
    with("LF in a value", "x", "a\nb", 400);
    with("NUL in a value", "x", std::string("a\0b", 3), 400);
    with("leading space", "x", " a", 400);
    with("trailing tab", "x", "a\t", 400);
    with("colon in a name", "x:y", "a", 400);
    with("space in a name", "x y", "a", 400);
    with("connection", "connection", "close", kReset);
    with("keep-alive", "keep-alive", "5", kReset);
    with("proxy-connection", "proxy-connection", "close", kReset);
    with("transfer-encoding", "transfer-encoding", "chunked", kReset);
    with("upgrade", "upgrade", "h2c", kReset);
    with("te other than trailers", "te", "gzip", kReset);
    with("content-length no number", "content-length", "1a", kReset);
    with("content-length too long for a number", "content-length", "99999999999999999999", kReset);
    with("negative content-length", "content-length", "-1", kReset);
    with("content announced and not sent", "content-length", "5", kReset);
    with("te trailers", "te", "trailers", 200);
    with("the same host", "host", "A", 200);
    with("tab inside a value", "x", "a\tb", 200);
    row("star with OPTIONS", request("OPTIONS", "http", "a", "*"), 200);
    row("host alone", {{":method", "GET"}, {":scheme", "https"}, {":path", "/"}, {"host", "a:80"}}, 200);
}

void Http2MalformedTest::aMalformedRequestNeverReachesTheHandler() {
    QFETCH(FieldList, fields);
    QFETCH(int, status);
    expect(fields, status);
}

void Http2MalformedTest::limitsHaveTheirStatus_data() {
    QTest::addColumn<FieldList>("fields");
    QTest::addColumn<int>("status");
    FieldList many = request("GET", "http", "a", "/");
    for (int i = 0; i < 11; ++i)
        many.emplace_back("x" + std::to_string(i), "y");
    FieldList large = request("GET", "http", "a", "/");
    large.emplace_back("x", std::string(2'000, 'y'));
    QTest::newRow("fields too many") << many << 431;
    QTest::newRow("fields too long") << large << 431;
    QTest::newRow("target too long") << request("GET", "http", "a", "/" + std::string(300, 'p')) << 414;
}

void Http2MalformedTest::limitsHaveTheirStatus() {
    QFETCH(FieldList, fields);
    QFETCH(int, status);
    Limits limits;
    limits.headerCount = 10;
    limits.headerBytes = 1'500;
    limits.targetBytes = 300;
    expect(fields, status, limits);
}

void Http2MalformedTest::whatIsWithinTheLimitsPasses() {
    Limits limits;
    limits.headerCount = 10;
    limits.headerBytes = 1'500;
    limits.targetBytes = 300;
    FieldList fields = request("GET", "http", "a", "/" + std::string(299, 'p'));
    for (int i = 0; i < 10; ++i)
        fields.emplace_back("x" + std::to_string(i), "y");
    expect(fields, 200, limits);
}

void Http2MalformedTest::contentBeyondTheLimitIsAnswered413AndNotReadOn() {
    Limits limits;
    limits.bodyBytes = 1'000;
    bool handled = false;
    MemoryConnection server([&](const http::Request&, Responder) { handled = true; }, limits);
    Http2TestClient client;
    const auto said = client.ask(Http2TestClient::line("POST", "/", {{"content-length", "1001"}}),
                                 std::string("x"), /*open=*/true);
    const auto unsaid = client.ask(Http2TestClient::line("POST", "/"), std::string(1'001, 'x'), true);
    server.talk(client);
    for (const auto id : {said, unsaid}) {
        QCOMPARE(client[id].status, 413);
        QVERIFY(client[id].ended);
        QCOMPARE(client[id].closed.value_or(99), std::uint32_t(NGHTTP2_NO_ERROR));
    }
    QVERIFY(!handled);
    const auto next = client.ask(Http2TestClient::line("HEAD", "/"));
    server.talk(client);
    QVERIFY(handled);
    QCOMPARE(client[next].status, 500);  // given up by the handler: the connection lives
}

void Http2MalformedTest::contentThatDiffersFromItsLengthResetsTheStream_data() {
    QTest::addColumn<int>("announced");
    QTest::newRow("more than announced") << 3;
    QTest::newRow("less than announced") << 5;
}

void Http2MalformedTest::contentThatDiffersFromItsLengthResetsTheStream() {
    QFETCH(int, announced);
    bool handled = false;
    MemoryConnection server([&](const http::Request&, Responder) { handled = true; });
    Http2TestClient client;
    const auto id = client.ask(
        Http2TestClient::line("POST", "/", {{"content-length", std::to_string(announced)}}), "1234");
    server.talk(client);
    QVERIFY(!handled);
    QCOMPARE(client[id].closed.value_or(0), std::uint32_t(NGHTTP2_PROTOCOL_ERROR));
}

void Http2MalformedTest::upperCaseInANameResetsTheStream() {
    bool handled = false;
    MemoryConnection server([&](const http::Request&, Responder) { handled = true; });
    Http2TestClient client;
    server.turn(client.output());
    // Indexed :method, :scheme and :path, a literal :authority, and a literal "X: a" (RFC 7541
    // section 6.2.2).
    const std::string fields = std::string(
                                   "\x82\x86\x84\x41\x01"
                                   "a") +
                               std::string(
                                   "\0\x01X\x01"
                                   "a",
                                   5);
    const std::string sent =
        server.turn(frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM, 1, fields));
    QVERIFY(!handled);
    QVERIFY(sent.ends_with(frame(NGHTTP2_RST_STREAM, 0, 1, std::string_view("\0\0\0\1", 4))));
}

void Http2MalformedTest::oneBadRequestLeavesTheOthersAlone() {
    MemoryConnection server(echo);
    Http2TestClient client;
    const auto before = client.get("/1");
    client.ask(request("GET", "http", "u@a", "/"));
    client.ask(request("GET", "http", "a", "no-slash"));
    const auto after = client.get("/2");
    server.talk(client);
    QCOMPARE(client[before].body, std::string("GET /1? "));
    QCOMPARE(client[after].body, std::string("GET /2? "));
}

QTEST_GUILESS_MAIN(Http2MalformedTest)
#include "http2_malformed_test.moc"
