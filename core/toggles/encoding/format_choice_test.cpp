#include "core/toggles/encoding/format_choice.h"

#include <QtTest>

using namespace hone;
using namespace hone::toggles::encoding;

class FormatChoiceTest : public QObject {
    Q_OBJECT
private slots:
    void choosesByWeightThenByNameThenByOurOrder_data();
    void choosesByWeightThenByNameThenByOurOrder();
    void anAbsentFieldTakesOurFirst();
    void offersOnlyWhatIsOnAndCanBeWritten();
    void remembersNothingWrongBetweenClients();
};

void FormatChoiceTest::choosesByWeightThenByNameThenByOurOrder_data() {
    QTest::addColumn<QString>("accept");
    QTest::addColumn<QString>("type");
    QTest::newRow("browser") << "text/html,application/xhtml+xml,*/*;q=0.8" << "application/json";
    QTest::newRow("any") << "*/*" << "application/json";
    QTest::newRow("subtype wildcard") << "application/*" << "application/json";
    QTest::newRow("avro wildcard") << "avro/*" << "avro/binary";
    QTest::newRow("named") << "application/cbor" << "application/cbor";
    QTest::newRow("other name") << "application/vnd.msgpack" << "application/vnd.msgpack";
    QTest::newRow("weights") << "application/json;q=0.5, application/msgpack" << "application/msgpack";
    QTest::newRow("equal") << "application/cbor, application/json" << "application/json";
    QTest::newRow("named beats wildcard") << "*/*, application/cbor" << "application/cbor";
    QTest::newRow("the closest range counts") << "*/*, application/json;q=0.1" << "application/msgpack";
    QTest::newRow("excluded") << "application/json;q=0, application/*" << "application/msgpack";
    QTest::newRow("parameters") << "application/json;charset=utf-8" << "application/json";
    QTest::newRow("case") << "Application/CBOR" << "application/cbor";
    QTest::newRow("nothing we have") << "text/html, image/*" << "";
    QTest::newRow("nothing at all") << "*/*;q=0" << "";
    QTest::newRow("unreadable weights only") << "application/cbor;q=nonsense" << "application/json";
    QTest::newRow("empty") << "" << "application/json";
}

void FormatChoiceTest::choosesByWeightThenByNameThenByOurOrder() {
    QFETCH(QString, accept);
    QFETCH(QString, type);
    FormatChoice choice({Format::Json, Format::Msgpack, Format::Cbor, Format::Protobuf, Format::Avro});
    const std::string field = accept.toStdString();
    const auto& chosen = choice.choose(field, true);
    QCOMPARE(std::string(chosen.mediaType), type.toStdString());
    QCOMPARE(chosen.format.has_value(), !type.isEmpty());
}

void FormatChoiceTest::anAbsentFieldTakesOurFirst() {
    FormatChoice choice({Format::Cbor, Format::Json});
    QCOMPARE(*choice.choose(std::nullopt, false).format, Format::Cbor);
    QCOMPARE(*choice.choose("application/json, */*", false).format, Format::Json);
}

void FormatChoiceTest::offersOnlyWhatIsOnAndCanBeWritten() {
    FormatChoice choice({Format::Avro, Format::Json});
    QVERIFY(!choice.choose("application/cbor", true).format);
    QCOMPARE(*choice.choose("*/*", true).format, Format::Avro);
    QCOMPARE(*choice.choose("*/*", false).format, Format::Json);
    QVERIFY(!choice.choose("application/avro", false).format);
    QCOMPARE(choice.available(true), std::string("application/avro, application/json"));
    QCOMPARE(choice.available(false), std::string("application/json"));
    QVERIFY(choice.varies());
    QVERIFY(!FormatChoice({Format::Json}).varies());
}

void FormatChoiceTest::remembersNothingWrongBetweenClients() {
    FormatChoice choice({Format::Json, Format::Cbor, Format::Avro});
    QCOMPARE(*choice.choose("application/cbor", true).format, Format::Cbor);
    QCOMPARE(*choice.choose("application/cbor", true).format, Format::Cbor);
    QCOMPARE(*choice.choose(std::nullopt, true).format, Format::Json);
    QCOMPARE(*choice.choose("application/avro", true).format, Format::Avro);
    QVERIFY(!choice.choose("application/avro", false).format);
    QCOMPARE(*choice.choose("", true).format, Format::Json);
}

QTEST_GUILESS_MAIN(FormatChoiceTest)
#include "format_choice_test.moc"
