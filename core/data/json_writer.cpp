#include "core/base/assert.h"
#include "core/data/byte_tail.h"
#include "core/data/rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace hone::data {
namespace {

constexpr std::size_t kLongestNumber = 32;  // "-1.7976931348623157e+308" is 24.

/// What follows the backslash for a byte, 'u' for \u00XX, 0 for a byte that stands for itself (RFC 8259,
/// section 7).
constexpr std::array<char, 256> makeEscapes() {
    std::array<char, 256> table{};
    for (int c = 0; c < 0x20; ++c)
        table[static_cast<std::size_t>(c)] = 'u';
    table['"'] = '"';
    table['\\'] = '\\';
    table['\b'] = 'b';
    table['\f'] = 'f';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    return table;
}
constexpr std::array<char, 256> kEscapes = makeEscapes();

char* putEscaped(char c, char* p) {
    static constexpr char kHex[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    const char escape = kEscapes[byte];
    if (escape == 0) {
        *p++ = c;
        return p;
    }
    *p++ = '\\';
    *p++ = escape;
    if (escape == 'u') {
        *p++ = '0';
        *p++ = '0';
        *p++ = kHex[byte >> 4];
        *p++ = kHex[byte & 15];
    }
    return p;
}

/// Whether any of eight bytes must be escaped: below 0x20, '"' or '\\'. The borrow of a subtraction can only
/// raise a flag above a true hit, so there are no false alarms for clean words.
bool needsEscape(std::uint64_t word) {
    constexpr std::uint64_t kOnes = 0x0101010101010101ULL, kTops = 0x8080808080808080ULL;
    const std::uint64_t control = (word - kOnes * 0x20) & ~word;
    const std::uint64_t quote = word ^ (kOnes * '"'), slash = word ^ (kOnes * '\\');
    return ((control | ((quote - kOnes) & ~quote) | ((slash - kOnes) & ~slash)) & kTops) != 0;
}

/// Copies eight bytes at a time while they are clean. Needs room for 6 bytes per byte of text and two quotes.
char* putString(std::string_view text, char* p) {
    *p++ = '"';
    const char* in = text.data();
    const char* const end = in + text.size();
    while (end - in >= 8) {
        std::uint64_t word;
        std::memcpy(&word, in, 8);
        if (needsEscape(word)) {
            for (int i = 0; i < 8; ++i)
                p = putEscaped(*in++, p);
            continue;
        }
        std::memcpy(p, &word, 8);
        p += 8;
        in += 8;
    }
    while (in != end)
        p = putEscaped(*in++, p);
    *p++ = '"';
    return p;
}

char* put(std::string_view text, char* p) {
    std::memcpy(p, text.data(), text.size());
    return p + text.size();
}

/// The shortest digits that read back to the value. Most numbers of real tables (prices, coordinates) have at
/// most six decimals: they are an integer over 10^6, found and checked with one multiplication and one
/// division, four times faster than the general search of std::to_chars. Below 1e9 that integer has at most
/// 15 digits, and of such decimals no two are the same double, so no shorter ones exist.
char* putReal(double value, char* p) {
    const double size = std::fabs(value), rounded = size * 1e6 + 0.5;
    const auto millionths = size < 1e9 ? static_cast<std::uint64_t>(rounded) : 0;
    if (size < 1e-3 || size >= 1e9 || static_cast<double>(millionths) / 1e6 != size)
        return std::to_chars(p, p + kLongestNumber, value).ptr;
    if (value < 0)
        *p++ = '-';
    p = std::to_chars(p, p + kLongestNumber, millionths / 1'000'000).ptr;
    auto decimals = static_cast<std::uint32_t>(millionths % 1'000'000);
    if (decimals == 0)
        return p;
    *p++ = '.';
    for (std::uint32_t unit = 100'000; decimals != 0; decimals %= unit, unit /= 10)
        *p++ = static_cast<char>('0' + decimals / unit);
    return p;
}

/// Writes objects of one row set; what comes before each value ("name": and layout) is made once.
class ObjectWriter {
public:
    ObjectWriter(const RowSet& rows, JsonStyle style, std::string_view indent) : m_rows(rows) {
        const bool pretty = style == JsonStyle::Pretty;
        for (const Column& column : rows.columns) {
            std::string lead = m_leads.empty() ? "{" : ",";
            if (pretty)
                lead.append("\n").append(indent).append("  ");
            writeJsonString(column.name, lead);
            lead += pretty ? ": " : ":";
            m_fixedBytes += lead.size() + kLongestNumber;
            m_leads.push_back(std::move(lead));
        }
        m_close = pretty ? "\n" + std::string(indent) + "}" : "}";
        m_fixedBytes += m_close.size();
    }

    void write(std::size_t row, ByteTail& tail) const {
        const Cell* cells = m_rows.cells.data() + row * m_leads.size();
        std::size_t bytes = m_fixedBytes;
        for (std::size_t i = 0; i < m_leads.size(); ++i)
            if (cells[i].kind == Cell::Text)
                bytes += std::size_t{6} * cells[i].length + 2;
        char* p = tail.room(bytes);
        for (std::size_t i = 0; i < m_leads.size(); ++i)
            p = putCell(cells[i], put(m_leads[i], p));
        tail.wrote(put(m_close, p));
    }

private:
    char* putCell(const Cell& cell, char* p) const {
        switch (cell.kind) {
            case Cell::Null: return put("null", p);
            case Cell::Boolean: return put(cell.integer != 0 ? "true" : "false", p);
            case Cell::Integer: return std::to_chars(p, p + kLongestNumber, cell.integer).ptr;
            case Cell::Real:
                HONE_ASSERT(std::isfinite(cell.real),
                            "import and SQLite let no NaN or infinity into a row set");
                return putReal(cell.real, p);
            case Cell::Text: return putString(m_rows.text(cell), p);
        }
        return p;
    }

    const RowSet& m_rows;
    std::vector<std::string> m_leads;  ///< One per column: "{" or ",", layout and the key with its colon.
    std::string m_close;
    std::size_t m_fixedBytes = 0;  ///< Upper bound of an object without its texts.
};

}  // namespace

void writeJsonString(std::string_view text, std::string& out) {
    ByteTail tail(out);
    tail.wrote(putString(text, tail.room(6 * text.size() + 2)));
}

void writeJsonObject(const RowSet& rows, std::size_t index, JsonStyle style, std::string& out) {
    HONE_ASSERT(index < rows.rowCount(), "the caller asks for a row the set has");
    const ObjectWriter writer(rows, style, "");
    ByteTail tail(out);
    writer.write(index, tail);
}

void writeJsonArray(const RowSet& rows, JsonStyle style, std::string& out) {
    const std::size_t count = rows.rowCount();
    if (count == 0) {
        out += "[]";
        return;
    }
    const bool pretty = style == JsonStyle::Pretty;
    const ObjectWriter writer(rows, style, pretty ? "  " : "");
    ByteTail tail(out);
    tail.wrote(put(pretty ? "[\n  " : "[", tail.room(4)));
    for (std::size_t row = 0; row < count; ++row) {
        if (row > 0)
            tail.wrote(put(pretty ? ",\n  " : ",", tail.room(4)));
        writer.write(row, tail);
    }
    tail.wrote(put(pretty ? "\n]" : "]", tail.room(2)));
}

}  // namespace hone::data
