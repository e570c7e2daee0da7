#include "core/net/http3_listener.h"
#include "core/net/http3_test_client.h"
#include "core/net/raw_client.h"

#include <QTest>

#include <atomic>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

/// HTTP/3 as a browser speaks it: Chromium, with a QUIC of its own.
class Http3BrowserTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void chromiumLoadsAPageAndWhatItNames();
    void chromiumPostsAndReadsTheAnswer();

private:
    /// The page as it stands when everything has loaded.
    [[nodiscard]] Ran open(const Server& server) const {
        const QString origin = "localhost:" + QString::number(server.port());
        // A browser takes no certificate of a private authority for QUIC unless its key is named.
        return run("chromium",
                   {"--headless", "--no-sandbox", "--disable-gpu",
                    "--host-resolver-rules=MAP localhost 127.0.0.1", "--disable-dev-shm-usage",
                    "--no-first-run", "--user-data-dir=" + m_setup.path("profile"), "--enable-quic",
                    "--origin-to-force-quic-on=" + origin, "--ignore-certificate-errors-spki-list=" + m_key,
                    "--virtual-time-budget=5000", "--dump-dom", "https://" + origin + "/"});
    }

    Http3Setup m_setup;
    QString m_key;
};

void Http3BrowserTest::initTestCase() {
    if (!Http3Listener::isBuiltIn() || QStandardPaths::findExecutable("chromium").isEmpty())
        QSKIP("needs HTTP/3 built in, and Chromium");
    const Ran ran = run("sh", {"-c",
                               "openssl x509 -in \"$1\" -pubkey -noout | openssl pkey -pubin -outform der | "
                               "openssl dgst -sha256 -binary | base64",
                               "sh", QString::fromStdString(m_setup.files().certificate.string())});
    m_key = QString::fromLatin1(ran.output.trimmed());
    QCOMPARE(m_key.size(), 44);
}

void Http3BrowserTest::chromiumLoadsAPageAndWhatItNames() {
    std::atomic<int> inHttp3 = 0;
    const auto server = serve(
        [&](const http::Request& r, Responder respond) {
            inHttp3 += r.version == 30;
            http::Response answer =
                text(r.path == "/" ? "<body><p id=p>before</p><script src=/script></script>"
                                   : "document.getElementById('p').textContent = 'a' + 'fter'");
            answer.fields.set("Content-Type", r.path == "/" ? "text/html" : "text/javascript");
            respond(std::move(answer));
        },
        m_setup.options());
    const Ran ran = open(*server);
    QVERIFY2(ran.output.contains("<p id=\"p\">after</p>"), ran.output.right(1'000));
    QVERIFY(inHttp3 >= 2);
    QVERIFY(server->counters().http3 >= 1);
    QCOMPARE(server->counters().malformed, std::uint64_t(0));
}

void Http3BrowserTest::chromiumPostsAndReadsTheAnswer() {
    const auto server = serve(
        [&](const http::Request& r, Responder respond) {
            http::Response answer = text(
                r.path == "/"
                    ? "<body><p id=p></p><script>fetch('/up', {method: 'POST', body: 'x'.repeat(300000)})"
                      ".then(r => r.text()).then(t => document.getElementById('p').textContent = t)</script>"
                    : "got " + std::to_string(r.body.size()) + " in " + std::to_string(r.version));
            answer.fields.set("Content-Type", r.path == "/" ? "text/html" : "text/plain");
            respond(std::move(answer));
        },
        m_setup.options());
    const Ran ran = open(*server);
    QVERIFY2(ran.output.contains("<p id=\"p\">got 300000 in 30</p>"), ran.output.right(1'000));
}

QTEST_GUILESS_MAIN(Http3BrowserTest)
#include "http3_browser_test.moc"
