#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace hone::http {

namespace {

using std::chrono::system_clock;

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> kLongDays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Reads the three date forms piece by piece; after the first miss `ok` stays false.
struct Reader {
    std::string_view rest;
    bool ok = true;

    void literal(std::string_view text) {
        ok = ok && rest.starts_with(text);
        if (ok)
            rest.remove_prefix(text.size());
    }
    int number(std::size_t digits) {
        int value = 0;
        ok = ok && rest.size() >= digits;
        if (!ok)
            return 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + digits, value);
        ok = error == std::errc{} && end == rest.data() + digits && value >= 0;
        rest.remove_prefix(digits);
        return value;
    }
    template <std::size_t N>
    int name(const std::array<std::string_view, N>& names) {
        for (std::size_t i = 0; ok && i < N; ++i) {
            if (rest.starts_with(names[i])) {
                rest.remove_prefix(names[i].size());
                return static_cast<int>(i);
            }
        }
        ok = false;
        return 0;
    }
};

struct Parts {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

void readTime(Reader& in, Parts& out) {
    out.hour = in.number(2);
    in.literal(":");
    out.minute = in.number(2);
    in.literal(":");
    out.second = in.number(2);
}

/// RFC 9110: a two-digit year more than 50 years ahead is the past one with the same digits.
int fullYear(int twoDigits) {
    const auto today = std::chrono::floor<std::chrono::days>(system_clock::now());
    const int now = int(std::chrono::year_month_day(today).year());
    const int year = now / 100 * 100 + twoDigits;
    return year > now + 50 ? year - 100 : year;
}

std::optional<Parts> readImfFixdate(std::string_view text) {
    Parts out;
    Reader in{text};
    in.name(kDays);
    in.literal(", ");
    out.day = in.number(2);
    in.literal(" ");
    out.month = in.name(kMonths) + 1;
    in.literal(" ");
    out.year = in.number(4);
    in.literal(" ");
    readTime(in, out);
    in.literal(" GMT");
    return in.ok && in.rest.empty() ? std::optional(out) : std::nullopt;
}

std::optional<Parts> readRfc850(std::string_view text) {
    Parts out;
    Reader in{text};
    in.name(kLongDays);
    in.literal(", ");
    out.day = in.number(2);
    in.literal("-");
    out.month = in.name(kMonths) + 1;
    in.literal("-");
    out.year = fullYear(in.number(2));
    in.literal(" ");
    readTime(in, out);
    in.literal(" GMT");
    return in.ok && in.rest.empty() ? std::optional(out) : std::nullopt;
}

std::optional<Parts> readAsctime(std::string_view text) {
    Parts out;
    Reader in{text};
    in.name(kDays);
    in.literal(" ");
    out.month = in.name(kMonths) + 1;
    in.literal(" ");
    const bool padded = in.rest.starts_with(' ');  // asctime pads the day with a space
    if (padded)
        in.literal(" ");
    out.day = in.number(padded ? 1 : 2);
    in.literal(" ");
    readTime(in, out);
    in.literal(" ");
    out.year = in.number(4);
    return in.ok && in.rest.empty() ? std::optional(out) : std::nullopt;
}

}  // namespace

std::string httpDate(system_clock::time_point time) {
    using namespace std::chrono;
    const auto second = floor<seconds>(time);  // in seconds, the day of the clock's first instant has a start
    const auto day = floor<days>(second);
    const year_month_day date(day);
    const hh_mm_ss clock(second - day);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[weekday(day).c_encoding()],
                       unsigned(date.day()), kMonths[unsigned(date.month()) - 1], int(date.year()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<system_clock::time_point> parseHttpDate(std::string_view text) {
    using namespace std::chrono;
    text = trim(text);
    auto parts = readImfFixdate(text);
    if (!parts)
        parts = readRfc850(text);
    if (!parts)
        parts = readAsctime(text);
    if (!parts)
        return std::nullopt;
    const year_month_day date(year(parts->year), month(unsigned(parts->month)), day(unsigned(parts->day)));
    // 60 is a leap second; it counts as the next minute's first.
    if (!date.ok() || parts->hour > 23 || parts->minute > 59 || parts->second > 60)
        return std::nullopt;
    const sys_seconds time =
        sys_days(date) + hours(parts->hour) + minutes(parts->minute) + seconds(parts->second);
    // Our clock counts nanoseconds, which end in 2262; 9999 is a common way to write "never".
    return std::clamp(time, ceil<seconds>(system_clock::time_point::min()),
                      floor<seconds>(system_clock::time_point::max()));
}

}  // namespace hone::http
