#include "core/data/values.h"

#include "core/data/utf8.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>

namespace hone::data {
namespace {

Failure misfit(const Column& column, std::string_view value, std::string_view wanted) {
    return fail(Error::InvalidArgument, "'{}' does not fit column {}, which is {}", shown(value), column.name,
                wanted);
}

template <class Number>
std::optional<Number> wholeNumber(std::string_view text) {
    Number number{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::optional<std::int64_t> integerOf(const nlohmann::json& json) {
    if (json.is_number_unsigned()) {
        const auto value = json.get<std::uint64_t>();
        if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return static_cast<std::int64_t>(value);
        return std::nullopt;
    }
    if (json.is_number_integer())
        return json.get<std::int64_t>();
    if (!json.is_number_float())
        return std::nullopt;
    const double value =
        json.get<double>();  // 3.0 is an integer to JSON (RFC 8259, section 6, does not tell them apart).
    if (std::trunc(value) == value && std::abs(value) < 0x1.0p63)
        return static_cast<std::int64_t>(value);
    return std::nullopt;
}

std::string_view wantedName(ColumnType type) {
    switch (type) {
        case ColumnType::Integer: return "an integer";
        case ColumnType::Real: return "a real number";
        case ColumnType::Boolean: return "a boolean (true or false)";
        case ColumnType::Text: return "text";
    }
    return "text";
}

}  // namespace

std::string shown(std::string_view value) {
    constexpr std::size_t kLongest = 60;
    if (value.size() <= kLongest)
        return std::string(value);
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xc0) == 0x80)
        --end;
    return std::string(value.substr(0, end)) + "…";
}

Result<sqlite::Value> valueFromText(const Column& column, std::string_view text) {
    switch (column.type) {
        case ColumnType::Integer:
            if (const auto value = wholeNumber<std::int64_t>(text))
                return *value;
            break;
        case ColumnType::Real:
            if (const auto value = wholeNumber<double>(text); value && std::isfinite(*value))
                return *value;
            break;
        case ColumnType::Boolean:
            if (text == "true" || text == "1")
                return std::int64_t{1};
            if (text == "false" || text == "0")
                return std::int64_t{0};
            break;
        case ColumnType::Text: return std::string(text);
    }
    return misfit(column, text, wantedName(column.type));
}

Result<sqlite::Value> valueFromJson(const Column& column, const nlohmann::json& json) {
    if (json.is_null()) {
        if (!column.nullable)
            return fail(Error::InvalidArgument, "column {} must have a value, got null", column.name)
                .hint("Send {}.", wantedName(column.type));
        return std::monostate{};
    }
    switch (column.type) {
        case ColumnType::Integer:
            if (const auto value = integerOf(json))
                return *value;
            break;
        case ColumnType::Real:
            if (json.is_number() && std::isfinite(json.get<double>()))
                return json.get<double>();
            break;
        case ColumnType::Boolean:
            if (json.is_boolean())
                return std::int64_t{json.get<bool>()};
            break;
        case ColumnType::Text:
            if (json.is_string() && isUtf8(json.get_ref<const std::string&>()))
                return json.get<std::string>();
            break;
    }
    return misfit(column, json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                  wantedName(column.type));
}

}  // namespace hone::data
