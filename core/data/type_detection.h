#pragma once

#include "core/data/schema.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace hone::data {

/// What one text from a file can be read as. Codes stay text: "007", "+49", "1.", "0x10", and integers beyond
/// 64 bits.
struct Scalar {
    enum Kind : std::uint8_t { Null, Integer, Real, Boolean, Text };
    Kind kind = Null;
    std::int64_t integer = 0;  ///< Also Boolean.
    double real = 0;
};

/// Empty is Null; numbers as JSON writes them (".5" too), "true" and "false" in any case, blanks around them
/// allowed.
[[nodiscard]] Scalar scalarOf(std::string_view text);

/// Finds the type of a column from all its values: the narrowest that holds each of them exactly.
/// A value. Invariant: a type never depends on the order of the values.
class TypeDetector {
public:
    void add(const Scalar& value);
    void addText() { ++m_texts; }
    /// Text when there is no value at all, when kinds mix, or when a real column would lose digits of an
    /// integer.
    [[nodiscard]] ColumnType type() const;

private:
    std::int64_t m_integers = 0, m_reals = 0, m_booleans = 0, m_texts = 0;
    bool m_integersFitReal = true;  ///< Every integer is at most 2^53 in size.
};

}  // namespace hone::data
