#include "core/load/load.h"
#include "core/net/certificate_authority.h"
#include "core/net/client.h"
#include "core/net/raw_client.h"
#include "core/net/scripted_server.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace hone;
using namespace hone::load;
using namespace hone::net::testing;
using namespace std::chrono_literals;

namespace {

constexpr int kMinute = 60'000;

/// nginx cannot be asked which port it got.
int freePort() {
    const net::ScriptedServer taken([](net::ScriptedServer::Peer&) {});
    return taken.port();
}

model::RunResult mustRun(const model::Workload& workload, const std::string& url) {
    auto result = runLoad({.workload = workload, .baseUrl = url}, {});
    if (!result)
        qFatal("%s", result.error().line().c_str());
    return std::move(result->run);
}

}  // namespace

/// Load over HTTP/2: streams × connections, on our own server and on nginx as one of another make.
class Http2LoadTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void closedLoopFillsTheStreamsOfEachConnection_data();
    void closedLoopFillsTheStreamsOfEachConnection();
    void openLoopKeepsToItsScheduleAndItsConnections();
    void sameSeedAsksForTheSameTargetsAsOverHttp11();
    void aServerWithoutHttp2IsRefusedBeforeItBegins();
    void streamsNeedHttp2();
    void nginxAnswersOverTls_data();
    void nginxAnswersOverTls();

private:
    [[nodiscard]] std::unique_ptr<net::Server> start(bool tls, bool http2 = true) const {
        net::ServerOptions options;
        options.http2 = http2;
        if (tls)
            options.tls = net::TlsOptions{.certificateFile = m_files.certificate.string(),
                                          .keyFile = m_files.key.string()};
        return serve(echo, options);
    }
    [[nodiscard]] model::Workload workload(int connections, int streams) const {
        model::Workload out;
        out.requests = {{.name = "item", .url = "/items/{{id}}"}};
        out.variables["id"] = {.first = 1, .last = 1000};
        out.clients = connections;
        out.http = model::HttpVersion::Http2;
        out.streams = streams;
        out.warmup = 0ms;
        out.duration = 200ms;
        out.tls.caFile = m_files.ca.string();
        return out;
    }

    QTemporaryDir m_folder;
    net::CertificateFiles m_files;
};

void Http2LoadTest::initTestCase() {
    auto files = net::ensureLocalCertificate(m_folder.filePath("tls").toStdString());
    QVERIFY(files);
    m_files = std::move(*files);
}

void Http2LoadTest::closedLoopFillsTheStreamsOfEachConnection_data() {
    QTest::addColumn<bool>("tls");
    QTest::addColumn<int>("threads");
    QTest::newRow("in clear") << false << 1;
    QTest::newRow("over TLS") << true << 1;
    QTest::newRow("over TLS, two threads") << true << 2;
}

void Http2LoadTest::closedLoopFillsTheStreamsOfEachConnection() {
    QFETCH(bool, tls);
    QFETCH(int, threads);
    const auto server = start(tls);
    auto asked = workload(2, 10);
    asked.threads = threads;
    const auto run = mustRun(asked, server->url());
    QVERIFY(run.requests > 100);
    QCOMPARE(run.errors, std::uint64_t(0));
    QCOMPARE(run.byStatus.at(200), run.requests);
    QVERIFY(run.unfinished <= 20);
    QCOMPARE(run.connect.count(), 2LL);
    QCOMPARE(run.tls.count(), tls ? 2LL : 0LL);
    QCOMPARE(run.ttfb.count(), std::int64_t(run.requests));
    // One more to try whether the server speaks HTTP/2, one to reach it.
    QCOMPARE(server->counters().accepted, std::uint64_t(4));
    QVERIFY(server->counters().requests >= run.requests);
}

void Http2LoadTest::openLoopKeepsToItsScheduleAndItsConnections() {
    const auto server = start(false);
    auto asked = workload(1, 50);
    asked.model = model::LoadModel::Open;
    asked.arrival = model::Arrival::Constant;
    asked.ratePerSecond = 1000;
    asked.duration = 400ms;
    const auto run = mustRun(asked, server->url());
    QVERIFY(run.requests >= 398 && run.requests <= 400);
    QCOMPARE(run.errors, std::uint64_t(0));
    QCOMPARE(run.lateness.count(), std::int64_t(run.requests));
    QVERIFY(run.connect.count() >= 1);
}

void Http2LoadTest::sameSeedAsksForTheSameTargetsAsOverHttp11() {
    const auto server = start(false);
    auto asked = workload(1, 1);
    const auto two = sampleAnswers({.workload = asked, .baseUrl = server->url()}, 10, {});
    asked.http = model::HttpVersion::Http11;
    const auto one = sampleAnswers({.workload = asked, .baseUrl = server->url()}, 10, {});
    QVERIFY(one && two);
    QCOMPARE(two->size(), std::size_t(10));
    for (std::size_t i = 0; i < two->size(); ++i) {
        QCOMPARE((*two)[i].target, (*one)[i].target);
        QCOMPARE((*two)[i].body, (*one)[i].body);
        QVERIFY((*two)[i].body.contains((*two)[i].target));
    }
}

void Http2LoadTest::aServerWithoutHttp2IsRefusedBeforeItBegins() {
    for (const bool tls : {false, true}) {
        const auto server = start(tls, /*http2=*/false);
        const auto result = runLoad({.workload = workload(1, 1), .baseUrl = server->url()}, {});
        QVERIFY(!result);
        QCOMPARE(result.error().code, Error::Unsupported);
        QVERIFY(result.error().what.contains("does not speak HTTP/2"));
        QVERIFY(result.error().hint.contains("--http 1.1"));
    }
}

void Http2LoadTest::streamsNeedHttp2() {
    auto asked = workload(1, 5);
    asked.http = model::HttpVersion::Http11;
    const auto result = runLoad({.workload = asked, .baseUrl = "http://127.0.0.1:1"}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code, Error::InvalidArgument);
    QVERIFY(result.error().hint.contains("--http 2"));
}

void Http2LoadTest::nginxAnswersOverTls_data() {
    QTest::addColumn<bool>("http2");
    QTest::addColumn<bool>("keepAlive");
    QTest::newRow("HTTP/1.1") << false << true;
    QTest::newRow("HTTP/1.1, a connection each") << false << false;
    QTest::newRow("HTTP/2") << true << true;
    QTest::newRow("HTTP/2, a connection each") << true << false;
}

void Http2LoadTest::nginxAnswersOverTls() {
    QFETCH(bool, http2);
    QFETCH(bool, keepAlive);
    const QTemporaryDir folder;
    const int port = freePort();
    const QByteArray body(2000, 'n');
    QFile page(folder.filePath("page"));
    QVERIFY(page.open(QIODevice::WriteOnly) && page.write(body) == body.size());
    page.close();
    QFile config(folder.filePath("nginx.conf"));
    QVERIFY(config.open(QIODevice::WriteOnly));
    // Started by root, its workers would become somebody who may not read the folder. A connection ends after
    // 100 requests, so that its GOAWAY is met.
    config.write(
        QString("%1 pid nginx.pid; error_log error.log; worker_processes 1; events {} http { "
                "access_log off; keepalive_requests 100; client_body_temp_path a; proxy_temp_path b; "
                "fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e; server { listen "
                "127.0.0.1:%2 ssl http2; ssl_certificate %3; ssl_certificate_key %4; root %5; } }")
            .arg(::geteuid() == 0 ? "user root;" : "")
            .arg(port)
            .arg(QString::fromStdString(m_files.certificate.string()),
                 QString::fromStdString(m_files.key.string()), folder.path())
            .toUtf8());
    config.close();
    QProcess nginx;
    nginx.start("nginx", {"-p", folder.path(), "-e", "error.log", "-c", "nginx.conf", "-g", "daemon off;"});
    const auto isUp = [&] {
        return net::reach({"127.0.0.1", static_cast<std::uint16_t>(port)}, 1s).has_value();
    };
    QTRY_VERIFY_WITH_TIMEOUT(isUp(), kMinute);
    auto asked = workload(2, http2 ? 8 : 1);
    asked.http = http2 ? model::HttpVersion::Http2 : model::HttpVersion::Http11;
    asked.requests = {{.name = "page", .url = "/page"}};
    asked.keepAlive = keepAlive;
    const auto run = mustRun(asked, fmt::format("https://localhost:{}", port));
    nginx.terminate();
    QVERIFY(nginx.waitForFinished(kMinute));
    QVERIFY(run.requests > 20);
    for (const auto& [kind, count] : run.errorsByKind)
        qInfo("%s: %llu", kind.c_str(), static_cast<unsigned long long>(count));
    QCOMPARE(run.errors, std::uint64_t(0));
    QCOMPARE(run.bodyBytes, run.requests * 2000);
    QVERIFY(run.wireBytes > run.bodyBytes);
    if (!keepAlive)
        QVERIFY(run.tlsResumed > 0);
    else
        QVERIFY(run.tls.count() >=
                static_cast<std::int64_t>(run.requests / 100));  // GOAWAY, Connection: close
}

QTEST_GUILESS_MAIN(Http2LoadTest)
#include "http2_load_test.moc"
