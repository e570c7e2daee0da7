#include "core/base/units.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

namespace hone {
namespace {

constexpr std::string_view kThin = "\u202F";   // between groups of three digits
constexpr std::string_view kGap = "\u00A0";    // between number and unit: never a line break
constexpr std::string_view kMinus = "\u2212";  // as wide as the plus sign

// ---- reading
// ----------------------------------------------------------------------------------------------------

struct UnitName {
    std::string_view name;
    std::int64_t factor;
};
// Both micro signs: U+00B5 is on keyboards, U+03BC is what NFKC turns it into.
constexpr UnitName kTimes[] = {{"ns", 1},
                               {"us", 1'000},
                               {"\u00B5s", 1'000},
                               {"\u03BCs", 1'000},
                               {"ms", 1'000'000},
                               {"s", 1'000'000'000},
                               {"m", 60'000'000'000},
                               {"min", 60'000'000'000},
                               {"h", 3'600'000'000'000}};
constexpr UnitName kSizes[] = {{"", 1},
                               {"B", 1},
                               {"kB", 1'000},
                               {"MB", 1'000'000},
                               {"GB", 1'000'000'000},
                               {"TB", 1'000'000'000'000},
                               {"KiB", 1LL << 10},
                               {"MiB", 1LL << 20},
                               {"GiB", 1LL << 30},
                               {"TiB", 1LL << 40}};
constexpr UnitName kCounts[] = {{"", 1}, {"k", 1'000}, {"M", 1'000'000}, {"G", 1'000'000'000}};
constexpr UnitName kPeriods[] = {{"", 1}, {"/s", 1}, {"/m", 60}, {"/min", 60}, {"/h", 3'600}};

/// A decimal number as written: no sign, no exponent. `whole` is absent when it does not fit 64 bits.
struct Decimal {
    double value = 0;
    std::optional<std::int64_t> whole;
    double fraction =
        0;  ///< In [0, 1]. Kept apart, so "9007199254740993.5s" loses nothing of its whole part.
};

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Eats `prefix` from the front of `text`.
bool eat(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

void eatSpaces(std::string_view& text) {
    while (eat(text, " ") || eat(text, kGap) || eat(text, kThin)) {
    }
}

std::string eatDigits(std::string_view& text) {
    std::string digits;
    while (!text.empty()) {
        const bool grouped = !digits.empty() && text.starts_with(kThin) && text.size() > kThin.size() &&
                             isDigit(text[kThin.size()]);
        if (grouped)
            text.remove_prefix(kThin.size());
        if (!isDigit(text.front()))
            break;
        digits += text.front();
        text.remove_prefix(1);
    }
    return digits;
}

template <class T>
std::optional<T> fromChars(const std::string& text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<Decimal> eatDecimal(std::string_view& text) {
    eatSpaces(text);
    const std::string whole = eatDigits(text);
    std::string fraction = "0";
    if (!whole.empty() && eat(text, "."))
        fraction = eatDigits(text);
    const auto value =
        whole.empty() || fraction.empty() ? std::nullopt : fromChars<double>(whole + "." + fraction);
    if (!value)
        return std::nullopt;
    eatSpaces(text);
    return Decimal{*value, fromChars<std::int64_t>(whole), fromChars<double>("0." + fraction).value_or(0)};
}

/// The longest word before the next digit or space is the unit; nullopt when the table does not have it.
std::optional<std::int64_t> eatUnit(std::string_view& text, std::span<const UnitName> table) {
    std::size_t length = 0;
    while (length < text.size() && !isDigit(text[length]) && text[length] != ' ' &&
           !text.substr(length).starts_with(kGap) && !text.substr(length).starts_with(kThin))
        ++length;
    const auto name = text.substr(0, length);
    const auto it = std::ranges::find(table, name, &UnitName::name);
    if (it == table.end())
        return std::nullopt;
    text.remove_prefix(length);
    eatSpaces(text);
    return it->factor;
}

/// number × factor rounded to the nearest integer; nullopt when it overflows.
std::optional<std::int64_t> scaled(const Decimal& number, std::int64_t factor) {
    std::int64_t whole = 0;
    std::int64_t total = 0;
    if (!number.whole || __builtin_mul_overflow(*number.whole, factor, &whole) ||
        __builtin_add_overflow(whole, std::llround(number.fraction * static_cast<double>(factor)), &total))
        return std::nullopt;
    return total;
}

/// The error all parsers share: which kind of value, what is wrong with it, what to write instead.
Failure refuse(std::string_view kind, std::string_view text, std::string_view hint) {
    std::string_view start = text;
    eatSpaces(start);
    if (start.empty())
        return fail(Error::InvalidArgument, "{} is empty", kind).hint("{}", hint);
    if (start.starts_with('-') || start.starts_with(kMinus))
        return fail(Error::InvalidArgument, "{} must not be negative, got \"{}\"", kind, text)
            .hint("{}", hint);
    return fail(Error::InvalidArgument, "\"{}\" is not a {}", text, kind).hint("{}", hint);
}

Failure tooLarge(std::string_view kind, std::string_view text, std::string_view hint) {
    return fail(Error::InvalidArgument, "{} \"{}\" is too large", kind, text).hint("{}", hint);
}

// ---- writing
// ----------------------------------------------------------------------------------------------------

std::string grouped(std::string digits) {
    const auto point = std::min(digits.find('.'), digits.size());
    for (auto at = static_cast<std::ptrdiff_t>(point) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), kThin);
    return digits;
}

/// Nearest value with three significant digits, so that 999.7 µs scales to 1.00 ms and not to 1000 µs.
double threeDigits(double value) {
    if (value == 0)
        return 0;
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - 2);
    return unit > 0 ? std::round(value / unit) * unit : value;
}

/// `value` >= 0 and finite. Outside 0.0001 … 10¹⁵ zeros would hide the number, so it gets an exponent.
std::string magnitude(double value) {
    if (value == 0)
        return "0";
    if (value < 0.9995e-4 || value >= 1e15)
        return fmt::format("{:.2e}", value);
    const double rounded = threeDigits(value);
    // The nudge lifts 0.1 × 10 = 0.999… back over its power of ten.
    const int power = static_cast<int>(std::floor(std::log10(rounded * (1 + 1e-12))));
    return grouped(fmt::format("{:.{}f}", rounded, std::max(0, 2 - power)));
}

/// A dash and ∞ for what is no number; else sign and `body(|value|)`.
template <class Body>
std::string withSign(double value, Body body) {
    if (std::isnan(value))
        return "\u2013";
    std::string text = std::isinf(value) ? std::string("\u221E") : body(std::abs(value));
    return value < 0 ? std::string(kMinus) + text : text;
}

struct Scale {
    double factor;
    std::string_view name;
};
constexpr Scale kTimeScale[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "\u00B5s"}, {1, "ns"}};
constexpr Scale kCountScale[] = {{1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1, ""}};
constexpr Scale kByteScale[] = {{0x1p40, "TiB"}, {0x1p30, "GiB"}, {0x1p20, "MiB"}, {0x1p10, "KiB"}, {1, "B"}};

/// The largest scale that is not above the value, else the smallest.
const Scale& scaleOf(double value, std::span<const Scale> scales) {
    for (const Scale& scale : scales)
        if (value >= scale.factor)
            return scale;
    return scales.back();
}

bool isWhole(double value) { return value == std::floor(value); }

/// "12.5 k" + suffix; what needs no scale and is whole has no decimals: a count of 5 is "5".
std::string scaledCount(double value, std::string_view suffix) {
    const Scale& scale = scaleOf(isWhole(value) && value < 1000 ? value : threeDigits(value), kCountScale);
    const bool exact = scale.factor == 1 && isWhole(value);
    const std::string number = exact ? fmt::format("{:.0f}", value) : magnitude(value / scale.factor);
    const std::string unit = fmt::format("{}{}", scale.name, suffix);
    return unit.empty() ? number : fmt::format("{}{}{}", number, kGap, unit);
}

std::string scaledNanos(double ns) {
    if (ns == 0)
        return fmt::format("0{}s", kGap);
    const double rounded = threeDigits(ns);
    if (rounded < 100e9) {
        const Scale& scale = scaleOf(rounded, kTimeScale);
        return fmt::format("{}{}{}", magnitude(ns / scale.factor), kGap, scale.name);
    }
    const double seconds = std::round(ns / 1e9);
    if (seconds < 3600)
        return fmt::format("{:.0f}{}min{}{:02.0f}{}s", std::floor(seconds / 60), kGap, kGap,
                           std::fmod(seconds, 60), kGap);
    const double minutes = std::round(ns / 60e9);
    return fmt::format("{}{}h{}{:02.0f}{}min", grouped(fmt::format("{:.0f}", std::floor(minutes / 60))), kGap,
                       kGap, std::fmod(minutes, 60), kGap);
}

/// value/factor as an exact decimal, "90" or "1.5". Nothing below 1 ("250ms", not "0.25s"), and no fractions
/// of minutes and hours, which need not end.
std::optional<std::string> exactIn(std::uint64_t value, std::uint64_t factor) {
    const std::uint64_t rest = value % factor;
    if (rest == 0)
        return fmt::format("{}", value / factor);
    if (value < factor || factor > 1'000'000'000)
        return std::nullopt;
    std::string digits =
        fmt::format("{}", factor + rest).substr(1);  // 1·10ⁿ in front keeps the leading zeros
    digits.erase(digits.find_last_not_of('0') + 1);
    return fmt::format("{}.{}", value / factor, digits);
}

}  // namespace

Result<Nanos> parseDuration(std::string_view text) {
    static constexpr std::string_view kHint = "Write a number and a unit, for example 250ms, 10s, 2m or 1h.";
    std::string_view rest = text;
    std::int64_t total = 0;
    std::int64_t lastUnit = std::numeric_limits<std::int64_t>::max();
    do {
        const auto number = eatDecimal(rest);
        if (!number)
            return refuse("duration", text, kHint);
        if (rest.empty())
            return fail(Error::InvalidArgument, "duration \"{}\" has no unit", text)
                .hint("For milliseconds write {}ms, for seconds {}s.", number->value, number->value);
        const auto unit = eatUnit(rest, kTimes);
        if (!unit || *unit >= lastUnit)  // "1m30s", but not "30s1m" or "1s1s"
            return refuse("duration", text, kHint);
        const auto part = scaled(*number, *unit);
        if (!part || __builtin_add_overflow(total, *part, &total))
            return tooLarge("duration", text,
                            "The longest is about 292 years; for example 250ms, 10s, 2m or 1h.");
        lastUnit = *unit;
    } while (!rest.empty());
    return Nanos(total);
}

Result<double> parseRate(std::string_view text) {
    static constexpr std::string_view kHint = "Write events per time, for example 500/s, 30/m or 10k/s.";
    std::string_view rest = text;
    const auto number = eatDecimal(rest);
    if (!number)
        return refuse("rate", text, kHint);
    double factor = 1;
    for (const UnitName& prefix : kCounts)
        if (!prefix.name.empty() && eat(rest, prefix.name)) {
            factor = static_cast<double>(prefix.factor);
            break;
        }
    const auto period = eatUnit(rest, kPeriods);
    if (!period || !rest.empty())
        return refuse("rate", text, kHint);
    const double rate = number->value * factor / static_cast<double>(*period);
    if (!std::isfinite(rate))
        return tooLarge("rate", text, kHint);
    return rate;
}

Result<std::int64_t> parseSize(std::string_view text) {
    static constexpr std::string_view kHint =
        "Write bytes or a unit, for example 512, 64KiB, 1.5MiB or 10MB.";
    std::string_view rest = text;
    const auto number = eatDecimal(rest);
    const auto unit = number ? eatUnit(rest, kSizes) : std::nullopt;
    if (!unit || !rest.empty())
        return refuse("size", text, kHint);
    if (*unit == 1 && number->fraction != 0)
        return fail(Error::InvalidArgument, "size \"{}\" is not a whole number of bytes", text)
            .hint("{}", kHint);
    const auto bytes = scaled(*number, *unit);
    if (!bytes)
        return tooLarge("size", text, kHint);
    return *bytes;
}

Result<std::int64_t> parseCount(std::string_view text) {
    static constexpr std::string_view kHint = "Write a whole number, for example 150000, 10k or 1.5M.";
    std::string_view rest = text;
    const auto number = eatDecimal(rest);
    const auto unit = number ? eatUnit(rest, kCounts) : std::nullopt;
    if (!unit || !rest.empty())
        return refuse("count", text, kHint);
    const double parts = number->fraction * static_cast<double>(*unit);
    if (std::abs(parts - std::round(parts)) > 1e-6)
        return fail(Error::InvalidArgument, "count \"{}\" is not a whole number", text).hint("{}", kHint);
    const auto count = scaled(*number, *unit);
    if (!count)
        return tooLarge("count", text, kHint);
    return *count;
}

std::string durationText(Nanos value) {
    static constexpr UnitName kUnits[] = {
        {"h", 3'600'000'000'000}, {"m", 60'000'000'000}, {"s", 1'000'000'000},
        {"ms", 1'000'000},        {"us", 1'000},         {"ns", 1}};
    if (value == Nanos(0))
        return "0s";
    // Unsigned, because the smallest int64 has no positive twin.
    const auto count = static_cast<std::uint64_t>(value.count());
    const std::uint64_t nanos = value < Nanos(0) ? 0 - count : count;
    std::string best;
    for (const UnitName& unit : kUnits)
        if (const auto number = exactIn(nanos, static_cast<std::uint64_t>(unit.factor))) {
            std::string text = fmt::format("{}{}", *number, unit.name);
            const bool isPlainer = text.size() == best.size() && best.contains('.') && !text.contains('.');
            if (best.empty() || text.size() < best.size() || isPlainer)
                best = std::move(text);
        }
    return value < Nanos(0) ? "-" + best : best;
}

std::string sizeText(std::int64_t bytes) {
    std::string best = fmt::format("{}B", bytes);
    for (const UnitName& unit : kSizes)
        if (bytes != 0 && unit.factor > 1 && bytes % unit.factor == 0) {
            std::string text = fmt::format("{}{}", bytes / unit.factor, unit.name);
            if (text.size() < best.size())
                best = std::move(text);
        }
    return best;
}

std::string formatDuration(Nanos value) { return withSign(static_cast<double>(value.count()), scaledNanos); }

std::string formatMicros(double us) { return withSign(us * 1e3, scaledNanos); }

std::string formatRate(double perSecond) {
    return withSign(perSecond, [](double value) { return scaledCount(value, "/s"); });
}

std::string formatBytes(double bytes) {
    return withSign(bytes, [](double value) {
        const double whole = std::round(value);
        if (whole < 1024)  // nobody sees a part of a byte
            return fmt::format("{}{}B", grouped(fmt::format("{:.0f}", whole)), kGap);
        const Scale& scale = scaleOf(whole, kByteScale);
        return fmt::format("{}{}{}", magnitude(value / scale.factor), kGap, scale.name);
    });
}

std::string formatCount(double count) {
    return withSign(count, [](double value) { return scaledCount(value, ""); });
}

std::string formatNumber(double value) { return withSign(value, magnitude); }

std::string formatChange(double ratio) {
    const double percent = (ratio - 1) * 100;
    if (!std::isfinite(percent))
        return formatNumber(percent);
    // Two digits: a change is never known better than that. Too small to show has no direction.
    const double size = std::abs(percent);
    if (size < 0.05)
        return fmt::format("0.0{}%", kGap);
    const std::string number =
        size < 9.95 ? fmt::format("{:.1f}", size) : grouped(fmt::format("{:.0f}", size));
    return fmt::format("{}{}{}%", percent < 0 ? kMinus : "+", number, kGap);
}

std::string formatPercent(double fraction) {
    return fmt::format("{}{}%", formatNumber(fraction * 100), kGap);
}

std::string formatTimestamp(std::chrono::system_clock::time_point time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(seconds - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace hone
