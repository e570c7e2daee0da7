#include "core/data/packed_rows.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

using namespace hone;
using namespace hone::data;
using nlohmann::ordered_json;

namespace {

Cell integerCell(std::int64_t value) { return {.kind = Cell::Integer, .integer = value}; }
Cell realCell(double value) {
    Cell cell{.kind = Cell::Real};
    cell.real = value;
    return cell;
}

/// One column for each way a value can be, and the edges of every width.
RowSet edges() {
    RowSet rows{.columns = {{"id", ColumnType::Integer},
                            {"ratio", ColumnType::Real},
                            {"a name of more than thirty-one bytes", ColumnType::Text},
                            {"on", ColumnType::Boolean}}};
    std::vector<std::int64_t> integers = {0, -1};
    for (int bits = 3; bits < 63; ++bits)
        for (const std::int64_t off : {-1, 0, 1}) {
            integers.push_back((std::int64_t{1} << bits) + off);
            integers.push_back(-(std::int64_t{1} << bits) + off);
        }
    integers.push_back(std::numeric_limits<std::int64_t>::max());
    integers.push_back(std::numeric_limits<std::int64_t>::min());
    const double reals[] = {0.5, -0.1, 1e300, 52.520007, std::numeric_limits<double>::denorm_min(), -2.5};
    std::size_t i = 0;
    for (const auto integer : integers) {
        rows.cells.push_back(integerCell(integer));
        rows.cells.push_back(i % 5 == 4 ? Cell{} : realCell(reals[i % std::size(reals)]));
        const std::size_t length = i % 7 == 6 ? 70'000 : i * 3;
        Cell text{.kind = Cell::Text, .length = static_cast<std::uint32_t>(length)};
        text.offset = rows.arena.size();
        rows.arena.append(length, 'x');
        rows.cells.push_back(text);
        rows.cells.push_back({.kind = Cell::Boolean, .integer = static_cast<std::int64_t>(i % 2)});
        ++i;
    }
    return rows;
}

ordered_json asJson(const RowSet& rows) {
    std::string text;
    writeJsonArray(rows, JsonStyle::Minified, text);
    return ordered_json::parse(text);
}

std::string text(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

class PackedRowsTest : public QObject {
    Q_OBJECT
private slots:
    void msgpackIsByteForByteWhatTheReferenceWrites();
    void cborIsByteForByteWhatTheReferenceWrites();
    void oneRowIsAnObject();
    void anEmptySetIsAnEmptyArray();
    void appendsToWhatIsThere();
};

void PackedRowsTest::msgpackIsByteForByteWhatTheReferenceWrites() {
    const RowSet rows = edges();
    std::string ours;
    writeMsgpackArray(rows, ours);
    QVERIFY(ordered_json::from_msgpack(ours) == asJson(rows));
    QVERIFY(ours == text(ordered_json::to_msgpack(asJson(rows))));
}

void PackedRowsTest::cborIsByteForByteWhatTheReferenceWrites() {
    const RowSet rows = edges();
    std::string ours;
    writeCborArray(rows, ours);
    QVERIFY(ordered_json::from_cbor(ours) == asJson(rows));
    QVERIFY(ours == text(ordered_json::to_cbor(asJson(rows))));
}

void PackedRowsTest::oneRowIsAnObject() {
    const RowSet rows = edges();
    for (const std::size_t row : {std::size_t{0}, std::size_t{6}, rows.rowCount() - 1}) {
        std::string msgpack, cbor;
        writeMsgpackObject(rows, row, msgpack);
        writeCborObject(rows, row, cbor);
        QVERIFY(ordered_json::from_msgpack(msgpack) == asJson(rows)[row]);
        QVERIFY(ordered_json::from_cbor(cbor) == asJson(rows)[row]);
    }
}

void PackedRowsTest::anEmptySetIsAnEmptyArray() {
    const RowSet none{.columns = {{"id"}}};
    std::string msgpack, cbor;
    writeMsgpackArray(none, msgpack);
    writeCborArray(none, cbor);
    QCOMPARE(msgpack, std::string("\x90"));
    QCOMPARE(cbor, std::string("\x80"));
}

void PackedRowsTest::appendsToWhatIsThere() {
    std::string out = "kept";
    writeCborArray(edges(), out);
    QVERIFY(out.starts_with("kept"));
    QVERIFY(ordered_json::from_cbor(out.substr(4)) == asJson(edges()));
}

QTEST_GUILESS_MAIN(PackedRowsTest)
#include "packed_rows_test.moc"
