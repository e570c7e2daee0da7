// What we write is read by the reference implementations: protoc, libprotobuf and the Avro C library.

#include "core/toggles/encoding/schema_rows.h"
#include "core/coding/avro_reader.h"
#include "core/coding/decode_json.h"
#include "core/toggles/encoding/schema_names.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <nlohmann/json.hpp>

extern "C" {
#include <avro.h>
}

#include <limits>

using namespace hone;
using namespace hone::toggles::encoding;
using data::Cell;
using data::ColumnType;
using nlohmann::json;

namespace {

data::Table things() {
    return {.name = "order_items",
            .columns = {{"id", ColumnType::Integer},
                        {"unit price", ColumnType::Real},
                        {"name", ColumnType::Text},
                        {"in_stock", ColumnType::Boolean},
                        {"InStock", ColumnType::Text},
                        {"größe \"x\"", ColumnType::Integer}},
            .key = "id",
            .foreignKeys = {},
            .rowCount = 3};
}

Cell integerCell(std::int64_t value) { return {.kind = Cell::Integer, .integer = value}; }
Cell realCell(double value) {
    Cell cell{.kind = Cell::Real};
    cell.real = value;
    return cell;
}
Cell booleanCell(bool value) { return {.kind = Cell::Boolean, .integer = value ? 1 : 0}; }
Cell textCell(data::RowSet& rows, std::string_view text) {
    Cell cell{.kind = Cell::Text, .length = static_cast<std::uint32_t>(text.size())};
    cell.offset = rows.arena.size();
    rows.arena += text;
    return cell;
}

data::RowSet threeRows() {
    data::RowSet rows{.columns = things().columns};
    rows.cells = {integerCell(1),
                  realCell(0.5),
                  textCell(rows, "Ünïcode ✓"),
                  booleanCell(true),
                  Cell{},
                  integerCell(-1),
                  integerCell(std::numeric_limits<std::int64_t>::max()),
                  integerCell(7),
                  textCell(rows, ""),
                  booleanCell(false),
                  textCell(rows, std::string(300, 'x')),
                  integerCell(std::numeric_limits<std::int64_t>::min()),
                  integerCell(0),
                  Cell{},
                  Cell{},
                  Cell{},
                  Cell{},
                  Cell{}};
    return rows;
}

/// The second and first column only.
data::RowSet projection() {
    data::RowSet rows{.columns = {things().columns[2], things().columns[0]}};
    rows.cells = {textCell(rows, "a"), integerCell(1), Cell{}, integerCell(2)};
    return rows;
}

data::RowSet one(const data::RowSet& rows) {
    data::RowSet out = rows;
    out.cells.resize(rows.columns.size());
    return out;
}

json asJson(const data::RowSet& rows) {
    std::string text;
    writeJsonArray(rows, data::JsonStyle::Minified, text);
    return json::parse(text);
}

json decoded(const TableSchema& schema, const data::RowSet& rows, bool isList, bool isAvro) {
    std::string bytes;
    isAvro ? schema.writeAvro(rows, isList, bytes) : schema.writeProtobuf(rows, bytes);
    const auto type = isAvro ? "avro/binary" : "application/x-protobuf; proto=" + schema.messageType(isList);
    const auto value = coding::decodeToJson(type, bytes, isAvro ? std::string() : schema.proto());
    return value ? json(*value) : json(value.error().line());
}

/// Everything the Avro C library says about a file: its schema's fields and each record as JSON.
std::vector<json> readWithAvroC(const std::string& bytes) {
    std::vector<json> out;
    FILE* file = fmemopen(const_cast<char*>(bytes.data()), bytes.size(), "rb");
    avro_file_reader_t reader = nullptr;
    if (avro_file_reader_fp(file, "answer", 1, &reader) != 0) {
        out.emplace_back(avro_strerror());
        return out;
    }
    avro_schema_t schema = avro_file_reader_get_writer_schema(reader);
    avro_value_iface_t* iface = avro_generic_class_from_schema(schema);
    avro_value_t value;
    avro_generic_value_new(iface, &value);
    while (avro_file_reader_read_value(reader, &value) == 0) {
        char* text = nullptr;
        avro_value_to_json(&value, 1, &text);
        out.push_back(json::parse(text));
        free(text);
        avro_value_reset(&value);
    }
    avro_value_decref(&value);
    avro_value_iface_decref(iface);
    avro_schema_decref(schema);
    avro_file_reader_close(reader);
    return out;
}

}  // namespace

class SchemaRowsTest : public QObject {
    Q_OBJECT
private slots:
    void bothFormatsSayWhatTheJsonSays_data();
    void bothFormatsSayWhatTheJsonSays();
    void protocReadsOurBytesWithOurSchema();
    void theAvroLibraryReadsOurFiles();
    void theAvroLibraryAcceptsTheServedSchema();
    void valuesOfAnotherTypeDoNotFit();
    void namesAreMadeFitAndKeptApart();
    void tablesOfAnyNameGetAMessageName();
};

void SchemaRowsTest::bothFormatsSayWhatTheJsonSays_data() {
    QTest::addColumn<bool>("isAvro");
    QTest::newRow("Protocol Buffers") << false;
    QTest::newRow("Avro") << true;
}

void SchemaRowsTest::bothFormatsSayWhatTheJsonSays() {
    QFETCH(bool, isAvro);
    const TableSchema schema(things());
    data::RowSet none{.columns = things().columns};
    for (const auto& rows : {threeRows(), projection(), none}) {
        QVERIFY(schema.fits(rows));
        const json got = decoded(schema, rows, true, isAvro);
        QVERIFY2(got == asJson(rows), (got.dump() + "\n" + asJson(rows).dump()).c_str());
    }
    for (const auto& rows : {one(threeRows()), one(projection())})
        QVERIFY(decoded(schema, rows, false, isAvro) == asJson(rows)[0]);
}

void SchemaRowsTest::protocReadsOurBytesWithOurSchema() {
    const QString protoc = QStandardPaths::findExecutable("protoc");
    if (protoc.isEmpty()) {
        if (qEnvironmentVariableIsSet("CI"))
            QFAIL("protoc is not installed (Debian: protobuf-compiler)");
        QSKIP("protoc is not installed (Debian: protobuf-compiler)");
    }
    const TableSchema schema(things());
    QTemporaryDir folder;
    QFile file(folder.filePath("things.proto"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(schema.proto().c_str());
    file.close();
    std::string bytes;
    schema.writeProtobuf(threeRows(), bytes);
    QProcess process;
    process.start(protoc, {"--decode=hone.OrderItemsList", "-I" + folder.path(), "things.proto"});
    QVERIFY(process.waitForStarted());
    process.write(bytes.data(), static_cast<qint64>(bytes.size()));
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished());
    const QByteArray text = process.readAllStandardOutput(), errors = process.readAllStandardError();
    QCOMPARE(process.exitCode(), 0);
    QVERIFY2(errors.isEmpty(), errors);
    QVERIFY2(text.contains("id: 9223372036854775807"), text);
    QVERIFY2(text.contains("column2: 0.5"), text);
    QVERIFY2(text.contains("in_stock: true"), text);
    QVERIFY2(text.contains("column6: -9223372036854775808"), text);
    QCOMPARE(text.count("items {"), 3);
}

void SchemaRowsTest::theAvroLibraryReadsOurFiles() {
    const TableSchema schema(things());
    std::string bytes;
    schema.writeAvro(threeRows(), true, bytes);
    const auto records = readWithAvroC(bytes);
    QCOMPARE(records.size(), std::size_t(3));
    QVERIFY2(records[0]["name"]["string"] == "Ünïcode ✓", records[0].dump().c_str());
    QVERIFY(records[0]["column2"]["double"] == 0.5);
    QVERIFY(records[0]["in_stock"]["boolean"] == true);
    QVERIFY(records[0]["column5"].is_null());
    QVERIFY(records[1]["column6"]["long"] == std::numeric_limits<std::int64_t>::min());
    QVERIFY(records[2]["id"]["long"] == 0);
    std::string fewer;
    schema.writeAvro(projection(), true, fewer);
    QCOMPARE(readWithAvroC(fewer).size(), std::size_t(2));
    QCOMPARE(readWithAvroC(fewer)[0].size(), std::size_t(2));
}

void SchemaRowsTest::theAvroLibraryAcceptsTheServedSchema() {
    const TableSchema schema(things());
    avro_schema_t parsed = nullptr;
    QCOMPARE(avro_schema_from_json_length(schema.avsc().data(), schema.avsc().size(), &parsed), 0);
    QCOMPARE(std::string(avro_schema_name(parsed)), std::string("OrderItems"));
    QCOMPARE(avro_schema_record_size(parsed), std::size_t(6));
    avro_schema_decref(parsed);
    QVERIFY(json::accept(schema.avsc()));
}

void SchemaRowsTest::valuesOfAnotherTypeDoNotFit() {
    const TableSchema schema(things());
    auto rows = threeRows();
    rows.cells[0] = textCell(rows, "not a number");
    QVERIFY(!schema.fits(rows));
    rows = threeRows();
    rows.cells[1] = integerCell((std::int64_t{1} << 53) + 1);  // would change as a double
    QVERIFY(!schema.fits(rows));
    rows = threeRows();
    rows.columns[0].name = "computed";
    QVERIFY(!schema.fits(rows));
}

void SchemaRowsTest::namesAreMadeFitAndKeptApart() {
    const auto names = fieldNames({{"a_b"}, {"aB"}, {"AB"}, {"column2"}, {""}, {"_x"}, {"ok9"}});
    QCOMPARE(names[0], std::string("a_b"));
    QCOMPARE(names[1], std::string("columnx2"));  // column2 is somebody's own name
    QCOMPARE(names[2], std::string("column3"));
    QCOMPARE(names[3], std::string("column2"));
    QCOMPARE(names[4], std::string("column5"));
    QCOMPARE(names[5], std::string("column6"));
    QCOMPARE(names[6], std::string("ok9"));
}

void SchemaRowsTest::tablesOfAnyNameGetAMessageName() {
    QCOMPARE(messageName("cities"), std::string("Cities"));
    QCOMPARE(messageName("order_items"), std::string("OrderItems"));
    QCOMPARE(messageName("2024 sales"), std::string("Sales"));
    QCOMPARE(messageName("日本"), std::string("Table"));
}

QTEST_GUILESS_MAIN(SchemaRowsTest)
#include "schema_rows_test.moc"
