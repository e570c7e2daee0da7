#include "core/compose/representation.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace hone::compose;

class RepresentationTest : public QObject {
    Q_OBJECT
private slots:
    void binaryFormatsAreShownAsJson();
    void otherContentStaysAsItIs();
    void saysWhyContentCannotBeRead();
    void protobufIsReadWithItsSchema();
    void schemasComeOnlyFromTheServerThatAnswered();
};

void RepresentationTest::binaryFormatsAreShownAsJson() {
    const auto value = nlohmann::ordered_json::parse(R"({"b":1,"a":["x",null]})");
    const auto m = nlohmann::ordered_json::to_msgpack(value), c = nlohmann::ordered_json::to_cbor(value);
    const QByteArray msgpack(reinterpret_cast<const char*>(m.data()), static_cast<qsizetype>(m.size()));
    const QByteArray cbor(reinterpret_cast<const char*>(c.data()), static_cast<qsizetype>(c.size()));
    const auto shown = showContent("application/msgpack", msgpack);
    QCOMPARE(shown.text, QByteArray::fromStdString(value.dump(2)));
    QCOMPARE(shown.format, QString("MessagePack"));
    QVERIFY(shown.problem.isEmpty());
    QCOMPARE(showContent("application/cbor", cbor).text, shown.text);
}

void RepresentationTest::otherContentStaysAsItIs() {
    for (const char* type : {"application/json", "text/html", "image/png", ""}) {
        const auto shown = showContent(type, "{\"a\" :1}");
        QCOMPARE(shown.text, QByteArray("{\"a\" :1}"));
        QVERIFY(shown.format.isEmpty());
    }
}

void RepresentationTest::saysWhyContentCannotBeRead() {
    const auto shown = showContent("application/cbor", "\xff");
    QCOMPARE(shown.text, QByteArray("\xff"));
    QVERIFY(shown.problem.contains("CBOR"));
    QVERIFY(showContent("application/x-protobuf", "\x08\x01").problem.contains(".proto"));
}

void RepresentationTest::protobufIsReadWithItsSchema() {
    const auto shown = showContent("application/x-protobuf", "\x08\x05",
                                   "syntax = \"proto3\"; message T { int32 count = 1; }");
    QVERIFY2(shown.problem.isEmpty(), qPrintable(shown.problem));
    QCOMPARE(shown.text, QByteArray("{\n  \"count\": 5\n}"));
}

void RepresentationTest::schemasComeOnlyFromTheServerThatAnswered() {
    const QUrl answered("http://127.0.0.1:8437/api/cities?limit=5");
    const QByteArray type = "application/x-protobuf; proto=hone.CitiesList";
    QCOMPARE(schemaNeeded(answered, type, "</schema/cities.proto>; rel=\"describedby\""),
             QUrl("http://127.0.0.1:8437/schema/cities.proto"));
    QVERIFY(schemaNeeded(answered, type, "<http://10.0.0.1/x>; rel=\"describedby\"").isEmpty());
    QVERIFY(schemaNeeded(answered, type, "<file:///etc/passwd>; rel=\"describedby\"").isEmpty());
    QVERIFY(schemaNeeded(answered, type, "</api?page=2>; rel=\"next\"").isEmpty());
    QVERIFY(schemaNeeded(answered, "application/json", "</s>; rel=\"describedby\"").isEmpty());
    QVERIFY(schemaNeeded(answered, "avro/binary", "</s.avsc>; rel=\"describedby\"").isEmpty());
}

QTEST_GUILESS_MAIN(RepresentationTest)
#include "representation_test.moc"
