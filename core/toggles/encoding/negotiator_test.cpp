#include "core/toggles/encoding/negotiator.h"

#include <QtTest>

using namespace hone;
using namespace hone::toggles::encoding;

class NegotiatorTest : public QObject {
    Q_OBJECT
private slots:
    void choosesByWeightThenByOurPreference_data();
    void choosesByWeightThenByOurPreference();
    void offersOnlyWhatIsOn();
    void remembersNothingWrongBetweenClients();
};

void NegotiatorTest::choosesByWeightThenByOurPreference_data() {
    QTest::addColumn<QString>("header");
    QTest::addColumn<QString>("best");
    QTest::addColumn<bool>("identityIsFine");
    QTest::addRow("browser") << "gzip, deflate, br, zstd" << "zstd" << true;
    QTest::addRow("old browser") << "gzip, deflate" << "gzip" << true;
    QTest::addRow("weights win") << "zstd;q=0.5, br;q=0.9, gzip;q=0.1" << "br" << true;
    QTest::addRow("star") << "*" << "zstd" << true;
    QTest::addRow("star without zstd") << "*, zstd;q=0" << "gzip" << true;
    QTest::addRow("empty means identity") << "" << "identity" << true;
    QTest::addRow("only unknown") << "snappy" << "identity" << true;
    QTest::addRow("identity liked better") << "gzip;q=0.2, identity" << "identity" << true;
    QTest::addRow("identity excluded") << "gzip, identity;q=0" << "gzip" << false;
    QTest::addRow("nothing acceptable") << "identity;q=0" << "" << false;
    QTest::addRow("nothing at all") << "*;q=0" << "" << false;
    QTest::addRow("only unknown, no identity") << "snappy, *;q=0" << "" << false;
}

void NegotiatorTest::choosesByWeightThenByOurPreference() {
    QFETCH(QString, header);
    QFETCH(QString, best);
    QFETCH(bool, identityIsFine);
    Negotiator negotiator({Coding::Zstd, Coding::Gzip, Coding::Brotli});
    const std::string text = header.toStdString();
    const auto& choice = negotiator.choose(text);
    QCOMPARE(choice.best ? std::string(coding::codingName(*choice.best)) : std::string(), best.toStdString());
    QCOMPARE(choice.identityIsFine, identityIsFine);
}

void NegotiatorTest::offersOnlyWhatIsOn() {
    Negotiator gzipOnly({Coding::Gzip});
    QCOMPARE(*gzipOnly.choose("br, zstd, gzip;q=0.1").best, Coding::Gzip);
    QCOMPARE(*gzipOnly.choose("br").best, Coding::Identity);
    QVERIFY(!gzipOnly.choose("br, identity;q=0").best);
}

void NegotiatorTest::remembersNothingWrongBetweenClients() {
    Negotiator negotiator({Coding::Zstd, Coding::Gzip});
    QCOMPARE(*negotiator.choose(std::nullopt).best, Coding::Identity);
    QCOMPARE(*negotiator.choose("gzip").best, Coding::Gzip);
    QCOMPARE(*negotiator.choose("gzip").best, Coding::Gzip);
    QCOMPARE(*negotiator.choose("zstd").best, Coding::Zstd);
    QCOMPARE(*negotiator.choose("").best, Coding::Identity);
    QCOMPARE(*negotiator.choose(std::nullopt).best, Coding::Identity);
}

QTEST_GUILESS_MAIN(NegotiatorTest)
#include "negotiator_test.moc"
