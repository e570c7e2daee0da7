#include "core/data/packed_rows.h"

#include "core/base/assert.h"
#include "core/data/byte_tail.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace hone::data {
namespace {

constexpr std::size_t kLongestHead = 9;  // a type byte and eight of a length or number

char* putByte(unsigned value, char* p) {
    *p = static_cast<char>(value);
    return p + 1;
}

/// Both formats are big-endian.
template <class Unsigned>
char* putBig(Unsigned value, char* p) {
    for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
        *p++ = static_cast<char>(value >> shift);
    return p;
}

char* putBytes(std::string_view bytes, char* p) {
    std::memcpy(p, bytes.data(), bytes.size());
    return p + bytes.size();
}

/// A type byte, then the narrowest of four widths; `first` is the byte of the one-byte width.
char* putSized(unsigned first, std::uint64_t value, char* p) {
    if (value <= 0xff)
        return putBig(static_cast<std::uint8_t>(value), putByte(first, p));
    if (value <= 0xffff)
        return putBig(static_cast<std::uint16_t>(value), putByte(first + 1, p));
    if (value <= 0xffff'ffff)
        return putBig(static_cast<std::uint32_t>(value), putByte(first + 2, p));
    return putBig(value, putByte(first + 3, p));
}

bool isExactFloat(double value) {
    return std::fabs(value) <= std::numeric_limits<float>::max() &&
           static_cast<double>(static_cast<float>(value)) == value;
}

char* putReal(unsigned floatByte, unsigned doubleByte, double value, char* p) {
    if (isExactFloat(value))
        return putBig(std::bit_cast<std::uint32_t>(static_cast<float>(value)), putByte(floatByte, p));
    return putBig(std::bit_cast<std::uint64_t>(value), putByte(doubleByte, p));
}

struct Msgpack {
    static char* array(std::size_t count, char* p) { return group(0x90, 0xdc, count, p); }
    static char* object(std::size_t count, char* p) { return group(0x80, 0xde, count, p); }
    static char* null(char* p) { return putByte(0xc0, p); }
    static char* boolean(bool value, char* p) { return putByte(value ? 0xc3 : 0xc2, p); }
    static char* real(double value, char* p) { return putReal(0xca, 0xcb, value, p); }
    static char* text(std::size_t length, char* p) {
        return length < 32 ? putByte(0xa0U | static_cast<unsigned>(length), p) : putSized(0xd9, length, p);
    }
    static char* integer(std::int64_t value, char* p) {
        if (value >= 0)
            return value < 128 ? putByte(static_cast<unsigned>(value), p)
                               : putSized(0xcc, static_cast<std::uint64_t>(value), p);
        if (value >= -32)
            return putByte(static_cast<unsigned>(value) & 0xffU, p);
        if (value >= std::numeric_limits<std::int8_t>::min())
            return putBig(static_cast<std::uint8_t>(value), putByte(0xd0, p));
        if (value >= std::numeric_limits<std::int16_t>::min())
            return putBig(static_cast<std::uint16_t>(value), putByte(0xd1, p));
        if (value >= std::numeric_limits<std::int32_t>::min())
            return putBig(static_cast<std::uint32_t>(value), putByte(0xd2, p));
        return putBig(static_cast<std::uint64_t>(value), putByte(0xd3, p));
    }

private:
    /// Fixed below 16; else 16 or 32 bits.
    static char* group(unsigned fixed, unsigned wide, std::size_t count, char* p) {
        if (count < 16)
            return putByte(fixed | static_cast<unsigned>(count), p);
        if (count <= 0xffff)
            return putBig(static_cast<std::uint16_t>(count), putByte(wide, p));
        return putBig(static_cast<std::uint32_t>(count), putByte(wide + 1, p));
    }
};

struct Cbor {
    static char* array(std::size_t count, char* p) { return head(4, count, p); }
    static char* object(std::size_t count, char* p) { return head(5, count, p); }
    static char* null(char* p) { return putByte(0xf6, p); }
    static char* boolean(bool value, char* p) { return putByte(value ? 0xf5 : 0xf4, p); }
    static char* real(double value, char* p) { return putReal(0xfa, 0xfb, value, p); }
    static char* text(std::size_t length, char* p) { return head(3, length, p); }
    static char* integer(std::int64_t value, char* p) {
        // A negative number n is written as -1 - n, which is its complement.
        return value >= 0 ? head(0, static_cast<std::uint64_t>(value), p)
                          : head(1, ~static_cast<std::uint64_t>(value), p);
    }

private:
    /// Major type and argument (RFC 8949 section 3).
    static char* head(unsigned major, std::uint64_t value, char* p) {
        const unsigned type = major << 5;
        return value < 24 ? putByte(type | static_cast<unsigned>(value), p) : putSized(type | 24, value, p);
    }
};

/// Writes objects of one row set; the keys are made once.
template <class Format>
class RowWriter {
public:
    explicit RowWriter(const RowSet& rows) : m_rows(rows) {
        m_fixedBytes = kLongestHead;
        for (const Column& column : rows.columns) {
            std::string key(kLongestHead + column.name.size(), '\0');
            const char* end = putBytes(column.name, Format::text(column.name.size(), key.data()));
            key.resize(static_cast<std::size_t>(end - key.data()));
            m_fixedBytes += key.size() + kLongestHead;
            m_keys.push_back(std::move(key));
        }
    }

    void write(std::size_t row, ByteTail& tail) const {
        const Cell* cells = m_rows.cells.data() + row * m_keys.size();
        std::size_t bytes = m_fixedBytes;
        for (std::size_t i = 0; i < m_keys.size(); ++i)
            if (cells[i].kind == Cell::Text)
                bytes += cells[i].length;
        char* p = Format::object(m_keys.size(), tail.room(bytes));
        for (std::size_t i = 0; i < m_keys.size(); ++i)
            p = putCell(cells[i], putBytes(m_keys[i], p));
        tail.wrote(p);
    }

private:
    char* putCell(const Cell& cell, char* p) const {
        switch (cell.kind) {
            case Cell::Null: return Format::null(p);
            case Cell::Boolean: return Format::boolean(cell.integer != 0, p);
            case Cell::Integer: return Format::integer(cell.integer, p);
            case Cell::Real: return Format::real(cell.real, p);
            case Cell::Text: return putBytes(m_rows.text(cell), Format::text(cell.length, p));
        }
        return p;
    }

    const RowSet& m_rows;
    std::vector<std::string> m_keys;
    std::size_t m_fixedBytes = 0;  ///< Upper bound of an object without its texts.
};

template <class Format>
void writeObject(const RowSet& rows, std::size_t index, std::string& out) {
    HONE_ASSERT(index < rows.rowCount(), "the caller asks for a row the set has");
    ByteTail tail(out);
    RowWriter<Format>(rows).write(index, tail);
}

template <class Format>
void writeArray(const RowSet& rows, std::string& out) {
    const std::size_t count = rows.rowCount();
    const RowWriter<Format> writer(rows);
    ByteTail tail(out);
    tail.wrote(Format::array(count, tail.room(kLongestHead)));
    for (std::size_t row = 0; row < count; ++row)
        writer.write(row, tail);
}

}  // namespace

void writeMsgpackArray(const RowSet& rows, std::string& out) { writeArray<Msgpack>(rows, out); }
void writeMsgpackObject(const RowSet& rows, std::size_t index, std::string& out) {
    writeObject<Msgpack>(rows, index, out);
}
void writeCborArray(const RowSet& rows, std::string& out) { writeArray<Cbor>(rows, out); }
void writeCborObject(const RowSet& rows, std::size_t index, std::string& out) {
    writeObject<Cbor>(rows, index, out);
}

}  // namespace hone::data
