#include "core/coding/decode_json.h"
#include "core/coding/avro_reader.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace hone;
using namespace hone::coding;
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

std::string text(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

const ordered_json& sample() {
    static const auto kSample = ordered_json::parse(R"([{"z":1,"a":[true,null,-7.25],"s":"é"},{}])");
    return kSample;
}

constexpr char kProto[] =
    "syntax = \"proto3\";\n"
    "enum Colour { NONE = 0; RED = 1; }\n"
    "message Thing { int32 count = 1; optional string note = 2; repeated double all = 3;"
    " Colour colour = 4; Thing inner = 5; }\n";

}  // namespace

class DecodeJsonTest : public QObject {
    Q_OBJECT
private slots:
    void knowsTheMediaTypes_data();
    void knowsTheMediaTypes();
    void readsTheRelativesOfJson_data();
    void readsTheRelativesOfJson();
    void refusesDamagedAndCutBytes_data() { readsTheRelativesOfJson_data(); }
    void refusesDamagedAndCutBytes();
    void refusesWhatIsNestedTooDeeply();
    void readsAnyProtobufWithItsSchema();
    void saysWhyAProtoCannotBeUsed();
    void readsAvroOfAnySchema();
    void refusesAvroThatPromisesMoreThanItHas();
    void findsWhereTheSchemaIs();
};

void DecodeJsonTest::knowsTheMediaTypes_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<int>("format");
    QTest::newRow("json") << "application/json; charset=utf-8" << int(Format::Json);
    QTest::newRow("problem") << "application/problem+json" << int(Format::Json);
    QTest::newRow("msgpack") << "Application/Msgpack" << int(Format::Msgpack);
    QTest::newRow("vendor msgpack") << "application/vnd.msgpack" << int(Format::Msgpack);
    QTest::newRow("cbor") << "application/cbor" << int(Format::Cbor);
    QTest::newRow("protobuf") << "application/x-protobuf;proto=a.B" << int(Format::Protobuf);
    QTest::newRow("avro") << "avro/binary" << int(Format::Avro);
    QTest::newRow("html") << "text/html" << -1;
    QTest::newRow("none") << "" << -1;
}

void DecodeJsonTest::knowsTheMediaTypes() {
    QFETCH(QString, type);
    QFETCH(int, format);
    const auto found = formatOf(type.toStdString());
    QCOMPARE(found ? int(*found) : -1, format);
}

void DecodeJsonTest::readsTheRelativesOfJson_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QByteArray>("bytes");
    const auto add = [](const char* type, const std::string& bytes) {
        QTest::newRow(type) << type << QByteArray::fromStdString(bytes);
    };
    add("application/json", sample().dump(2));
    add("application/msgpack", text(ordered_json::to_msgpack(sample())));
    add("application/cbor", text(ordered_json::to_cbor(sample())));
}

void DecodeJsonTest::readsTheRelativesOfJson() {
    QFETCH(QString, type);
    QFETCH(QByteArray, bytes);
    const auto value = decodeToJson(type.toStdString(), bytes.toStdString());
    QVERIFY2(value, value ? "" : value.error().what.c_str());
    QCOMPARE(value->dump(), sample().dump());  // also the order of members
}

void DecodeJsonTest::refusesDamagedAndCutBytes() {
    QFETCH(QString, type);
    QFETCH(QByteArray, bytes);
    const std::string whole = bytes.toStdString(), kind = type.toStdString();
    for (std::size_t keep = 0; keep < whole.size(); ++keep) {
        const auto value = decodeToJson(kind, std::string_view(whole).substr(0, keep));
        QVERIFY(!value);
        QCOMPARE(value.error().code, Error::Malformed);
    }
    QVERIFY(!decodeToJson(kind, whole + "more"));
    QCOMPARE(decodeToJson("image/png", whole).error().code, Error::Unsupported);
}

void DecodeJsonTest::refusesWhatIsNestedTooDeeply() {
    const std::size_t levels = 1'000'000;
    for (const auto& [type, byte] :
         {std::pair{"application/json", '['}, std::pair{"application/cbor", '\x81'},
          std::pair{"application/msgpack", '\x91'}}) {
        const auto value = decodeToJson(type, std::string(levels, byte));
        QVERIFY(!value);
        QVERIFY2(value.error().what.find("deeper") != std::string::npos, value.error().what.c_str());
    }
}

void DecodeJsonTest::readsAnyProtobufWithItsSchema() {
    // count = 5, all = [0.5] (packed), colour = RED, inner = {count = 6}
    const std::string bytes("\x08\x05\x1a\x08\0\0\0\0\0\0\xe0\x3f\x20\x01\x2a\x02\x08\x06", 18);
    const auto value = decodeToJson("application/x-protobuf", bytes, kProto);
    QVERIFY2(value, value ? "" : value.error().what.c_str());
    const auto expected = json::parse(
        R"({"count":5,"note":null,"all":[0.5],"colour":"RED","inner":{"count":6,"note":null,"all":[],"colour":"NONE","inner":null}})");
    QVERIFY2(json(*value) == expected, value->dump().c_str());
    for (std::size_t keep : {std::size_t(1), std::size_t(5), std::size_t(17)})
        QVERIFY(!decodeToJson("application/x-protobuf", bytes.substr(0, keep), kProto));
}

void DecodeJsonTest::saysWhyAProtoCannotBeUsed() {
    QCOMPARE(decodeToJson("application/x-protobuf", "", "").error().code, Error::InvalidArgument);
    const auto broken = decodeToJson("application/x-protobuf", "", "message {");
    QCOMPARE(broken.error().code, Error::InvalidArgument);
    QVERIFY2(broken.error().what.find("line 1") != std::string::npos, broken.error().what.c_str());
    const auto other = decodeToJson("application/x-protobuf; proto=Other", "", kProto);
    QVERIFY(!other);
    QVERIFY2(other.error().hint.find("Thing") != std::string::npos, other.error().hint.c_str());
}

void DecodeJsonTest::readsAvroOfAnySchema() {
    constexpr char kSchema[] =
        R"({"type":"record","name":"T","fields":[{"name":"a","type":{"type":"array","items":"int"}},{"name":"m","type":{"type":"map","values":"string"}},{"name":"e","type":{"type":"enum","name":"E","symbols":["X","Y"]}},{"name":"f","type":"float"},{"name":"t","type":["null","T"]}]})";
    // a = [1, -2], m = {"k": "v"}, e = Y, f = 0.5, t = null
    const std::string bytes("\x04\x02\x03\x00\x02\x02k\x02v\x00\x02\0\0\0\x3f\x00", 16);
    const auto value = readAvroDatum(kSchema, bytes);
    QVERIFY2(value, value ? "" : value.error().what.c_str());
    QVERIFY(json(*value) == json::parse(R"({"a":[1,-2],"m":{"k":"v"},"e":"Y","f":0.5,"t":null})"));
    QVERIFY(!readAvroDatum(kSchema, bytes + "x"));
    QVERIFY(!readAvroDatum(kSchema, bytes.substr(0, 9)));
    QVERIFY(!readAvroDatum("{\"type\":5}", bytes));
    QVERIFY(!readAvroDatum("\"unknown\"", bytes));
}

void DecodeJsonTest::refusesAvroThatPromisesMoreThanItHas() {
    // An array of 2^60 nulls in ten bytes.
    const std::string many("\x80\x80\x80\x80\x80\x80\x80\x80\x20\x00", 10);
    const auto value = readAvroDatum(R"({"type":"array","items":"null"})", many);
    QVERIFY(!value);
    QCOMPARE(value.error().code, Error::Malformed);
    QVERIFY(!decodeToJson("application/avro", "Obj"));
    QVERIFY(!decodeToJson("application/avro", "{}"));
}

void DecodeJsonTest::findsWhereTheSchemaIs() {
    QCOMPARE(describedBy("</a?page=2>; rel=\"next\", </schema/a.proto>; rel=\"describedby\""),
             std::string("/schema/a.proto"));
    QCOMPARE(describedBy("</x>; title=\"a, b\"; rel=describedby"), std::string("/x"));
    QCOMPARE(describedBy("</x>; rel=next"), std::string());
    QCOMPARE(describedBy("x; rel=describedby"), std::string());
}

QTEST_GUILESS_MAIN(DecodeJsonTest)
#include "decode_json_test.moc"
