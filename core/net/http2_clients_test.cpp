#include "core/net/certificate_authority.h"
#include "core/net/raw_client.h"
#include "core/net/server.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <future>
#include <thread>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

/// HTTP/2 over real sockets with independent clients: curl, nghttp and h2load, in clear and over TLS.
class Http2ClientsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void curlSpeaksHttp2_data();
    void curlSpeaksHttp2();
    void curlUploadsAndDownloadsBigContent_data();
    void curlUploadsAndDownloadsBigContent();
    void curlIsToldOfLimits();
    void anUploadBeyondTheLimitIsAnswered();
    void nghttpGetsManyTargetsOnOneConnection();
    void nghttpUpgrades();
    void h2loadIsAnsweredCompletely_data();
    void h2loadIsAnsweredCompletely();
    void lateAnswersFromAnotherThreadArrive();
    void aStoppingServerLetsRunningRequestsEnd();

private:
    [[nodiscard]] ServerOptions options(bool tls) const {
        ServerOptions out;
        if (tls)
            out.tls =
                TlsOptions{.certificateFile = m_files.certificate.string(), .keyFile = m_files.key.string()};
        return out;
    }
    /// For curl: trust, and what makes it HTTP/2.
    [[nodiscard]] QStringList curl(const QString& how) const {
        return {"-sS", "--cacert", QString::fromStdString(m_files.ca.string()),
                how,   "-w",       "|%{http_version}"};
    }

    QTemporaryDir m_folder;
    CertificateFiles m_files;
};

namespace {

struct Ran {
    int exitCode = -1;
    QByteArray output, errors;
};

Ran run(const QString& program, const QStringList& arguments, const QByteArray& input = {}) {
    QProcess process;
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QString urlOf(const Server& server, const char* path = "/") {
    return QString::fromStdString(server.url()) + path;
}

void clearAndTls() {
    QTest::addColumn<bool>("tls");
    QTest::addColumn<QString>("how");
    QTest::newRow("clear, prior knowledge") << false << "--http2-prior-knowledge";
    QTest::newRow("clear, upgrade") << false << "--http2";
    QTest::newRow("TLS") << true << "--http2";
}

}  // namespace

void Http2ClientsTest::initTestCase() {
    auto files = ensureLocalCertificate(m_folder.filePath("tls").toStdString());
    QVERIFY(files);
    m_files = std::move(*files);
}

void Http2ClientsTest::curlSpeaksHttp2_data() { clearAndTls(); }

void Http2ClientsTest::curlSpeaksHttp2() {
    QFETCH(bool, tls);
    QFETCH(QString, how);
    const auto server = serve(echo, options(tls));
    // One target a run: curl 7.88 cannot use a connection made with prior knowledge again.
    const Ran first = run("curl", curl(how) << "-d" << "body" << urlOf(*server, "/a?b"));
    QVERIFY2(first.exitCode == 0, first.errors);
    QCOMPARE(first.output, QByteArray("POST /a?b body|2"));
    const Ran second = run("curl", curl(how) << urlOf(*server, "/c"));
    QCOMPARE(second.output, QByteArray("GET /c? |2"));
    QCOMPARE(server->counters().http2, std::uint64_t(2));
    QCOMPARE(server->counters().requests, std::uint64_t(2));
    QCOMPARE(server->counters().malformed, std::uint64_t(0));
}

void Http2ClientsTest::curlUploadsAndDownloadsBigContent_data() { clearAndTls(); }

void Http2ClientsTest::curlUploadsAndDownloadsBigContent() {
    QFETCH(bool, tls);
    QFETCH(QString, how);
    const auto server =
        serve([](const http::Request& r, Responder respond) { respond(text(std::string(r.body) + "end")); },
              options(tls));
    QByteArray content;
    while (content.size() < 5'000'000)
        content += QByteArray::number(content.size());
    const Ran ran =
        run("curl", curl(how) << "-H" << "Expect:" << "--data-binary" << "@-" << urlOf(*server), content);
    QVERIFY2(ran.exitCode == 0, ran.errors);
    // An upgrade is not made with content of this size: curl may then go on in HTTP/1.1.
    QVERIFY(ran.output == content + "end|2" ||
            (how == "--http2" && !tls && ran.output == content + "end|1.1"));
}

void Http2ClientsTest::curlIsToldOfLimits() {
    ServerOptions limited = options(false);
    limited.limits.targetBytes = 100;
    limited.limits.headerBytes = 2'000;
    const auto server = serve(echo, limited);
    const QStringList base = curl("--http2-prior-knowledge") << "-o" << "/dev/null" << "-w" << "%{http_code}";
    const Ran target = run("curl", base + QStringList{urlOf(*server) + QString(200, 'p')});
    QCOMPARE(target.output, QByteArray("414"));
    const Ran fields = run("curl", base + QStringList{"-H", "x: " + QString(3'000, 'y'), urlOf(*server)});
    QCOMPARE(fields.output, QByteArray("431"));
}

/// nghttp, since curl 7.88 drops an answer that comes with RST_STREAM(NO_ERROR) while it is sending.
void Http2ClientsTest::anUploadBeyondTheLimitIsAnswered() {
    ServerOptions limited = options(false);
    limited.limits.bodyBytes = 1'000;
    const auto server = serve(echo, limited);
    const QString file = m_folder.filePath("upload");
    QFile upload(file);
    QVERIFY(upload.open(QIODevice::WriteOnly) && upload.write(QByteArray(100'000, 'x')) == 100'000);
    upload.close();
    const Ran ran = run("nghttp", {"-v", "-d", file, urlOf(*server)});
    QVERIFY2(ran.output.contains("413"), ran.output + ran.errors);
    QCOMPARE(server->counters().requests, std::uint64_t(0));
}

void Http2ClientsTest::nghttpGetsManyTargetsOnOneConnection() {
    const auto server = serve(echo, options(true));
    QStringList arguments{"--no-verify-peer"};
    for (int i = 0; i < 20; ++i)
        arguments << urlOf(*server, "/") + QString::number(i);
    const Ran ran = run("nghttp", arguments);
    QVERIFY2(ran.exitCode == 0, ran.errors);
    for (int i = 0; i < 20; ++i)
        QVERIFY(ran.output.contains("GET /" + QByteArray::number(i) + "? "));
    QCOMPARE(server->counters().accepted, std::uint64_t(1));
    QCOMPARE(server->counters().requests, std::uint64_t(20));
}

void Http2ClientsTest::nghttpUpgrades() {
    const auto server = serve(echo, options(false));
    const Ran ran = run("nghttp", {"-u", urlOf(*server, "/up"), urlOf(*server, "/then")});
    QVERIFY2(ran.exitCode == 0, ran.errors);
    QVERIFY(ran.output.contains("GET /up? "));
    QVERIFY(ran.output.contains("GET /then? "));
    QCOMPARE(server->counters().http2, std::uint64_t(1));
}

void Http2ClientsTest::h2loadIsAnsweredCompletely_data() {
    QTest::addColumn<bool>("tls");
    QTest::addColumn<int>("size");
    QTest::newRow("clear, 1 KiB") << false << 1'024;
    QTest::newRow("TLS, 1 KiB") << true << 1'024;
    QTest::newRow("clear, 100 KiB") << false << 102'400;
    QTest::newRow("TLS, 100 KiB") << true << 102'400;
}

void Http2ClientsTest::h2loadIsAnsweredCompletely() {
    QFETCH(bool, tls);
    QFETCH(int, size);
    const auto prepared = http::prepare(200, {}, std::string(static_cast<std::size_t>(size), 'x'));
    const auto server = serve(
        [prepared](const http::Request&, Responder respond) {
            http::Response answer;
            answer.prepared = prepared;
            respond(std::move(answer));
        },
        options(tls));
    const Ran ran = run("h2load", {"-n", "2000", "-c", "4", "-m", "10", urlOf(*server)});
    QVERIFY2(ran.exitCode == 0, ran.errors);
    QVERIFY2(ran.output.contains("2000 succeeded, 0 failed, 0 errored, 0 timeout"), ran.output);
    QVERIFY2(ran.output.contains("status codes: 2000 2xx"), ran.output);
    const auto data =
        QRegularExpression(R"(\((\d+)\) data)").match(QString::fromUtf8(ran.output)).captured(1).toLongLong();
    QCOMPARE(data, 2'000LL * size);
    QCOMPARE(server->counters().http2, std::uint64_t(4));
    QCOMPARE(server->counters().requests, std::uint64_t(2'000));
}

void Http2ClientsTest::lateAnswersFromAnotherThreadArrive() {
    std::mutex mutex;
    std::vector<Responder> waiting;
    const auto server = serve(
        [&](const http::Request&, Responder respond) {
            const std::lock_guard lock(mutex);
            waiting.push_back(std::move(respond));
        },
        options(false));
    std::jthread answering([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            std::vector<Responder> now;
            {
                const std::lock_guard lock(mutex);
                now.swap(waiting);
            }
            for (Responder& respond : now)
                respond(text("late"));
            std::this_thread::yield();
        }
    });
    const Ran ran = run("h2load", {"-n", "2000", "-c", "4", "-m", "10", urlOf(*server)});
    QVERIFY2(ran.output.contains("2000 succeeded, 0 failed, 0 errored, 0 timeout"), ran.output);
}

void Http2ClientsTest::aStoppingServerLetsRunningRequestsEnd() {
    std::promise<Responder> arrived;
    const auto server =
        serve([&](const http::Request&, Responder respond) { arrived.set_value(std::move(respond)); },
              options(false));
    QProcess client;
    client.start("curl", curl("--http2-prior-knowledge") << urlOf(*server));
    Responder respond = arrived.get_future().get();
    std::jthread stopping([&] { server->stop(std::chrono::seconds(20)); });
    respond(text("finished"));
    QVERIFY(client.waitForFinished(20'000));
    QCOMPARE(client.readAllStandardOutput(), QByteArray("finished|2"));
    stopping.join();
}

QTEST_GUILESS_MAIN(Http2ClientsTest)
#include "http2_clients_test.moc"
