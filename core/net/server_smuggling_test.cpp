#include "core/net/refusal_check.h"

#include <QTest>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

/// Requests two parsers are known to cut at different places (published TE.CL, CL.TE and chunk parsing
/// cases): each must be refused, never guessed.
class ServerSmugglingTest : public QObject {
    Q_OBJECT
private slots:
    void ambiguousFramingIsRefused_data();
    void ambiguousFramingIsRefused();
    void ambiguousChunksAreRefused_data();
    void ambiguousChunksAreRefused();
    void whatLooksAlikeButIsClearPasses_data();
    void whatLooksAlikeButIsClearPasses();
};

namespace {

const QByteArray kStart = "POST / HTTP/1.1\r\nHost: a\r\n";
const QByteArray kSmuggled = "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace

void ServerSmugglingTest::ambiguousFramingIsRefused_data() {
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const QByteArray& fields, int status = 400) {
        QTest::newRow(name) << fields << status;
    };
    const QByteArray length = "Content-Length: 5\r\n";
    row("CL.TE", length + "Transfer-Encoding: chunked");
    row("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 5");
    row("TE with a length of zero", "Transfer-Encoding: chunked\r\nContent-Length: 0");
    row("space before TE's colon", length + "Transfer-Encoding : chunked");
    row("tab before TE's colon", length + "Transfer-Encoding\t: chunked");
    row("VT before chunked", length +
                                 "Transfer-Encoding: \x0b"
                                 "chunked");
    row("VT behind chunked", length + "Transfer-Encoding: chunked\x0b");
    row("FF before chunked", length +
                                 "Transfer-Encoding: \x0c"
                                 "chunked");
    row("NUL behind chunked", length + QByteArray("Transfer-Encoding: chunked\0", 27));
    row("TE in a fold", length + "X: y\r\n Transfer-Encoding: chunked");
    row("TE's value in a fold", length + "Transfer-Encoding:\r\n chunked");
    row("TE behind a bare LF", length + "X: y\nTransfer-Encoding: chunked");
    row("TE behind a bare CR", length + "X: y\rTransfer-Encoding: chunked");
    row("TE's name broken by LF", length + "Transfer-Encoding\n: chunked");
    row("TE's value behind LF", length + "Transfer-Encoding:\nchunked");
    row("xchunked", "Transfer-Encoding: xchunked", 501);
    row("chunked with a parameter", "Transfer-Encoding: chunked;q=1", 501);
    row("chunked in quotes", "Transfer-Encoding: 'chunked'", 501);
    row("chunked in brackets", "Transfer-Encoding: (chunked)", 501);
    row("chunked cut by a space", "Transfer-Encoding: chu nked", 501);
    row("identity", "Transfer-Encoding: identity", 501);
    row("identity before chunked", "Transfer-Encoding: identity, chunked", 501);
    row("chunked twice in one line", "Transfer-Encoding: chunked, chunked", 501);
    row("nothing before chunked", "Transfer-Encoding: , chunked", 501);
    row("empty TE", "Transfer-Encoding:", 501);
    row("chunked, then another line", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", 400);
    row("another line, then chunked", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", 501);
    row("unknown coding with a length", length + "Transfer-Encoding: cow", 400);
    row("length in two numbers", "Content-Length: 5 5");
    row("length with a fraction", "Content-Length: 5.0");
    row("length with an underscore", "Content-Length: 0_5");
    row("length with a sign", "Content-Length: +5");
    row("length in hex", "Content-Length: 0x5");
    row("length in quotes", "Content-Length: \"5\"");
    row("length with a semicolon", "Content-Length: 5;");
    row("length behind VT",
        "Content-Length: \x0b"
        "5");
    row("length before NUL", QByteArray("Content-Length: 5\0", 18));
    row("length with another space before its colon", "Content-Length : 5");
    row("length in a fold", "Content-Length:\r\n 5");
    row("three lengths, one differs", length + length + "Content-Length: 6");
    row("length of a bit more than 64 bits", "Content-Length: 18446744073709551621");
}

void ServerSmugglingTest::ambiguousFramingIsRefused() {
    QFETCH(QByteArray, fields);
    QFETCH(int, status);
    const std::string fault = faultOfRefusal((kStart + fields + kSmuggled).toStdString(), status);
    QVERIFY2(fault.empty(), fault.c_str());
}

void ServerSmugglingTest::ambiguousChunksAreRefused_data() {
    QTest::addColumn<QByteArray>("chunks");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const QByteArray& chunks, int status = 400) {
        QTest::newRow(name) << chunks << status;
    };
    row("size in 65 bits", "10000000000000000\r\nabc\r\n0\r\n\r\n");
    row("size that wraps to 3", "10000000000000003\r\nabc\r\n0\r\n\r\n");
    row("largest size", "FFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n", 413);
    row("size with a sign", "+3\r\nabc\r\n0\r\n\r\n");
    row("size with a prefix", "0x3\r\nabc\r\n0\r\n\r\n");
    row("size with an underscore", "0_3\r\nabc\r\n0\r\n\r\n");
    row("size behind a space", " 3\r\nabc\r\n0\r\n\r\n");
    row("size behind an empty line", "\r\n3\r\nabc\r\n0\r\n\r\n");
    row("no size", "\r\nabc\r\n0\r\n\r\n");
    row("no size before an extension", ";x\r\nabc\r\n0\r\n\r\n");
    row("size before a bare LF", "3\nabc\r\n0\r\n\r\n");
    row("size before two CRs", "3\r\rabc\r\n0\r\n\r\n");
    row("content before a bare LF", "3\r\nabc\n0\r\n\r\n");
    row("content without an end", "3\r\nabc0\r\n\r\n");
    row("content longer than its size", "3\r\nabcd\r\n0\r\n\r\n");
    row("content shorter than its size", "3\r\nab\r\n0\r\n\r\n");
    row("bare LF in an extension", "3;a\nb\r\nabc\r\n0\r\n\r\n");
    row("bare LF ends an extension", "3;a\nabc\r\n0\r\n\r\n");
    row("bare CR in an extension", "3;a\rb\r\nabc\r\n0\r\n\r\n");
    row("NUL in an extension", QByteArray("3;a\0b\r\nabc\r\n0\r\n\r\n", 18));
    row("quote left open in an extension", "3;a=\"b\r\nabc\r\n0\r\n\r\n");
    row("last chunk before a bare LF", "0\n\r\n");
    row("end in a bare LF", "0\r\n\n");
    row("end in two CRs", "0\r\n\r\r\n");
    row("space before a trailer's colon", "0\r\nX : y\r\n\r\n");
    row("trailer in a fold", "0\r\nX: y\r\n z\r\n\r\n");
    row("first trailer folded", "0\r\n X: y\r\n\r\n");
    row("trailer behind a bare LF", "0\r\nX: y\nZ: w\r\n\r\n");
    row("NUL in a trailer", QByteArray("0\r\nX: \0y\r\n\r\n", 12));
    row("trailer without a name", "0\r\n: y\r\n\r\n");
    row("trailer without a colon", "0\r\nGET / HTTP/1.1\r\n\r\n");
    row("length as a trailer", "0\r\nContent-Length: 3\r\n\r\n");
    row("transfer coding as a trailer", "0\r\nTransfer-Encoding: chunked\r\n\r\n");
}

void ServerSmugglingTest::ambiguousChunksAreRefused() {
    QFETCH(QByteArray, chunks);
    QFETCH(int, status);
    const QByteArray request = kStart + "Transfer-Encoding: chunked\r\n\r\n" + chunks;
    const std::string fault = faultOfRefusal(request.toStdString(), status);
    QVERIFY2(fault.empty(), fault.c_str());
}

void ServerSmugglingTest::whatLooksAlikeButIsClearPasses_data() {
    QTest::addColumn<QByteArray>("request");
    const QByteArray chunks = "\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    QTest::newRow("tab before chunked") << kStart + "Transfer-Encoding:\tchunked" + chunks;
    QTest::newRow("space behind chunked") << kStart + "Transfer-Encoding: chunked \t" + chunks;
    QTest::newRow("capitals") << kStart + "TRANSFER-ENCODING: CHUNKED" + chunks;
    QTest::newRow("other name") << kStart + "Transfer_Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc";
    QTest::newRow("equal lengths") << kStart + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc";
    QTest::newRow("zeros before the length") << kStart + "Content-Length: 003\r\n\r\nabc";
    QTest::newRow("zeros before the size")
        << kStart + "Transfer-Encoding: chunked\r\n\r\n003\r\nabc\r\n000\r\n\r\n";
    QTest::newRow("extensions")
        << kStart + "Transfer-Encoding: chunked\r\n\r\n3;a;b=c;d=\"e\\\"\"\r\nabc\r\n0;f\r\n\r\n";
    QTest::newRow("trailers") << kStart +
                                     "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\nZ:\r\n\r\n";
}

void ServerSmugglingTest::whatLooksAlikeButIsClearPasses() {
    QFETCH(QByteArray, request);
    const auto server = serve(echo);
    RawClient client(server->port());
    const std::string bytes = request.toStdString();
    client.send(bytes + bytes);
    QCOMPARE(client.read().body, std::string("POST /? abc"));
    QCOMPARE(client.read().body, std::string("POST /? abc"));
    QCOMPARE(client.ask("GET /next HTTP/1.1\r\nHost: a\r\n\r\n").body, std::string("GET /next? "));
}

QTEST_GUILESS_MAIN(ServerSmugglingTest)
#include "server_smuggling_test.moc"
