#include "core/engine/upstream/forwarding.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace hone::engine::upstream;
using How = UpstreamOptions::Forwarded;

namespace {

Forwarding forwardingTo(std::string_view url, How how = How::Replace, bool keepHost = false) {
    return {parseTarget(url).value(), how, keepHost, "hone-test"};
}

/// A request with its buffers.
struct Ask {
    explicit Ask(std::string_view methodText = "GET", std::string_view whole = "/",
                 std::vector<http::FieldView> more = {}, std::string_view body = {})
        : lines{{"Host", "proxy.example:8080"}} {
        lines.insert(lines.end(), more.begin(), more.end());
        const auto mark = whole.find('?');
        request = {.method = http::methodFrom(methodText),
                   .methodText = methodText,
                   .target = whole,
                   .path = whole.substr(0, mark),
                   .query = mark == whole.npos ? std::string_view() : whole.substr(mark + 1),
                   .fields = lines,
                   .body = body,
                   .peer = "192.0.2.7"};
    }
    std::vector<http::FieldView> lines;
    http::Request request;
};

std::string wireOf(const Forwarding& forwarding, const Ask& ask) {
    const auto out = forwarding.request(ask.request);
    return out ? out->wire : fmt::format("refused {}", out.error().status);
}

bool hasLine(const std::string& wire, std::string_view line) {
    return wire.contains("\r\n" + std::string(line) + "\r\n");
}

std::string answered(const Forwarding& forwarding, std::vector<http::FieldView> fields,
                     std::string_view name) {
    std::string wrong;
    const auto out = forwarding.answerFields(fields, 11, wrong);
    return out ? out->joined(name) : wrong;
}

}  // namespace

class ForwardingTest : public QObject {
    Q_OBJECT
private slots:
    void readsTheUpstreamFromItsUrl() {
        const auto target = parseTarget("https://api.example:8443/v1/");
        QVERIFY(target);
        QCOMPARE(target->host, std::string("api.example"));
        QCOMPARE(target->port, std::uint16_t(8443));
        QCOMPARE(target->base, std::string("/v1"));
        QCOMPARE(parseTarget("http://a")->base, std::string());
        for (const auto* wrong : {"api.example", "ftp://a", "http://u:p@a", "http://a/?q=1", "http://a/#x",
                                  "http://a/x/../y", "http://a:0", "http://"})
            QVERIFY2(!parseTarget(wrong), wrong);
    }

    void sendsTheRequestToTheUpstreamsHostAndBase() {
        const auto wire = wireOf(forwardingTo("http://api.example:3000/v1"), Ask("GET", "/things?a=1&b=%20"));
        QVERIFY(wire.starts_with("GET /v1/things?a=1&b=%20 HTTP/1.1\r\nHost: api.example:3000\r\n"));
        QVERIFY(wire.ends_with("\r\n\r\n"));
        QVERIFY(!wire.contains("Content-Length"));
    }

    void keepsTheClientsHostWhenAsked() {
        const auto wire = wireOf(forwardingTo("http://api.example", How::Replace, true), Ask());
        QVERIFY(hasLine(wire, "Host: proxy.example:8080"));
    }

    void dropsWhatBelongsToTheConnection() {
        const auto wire =
            wireOf(forwardingTo("http://a"), Ask("GET", "/",
                                                 {{"Connection", "close, X-Private , keep-alive"},
                                                  {"x-private", "1"},
                                                  {"Keep-Alive", "timeout=5"},
                                                  {"TE", "trailers"},
                                                  {"Trailer", "X-T"},
                                                  {"Upgrade", "websocket"},
                                                  {"Proxy-Connection", "keep-alive"},
                                                  {"Proxy-Authorization", "Basic x"},
                                                  {"HTTP2-Settings", "AAA"},
                                                  {"Expect", "100-continue"},
                                                  {"Hone-Arm", "B"},
                                                  {"Accept", "*/*"}}));
        for (const auto* name : {"Connection:", "-private:", "Keep-Alive:", "TE:", "Trailer:", "Upgrade:",
                                 "Proxy-", "HTTP2-", "Expect:", "Hone-Arm:"})
            QVERIFY2(!wire.contains(name), name);
        QVERIFY(hasLine(wire, "Accept: */*"));
    }

    void framesTheBodyAnew() {
        const auto forwarding = forwardingTo("http://a");
        const auto wire = wireOf(forwarding, Ask("POST", "/", {{"Transfer-Encoding", "chunked"}}, "body"));
        QVERIFY(hasLine(wire, "Content-Length: 4"));
        QVERIFY(!wire.contains("Transfer-Encoding"));
        QVERIFY(wire.ends_with("\r\n\r\nbody"));
        QVERIFY(hasLine(wireOf(forwarding, Ask("POST")), "Content-Length: 0"));
        QVERIFY(
            hasLine(wireOf(forwarding, Ask("DELETE", "/", {{"Content-Length", "0"}})), "Content-Length: 0"));
    }

    void cannotBeMadeToWriteAnotherLine() {
        const auto wire =
            wireOf(forwardingTo("http://a"), Ask("GET", "/", {{"X-A", "1\r\nX-Evil: 2"}, {"b d", "1"}}));
        QVERIFY(!hasLine(wire, "X-Evil: 2"));
        QVERIFY(!wire.contains("b d"));
    }

    void tellsAboutTheClient() {
        const auto wire =
            wireOf(forwardingTo("http://a"),
                   Ask("GET", "/", {{"X-Forwarded-For", "6.6.6.6"}, {"Forwarded", "for=6.6.6.6"}}));
        QVERIFY(hasLine(wire, "Forwarded: for=192.0.2.7;host=\"proxy.example:8080\";proto=http"));
        QVERIFY(hasLine(wire, "X-Forwarded-For: 192.0.2.7"));
        QVERIFY(hasLine(wire, "X-Forwarded-Host: proxy.example:8080"));
        QVERIFY(hasLine(wire, "X-Forwarded-Proto: http"));
        QVERIFY(hasLine(wire, "Via: 1.1 hone-test"));
        QVERIFY(!wire.contains("6.6.6.6"));
    }

    void appendsToWhatAProxyBeforeUsSaid() {
        const auto wire = wireOf(forwardingTo("http://a", How::Append), Ask("GET", "/",
                                                                            {{"X-Forwarded-For", "1.1.1.1"},
                                                                             {"X-Forwarded-For", "2.2.2.2"},
                                                                             {"X-Forwarded-Proto", "https"},
                                                                             {"Via", "2.0 front"}}));
        QVERIFY(hasLine(wire, "X-Forwarded-For: 1.1.1.1, 2.2.2.2, 192.0.2.7"));
        QVERIFY(hasLine(wire, "X-Forwarded-Proto: https"));
        QVERIFY(hasLine(wire, "Via: 2.0 front"));
        QVERIFY(!wireOf(forwardingTo("http://a", How::Off), Ask()).contains("orwarded"));
    }

    void quotesAnIpv6Client() {
        Ask ask;
        ask.request.peer = "2001:db8::1";
        QVERIFY(wireOf(forwardingTo("http://a"), ask).contains("Forwarded: for=\"[2001:db8::1]\";"));
    }

    void staysBelowTheBase_data() {
        QTest::addColumn<QByteArray>("path");
        for (const auto* path : {"/../admin", "/x/..", "/./x", "/%2e%2E/admin", "/.%2e/admin", "/x/%2E"})
            QTest::newRow(path) << QByteArray(path);
    }
    void staysBelowTheBase() {
        QFETCH(QByteArray, path);
        const std::string_view text(path.data(), static_cast<std::size_t>(path.size()));
        QCOMPARE(wireOf(forwardingTo("http://a/v1"), Ask("GET", text)), std::string("refused 400"));
        QVERIFY(wireOf(forwardingTo("http://a"), Ask("GET", text)).starts_with("GET " + std::string(text)));
    }

    void seesItselfInACircle() {
        QCOMPARE(wireOf(forwardingTo("http://a"), Ask("GET", "/", {{"Via", "1.1 other, 1.1 hone-test"}})),
                 std::string("refused 508"));
    }

    void passesNeitherTraceNorConnect() {
        QCOMPARE(wireOf(forwardingTo("http://a"), Ask("TRACE")), std::string("refused 501"));
        QCOMPARE(wireOf(forwardingTo("http://a"), Ask("CONNECT", "other:443")), std::string("refused 501"));
    }

    void countsMaxForwardsDown() {
        const auto forwarding = forwardingTo("http://a");
        QVERIFY(hasLine(wireOf(forwarding, Ask("OPTIONS", "*", {{"Max-Forwards", "3"}})), "Max-Forwards: 2"));
        QVERIFY(wireOf(forwarding, Ask("OPTIONS", "*")).starts_with("OPTIONS * HTTP/1.1\r\n"));
        QCOMPARE(wireOf(forwarding, Ask("OPTIONS", "/", {{"Max-Forwards", "0"}})),
                 std::string("refused 200"));
    }

    void repeatsIdempotentMethodsOnly_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<bool>("mayRepeat");
        for (const auto* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
            QTest::newRow(method) << QByteArray(method) << true;
        for (const auto* method : {"POST", "PATCH", "PURGE", "get"})
            QTest::newRow(method) << QByteArray(method) << false;
    }
    void repeatsIdempotentMethodsOnly() {
        QFETCH(QByteArray, method);
        QFETCH(bool, mayRepeat);
        const std::string text = method.toStdString();
        const auto out = forwardingTo("http://a").request(Ask(text).request);
        QVERIFY(out);
        QCOMPARE(out->mayRepeat, mayRepeat);
    }

    void dropsConnectionFieldsOfAnswersToo() {
        const auto forwarding = forwardingTo("http://a");
        std::string wrong;
        const auto out =
            forwarding.answerFields(std::vector<http::FieldView>{{"Connection", "X-Hop"},
                                                                 {"X-Hop", "1"},
                                                                 {"Keep-Alive", "5"},
                                                                 {"Content-Length", "4"},
                                                                 {"Transfer-Encoding", "chunked"},
                                                                 {"Alt-Svc", "h3=\":443\""},
                                                                 {"Set-Cookie", "a=1"},
                                                                 {"Set-Cookie", "b=2"},
                                                                 {"Via", "1.1 inner"}},
                                    10, wrong);
        QVERIFY(out);
        QCOMPARE(out->lines().size(), std::size_t(4));
        QCOMPARE(out->joined("Via"), std::string("1.1 inner, 1.0 hone-test"));
    }

    void refusesFieldsThatCannotBeWrittenAgain() {
        QVERIFY(answered(forwardingTo("http://a"), {{"X-A", "1\r\nX-Evil: 2"}}, "X-A")
                    .starts_with("the field X-A"));
    }

    void turnsLocationsOfTheUpstreamIntoItsOwn_data() {
        QTest::addColumn<QByteArray>("upstream");
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* upstream, const char* location, const char* expected) {
            QTest::addRow("%s at %s", location, upstream)
                << QByteArray(upstream) << QByteArray(location) << QByteArray(expected);
        };
        row("http://api:3000", "http://api:3000/x?y=1#z", "/x?y=1#z");
        row("http://api", "http://API:80", "/");
        row("http://api", "http://api?q", "/?q");
        row("http://api", "//api/x", "/x");
        row("http://api", "https://api/x", "https://api/x");
        row("http://api", "http://other/x", "http://other/x");
        row("http://api", "http://api.evil/x", "http://api.evil/x");
        row("http://api", "/x", "/x");
        row("http://api", "x/y", "x/y");
        row("http://api/v1", "/v1/x", "/x");
        row("http://api/v1", "/v1", "/");
        row("http://api/v1", "/v10/x", "/v10/x");
        row("http://api/v1", "http://api/v1/x", "/x");
        row("http://api/v1", "http://api/v2/x", "http://api/v2/x");
    }
    void turnsLocationsOfTheUpstreamIntoItsOwn() {
        QFETCH(QByteArray, upstream);
        QFETCH(QByteArray, location);
        QFETCH(QByteArray, expected);
        const auto text = location.toStdString();
        QCOMPARE(answered(forwardingTo(upstream.toStdString()), {{"Location", text}}, "Location"),
                 expected.toStdString());
    }
};

QTEST_GUILESS_MAIN(ForwardingTest)
#include "forwarding_test.moc"
