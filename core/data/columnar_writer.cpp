#include "core/data/columnar_format.h"

#include <array>
#include <bit>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <vector>

namespace hone::data {
namespace {

using namespace columnar;

/// Of a decimal column's numbers: beyond, a double no longer has every integer.
constexpr double kExact = 9007199254740992.0;  // 2^53

void putVarint(std::uint64_t value, std::string& out) {
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

std::size_t varintSize(std::uint64_t value) { return (std::bit_width(value | 1) + 6U) / 7; }

/// Small numbers of either sign become small ones without: 0, -1, 1, -2 → 0, 1, 2, 3.
std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

/// Modulo 2^64, so that no pair of values is too far apart.
std::int64_t difference(std::int64_t now, std::int64_t before) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(before));
}

void putDouble(double value, std::string& out) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8)
        out += static_cast<char>(bits >> shift);
}

template <class IsSet>
void putBits(std::size_t count, IsSet&& isSet, std::string& out) {
    const auto begin = out.size();
    out.resize(begin + (count + 7) / 8, '\0');
    for (std::size_t i = 0; i < count; ++i)
        if (isSet(i))
            out[begin + i / 8] = static_cast<char>(out[begin + i / 8] | (1 << (i % 8)));
}

using Cells = std::vector<const Cell*>;  ///< Of one column, without its nulls.

Type typeOf(const Column& column, const Cells& cells) {
    if (cells.empty())
        switch (column.type) {
            case ColumnType::Integer: return Integer;
            case ColumnType::Real: return Real;
            case ColumnType::Boolean: return Boolean;
            case ColumnType::Text: return Text;
        }
    for (const auto* cell : cells)
        if (cell->kind != cells.front()->kind)
            return Mixed;
    switch (cells.front()->kind) {
        case Cell::Integer: return Integer;
        case Cell::Real: return Real;
        case Cell::Boolean: return Boolean;
        default: return Text;
    }
}

/// Each as it is, or its distance from the one before: whichever is shorter.
template <class At>
void putIntegers(std::size_t count, At&& at, std::string& out) {
    std::size_t plain = 0, delta = 0;
    for (std::size_t i = 0; i < count; ++i) {
        plain += varintSize(zigzag(at(i)));
        delta += varintSize(zigzag(i == 0 ? at(i) : difference(at(i), at(i - 1))));
    }
    const bool byDelta = delta < plain;
    out += static_cast<char>(byDelta ? Delta : Plain);
    for (std::size_t i = 0; i < count; ++i)
        putVarint(zigzag(byDelta && i > 0 ? difference(at(i), at(i - 1)) : at(i)), out);
}

constexpr auto kPowers = [] {
    std::array<double, kMostDecimals + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i)
        powers[i] = powers[i - 1] * 10;
    return powers;
}();

/// `value` times the power, when dividing by that gives exactly `value` back.
std::optional<std::int64_t> scaled(double value, double power) {
    const double number = std::nearbyint(value * power);
    const bool isNegativeZero = number == 0 && std::signbit(value);
    if (!(std::abs(number) < kExact) || isNegativeZero || number / power != value)
        return std::nullopt;
    return static_cast<std::int64_t>(number);
}

/// The fewest decimals all values have, as far as such numbers hold them exactly.
std::optional<int> decimalsOf(const Cells& cells) {
    std::size_t decimals = 0;
    for (const auto* cell : cells)
        while (!scaled(cell->real, kPowers[decimals]))
            if (++decimals == kPowers.size())
                return std::nullopt;
    for (const auto* cell : cells)  // a value with fewer decimals may be out of range with more
        if (!scaled(cell->real, kPowers[decimals]))
            return std::nullopt;
    return static_cast<int>(decimals);
}

void putReals(const Cells& cells, std::string& out) {
    if (const auto decimals = decimalsOf(cells)) {
        out += static_cast<char>(Decimal);
        out += static_cast<char>(*decimals);
        const double power = kPowers[static_cast<std::size_t>(*decimals)];
        putIntegers(cells.size(), [&](std::size_t i) { return *scaled(cells[i]->real, power); }, out);
        return;
    }
    out += static_cast<char>(Binary);
    for (const auto* cell : cells)
        putDouble(cell->real, out);
}

/// Lengths first, then all bytes on end: text next to text compresses better.
void putTexts(const std::vector<std::string_view>& texts, std::string& out) {
    for (const auto text : texts)
        putVarint(text.size(), out);
    for (const auto text : texts)
        out += text;
}

void putTextColumn(const RowSet& rows, const Cells& cells, std::string& out) {
    std::vector<std::string_view> texts, distinct;
    std::vector<std::uint64_t> indexes;
    std::unordered_map<std::string_view, std::uint64_t> known;
    std::size_t each = 0, repeated = 0;
    for (const auto* cell : cells) {
        const auto text = rows.text(*cell);
        texts.push_back(text);
        each += varintSize(text.size()) + text.size();
        const auto [it, isNew] = known.emplace(text, distinct.size());
        if (isNew) {
            distinct.push_back(text);
            repeated += varintSize(text.size()) + text.size();
        }
        indexes.push_back(it->second);
        repeated += varintSize(it->second);
    }
    const bool isRepeated = repeated < each;
    out += static_cast<char>(isRepeated ? Repeated : Each);
    if (!isRepeated)
        return putTexts(texts, out);
    putVarint(distinct.size(), out);
    putTexts(distinct, out);
    for (const auto index : indexes)
        putVarint(index, out);
}

/// SQLite's columns hold what was put into them: here each value says what it is.
void putMixed(const RowSet& rows, const Cells& cells, std::string& out) {
    for (const auto* cell : cells) {
        switch (cell->kind) {
            case Cell::Integer:
                out += static_cast<char>(Integer);
                putVarint(zigzag(cell->integer), out);
                break;
            case Cell::Real:
                out += static_cast<char>(Real);
                putDouble(cell->real, out);
                break;
            case Cell::Boolean:
                out += static_cast<char>(Boolean);
                out += static_cast<char>(cell->integer != 0);
                break;
            default:
                out += static_cast<char>(Text);
                putVarint(cell->length, out);
                out += rows.text(*cell);
        }
    }
}

void putColumn(const RowSet& rows, std::size_t column, std::string& out) {
    const auto rowCount = rows.rowCount();
    Cells cells;
    cells.reserve(rowCount);
    for (std::size_t row = 0; row < rowCount; ++row)
        if (const auto& cell = rows.cell(row, column); cell.kind != Cell::Null)
            cells.push_back(&cell);
    const auto type = typeOf(rows.columns[column], cells);
    out += static_cast<char>(type);
    const bool hasNulls = cells.size() < rowCount;
    out += static_cast<char>(hasNulls);
    if (hasNulls)
        putBits(rowCount, [&](std::size_t row) { return rows.cell(row, column).kind == Cell::Null; }, out);
    switch (type) {
        case Integer: return putIntegers(cells.size(), [&](std::size_t i) { return cells[i]->integer; }, out);
        case Real: return putReals(cells, out);
        case Boolean:
            return putBits(cells.size(), [&](std::size_t i) { return cells[i]->integer != 0; }, out);
        case Text: return putTextColumn(rows, cells, out);
        case Mixed: return putMixed(rows, cells, out);
    }
}

}  // namespace

void writeColumnar(const RowSet& rows, std::string& out) {
    out += kMagic;
    out += static_cast<char>(kVersion);
    putVarint(rows.rowCount(), out);
    putVarint(rows.columns.size(), out);
    std::string block;
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        putTexts({rows.columns[i].name}, out);
        block.clear();
        putColumn(rows, i, block);
        putVarint(block.size(), out);
        out += block;
    }
}

}  // namespace hone::data
