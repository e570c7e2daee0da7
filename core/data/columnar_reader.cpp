#include "core/data/columnar_format.h"
#include "core/data/columnar_input.h"

#include <algorithm>
#include <vector>

namespace hone::data {
namespace {

using namespace columnar;
using columnar::Input;

bool bitAt(std::string_view bits, std::size_t at) {
    return (static_cast<unsigned char>(bits[at / 8]) >> (at % 8) & 1) != 0;
}

/// One column into its cells of the row set.
class ColumnReader {
public:
    ColumnReader(std::string_view block, RowSet& rows, std::size_t rowCount, std::size_t column)
        : m_in(block), m_rows(rows), m_rowCount(rowCount), m_column(column) {}

    /// What is wrong with it, or nothing.
    std::string_view read() {
        const auto type = m_in.byte();
        if (type > Mixed)
            return "its type is not known";
        if (!readNulls())
            return "its nulls are cut short";
        m_rows.columns[m_column].type = columnType(type);
        switch (type) {
            case Integer: readIntegers(Cell::Integer, 0); break;
            case Real: readReals(); break;
            case Boolean: readBooleans(); break;
            case Text: readTexts(); break;
            default: readMixed(); break;
        }
        if (!m_in.isGood())
            return "its values are damaged or cut short";
        return m_in.isAtEnd() ? "" : "bytes follow its last value";
    }

private:
    static ColumnType columnType(std::uint8_t type) {
        switch (type) {
            case Integer: return ColumnType::Integer;
            case Real: return ColumnType::Real;
            case Boolean: return ColumnType::Boolean;
            default: return ColumnType::Text;
        }
    }

    bool readNulls() {
        const auto hasNulls = m_in.byte();
        if (hasNulls > 1)
            return false;
        std::string_view nulls;
        if (hasNulls == 1)
            nulls = m_in.take((m_rowCount + 7) / 8);
        if (!m_in.isGood())
            return false;
        m_rows.columns[m_column].nullable = hasNulls == 1;
        for (std::size_t row = 0; row < m_rowCount; ++row)
            if (nulls.empty() || !bitAt(nulls, row))
                m_present.push_back(&m_rows.cells[row * m_rows.columns.size() + m_column]);
        return true;
    }

    /// A decimal column's numbers are integers too: `decimals` places.
    void readIntegers(Cell::Kind kind, unsigned decimals) {
        const auto code = m_in.byte();
        if (code > Delta)
            m_in.bad();
        double power = 1;
        for (unsigned i = 0; i < decimals; ++i)
            power *= 10;
        std::int64_t value = 0;
        for (auto* cell : m_present) {
            if (!m_in.isGood())
                return;
            const auto next = unzigzag(m_in.varint());
            value = code == Delta ? static_cast<std::int64_t>(static_cast<std::uint64_t>(value) +
                                                              static_cast<std::uint64_t>(next))
                                  : next;
            cell->kind = kind;
            if (kind == Cell::Real)
                cell->real = static_cast<double>(value) / power;
            else
                cell->integer = value;
        }
    }

    void readReals() {
        const auto code = m_in.byte();
        if (code == Decimal) {
            const unsigned decimals = m_in.byte();
            if (decimals > kMostDecimals)
                m_in.bad();
            return readIntegers(Cell::Real, decimals);
        }
        if (code != Binary || m_in.size() / 8 < m_present.size()) {
            m_in.bad();
            return;
        }
        for (auto* cell : m_present) {
            cell->kind = Cell::Real;
            cell->real = m_in.real();
        }
    }

    void readBooleans() {
        const auto bits = m_in.take((m_present.size() + 7) / 8);
        if (!m_in.isGood())
            return;
        for (std::size_t i = 0; i < m_present.size(); ++i)
            *m_present[i] = {.kind = Cell::Boolean, .integer = bitAt(bits, i)};
    }

    Cell textCell(std::string_view text) {
        Cell cell{.kind = Cell::Text, .length = static_cast<std::uint32_t>(text.size())};
        cell.offset = m_rows.arena.size();
        m_rows.arena += text;
        return cell;
    }

    /// `count` texts; none when they are not there. Lengths and bytes are bounded by what the block has.
    std::vector<Cell> texts(std::uint64_t count) {
        std::vector<Cell> cells;
        if (count > m_in.size()) {  // each has a length of a byte or more
            m_in.bad();
            return cells;
        }
        std::vector<std::uint64_t> lengths;
        for (std::uint64_t i = 0; i < count && m_in.isGood(); ++i)
            lengths.push_back(m_in.varint());
        for (const auto length : lengths)
            cells.push_back(textCell(m_in.take(std::min<std::uint64_t>(length, UINT32_MAX))));
        return cells;
    }

    void readTexts() {
        const auto code = m_in.byte();
        if (code > Repeated) {
            m_in.bad();
            return;
        }
        const auto known = texts(code == Each ? m_present.size() : m_in.varint());
        if (!m_in.isGood())
            return;
        for (std::size_t i = 0; i < m_present.size(); ++i) {
            const auto at = code == Each ? i : m_in.varint();
            if (!m_in.isGood() || at >= known.size()) {
                m_in.bad();
                return;
            }
            *m_present[i] = known[at];
        }
    }

    void readMixed() {
        for (auto* cell : m_present) {
            if (!m_in.isGood())
                return;
            switch (m_in.byte()) {
                case Integer: *cell = {.kind = Cell::Integer, .integer = unzigzag(m_in.varint())}; break;
                case Real:
                    cell->kind = Cell::Real;
                    cell->real = m_in.real();
                    break;
                case Boolean: *cell = {.kind = Cell::Boolean, .integer = m_in.byte() != 0}; break;
                case Text:
                    *cell = textCell(m_in.take(std::min<std::uint64_t>(m_in.varint(), UINT32_MAX)));
                    break;
                default: m_in.bad();
            }
        }
    }

    Input m_in;
    RowSet& m_rows;
    std::size_t m_rowCount, m_column;
    std::vector<Cell*> m_present;  ///< Into m_rows.cells, which does not grow meanwhile.
};

/// A column says of each eight rows at least a byte, so this many cannot be in so few bytes.
bool isTooMuch(std::uint64_t rows, std::uint64_t columns, std::size_t bytes) {
    return (columns == 0 && rows > 0) || columns > bytes || rows / 8 > bytes || rows / 8 * columns > bytes;
}

}  // namespace

Result<RowSet> readColumnar(std::string_view bytes, std::size_t cellLimit) {
    Input in(bytes);
    if (in.take(kMagic.size()) != kMagic)
        return fail(Error::Malformed, "no columnar content: it does not begin with {}", kMagic);
    if (const int version = in.byte(); version != kVersion)
        return fail(Error::Unsupported, "columnar version {} is not known", version)
            .hint("This reader knows version {}.", int{kVersion});
    const auto rowCount = in.varint(), columnCount = in.varint();
    if (!in.isGood() || isTooMuch(rowCount, columnCount, bytes.size()))
        return fail(Error::Malformed, "columnar content of {} bytes cannot have {} rows of {} columns",
                    bytes.size(), rowCount, columnCount);
    if (columnCount > 0 && rowCount > cellLimit / columnCount)
        return fail(Error::ResourceExhausted, "columnar content has {} rows of {} columns, above {} values",
                    rowCount, columnCount, cellLimit);
    RowSet rows;
    rows.columns.resize(columnCount);
    rows.cells.resize(rowCount * columnCount);
    for (std::size_t i = 0; i < columnCount; ++i) {
        const auto name = in.take(in.varint());
        const auto block = in.take(in.varint());
        if (!in.isGood())
            return fail(Error::Malformed, "columnar content ends within column {} of {}", i + 1, columnCount);
        rows.columns[i].name = name;
        if (const auto wrong = ColumnReader(block, rows, rowCount, i).read(); !wrong.empty())
            return fail(Error::Malformed, "column \"{}\" is damaged: {}", name, wrong);
    }
    if (!in.isAtEnd())
        return fail(Error::Malformed, "{} bytes follow the last column", in.size());
    return rows;
}

}  // namespace hone::data
