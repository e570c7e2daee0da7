#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

/// Numbers as documents and JSON write them. Thread: any.
namespace hone::toggles::graphql {

template <class Number>
std::optional<Number> wholeNumber(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}
inline std::optional<std::int32_t> int32From(std::string_view text) {
    return wholeNumber<std::int32_t>(text);
}
inline std::optional<std::int64_t> int64From(std::string_view text) {
    return wholeNumber<std::int64_t>(text);
}
inline std::optional<double> doubleFrom(std::string_view text) {
    const auto number = wholeNumber<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

/// The largest integer that every reader of JSON keeps exactly (RFC 8259, section 6).
inline constexpr std::int64_t kMaxSafeInteger = (std::int64_t{1} << 53) - 1;

}  // namespace hone::toggles::graphql
