#include "core/net/refusal_check.h"

#include <QTest>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

class ServerMalformedTest : public QObject {
    Q_OBJECT
private slots:
    void aMalformedRequestIsRefusedAndTheConnectionEnds_data();
    void aMalformedRequestIsRefusedAndTheConnectionEnds();
    void limitsHaveTheirStatus_data();
    void limitsHaveTheirStatus();
    void whatIsWithinTheLimitsPasses();
    void answersBeforeTheMalformedRequestStillGoOut();
    void theRefusalArrivesThoughTheClientIsStillSending();
};

void ServerMalformedTest::aMalformedRequestIsRefusedAndTheConnectionEnds_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const auto raw = [](const char* name, const QByteArray& request, int status = 400) {
        QTest::newRow(name) << request << status;
    };
    const auto line = [&](const char* name, const char* requestLine, int status = 400) {
        raw(name, QByteArray(requestLine) + "\r\nHost: a\r\n\r\n", status);
    };
    const auto fields = [&](const char* name, const QByteArray& lines, int status = 400) {
        raw(name, "POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n", status);
    };
    line("no version", "GET /");
    line("lower-case version", "GET / http/1.1");
    line("garbage version", "GET / HTTP/x");
    line("two spaces before the version", "GET /  HTTP/1.1");
    line("two spaces before the target", "GET  / HTTP/1.1");
    line("space behind the version", "GET / HTTP/1.1 ");
    line("space in the target", "GET /a b HTTP/1.1");
    line("no slash", "GET index.html HTTP/1.1");
    line("star without OPTIONS", "GET * HTTP/1.1");
    line("other scheme", "GET ftp://h/ HTTP/1.1");
    line("user in the target", "GET http://u@h/ HTTP/1.1");
    line("no host in the target", "GET http:///x HTTP/1.1");
    line("fragment", "GET /a#b HTTP/1.1");
    line("control in the target", "GET /\x01 HTTP/1.1");
    line("not ASCII in the target", "GET /\xc3\xa4 HTTP/1.1");
    line("method no token", "G(T / HTTP/1.1");
    line("tabs", "GET\t/\tHTTP/1.1");
    line("version 2.0", "GET / HTTP/2.0", 505);
    line("version 1.2", "GET / HTTP/1.2", 505);
    line("version 0.9", "GET / HTTP/0.9", 505);
    raw("almost HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSN\r\n\r\n", 505);
    line("CONNECT", "CONNECT a:80 HTTP/1.1", 501);
    line("TRACE", "TRACE / HTTP/1.1", 501);
    line("authority form", "GET a:80 HTTP/1.1");
    line("star with a query", "OPTIONS *?x HTTP/1.1");
    line("port no number", "GET http://h:8x/ HTTP/1.1");
    line("port too high", "GET http://h:65536/ HTTP/1.1");
    line("one slash behind the scheme", "GET http:/h/ HTTP/1.1");
    line("space before the method", " GET / HTTP/1.1");
    line("no method", "/ HTTP/1.1");
    line("space in the version", "GET / HTTP /1.1");
    line("version with a zero", "GET / HTTP/01.1");
    line("version with two minor digits", "GET / HTTP/1.10");
    line("tab behind the version", "GET / HTTP/1.1\t");
    line("HTTPS", "GET / HTTPS/1.1");
    raw("TLS", QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + QByteArray(40, 'x'));
    raw("NUL in the target", QByteArray("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 28));
    raw("bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n");
    raw("bare CR after the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n");
    raw("no Host", "GET / HTTP/1.1\r\nAccept: x\r\n\r\n");
    raw("bare LF after a field", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n");
    raw("first line folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n");
    fields("two Hosts", "Host: b");
    fields("two equal Hosts", "host: a");
    raw("two hosts in one", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n");
    raw("path in Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n");
    raw("user in Host", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n");
    raw("space in Host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n");
    raw("two ports in Host", "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n");
    raw("port of Host no number", "GET / HTTP/1.1\r\nHost: a:http\r\n\r\n");
    raw("bracket left open in Host", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n");
    raw("text behind the bracket in Host", "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n");
    fields("space before the colon", "X : y");
    fields("tab before the colon", "X\t: y");
    fields("space in a name", "X Y: z");
    fields("no colon", "XYZ");
    fields("empty name", ": y");
    fields("folded value", "X: a\r\n b");
    fields("folded empty value", "X:\r\n b");
    fields("folded by a tab", "X: a\r\n\tb");
    fields("fold of nothing", "X: a\r\n ");
    fields("NUL in a value", QByteArray("X: a\0b", 6));
    fields("NUL in a name", QByteArray("X\0Y: a", 6));
    fields("CR in a value", "X: a\rb");
    fields("LF in a value", "X: a\nY: b");
    fields("DEL in a value", "X: a\x7f");
    fields("both lengths", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0");
    fields("both lengths, other order", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0");
    fields("lengths that differ", "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd");
    fields("lengths that differ in one line", "Content-Length: 3, 4\r\n\r\nabcd");
    fields("negative length", "Content-Length: -1");
    fields("signed length", "Content-Length: +1\r\n\r\nx");
    fields("hex length", "Content-Length: 0x1\r\n\r\nx");
    fields("empty length", "Content-Length:");
    fields("length beyond 64 bits", "Content-Length: 18446744073709551617\r\n\r\nx");
    fields("gzip coding", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n", 501);
    fields("chunked not last", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n", 501);
    fields("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
    fields("quoted chunked", "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n", 501);
    raw("chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    fields("unknown expectation", "Expect: tea", 417);
    fields("one unknown expectation of two", "Expect: 100-continue, tea", 417);
    fields("brackets in a name", "(X): y");
    fields("not ASCII in a name", "X\xc3\xa4: y");
    raw("fields end in a bare LF", "GET / HTTP/1.1\r\nHost: a\r\n\n");
    raw("fields end in two CRs", "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n");
    fields("chunk size no number", "Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n");
    fields("chunk size negative", "Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n");
    fields("chunk size prefixed", "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n");
    fields("chunk longer than its size", "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n");
    fields("bare LF in chunks", "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n");
    fields("chunk size beyond 64 bits", "Transfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n",
           400);
    fields("length in the trailer", "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 3\r\n");
}

void ServerMalformedTest::aMalformedRequestIsRefusedAndTheConnectionEnds() {
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    const std::string fault = faultOfRefusal(request.toStdString(), status);
    QVERIFY2(fault.empty(), fault.c_str());
}

void ServerMalformedTest::limitsHaveTheirStatus_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const QByteArray start = "POST / HTTP/1.1\r\nHost: a\r\n";
    QTest::newRow("target") << "GET /" + QByteArray(200, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n" << 414;
    QTest::newRow("target without end") << "GET /" + QByteArray(5000, 'a') << 414;
    QTest::newRow("field") << start + "X: " + QByteArray(1000, 'a') + "\r\n\r\n" << 431;
    QTest::newRow("field without end") << start + "X: " + QByteArray(5000, 'a') << 431;
    QTest::newRow("fields together") << start + QByteArray("Name: 0123456789\r\n").repeated(8) +
                                            QByteArray(900, 'a')
                                     << 431;
    QTest::newRow("number of fields") << start + QByteArray("A: b\r\n").repeated(10) + "\r\n" << 431;
    QTest::newRow("content") << start + "Content-Length: 101\r\n\r\n" << 413;
    QTest::newRow("huge content") << start + "Content-Length: 18446744073709551615\r\n\r\n" << 413;
    QTest::newRow("chunk") << start + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n" << 413;
    QTest::newRow("chunks together") << start + "Transfer-Encoding: chunked\r\n\r\n" +
                                            ("32\r\n" + QByteArray(50, 'a') + "\r\n").repeated(3)
                                     << 413;
    QTest::newRow("chunk extension") << start +
                                            "Transfer-Encoding: chunked\r\n\r\n5;x=" + QByteArray(2000, 'a')
                                     << 431;
    QTest::newRow("trailer") << start + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + QByteArray(2000, 'a')
                             << 431;
    QTest::newRow("chunk extensions together")
        << start + "Transfer-Encoding: chunked\r\n\r\n" +
               ("1;x=" + QByteArray(90, 'a') + "\r\nb\r\n").repeated(10)
        << 431;
    QTest::newRow("trailers together") << start + "Transfer-Encoding: chunked\r\n\r\n0\r\n" +
                                              ("X: " + QByteArray(200, 'a') + "\r\n").repeated(5)
                                       << 431;
    QTest::newRow("number of trailers")
        << start + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + QByteArray("X: y\r\n").repeated(11) + "\r\n"
        << 431;
    QTest::newRow("chunk sizes with many zeros")
        << start + "Transfer-Encoding: chunked\r\n\r\n" + (QByteArray(60, '0') + "1\r\nb\r\n").repeated(20)
        << 413;
    QTest::newRow("empty lines") << QByteArray("\r\n").repeated(2000) << 400;
}

void ServerMalformedTest::limitsHaveTheirStatus() {
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    const ServerOptions tight{
        .limits = {.headerBytes = 800, .headerCount = 10, .targetBytes = 100, .bodyBytes = 100}};
    const std::string fault = faultOfRefusal(request.toStdString(), status, tight);
    QVERIFY2(fault.empty(), fault.c_str());
}

void ServerMalformedTest::whatIsWithinTheLimitsPasses() {
    const auto server = serve(
        echo, {.limits = {.headerBytes = 800, .headerCount = 10, .targetBytes = 100, .bodyBytes = 100}});
    RawClient client(server->port());
    QCOMPARE(client.ask("GET /" + std::string(99, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
    QCOMPARE(client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'b'))
                 .status,
             200);
    std::string ten = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 9; ++i)
        ten += "Name: " + std::string(60, 'c') + "\r\n";
    QCOMPARE(client.ask(ten + "\r\n").status, 200);
    QCOMPARE(client
                 .ask("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\nX:\r\nY: \t "
                      "z\t \r\n\r\nab")
                 .status,
             200);
}

void ServerMalformedTest::answersBeforeTheMalformedRequestStillGoOut() {
    const auto server = serve(echo);
    RawClient client(server->port());
    client.send(
        "GET /good HTTP/1.1\r\nHost: a\r\n\r\nGET bad HTTP/1.1\r\nHost: a\r\n\r\nGET /never "
        "HTTP/1.1\r\nHost: a\r\n\r\n");
    QCOMPARE(client.read().body, std::string("GET /good? "));
    QCOMPARE(client.read().status, 400);
    QVERIFY(client.ended());
}

void ServerMalformedTest::theRefusalArrivesThoughTheClientIsStillSending() {
    const auto server = serve(echo, {.limits = {.bodyBytes = 1000}});
    RawClient client(server->port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
    QVERIFY(client.send(
        std::string(3'000'000, 'x')));  // taken and thrown away, so that no reset destroys the answer
    QCOMPARE(client.read().status, 413);
    QVERIFY(client.ended());
}

QTEST_GUILESS_MAIN(ServerMalformedTest)
#include "server_malformed_test.moc"
