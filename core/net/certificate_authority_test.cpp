#include "core/net/certificate_authority.h"

#include "core/net/certificate_maker.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <thread>

using namespace hone;
using namespace hone::net;
using namespace std::chrono_literals;

class CertificateAuthorityTest : public QObject {
    Q_OBJECT
private slots:
    void opensslAcceptsTheCertificateForThisMachineOnly();
    void keysAreReadableByTheirOwnerOnly();
    void whatIsThereIsKept();
    void aCertificateIsRenewedWhenAMonthIsLeft();
    void anExpiredAuthorityIsReplacedWithItsCertificate();
    void brokenFilesAreReplaced_data();
    void brokenFilesAreReplaced();
    void theAuthorityCannotSignForOtherNames();
    void severalAtOnceAgreeOnOne();
    void aFolderThatCannotBeMadeIsReported();
};

namespace {

std::filesystem::path pathOf(const QTemporaryDir& folder) {
    return folder.filePath("certificates").toStdString();
}

QByteArray bytesOf(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Exit code of the openssl program; its words end up in the test's output when it fails.
int openssl(const QStringList& arguments, QByteArray* output = nullptr) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start("openssl", arguments);
    if (!process.waitForFinished(20'000))
        return -1;
    const QByteArray text = process.readAll();
    if (output)
        *output = text;
    return process.exitCode();
}

QString text(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

}  // namespace

void CertificateAuthorityTest::opensslAcceptsTheCertificateForThisMachineOnly() {
    const QTemporaryDir folder;
    const auto files = ensureLocalCertificate(pathOf(folder));
    QVERIFY(files);
    const QStringList verify{"verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", text(files->ca)};
    const QString leaf = text(files->certificate);
    QByteArray said;
    QVERIFY2(openssl(verify + QStringList{"-verify_hostname", "localhost", leaf}, &said) == 0, said);
    QVERIFY2(openssl(verify + QStringList{"-verify_ip", "127.0.0.1", leaf}, &said) == 0, said);
    QVERIFY2(openssl(verify + QStringList{"-verify_ip", "::1", leaf}, &said) == 0, said);
    QVERIFY(openssl(verify + QStringList{"-verify_hostname", "example.org", leaf}) != 0);
    QVERIFY(openssl(verify + QStringList{"-verify_ip", "127.0.0.2", leaf}) != 0);
}

void CertificateAuthorityTest::keysAreReadableByTheirOwnerOnly() {
    const QTemporaryDir folder;
    const auto files = ensureLocalCertificate(pathOf(folder));
    QVERIFY(files);
    for (const auto& key : {files->key, pathOf(folder) / "ca-key.pem"}) {
        struct stat status{};
        QCOMPARE(::stat(key.c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777, mode_t(0600));
    }
}

void CertificateAuthorityTest::whatIsThereIsKept() {
    const QTemporaryDir folder;
    const auto first = ensureLocalCertificate(pathOf(folder));
    QVERIFY(first);
    const QByteArray ca = bytesOf(first->ca), leaf = bytesOf(first->certificate), key = bytesOf(first->key);
    const auto second = ensureLocalCertificate(pathOf(folder));
    QVERIFY(second);
    QVERIFY(!ca.isEmpty() && !leaf.isEmpty() && !key.isEmpty());
    QCOMPARE(bytesOf(second->ca), ca);
    QCOMPARE(bytesOf(second->certificate), leaf);
    QCOMPARE(bytesOf(second->key), key);
}

void CertificateAuthorityTest::aCertificateIsRenewedWhenAMonthIsLeft() {
    const QTemporaryDir folder;
    const auto made = std::chrono::system_clock::now();
    const auto files = ensureLocalCertificate(pathOf(folder), made);
    QVERIFY(files);
    const QByteArray ca = bytesOf(files->ca), leaf = bytesOf(files->certificate);
    QVERIFY(ensureLocalCertificate(pathOf(folder), made + std::chrono::days(334)));
    QCOMPARE(bytesOf(files->certificate), leaf);
    QVERIFY(ensureLocalCertificate(pathOf(folder), made + std::chrono::days(336)));
    QVERIFY(bytesOf(files->certificate) != leaf);
    QCOMPARE(bytesOf(files->ca), ca);  // clients that trust it still do
}

void CertificateAuthorityTest::anExpiredAuthorityIsReplacedWithItsCertificate() {
    const QTemporaryDir folder;
    const auto made = std::chrono::system_clock::now();
    const auto files = ensureLocalCertificate(pathOf(folder), made);
    QVERIFY(files);
    const QByteArray ca = bytesOf(files->ca), leaf = bytesOf(files->certificate);
    QVERIFY(ensureLocalCertificate(pathOf(folder), made + std::chrono::days(3'650)));
    QVERIFY(bytesOf(files->ca) != ca);
    QVERIFY(bytesOf(files->certificate) != leaf);
}

void CertificateAuthorityTest::brokenFilesAreReplaced_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"ca.pem", "ca-key.pem", "localhost.pem", "localhost-key.pem"})
        QTest::newRow(name) << QString(name);
}

void CertificateAuthorityTest::brokenFilesAreReplaced() {
    QFETCH(QString, name);
    const QTemporaryDir folder;
    QVERIFY(ensureLocalCertificate(pathOf(folder)));
    QFile file(folder.filePath("certificates/" + name));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write("-----BEGIN CERTIFICATE-----\nbroken\n");
    file.close();
    const auto files = ensureLocalCertificate(pathOf(folder));
    QVERIFY(files);
    QByteArray said;
    QVERIFY2(openssl({"verify", "-CAfile", text(files->ca), text(files->certificate)}, &said) == 0, said);
}

void CertificateAuthorityTest::theAuthorityCannotSignForOtherNames() {
    const QTemporaryDir folder;
    const auto files = ensureLocalCertificate(pathOf(folder));
    QVERIFY(files);
    const QString request = folder.filePath("evil.csr"), leaf = folder.filePath("evil.pem");
    QCOMPARE(openssl({"req", "-new", "-key", text(files->key), "-subj", "/CN=example.org", "-addext",
                      "subjectAltName=DNS:example.org", "-out", request}),
             0);
    QCOMPARE(openssl({"x509", "-req", "-in", request, "-copy_extensions", "copy", "-CA", text(files->ca),
                      "-CAkey", text(pathOf(folder) / "ca-key.pem"), "-out", leaf}),
             0);
    QByteArray said;
    QVERIFY(openssl({"verify", "-CAfile", text(files->ca), leaf}, &said) != 0);
    QVERIFY2(said.contains("permitted subtree violation"), said);
}

void CertificateAuthorityTest::severalAtOnceAgreeOnOne() {
    const QTemporaryDir folder;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] { static_cast<void>(ensureLocalCertificate(pathOf(folder))); });
    }
    const QByteArray ca = bytesOf(pathOf(folder) / "ca.pem");
    const auto files = ensureLocalCertificate(pathOf(folder));
    QVERIFY(files);
    QVERIFY(!ca.isEmpty());
    QCOMPARE(bytesOf(files->ca), ca);
}

void CertificateAuthorityTest::aFolderThatCannotBeMadeIsReported() {
    const QTemporaryDir folder;
    QFile file(folder.filePath("certificates"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto files = ensureLocalCertificate(pathOf(folder) / "below");
    QVERIFY(!files);
    QVERIFY(files.error().what.contains("certificates/below"));
    QVERIFY(!files.error().hint.empty());
}

QTEST_GUILESS_MAIN(CertificateAuthorityTest)
#include "certificate_authority_test.moc"
