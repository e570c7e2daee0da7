// TLS, HTTP/2 and the simulated network of `hone serve`, seen by curl.

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

constexpr int kMinute = 60'000;

}  // namespace

class ServeNetworkTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    QProcess m_server;
    QString m_url, m_authority;

    [[nodiscard]] QProcessEnvironment environment() const {
        auto env = QProcessEnvironment::systemEnvironment();
        for (const char* name : {"XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
            env.insert(QString::fromLatin1(name), m_dir.path());
        return env;
    }
    /// Starts `hone serve` on a small dataset; its address is in m_url.
    void serve(const QStringList& options) {
        QFile file(m_dir.filePath("people.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("id,name\n1,Ada\n2,Grace\n");
        file.close();
        m_server.setProcessEnvironment(environment());
        m_server.start(HONE_BINARY, QStringList{"serve", "--dataset", file.fileName()} + options);
        QVERIFY(m_server.waitForReadyRead(kMinute));
        m_url = QString::fromUtf8(m_server.readLine()).trimmed().section(' ', -1);
        m_authority = m_dir.filePath("hone/authority/ca.pem");
    }
    QByteArray curl(const QStringList& options) {
        QProcess process;
        process.start("curl", QStringList{"-sS", "--cacert", m_authority} + options +
                                  QStringList{m_url + "/api/people/1"});
        process.waitForFinished(kMinute);
        return process.readAllStandardOutput() + process.readAllStandardError();
    }
    int refused(const QStringList& options, QByteArray& words) {
        QProcess process;
        process.setProcessEnvironment(environment());
        process.start(HONE_BINARY, QStringList{"serve"} + options);
        process.waitForFinished(kMinute);
        words = process.readAllStandardError();
        return process.exitCode();
    }

private slots:
    void cleanup() {
        m_server.terminate();
        m_server.waitForFinished(kMinute);
    }
    void tlsServesBothProtocolsUnderTheLocalAuthority();
    void withoutHttp2NoneIsOffered();
    void aSimulatedLinkCostsItsRoundTrips();
    void whatDoesNotFitIsRefusedInWords_data();
    void whatDoesNotFitIsRefusedInWords();
};

void ServeNetworkTest::tlsServesBothProtocolsUnderTheLocalAuthority() {
    serve({"--tls"});
    QVERIFY2(m_url.startsWith("https://127.0.0.1:"), qPrintable(m_url));
    QVERIFY(curl({"-w", " %{http_version}"}).endsWith(" 2"));
    const QByteArray answer = curl({"--http1.1", "-w", " %{http_version} %{ssl_verify_result}"});
    QVERIFY2(answer.contains("Ada") && answer.endsWith(" 1.1 0"), answer.constData());
}

void ServeNetworkTest::withoutHttp2NoneIsOffered() {
    serve({"--tls", "--http1-only"});
    QVERIFY(curl({"-w", " %{http_version}"}).endsWith(" 1.1"));
}

void ServeNetworkTest::aSimulatedLinkCostsItsRoundTrips() {
    serve({"--link", "rtt=60ms"});
    // A lower bound of a delay that the engine adds on purpose: the handshake and the request, a round trip
    // each.
    const double seconds = curl({"-o", "/dev/null", "-w", "%{time_total}"}).toDouble();
    QVERIFY2(seconds >= 0.12, qPrintable(QString::number(seconds)));
}

void ServeNetworkTest::whatDoesNotFitIsRefusedInWords_data() {
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("unknown link") << QStringList{"--link", "5g"} << QByteArray("cross-continent");
    QTest::newRow("certificate alone") << QStringList{"--cert", "a.pem"} << QByteArray("--cert and --key");
    QTest::newRow("clients without TLS") << QStringList{"--client-ca", "a.pem"} << QByteArray("needs --tls");
    QTest::newRow("QUIC in clear") << QStringList{"--http3"} << QByteArray("--http3 needs --tls");
    QTest::newRow("no such certificate")
        << QStringList{"--cert", "/nope.pem", "--key", "/nope.key"} << QByteArray("/nope.pem");
}

void ServeNetworkTest::whatDoesNotFitIsRefusedInWords() {
    QFETCH(QStringList, options);
    QFETCH(QByteArray, words);
    QByteArray said;
    QCOMPARE(refused(options, said), 2);
    QVERIFY2(said.contains(words), said.constData());
}

QTEST_GUILESS_MAIN(ServeNetworkTest)
#include "serve_network_test.moc"
