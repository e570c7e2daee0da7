#include "core/toggles/encoding/schema_rows.h"

#include "core/base/assert.h"
#include "core/data/byte_tail.h"
#include "core/http/hash.h"
#include "core/toggles/encoding/schema_names.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace hone::toggles::encoding {
namespace {

using data::Cell;
using data::ColumnType;
using data::RowSet;
using Coded = google::protobuf::io::CodedOutputStream;

std::uint8_t* bytesAt(char* p) { return reinterpret_cast<std::uint8_t*>(p); }
char* charsAt(std::uint8_t* p) { return reinterpret_cast<char*>(p); }
char* putVarint(std::uint64_t value, char* p) {
    return charsAt(Coded::WriteVarint64ToArray(value, bytesAt(p)));
}
char* putDouble(double value, char* p) {
    return charsAt(Coded::WriteLittleEndian64ToArray(std::bit_cast<std::uint64_t>(value), bytesAt(p)));
}
char* putBytes(std::string_view bytes, char* p) {
    std::memcpy(p, bytes.data(), bytes.size());
    return p + bytes.size();
}

/// A whole number in a column of fractions; fits() let only those through that lose nothing.
double realOf(const Cell& cell) {
    return cell.kind == Cell::Real ? cell.real : static_cast<double>(cell.integer);
}

// Wire types of the encoding of Protocol Buffers.
enum : std::uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2 };
constexpr std::uint32_t tagOf(std::uint32_t number, std::uint32_t wireType) { return number << 3 | wireType; }

/// How one column of a set is written.
struct ProtoField {
    std::uint32_t tag = 0;
    std::size_t tagBytes = 0;
    ColumnType type = ColumnType::Text;

    ProtoField(std::uint32_t number, ColumnType columnType)
        : tag(tagOf(number, columnType == ColumnType::Text   ? kBytes
                            : columnType == ColumnType::Real ? kFixed64
                                                             : kVarint)),
          tagBytes(Coded::VarintSize32(tag)),
          type(columnType) {}

    [[nodiscard]] std::size_t size(const Cell& cell) const {
        if (cell.kind == Cell::Null)
            return 0;
        switch (type) {
            case ColumnType::Integer:
                return tagBytes + Coded::VarintSize64(static_cast<std::uint64_t>(cell.integer));
            case ColumnType::Real: return tagBytes + 8;
            case ColumnType::Boolean: return tagBytes + 1;
            case ColumnType::Text: return tagBytes + Coded::VarintSize32(cell.length) + cell.length;
        }
        return 0;
    }
    char* put(const RowSet& rows, const Cell& cell, char* p) const {
        if (cell.kind == Cell::Null)
            return p;
        p = putVarint(tag, p);
        switch (type) {
            case ColumnType::Integer: return putVarint(static_cast<std::uint64_t>(cell.integer), p);
            case ColumnType::Real: return putDouble(realOf(cell), p);
            case ColumnType::Boolean: return putVarint(cell.integer != 0 ? 1 : 0, p);
            case ColumnType::Text: return putBytes(rows.text(cell), putVarint(cell.length, p));
        }
        return p;
    }
};

constexpr std::size_t kLongestVarint = 10;
constexpr std::uint32_t kItemsTag = tagOf(1, kBytes), kColumnsTag = tagOf(2, kBytes);

// Avro ("Binary Encoding"): zig-zag varints, so that small negative numbers are short too.
char* putLong(std::int64_t value, char* p) {
    return putVarint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63), p);
}

/// The branch of the union, then the value.
char* putAvro(const RowSet& rows, const Cell& cell, ColumnType type, char* p) {
    if (cell.kind == Cell::Null)
        return putLong(0, p);
    p = putLong(1, p);
    switch (type) {
        case ColumnType::Integer: return putLong(cell.integer, p);
        case ColumnType::Real: return putDouble(realOf(cell), p);
        case ColumnType::Boolean: *p = static_cast<char>(cell.integer != 0); return p + 1;
        case ColumnType::Text: return putBytes(rows.text(cell), putLong(cell.length, p));
    }
    return p;
}

void appendAvroBytes(std::string_view bytes, std::string& out) {
    char length[kLongestVarint];
    out.append(length, putLong(static_cast<std::int64_t>(bytes.size()), length)).append(bytes);
}

void appendAvroRows(const RowSet& rows, std::string& out) {
    const std::size_t width = rows.columns.size();
    data::ByteTail tail(out);
    for (const Cell* cells = rows.cells.data(); cells != rows.cells.data() + rows.cells.size();
         cells += width) {
        std::size_t room = 0;
        for (std::size_t i = 0; i < width; ++i)
            room += 1 + kLongestVarint + (cells[i].kind == Cell::Text ? cells[i].length : 0);
        char* p = tail.room(room);
        for (std::size_t i = 0; i < width; ++i)
            p = putAvro(rows, cells[i], rows.columns[i].type, p);
        tail.wrote(p);
    }
}

/// Any sixteen bytes that the data are unlikely to hold; the same ones for the same schema, so that equal
/// answers are equal bytes.
std::string syncMarker(std::string_view schema) {
    std::string out(16, '\0');
    const std::uint64_t halves[] = {http::xxHash64(schema), ~http::xxHash64(schema.substr(1))};
    std::memcpy(out.data(), halves, sizeof halves);
    return out;
}

bool isOfType(const Cell& cell, ColumnType type) {
    constexpr std::int64_t kExact = std::int64_t{1} << 53;
    switch (cell.kind) {
        case Cell::Null: return true;
        case Cell::Integer:
            return type == ColumnType::Integer ||
                   (type == ColumnType::Real && cell.integer >= -kExact && cell.integer <= kExact);
        case Cell::Real: return type == ColumnType::Real;
        case Cell::Boolean: return type == ColumnType::Boolean;
        case Cell::Text: return type == ColumnType::Text;
    }
    return false;
}

}  // namespace

TableSchema::TableSchema(const data::Table& table)
    : m_table(table),
      m_message(messageName(table.name)),
      m_proto(protoText(table)),
      m_avsc(avroText(table.name, table.columns)) {}

std::string TableSchema::messageType(bool isList) const {
    return "hone." + m_message + (isList ? "List" : "Item");
}

std::size_t TableSchema::indexOf(std::string_view column) const {
    return static_cast<std::size_t>(std::ranges::find(m_table.columns, column, &data::Column::name) -
                                    m_table.columns.begin());
}

bool TableSchema::isWhole(const RowSet& rows) const {
    return std::ranges::equal(rows.columns, m_table.columns, {}, &data::Column::name, &data::Column::name);
}

bool TableSchema::fits(const RowSet& rows) const {
    for (const auto& column : rows.columns)
        if (const auto at = indexOf(column.name);
            at == m_table.columns.size() || m_table.columns[at].type != column.type)
            return false;
    for (std::size_t i = 0; i < rows.cells.size(); ++i)
        if (!isOfType(rows.cells[i], rows.columns[i % rows.columns.size()].type))
            return false;
    return true;
}

void TableSchema::writeProtobuf(const RowSet& rows, std::string& out) const {
    std::vector<ProtoField> fields;
    for (const auto& column : rows.columns)
        fields.emplace_back(static_cast<std::uint32_t>(indexOf(column.name) + 1), column.type);
    // In the order of their numbers, as every encoder writes them.
    std::vector<std::size_t> order(fields.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) { return fields[i].tag; });
    data::ByteTail tail(out);
    for (std::size_t row = 0; row < rows.rowCount(); ++row) {
        std::size_t size = 0;
        for (std::size_t i = 0; i < fields.size(); ++i)
            size += fields[i].size(rows.cell(row, i));
        char* p = putVarint(kItemsTag, tail.room(size + 2 * kLongestVarint));
        p = putVarint(size, p);
        for (const std::size_t i : order)
            p = fields[i].put(rows, rows.cell(row, i), p);
        tail.wrote(p);
    }
    if (isWhole(rows))
        return;
    for (const auto& column : rows.columns) {
        char* p = putVarint(kColumnsTag, tail.room(column.name.size() + 2 * kLongestVarint));
        tail.wrote(putBytes(column.name, putVarint(column.name.size(), p)));
    }
}

void TableSchema::writeAvro(const RowSet& rows, bool isList, std::string& out) const {
    const std::string schema = isWhole(rows) ? m_avsc : avroText(m_table.name, rows.columns);
    const std::string sync = syncMarker(schema);
    out.append("Obj\x01", 4);
    const std::pair<std::string_view, std::string_view> metadata[] = {
        {"avro.schema", schema}, {"avro.codec", "null"}, {"hone.payload", isList ? "list" : "object"}};
    char number[kLongestVarint];
    out.append(number, putLong(std::size(metadata), number));
    for (const auto& [key, value] : metadata) {
        appendAvroBytes(key, out);
        appendAvroBytes(value, out);
    }
    out.append(1, '\0').append(sync);
    if (rows.rowCount() == 0)
        return;
    std::string block;
    appendAvroRows(rows, block);
    out.append(number, putLong(static_cast<std::int64_t>(rows.rowCount()), number));
    appendAvroBytes(block, out);
    out.append(sync);
}

}  // namespace hone::toggles::encoding
