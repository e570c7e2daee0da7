#include "core/data/type_detection.h"

#include <charconv>
#include <memory>

namespace hone::data {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// Digits from `at`; their end.
std::size_t digits(std::string_view text, std::size_t at) {
    while (at < text.size() && isDigit(text[at]))
        ++at;
    return at;
}

enum class Shape : std::uint8_t { None, Integer, Real };

/// -?(0|[1-9][0-9]*|(?=\.))(\.[0-9]+)?([eE][+-]?[0-9]+)?  (RFC 8259, section 6, and ".5")
Shape shapeOf(std::string_view text) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::size_t whole = at;
    at = digits(text, at);
    const bool hasWhole = at > whole;
    if (at - whole > 1 && text[whole] == '0')
        return Shape::None;
    Shape shape = Shape::Integer;
    if (at < text.size() && text[at] == '.') {
        const std::size_t fraction = at + 1;
        at = digits(text, fraction);
        if (at == fraction)
            return Shape::None;
        shape = Shape::Real;
    } else if (!hasWhole) {
        return Shape::None;
    }
    if (at < text.size() && (text[at] | 0x20) == 'e') {
        std::size_t exponent = at + 1;
        exponent += exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-') ? 1 : 0;
        at = digits(text, exponent);
        if (at == exponent)
            return Shape::None;
        shape = Shape::Real;
    }
    return at == text.size() ? shape : Shape::None;
}

bool isWord(std::string_view text, std::string_view lowerWord) {
    if (text.size() != lowerWord.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((text[i] | 0x20) != lowerWord[i])
            return false;
    return true;
}

}  // namespace

Scalar scalarOf(std::string_view raw) {
    if (raw.empty())
        return {};
    const std::string_view text = trimmed(raw);
    if (text.empty())
        return {.kind = Scalar::Text};
    const char* const begin = std::to_address(text.begin());
    const char* const end = begin + text.size();
    if (isDigit(text[0]) || text[0] == '-' || text[0] == '.') {
        const Shape shape = shapeOf(text);
        Scalar value{.kind = Scalar::Text};
        if (shape == Shape::Integer && text != "-0" &&
            std::from_chars(begin, end, value.integer).ec == std::errc())
            value.kind = Scalar::Integer;
        else if ((shape == Shape::Real || text == "-0") &&
                 std::from_chars(begin, end, value.real).ec == std::errc())
            value.kind = Scalar::Real;  // Out of a double's range is text, not infinity.
        return value;
    }
    if (isWord(text, "true"))
        return {.kind = Scalar::Boolean, .integer = 1};
    if (isWord(text, "false"))
        return {.kind = Scalar::Boolean, .integer = 0};
    return {.kind = Scalar::Text};
}

void TypeDetector::add(const Scalar& value) {
    constexpr std::int64_t kExact = std::int64_t{1} << 53;
    switch (value.kind) {
        case Scalar::Null: return;
        case Scalar::Integer:
            ++m_integers;
            m_integersFitReal = m_integersFitReal && value.integer >= -kExact && value.integer <= kExact;
            return;
        case Scalar::Real: ++m_reals; return;
        case Scalar::Boolean: ++m_booleans; return;
        case Scalar::Text: ++m_texts; return;
    }
}

ColumnType TypeDetector::type() const {
    const bool numbers = m_integers + m_reals > 0;
    if (m_texts > 0 || (numbers && m_booleans > 0))
        return ColumnType::Text;
    if (m_reals > 0)
        return m_integersFitReal ? ColumnType::Real : ColumnType::Text;
    return numbers ? ColumnType::Integer : m_booleans > 0 ? ColumnType::Boolean : ColumnType::Text;
}

}  // namespace hone::data
