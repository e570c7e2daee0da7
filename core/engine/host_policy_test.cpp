#include "core/engine/host_policy.h"

#include <QtTest>

using namespace hone::engine;

class HostPolicyTest : public QObject {
    Q_OBJECT
private slots:
    void knowsLoopbackNamesAndAddresses_data() {
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("name") << "localhost" << true;
        QTest::newRow("name in capitals with port") << "LOCALHOST:80" << true;
        QTest::newRow("address") << "127.0.0.1:8437" << true;
        QTest::newRow("another of the block") << "127.9.9.9" << true;
        QTest::newRow("IPv6") << "[::1]:8437" << true;
        QTest::newRow("IPv6 long form") << "[0:0:0:0:0:0:0:1]" << true;
        QTest::newRow("a name that begins like an address") << "127.0.0.1.attacker.example" << false;
        QTest::newRow("a name that begins like ours") << "localhost.attacker.example" << false;
        QTest::newRow("user information") << "localhost@attacker.example" << false;
        QTest::newRow("another address") << "10.0.0.1:80" << false;
        QTest::newRow("everything") << "0.0.0.0" << false;
        QTest::newRow("no port after the colon is fine") << "localhost:" << true;
        QTest::newRow("port that is none") << "localhost:80x" << false;
        QTest::newRow("open bracket") << "[::1" << false;
        QTest::newRow("after the bracket") << "[::1]x" << false;
        QTest::newRow("empty") << "" << false;
        QTest::newRow("long") << QString(300, '1') << false;
    }
    void knowsLoopbackNamesAndAddresses() {
        QFETCH(QString, host);
        QFETCH(bool, allowed);
        QCOMPARE(HostPolicy("127.0.0.1", {}).allows(host.toStdString()), allowed);
    }

    void allowsTheBindAddressAndWhatWasAllowed() {
        const HostPolicy policy("192.168.1.5", {"api.test:8080", "Dev.Box", "fd00::1"});
        QVERIFY(policy.allows("192.168.1.5:1"));
        QVERIFY(policy.allows("API.test"));
        QVERIFY(policy.allows("api.test:1234"));
        QVERIFY(policy.allows("dev.box:80"));
        QVERIFY(policy.allows("[fd00::1]:80"));
        QVERIFY(!policy.allows("192.168.1.6"));
        QVERIFY(!policy.allows("other.test"));
    }

    void allowsLiteralAddressesButNoNamesWhenBoundToAll() {
        const HostPolicy policy("0.0.0.0", {});
        QVERIFY(policy.allows("192.168.1.5:8437"));
        QVERIFY(policy.allows("[2001:db8::1]:8437"));
        QVERIFY(!policy.allows("attacker.example"));
    }

    void tellsLoopbackOrigins() {
        QVERIFY(isLoopbackOrigin("http://localhost:3000"));
        QVERIFY(isLoopbackOrigin("http://[::1]:3000"));
        QVERIFY(!isLoopbackOrigin("https://attacker.example"));
        QVERIFY(!isLoopbackOrigin("null"));
        QVERIFY(!isLoopbackOrigin("localhost"));
    }
};

QTEST_GUILESS_MAIN(HostPolicyTest)
#include "host_policy_test.moc"
