#include "core/params/param.h"

#include "core/base/units.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>

namespace hone {
namespace {

constexpr double kNanosPerMs = 1e6;
constexpr double kNanosPerSecond = 1e9;

bool isChoice(const Param& param) { return !param.choices.empty(); }

std::string choiceList(const Param& param) {
    std::string list;
    for (const Choice& choice : param.choices) {
        list += list.empty() ? "" : ", ";
        list += choice.id;
    }
    return list;
}

/// Every digit, thousands separated: a bound must not be rounded.
std::string boundText(double bound) {
    if (bound != std::floor(bound) || std::abs(bound) >= 1e15)
        return fmt::format("{}", bound);
    std::string digits = fmt::format("{:.0f}", std::abs(bound));
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), "\u202F");
    return bound < 0 ? "\u2212" + digits : digits;
}

std::string_view unitName(Unit unit) {
    switch (unit) {
        case Unit::None:
        case Unit::Count: return "";
        case Unit::Bytes: return "bytes";
        case Unit::Milliseconds: return "ms";
        case Unit::Seconds: return "s";
        case Unit::PerSecond: return "requests/s";
        case Unit::Percent: return "%";
    }
    return "";
}

/// A value inside the bounds, as a person would type it: for hints.
std::string example(const Param& param) {
    return fmt::format("For example {}={}.", param.id, valueText(param, param.initial));
}

Failure outOfRange(const Param& param, std::string_view shown) {
    return fail(Error::InvalidArgument, "{} must be {}, got \"{}\"", param.id, describeRange(param), shown)
        .hint("{}", example(param));
}

std::string plainText(const ParamValue& value) {
    struct Writer {
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
        std::string operator()(double number) const { return shortest(number); }
        std::string operator()(const std::string& text) const { return text; }

        static std::string shortest(double number) {
            char buffer[32];
            const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
            return {buffer, end};
        }
    };
    return std::visit(Writer{}, value);
}

/// The whole text as a bare number, sign allowed.
template <class T>
std::optional<T> bareNumber(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

template <class T>
Result<double> asDouble(Result<T> parsed, double divisor = 1) {
    if (!parsed)
        return fail(std::move(parsed.error()));
    if constexpr (std::same_as<T, Nanos>)
        return static_cast<double>(parsed->count()) / divisor;
    else
        return static_cast<double>(*parsed) / divisor;
}

/// Text that is no bare number, in the unit of the parameter.
Result<double> withUnit(Unit unit, std::string_view text) {
    switch (unit) {
        case Unit::Milliseconds: return asDouble(parseDuration(text), kNanosPerMs);
        case Unit::Seconds: return asDouble(parseDuration(text), kNanosPerSecond);
        case Unit::Bytes: return asDouble(parseSize(text));
        case Unit::PerSecond: return parseRate(text);
        case Unit::Count: return asDouble(parseCount(text));
        case Unit::Percent: {
            auto number = text;
            number.remove_suffix(text.ends_with('%') ? 1 : 0);
            for (const std::string_view space : {" ", "\u00A0"})
                number.remove_suffix(number.ends_with(space) ? space.size() : 0);
            if (const auto value = bareNumber<double>(number))
                return *value;
            break;
        }
        case Unit::None: break;
    }
    return fail(Error::InvalidArgument, "\"{}\" is not a number", text);
}

/// The number `text` stands for, before bounds. Must not ask for an example: examples are checked by reading
/// back.
Result<ParamValue> readNumber(const Param& param, std::string_view text) {
    const bool isInteger = std::holds_alternative<std::int64_t>(param.initial);
    // Integers stay integers: above 2^53 a double would change them.
    if (isInteger) {
        if (const auto value = bareNumber<std::int64_t>(text))
            return *value;
        if (param.unit == Unit::Bytes)
            return parseSize(text);
        if (param.unit == Unit::Count)
            return parseCount(text);
    }
    const auto bare = bareNumber<double>(text);
    auto value = bare ? Result<double>(*bare) : withUnit(param.unit, text);
    if (!value)
        return fail(std::move(value.error()));
    if (!isInteger)
        return *value;
    // 2^63: the first double that does not fit.
    if (*value != std::floor(*value) || std::abs(*value) >= 0x1p63)
        return fail(Error::InvalidArgument, "\"{}\" is not a whole number{}{}", text,
                    unitName(param.unit).empty() ? "" : " of ", unitName(param.unit));
    return static_cast<std::int64_t>(*value);
}

Result<ParamValue> parseNumber(const Param& param, std::string_view text) {
    auto value = readNumber(param, text);
    if (value) {
        auto checked = checkValue(param, std::move(*value));
        return checked ? std::move(checked) : outOfRange(param, text);  // as it was typed: "2m", not "120000"
    }
    Error error = std::move(value.error());
    error.what = fmt::format("{} must be {}: {}", param.id, describeRange(param), error.what);
    if (error.hint.empty())
        error.hint = example(param);
    return fail(std::move(error));
}

Result<ParamValue> parseFlag(const Param& param, std::string_view text) {
    static constexpr std::string_view kYes[] = {"true", "on", "yes", "1"};
    static constexpr std::string_view kNo[] = {"false", "off", "no", "0"};
    if (std::ranges::find(kYes, text) != std::end(kYes))
        return true;
    if (std::ranges::find(kNo, text) != std::end(kNo))
        return false;
    return outOfRange(param, text);
}

/// valueText before it is known to read back exactly.
std::string textWithUnit(const Param& param, const ParamValue& value) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    const double number = integer ? static_cast<double>(*integer) : std::get<double>(value);
    const auto duration = [number](double nanosPerUnit) {
        const double nanos = number * nanosPerUnit;
        return nanos >= 0 && nanos < 0x1p63 ? durationText(Nanos(std::llround(nanos))) : std::string();
    };
    switch (param.unit) {
        case Unit::Milliseconds: return duration(kNanosPerMs);
        case Unit::Seconds: return duration(kNanosPerSecond);
        case Unit::Bytes: return integer ? sizeText(*integer) : std::string();
        case Unit::PerSecond: return plainText(value) + "/s";
        case Unit::Percent: return plainText(value) + "%";
        case Unit::Count:
        case Unit::None: break;
    }
    return {};
}

}  // namespace

std::string describeRange(const Param& param) {
    if (isChoice(param))
        return "one of " + choiceList(param);
    if (std::holds_alternative<bool>(param.initial))
        return "true or false";
    if (std::holds_alternative<std::string>(param.initial))
        return "text";
    const bool isInteger = std::holds_alternative<std::int64_t>(param.initial);
    // An int64 is never beyond ±2^63, so such a bound says nothing.
    const double edge = isInteger ? 0x1p63 : std::numeric_limits<double>::max();
    const bool hasMin = param.min > -edge;
    const bool hasMax = param.max < edge;
    std::string range = isInteger ? "integer" : "number";
    if (hasMin && hasMax)
        range += fmt::format(" {} … {}", boundText(param.min), boundText(param.max));
    else if (hasMin)
        range += fmt::format(" ≥ {}", boundText(param.min));
    else if (hasMax)
        range += fmt::format(" ≤ {}", boundText(param.max));
    const auto unit = unitName(param.unit);
    return unit.empty() ? range : fmt::format("{} ({})", range, unit);
}

Result<ParamValue> parseValue(const Param& param, std::string_view text) {
    if (std::holds_alternative<bool>(param.initial))
        return parseFlag(param, text);
    if (std::holds_alternative<std::string>(param.initial))
        return checkValue(param, std::string(text));
    return parseNumber(param, text);
}

Result<ParamValue> checkValue(const Param& param, ParamValue value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value);
        integer && std::holds_alternative<double>(param.initial))
        value = static_cast<double>(*integer);
    if (value.index() != param.initial.index())
        return outOfRange(param, plainText(value));
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (isChoice(param) && std::ranges::find(param.choices, *text, &Choice::id) == param.choices.end())
            return outOfRange(param, *text);
        return value;
    }
    if (std::holds_alternative<bool>(value))
        return value;
    const auto* integer = std::get_if<std::int64_t>(&value);
    const double number = integer ? static_cast<double>(*integer) : std::get<double>(value);
    // Written so that NaN fails; infinity is beyond every bound.
    if (!(number >= param.min && number <= param.max))
        return outOfRange(param, plainText(value));
    return value;
}

std::string valueText(const Param& param, const ParamValue& value) {
    if (std::holds_alternative<bool>(value) || std::holds_alternative<std::string>(value))
        return plainText(value);
    // A unit may round (durations to a nanosecond); the bare number in the parameter's own unit never does.
    std::string text = textWithUnit(param, value);
    const auto readBack = readNumber(param, text);
    return readBack && *readBack == value ? text : plainText(value);
}

}  // namespace hone
