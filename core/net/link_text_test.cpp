#include "core/net/link.h"

#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::net;
using namespace std::chrono_literals;

class LinkTextTest : public QObject {
    Q_OBJECT
private slots:
    void listsThePresetsInOrderWithTheirSources();
    void readsEveryPresetByItsName();
    void readsParts();
    void readsAPresetWithChanges();
    void readsRates_data();
    void readsRates();
    void refusesWhatItDoesNotKnow_data();
    void refusesWhatItDoesNotKnow();
    void namesTheKnownLinks();
    void writesWhatItReads_data();
    void writesWhatItReads();
    void losesNothingOfOddNumbers();
};

void LinkTextTest::listsThePresetsInOrderWithTheirSources() {
    QStringList names;
    for (const auto& preset : linkPresets()) {
        names << QString::fromStdString(preset.options.name);
        QVERIFY(!preset.title.empty());
        QVERIFY(preset.source.size() > 20);
        QVERIFY(preset.source.ends_with('.'));
    }
    QCOMPARE(names, QStringList({"loopback", "lan", "fibre", "cable", "4g", "3g", "cross-continent"}));
}

void LinkTextTest::readsEveryPresetByItsName() {
    for (const auto& preset : linkPresets())
        QVERIFY(parseLink(preset.options.name) == preset.options);
    QCOMPARE(parseLink("3g")->rtt, Nanos(300ms));  // the full round trip, never half of it
}

void LinkTextTest::readsParts() {
    const auto link = parseLink("rtt=80ms, jitter=5ms,down=10Mbit,up=2Mbit,loss=1%,burst=3000B,seed=7");
    QVERIFY(link.has_value());
    const LinkOptions expected{.name = link->name,
                               .rtt = 80ms,
                               .jitter = 5ms,
                               .downBitsPerSecond = 10e6,
                               .upBitsPerSecond = 2e6,
                               .burstBytes = 3000,
                               .loss = 0.01,
                               .seed = 7};
    QVERIFY(*link == expected);
    QCOMPARE(link->name, std::string("rtt=80ms, jitter=5ms,down=10Mbit,up=2Mbit,loss=1%,burst=3000B,seed=7"));
}

void LinkTextTest::readsAPresetWithChanges() {
    const auto link = parseLink("3g,loss=2.5%,down=0");
    QVERIFY(link.has_value());
    QCOMPARE(link->rtt, Nanos(300ms));
    QCOMPARE(link->upBitsPerSecond, 768e3);
    QCOMPARE(link->downBitsPerSecond, 0.0);
    QCOMPARE(link->loss, 0.025);
    QCOMPARE(link->name, std::string("3g,loss=2.5%,down=0"));
}

void LinkTextTest::readsRates_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<double>("bits");
    QTest::newRow("kilo") << QByteArray("768kbit") << 768e3;
    QTest::newRow("mega with a fraction") << QByteArray("1.6Mbit") << 1.6e6;
    QTest::newRow("per second said") << QByteArray("10 Mbit/s") << 10e6;
    QTest::newRow("the other spelling") << QByteArray("10Mbps") << 10e6;
    QTest::newRow("giga") << QByteArray("1Gbit") << 1e9;
    QTest::newRow("single bits") << QByteArray("9600bit") << 9600.0;
    QTest::newRow("no limit") << QByteArray("unlimited") << 0.0;
}

void LinkTextTest::readsRates() {
    QFETCH(QByteArray, text);
    QFETCH(double, bits);
    const auto link = parseLink("down=" + text.toStdString());
    QVERIFY(link.has_value());
    QCOMPARE(link->downBitsPerSecond, bits);
}

void LinkTextTest::refusesWhatItDoesNotKnow_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("neither a link");
    QTest::newRow("a wrong name") << QByteArray("5g") << QByteArray("\"5g\"");
    QTest::newRow("a name behind a part") << QByteArray("rtt=1ms,3g") << QByteArray("\"3g\"");
    QTest::newRow("an empty part") << QByteArray("3g,,loss=1%") << QByteArray("\"\"");
    QTest::newRow("a wrong part") << QByteArray("delay=80ms") << QByteArray("\"delay\"");
    QTest::newRow("a rate in bytes") << QByteArray("down=10MB") << QByteArray("10MB");
    QTest::newRow("a rate without unit") << QByteArray("down=10") << QByteArray("\"10\"");
    QTest::newRow("a negative rate") << QByteArray("down=-1Mbit") << QByteArray("-1Mbit");
    QTest::newRow("too slow") << QByteArray("down=1bit") << QByteArray("1bit");
    QTest::newRow("too fast") << QByteArray("up=1e9Gbit") << QByteArray("1e9Gbit");
    QTest::newRow("not a number") << QByteArray("up=nanMbit") << QByteArray("nanMbit");
    QTest::newRow("loss without percent") << QByteArray("loss=0.01") << QByteArray("0.01");
    QTest::newRow("too much loss") << QByteArray("loss=51%") << QByteArray("51%");
    QTest::newRow("a delay without unit") << QByteArray("rtt=80") << QByteArray("80");
    QTest::newRow("too far") << QByteArray("rtt=2h") << QByteArray("2h");
    QTest::newRow("a seed that is none") << QByteArray("seed=-1") << QByteArray("-1");
}

void LinkTextTest::refusesWhatItDoesNotKnow() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, says);
    const auto link = parseLink(text.toStdString());
    QVERIFY(!link.has_value());
    QCOMPARE(link.error().code, Error::InvalidArgument);
    QVERIFY2(QByteArray::fromStdString(link.error().what).contains(says), link.error().what.c_str());
    QVERIFY(!link.error().hint.empty());
}

void LinkTextTest::namesTheKnownLinks() {
    const auto link = parseLink("dsl");
    QVERIFY(!link.has_value());
    for (const auto& preset : linkPresets())
        QVERIFY(link.error().hint.find(preset.options.name) != std::string::npos);
}

void LinkTextTest::writesWhatItReads_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"loopback", "cross-continent", "rtt=80ms", "rtt=0s,seed=3", "rtt=1ms,loss=1.3%",
                             "rtt=80ms,jitter=5ms,down=10Mbit,up=768kbit,burst=3000B,loss=1%,seed=7"})
        QTest::newRow(text) << QByteArray(text);
}

void LinkTextTest::writesWhatItReads() {
    QFETCH(QByteArray, text);
    const auto link = parseLink(text.toStdString());
    QVERIFY(link.has_value());
    QCOMPARE(linkText(*link), text.toStdString());
}

void LinkTextTest::losesNothingOfOddNumbers() {
    LinkOptions link;
    for (double share = 1e-9; share < 0.4; share *= 1.37) {
        link.loss = share;
        link.downBitsPerSecond = 1e3 / share;
        link.upBitsPerSecond = 1e4 * (1 + share);
        const auto back = parseLink(linkText(link));
        QVERIFY2(back.has_value(), linkText(link).c_str());
        QCOMPARE(back->loss, link.loss);
        QCOMPARE(back->downBitsPerSecond, link.downBitsPerSecond);
        QCOMPARE(back->upBitsPerSecond, link.upBitsPerSecond);
    }
}

QTEST_GUILESS_MAIN(LinkTextTest)
#include "link_text_test.moc"
