#include "core/net/certificate_authority.h"
#include "core/net/raw_client.h"
#include "core/net/server.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

/// What a serving server offers changes under its feet; the clients are curl and openssl s_client.
class ServerOfferTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void http2IsTakenBackAndOfferedAgain();
    void openConnectionsKeepWhatTheyAgreedOn();
    void versionsOfTlsAreNarrowed();
    void ticketsAreTakenBack();
    void whatTheServerCannotDoIsNotOffered();
    void earlyDataIsAnsweredBeforeTheHandshakeIsDone();
    void earlyDataIsTakenOnceForATicket();
    void withoutTheOfferEarlyDataWaitsForTheHandshake();

private:
    [[nodiscard]] ServerOptions options() const {
        ServerOptions out;
        out.tls =
            TlsOptions{.certificateFile = m_files.certificate.string(), .keyFile = m_files.key.string()};
        return out;
    }
    [[nodiscard]] QByteArray curl(const Server& server, const QStringList& more = {}) const;
    [[nodiscard]] QByteArray client(const Server& server, const QStringList& more, bool expectsAnswer) const;
    [[nodiscard]] QString file(const QString& name, std::string_view content) const;
    /// A session whose ticket allows early data.
    [[nodiscard]] QString session(const Server& server) const;

    QTemporaryDir m_folder;
    CertificateFiles m_files;
};

namespace {

constexpr std::string_view kGetAndClose = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

void echoEarly(const http::Request& request, Responder respond) {
    respond(text(std::string(request.methodText) + (request.isEarly ? " early" : " late") + " of " +
                 std::to_string(request.ordinal)));
}

}  // namespace

void ServerOfferTest::initTestCase() {
    auto files = ensureLocalCertificate(m_folder.filePath("tls").toStdString());
    QVERIFY(files);
    m_files = std::move(*files);
}

QString ServerOfferTest::file(const QString& name, std::string_view content) const {
    QFile out(m_folder.filePath(name));
    if (out.open(QIODevice::WriteOnly))
        out.write(content.data(), static_cast<qint64>(content.size()));
    return out.fileName();
}

/// "2 0": the HTTP version and the exit code.
QByteArray ServerOfferTest::curl(const Server& server, const QStringList& more) const {
    QProcess process;
    process.start("curl", QStringList{"-s", "-o", "/dev/null", "-w", "%{http_version} %{exitcode}",
                                      "--cacert", QString::fromStdString(m_files.ca.string()),
                                      QString::fromStdString(server.url())} +
                              more);
    return process.waitForFinished(20'000) ? process.readAllStandardOutput() : QByteArray("curl hangs");
}

/// Output of s_client, which stays until the server ends the connection.
QByteArray ServerOfferTest::client(const Server& server, const QStringList& more, bool sends) const {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start("openssl", QStringList{"s_client", "-connect", QString("127.0.0.1:%1").arg(server.port()),
                                         "-CAfile", QString::fromStdString(m_files.ca.string()), "-ign_eof"} +
                                 more);
    if (sends)
        process.write(kGetAndClose.data(), static_cast<qint64>(kGetAndClose.size()));
    return process.waitForFinished(20'000) ? process.readAllStandardOutput() : QByteArray("openssl hangs");
}

QString ServerOfferTest::session(const Server& server) const {
    const QString path = m_folder.filePath("session");
    QFile::remove(path);
    static_cast<void>(client(server, {"-tls1_3", "-sess_out", path}, true));
    return path;
}

void ServerOfferTest::http2IsTakenBackAndOfferedAgain() {
    const auto server = serve(echo, options());
    QCOMPARE(curl(*server), QByteArray("2 0"));
    QVERIFY(server->setOffer({.http2 = false}));
    QCOMPARE(curl(*server), QByteArray("1.1 0"));
    QVERIFY(server->setOffer({}));
    QCOMPARE(curl(*server), QByteArray("2 0"));
    ServerOptions plain;
    const auto clear = serve(echo, plain);
    QCOMPARE(curl(*clear, {"--http2-prior-knowledge"}), QByteArray("2 0"));
    QVERIFY(clear->setOffer({.http2 = false}));
    QVERIFY(curl(*clear, {"--http2-prior-knowledge"}) != QByteArray("2 0"));
    QCOMPARE(curl(*clear, {"--http2"}), QByteArray("1.1 0"));  // an Upgrade may be ignored
}

void ServerOfferTest::openConnectionsKeepWhatTheyAgreedOn() {
    ServerOptions plain;
    const auto server = serve(echoEarly, plain);
    RawClient client(server->port());
    QCOMPARE(client.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").body, "GET late of 0");
    QVERIFY(server->setOffer({.http2 = false, .noDelay = false}));
    QCOMPARE(client.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").body, "GET late of 1");
    RawClient other(server->port());
    QCOMPARE(other.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").body, "GET late of 0");
}

void ServerOfferTest::versionsOfTlsAreNarrowed() {
    const auto server = serve(echo, options());
    QVERIFY(server->setOffer({.minTls = 13}));
    QVERIFY(curl(*server, {"--tls-max", "1.2"}) != QByteArray("2 0"));
    QCOMPARE(curl(*server), QByteArray("2 0"));
    QVERIFY(server->setOffer({.maxTls = 12}));
    QVERIFY(client(*server, {}, true).contains("TLSv1.2"));
}

void ServerOfferTest::ticketsAreTakenBack() {
    const auto server = serve(echo, options());
    QVERIFY(server->setOffer({.tickets = false}));
    const QString path = session(*server);
    QVERIFY(!client(*server, {"-tls1_3", "-sess_in", path}, true).contains("Reused"));
    QVERIFY(server->setOffer({}));
    QVERIFY(client(*server, {"-tls1_3", "-sess_in", session(*server)}, true).contains("Reused"));
}

void ServerOfferTest::whatTheServerCannotDoIsNotOffered() {
    ServerOptions http1 = options();
    http1.http2 = false;
    http1.tls->minVersion = 13;
    const auto server = serve(echo, http1);
    QVERIFY(server->setOffer({.http2 = true, .http3 = true, .minTls = 12, .noDelay = false}));
    QCOMPARE(curl(*server), QByteArray("1.1 0"));
    QVERIFY(curl(*server, {"--tls-max", "1.2"}) != QByteArray("1.1 0"));
}

void ServerOfferTest::earlyDataIsAnsweredBeforeTheHandshakeIsDone() {
    const auto server = serve(echoEarly, options());
    QVERIFY(server->setOffer({.earlyData = true}));
    const QString path = session(*server);
    const QByteArray said =
        client(*server, {"-tls1_3", "-sess_in", path, "-early_data", file("early", kGetAndClose)}, false);
    QVERIFY2(said.contains("Early data was accepted"), said);
    QVERIFY2(said.contains("GET early of 0"), said);
}

void ServerOfferTest::earlyDataIsTakenOnceForATicket() {
    const auto server = serve(echoEarly, options());
    QVERIFY(server->setOffer({.earlyData = true}));
    const QString path = session(*server), early = file("early", kGetAndClose);
    QVERIFY(client(*server, {"-tls1_3", "-sess_in", path, "-early_data", early}, false)
                .contains("GET early of 0"));
    const QByteArray replayed = client(*server, {"-tls1_3", "-sess_in", path, "-early_data", early}, true);
    QVERIFY2(replayed.contains("Early data was rejected"), replayed);
    QVERIFY2(replayed.contains("GET late of 0"), replayed);
}

void ServerOfferTest::withoutTheOfferEarlyDataWaitsForTheHandshake() {
    const auto server = serve(echoEarly, options());
    const QByteArray said = client(*server, {"-tls1_3", "-sess_in", session(*server)}, true);
    QVERIFY2(said.contains("Reused") && said.contains("GET late of 0"), said);
    QVERIFY2(said.contains("Max Early Data: 0"), said);
}

QTEST_GUILESS_MAIN(ServerOfferTest)
#include "server_offer_test.moc"
