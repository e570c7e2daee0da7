#include "core/net/http2_memory_connection.h"

#include <QTest>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

class Http2DefenceTest : public QObject {
    Q_OBJECT
private slots:
    void opensAndCancelsEndWithGoAway_data();
    void opensAndCancelsEndWithGoAway();
    void aCancelledRequestOfTheSameBytesIsNeverHandled();
    void cancelsAtAHumanPaceAreFine();
    void provokedResetsCountAsCancels();
    void streamsBeyondTheLimitAreRefusedAndCounted();
    void framesWithoutAPurposeEndWithGoAway_data();
    void framesWithoutAPurposeEndWithGoAway();
    void controlFramesAtAUsualPaceAreFine();
    void windowUpdatesThatWorkEarnsAreFine();
    void aFloodOfContinuationsEnds_data();
    void aFloodOfContinuationsEnds();
    void anUnfinishedHeaderBlockIsBoundedInBytes();
    void aHeaderBombIsAnsweredOrEnds();
    void aBrokenHeaderBlockEndsTheConnection();
    void aStreamThatDependsOnItselfIsAnError();
    void dependenciesThatFormALoopAreIgnored();
    void windowsBeyondTheMaximumEndStreamOrConnection();
    void whatIsNotHttp2EndsTheConnection_data();
    void whatIsNotHttp2EndsTheConnection();
    void anyBytesAreSurvived();
};

namespace {

const std::string kPreface = std::string(NGHTTP2_CLIENT_MAGIC) + frame(NGHTTP2_SETTINGS, 0, 0);
/// ":method GET", ":scheme http", ":path /" of the static table, and ":authority a".
const std::string kGet(
    "\x82\x86\x84\x41\x01"
    "a");

std::string request(std::uint32_t stream) {
    return frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM, stream, kGet);
}
std::string reset(std::uint32_t stream) {
    return frame(NGHTTP2_RST_STREAM, 0, stream, std::string_view("\0\0\0\x8", 4));
}
std::string windowUpdate(std::uint32_t stream, char increment) {
    return frame(NGHTTP2_WINDOW_UPDATE, 0, stream, std::string("\0\0\0", 3) + increment);
}

/// The error code of the GOAWAY in what the server sent, when there is one.
std::optional<std::uint32_t> goAwayIn(const std::string& sent) {
    for (std::size_t at = 0; at + 9 <= sent.size();) {
        const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(sent[at + i]); };
        const std::size_t length = byte(0) << 16 | byte(1) << 8 | byte(2);
        if (byte(3) == NGHTTP2_GOAWAY)
            return byte(13) << 24 | byte(14) << 16 | byte(15) << 8 | byte(16);
        at += 9 + length;
    }
    return {};
}

/// Sends `once(i)` until the server ends the connection or `limit` times; how often it was sent.
int floodWith(MemoryConnection& server, int limit, const std::function<std::string(int)>& once) {
    server.turn(kPreface);
    for (int i = 0; i < limit; ++i) {
        server.turn(once(i));
        if (server.ended)
            return i + 1;
    }
    return limit;
}

void expectCalm(MemoryConnection& server) {
    QVERIFY(server.ended);
    QCOMPARE(goAwayIn(server.sent).value_or(0), std::uint32_t(NGHTTP2_ENHANCE_YOUR_CALM));
    QVERIFY(server.protocol->lingers());
}

}  // namespace

void Http2DefenceTest::opensAndCancelsEndWithGoAway_data() {
    QTest::addColumn<bool>("answersAtOnce");
    QTest::newRow("slow handler") << false;
    QTest::newRow("answer larger than the window") << true;
}

void Http2DefenceTest::opensAndCancelsEndWithGoAway() {
    QFETCH(bool, answersAtOnce);
    Holding holding;
    MemoryConnection server([&](const http::Request& r, Responder respond) {
        if (answersAtOnce)
            return respond(text(std::string(1'000'000, 'x')));
        holding.function()(r, std::move(respond));
    });
    const int sent = floodWith(server, 10'000, [](int i) {
        const auto stream = static_cast<std::uint32_t>(2 * i + 1);
        return request(stream) + reset(stream);
    });
    QVERIFY(sent <= 202);
    expectCalm(server);
    holding.waiting.clear();
}

void Http2DefenceTest::aCancelledRequestOfTheSameBytesIsNeverHandled() {
    int handled = 0;
    MemoryConnection server([&](const http::Request& r, Responder respond) {
        ++handled;
        echo(r, std::move(respond));
    });
    server.turn(kPreface + request(1) + reset(1) + request(3));
    QCOMPARE(handled, 1);
    QVERIFY(!server.ended);
}

void Http2DefenceTest::cancelsAtAHumanPaceAreFine() {
    Holding holding;
    MemoryConnection server(holding.function());
    const int sent = floodWith(server, 1'000, [&](int i) {
        server.now += std::chrono::milliseconds(25);
        const auto stream = static_cast<std::uint32_t>(2 * i + 1);
        return request(stream) + reset(stream);
    });
    QCOMPARE(sent, 1'000);
    QVERIFY(!server.ended);
}

void Http2DefenceTest::provokedResetsCountAsCancels() {
    Holding holding;
    MemoryConnection server(holding.function());
    const int sent = floodWith(server, 10'000, [](int i) {
        const auto stream = static_cast<std::uint32_t>(2 * i + 1);
        return request(stream) + frame(NGHTTP2_WINDOW_UPDATE, 0, stream, "\x7f\xff\xff\xff");  // too much
    });
    QVERIFY(sent <= 202);
    expectCalm(server);
}

void Http2DefenceTest::streamsBeyondTheLimitAreRefusedAndCounted() {
    Limits limits;
    limits.http2Streams = 2;
    Holding holding;
    MemoryConnection server(holding.function(), limits);
    Http2TestClient client;
    server.turn(client.output() + request(1) + request(3) + frame(NGHTTP2_SETTINGS, NGHTTP2_FLAG_ACK, 0));
    const int sent = floodWith(server, 10'000, [](int i) {
        return i == 0 ? std::string() : request(static_cast<std::uint32_t>(2 * i + 3));
    });
    QCOMPARE(holding.waiting.size(), std::size_t(2));
    QVERIFY(sent <= 204);
    QVERIFY(server.ended);
}

void Http2DefenceTest::framesWithoutAPurposeEndWithGoAway_data() {
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, const std::string& bytes) {
        QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
    };
    row("SETTINGS", frame(NGHTTP2_SETTINGS, 0, 0));
    row("SETTINGS ACK", frame(NGHTTP2_SETTINGS, NGHTTP2_FLAG_ACK, 0));
    row("PING", frame(NGHTTP2_PING, 0, 0, "12345678"));
    row("PING ACK", frame(NGHTTP2_PING, NGHTTP2_FLAG_ACK, 0, "12345678"));
    row("PRIORITY", frame(NGHTTP2_PRIORITY, 0, 9, std::string_view("\0\0\0\0\x10", 5)));
    row("PRIORITY_UPDATE", frame(NGHTTP2_PRIORITY_UPDATE, 0, 0, std::string_view("\0\0\0\1u=1", 7)));
    row("WINDOW_UPDATE", windowUpdate(0, '\1'));
    row("empty DATA", frame(NGHTTP2_DATA, 0, 1));
    row("unknown frame", frame(0xee, 0, 0));
}

void Http2DefenceTest::framesWithoutAPurposeEndWithGoAway() {
    QFETCH(QByteArray, bytes);
    Holding holding;
    MemoryConnection server(holding.function());
    const std::string once = bytes.toStdString();
    const int sent = floodWith(server, 100'000, [&](int i) {
        return i == 0 ? frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 1, kGet) : once;
    });
    QVERIFY2(sent <= 2'010, std::to_string(sent).c_str());
    QVERIFY(server.ended);
    QVERIFY(goAwayIn(server.sent).has_value());
    QVERIFY(holding.waiting.empty());
}

void Http2DefenceTest::controlFramesAtAUsualPaceAreFine() {
    MemoryConnection server(echo);
    const int sent = floodWith(server, 5'000, [&](int) {
        server.now += std::chrono::milliseconds(3);
        return frame(NGHTTP2_PING, 0, 0, "12345678");
    });
    QCOMPARE(sent, 5'000);
    QVERIFY(!server.ended);
}

void Http2DefenceTest::windowUpdatesThatWorkEarnsAreFine() {
    MemoryConnection server([](const http::Request&, Responder respond) { respond(text("12345")); });
    // Clients exist that hand back every byte at once, for the stream and for the connection.
    const int sent = floodWith(server, 20'000, [](int i) {
        const auto stream = static_cast<std::uint32_t>(2 * i + 1);
        return request(stream) + windowUpdate(0, '\5') + windowUpdate(stream, '\5');
    });
    QCOMPARE(sent, 20'000);
    QVERIFY(!server.ended);
}

void Http2DefenceTest::aFloodOfContinuationsEnds_data() {
    QTest::addColumn<int>("size");
    QTest::newRow("empty") << 0;
    QTest::newRow("of a byte") << 1;
    QTest::newRow("full") << 16'384;
}

void Http2DefenceTest::aFloodOfContinuationsEnds() {
    QFETCH(int, size);
    MemoryConnection server(echo);
    // Indexed field 32 ("cookie") again and again: well-formed, and without an end.
    const std::string fields(static_cast<std::size_t>(size), '\xa0');
    const int sent = floodWith(server, 1'000, [&](int i) {
        return i == 0 ? frame(NGHTTP2_HEADERS, 0, 1, kGet) : frame(NGHTTP2_CONTINUATION, 0, 1, fields);
    });
    QVERIFY(sent <= 12);
    expectCalm(server);
}

void Http2DefenceTest::anUnfinishedHeaderBlockIsBoundedInBytes() {
    Limits limits;
    limits.headerBytes = 1'000;
    MemoryConnection server(echo, limits);
    // One long literal value that never ends, so that the library has no field to report.
    const std::string start = kGet + std::string("\x40\x01x\x7f\xe1\xd3\x03", 7);
    const int sent = floodWith(server, 100, [&](int i) {
        return i == 0 ? frame(NGHTTP2_HEADERS, 0, 1, start)
                      : frame(NGHTTP2_CONTINUATION, 0, 1, std::string(900, 'y'));
    });
    QVERIFY(sent <= 7);
    expectCalm(server);
}

void Http2DefenceTest::aHeaderBombIsAnsweredOrEnds() {
    Limits limits;
    limits.headerBytes = 8'000;
    // A value of 3000 bytes goes into the table (RFC 7541 section 6.2.1), then one byte names it again.
    std::string bomb = kGet + std::string("\x40\x01x\x7f\xb9\x16", 6) + std::string(3'000, 'v');
    bool handled = false;
    const HandleFunction handler = [&](const http::Request&, Responder) { handled = true; };
    const std::uint8_t flags = NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_END_STREAM;

    MemoryConnection mild(handler, limits);
    Http2TestClient client;
    mild.turn(client.output());
    mild.turn(frame(NGHTTP2_HEADERS, flags, 1, bomb + std::string(3, '\xbe')));
    QVERIFY(!mild.ended);
    QVERIFY(!goAwayIn(mild.sent));
    QVERIFY(mild.sent.contains("the fields are longer"));

    MemoryConnection hard(handler, limits);
    hard.turn(kPreface + frame(NGHTTP2_HEADERS, flags, 1, bomb + std::string(10'000, '\xbe')));
    expectCalm(hard);
    QVERIFY(!handled);
}

void Http2DefenceTest::aBrokenHeaderBlockEndsTheConnection() {
    MemoryConnection server(echo);
    server.turn(kPreface + frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 1, "\xff\xff\xff\xff\xff\xff"));
    QVERIFY(server.ended);
    QCOMPARE(goAwayIn(server.sent).value_or(0), std::uint32_t(NGHTTP2_COMPRESSION_ERROR));
}

void Http2DefenceTest::aStreamThatDependsOnItselfIsAnError() {
    MemoryConnection server(echo);
    const std::string priority("\0\0\0\1\x10", 5);
    server.turn(kPreface +
                frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS | NGHTTP2_FLAG_PRIORITY, 1, priority + kGet));
    QVERIFY(server.ended);
    QCOMPARE(goAwayIn(server.sent).value_or(0), std::uint32_t(NGHTTP2_PROTOCOL_ERROR));
}

void Http2DefenceTest::dependenciesThatFormALoopAreIgnored() {
    MemoryConnection server(
        [](const http::Request&, Responder respond) { respond(text(std::string(30'000, 'x'))); });
    Http2TestClient client;
    server.talk(client);
    const auto priority = [](std::uint32_t stream, char on) {
        return frame(NGHTTP2_PRIORITY, 0, stream, std::string("\x80\0\0", 3) + on + "\x10");
    };
    server.turn(priority(1, 5) + priority(3, 1) + priority(5, 3));
    const auto a = client.get("/"), b = client.get("/"), c = client.get("/");
    server.talk(client);
    for (const auto id : {a, b, c})
        QCOMPARE(client[id].body.size(), std::size_t(30'000));
}

void Http2DefenceTest::windowsBeyondTheMaximumEndStreamOrConnection() {
    Holding holding;
    MemoryConnection server(holding.function());
    const auto huge = [](std::uint32_t stream) {
        return frame(NGHTTP2_WINDOW_UPDATE, 0, stream, "\x7f\xff\xff\xff");
    };
    server.turn(kPreface + request(1) + request(3));
    server.turn(huge(1));
    QVERIFY(!server.ended);
    QVERIFY(!goAwayIn(server.sent));
    server.turn(huge(0));
    QVERIFY(server.ended);
    QCOMPARE(goAwayIn(server.sent).value_or(0), std::uint32_t(NGHTTP2_FLOW_CONTROL_ERROR));
    holding.waiting.clear();
}

void Http2DefenceTest::whatIsNotHttp2EndsTheConnection_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("HTTP/1.1") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    QTest::newRow("preface, then no SETTINGS")
        << QByteArray(NGHTTP2_CLIENT_MAGIC) + QByteArray::fromStdString(request(1));
    QTest::newRow("frame larger than allowed")
        << QByteArray::fromStdString(kPreface + frame(NGHTTP2_DATA, 0, 1, std::string(16'385, 'x')));
    QTest::newRow("DATA for no stream")
        << QByteArray::fromStdString(kPreface + frame(NGHTTP2_DATA, 0, 0, "x"));
    QTest::newRow("even stream") << QByteArray::fromStdString(kPreface + request(2));
    QTest::newRow("CONTINUATION alone")
        << QByteArray::fromStdString(kPreface + frame(NGHTTP2_CONTINUATION, 0, 1, kGet));
    QTest::newRow("PUSH_PROMISE from a client") << QByteArray::fromStdString(
        kPreface + frame(NGHTTP2_PUSH_PROMISE, 4, 1, std::string(4, '\0') + kGet));
}

void Http2DefenceTest::whatIsNotHttp2EndsTheConnection() {
    QFETCH(QByteArray, bytes);
    MemoryConnection server([](const http::Request&, Responder) {});
    server.turn(bytes.toStdString());
    QVERIFY(server.ended);
    QVERIFY(goAwayIn(server.sent).value_or(0) != NGHTTP2_NO_ERROR);
}

void Http2DefenceTest::anyBytesAreSurvived() {
    std::uint32_t seed = 20'260;  // printed by being here
    const auto random = [&seed] { return seed = seed * 1'664'525U + 1'013'904'223U, seed >> 16; };
    int handled = 0;
    for (int round = 0; round < 300; ++round) {
        MemoryConnection server([&](const http::Request& r, Responder respond) {
            ++handled;
            echo(r, std::move(respond));
        });
        std::string bytes = kPreface;
        for (std::uint32_t i = 0; i < 30; ++i)
            bytes += random() % 3 == 0 ? request(2 * i + 1)
                                       : frame(static_cast<std::uint8_t>(random() % 12),
                                               static_cast<std::uint8_t>(random()), random() % 8,
                                               kGet.substr(0, random() % 7));
        for (int i = 0; i < 3; ++i)
            bytes[kPreface.size() + random() % (bytes.size() - kPreface.size())] =
                static_cast<char>(random());
        for (std::size_t at = 0; at < bytes.size() && !server.ended;) {
            const std::size_t piece = 1 + random() % 60;
            server.turn(std::string_view(bytes).substr(at, piece));
            at += piece;
        }
        QVERIFY(!server.ended || goAwayIn(server.sent).has_value());
    }
    QVERIFY(handled > 0);
}

QTEST_GUILESS_MAIN(Http2DefenceTest)
#include "http2_defence_test.moc"
