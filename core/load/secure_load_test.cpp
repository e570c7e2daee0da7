#include "core/load/load.h"
#include "core/net/certificate_authority.h"
#include "core/net/certificate_maker.h"
#include "core/net/raw_client.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace hone;
using namespace hone::load;
using namespace hone::net::testing;
using namespace std::chrono_literals;

/// Load on https servers: trust, resumption, and what a result says about them.
class SecureLoadTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void recordsHandshakesAsAPhaseOfTheirOwn();
    void resumesSessionsUnlessTold_data();
    void resumesSessionsUnlessTold();
    void refusesAStrangersCertificateBeforeItBegins();
    void refusesAnExpiredCertificate();
    void saysLoudlyThatNothingWasChecked();
    void mixesPlainAndSecureServers();
    void samplesAnswersOfASecureServer();

private:
    [[nodiscard]] std::unique_ptr<net::Server> start(const std::filesystem::path& certificate,
                                                     const std::filesystem::path& key) const {
        net::ServerOptions options;
        options.tls = net::TlsOptions{.certificateFile = certificate.string(), .keyFile = key.string()};
        return serve(echo, options);
    }
    [[nodiscard]] std::unique_ptr<net::Server> start() const {
        return start(m_files.certificate, m_files.key);
    }
    [[nodiscard]] model::Workload workload() const {
        model::Workload out;
        out.requests = {{.name = "one", .url = "/one"}};
        out.clients = 2;
        out.warmup = 0ms;
        out.duration = 150ms;
        out.tls.caFile = m_files.ca.string();
        return out;
    }

    QTemporaryDir m_folder;
    net::CertificateFiles m_files;
};

namespace {

model::RunResult mustRun(const model::Workload& workload, const std::string& url) {
    auto result = runLoad({.workload = workload, .baseUrl = url}, {});
    if (!result)
        qFatal("%s", result.error().line().c_str());
    return std::move(result->run);
}

}  // namespace

void SecureLoadTest::initTestCase() {
    auto files = net::ensureLocalCertificate(m_folder.filePath("tls").toStdString());
    QVERIFY(files);
    m_files = std::move(*files);
}

void SecureLoadTest::recordsHandshakesAsAPhaseOfTheirOwn() {
    const auto server = start();
    const auto run = mustRun(workload(), server->url());
    QVERIFY(run.requests > 10);
    QCOMPARE(run.errors, std::uint64_t(0));
    QCOMPARE(run.connect.count(), 2LL);
    QCOMPARE(run.tls.count(), 2LL);
    QVERIFY(run.tls.max() > 0);
    QCOMPARE(run.tlsResumed, std::uint64_t(0));
    QCOMPARE(run.target, server->url());
    const auto again = model::RunResult::fromJson(run.toJson());
    QVERIFY(again);
    QCOMPARE(again->tls.count(), 2LL);
}

void SecureLoadTest::resumesSessionsUnlessTold_data() {
    QTest::addColumn<bool>("resume");
    QTest::newRow("resuming") << true;
    QTest::newRow("always anew") << false;
}

void SecureLoadTest::resumesSessionsUnlessTold() {
    QFETCH(bool, resume);
    const auto server = start();
    auto asked = workload();
    asked.keepAlive = false;
    asked.tls.resume = resume;
    const auto run = mustRun(asked, server->url());
    QCOMPARE(run.errors, std::uint64_t(0));
    QVERIFY(run.requests > 4);
    QCOMPARE(run.tls.count(), static_cast<std::int64_t>(run.requests));
    QCOMPARE(run.tlsResumed, resume ? run.requests - 2 : 0);  // all but each client's first
}

void SecureLoadTest::refusesAStrangersCertificateBeforeItBegins() {
    const auto server = start();
    auto asked = workload();
    asked.tls.caFile.clear();
    const auto result = runLoad({.workload = asked, .baseUrl = server->url()}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code, Error::Unavailable);
    QVERIFY(result.error().what.contains(server->url()));
    QVERIFY(result.error().what.contains("signed by nobody"));
    QVERIFY(result.error().hint.contains("--cacert"));
    QCOMPARE(server->counters().requests, std::uint64_t(0));
}

void SecureLoadTest::refusesAnExpiredCertificate() {
    const auto old = std::chrono::system_clock::now() - std::chrono::days(800);
    const auto authority = net::makeLocalAuthority(old);
    QVERIFY(authority);
    const auto expired = net::makeLocalhostCertificate(*authority, old);
    QVERIFY(expired);
    const auto write = [&](const char* name, const std::string& text) {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), qint64(text.size())) < 0)
            qFatal("no file");
        return std::filesystem::path(m_folder.filePath(name).toStdString());
    };
    const auto server =
        start(write("old.pem", net::certificatePem(*expired)), write("old.key", net::keyPem(*expired)));
    auto asked = workload();
    asked.tls.caFile = write("oldca.pem", net::certificatePem(*authority)).string();
    const auto result = runLoad({.workload = asked, .baseUrl = server->url()}, {});
    QVERIFY(!result);
    QVERIFY2(result.error().what.contains("expired"), result.error().what.c_str());
}

void SecureLoadTest::saysLoudlyThatNothingWasChecked() {
    const auto server = start();
    auto asked = workload();
    asked.tls = {.verify = false};
    const auto run = mustRun(asked, server->url());
    QCOMPARE(run.errors, std::uint64_t(0));
    QVERIFY(!run.warnings.empty() && run.warnings[0].contains("not checked"));
    for (const auto& warning : mustRun(workload(), server->url()).warnings)
        QVERIFY(!warning.contains("not checked"));
}

void SecureLoadTest::mixesPlainAndSecureServers() {
    const auto secure = start();
    const auto plain = serve(echo);
    auto asked = workload();
    asked.requests = {{.name = "s", .url = secure->url() + "/s"}, {.name = "p", .url = plain->url() + "/p"}};
    const auto run = mustRun(asked, {});
    QCOMPARE(run.errors, std::uint64_t(0));
    QVERIFY(run.byRequest[0].requests > 0 && run.byRequest[1].requests > 0);
    QVERIFY(run.connect.count() > run.tls.count());
}

void SecureLoadTest::samplesAnswersOfASecureServer() {
    const auto server = start();
    const auto samples = sampleAnswers({.workload = workload(), .baseUrl = server->url()}, 1, {});
    QVERIFY(samples);
    QCOMPARE(samples->size(), std::size_t(1));
    QCOMPARE((*samples)[0].body, std::string("GET /one? "));
}

QTEST_GUILESS_MAIN(SecureLoadTest)
#include "secure_load_test.moc"
