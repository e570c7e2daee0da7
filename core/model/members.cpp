#include "core/model/members.h"

#include "core/base/units.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace hone::model {
namespace {

using std::chrono::system_clock;

/// Reads exactly `digits` digits and what must follow them.
bool eat(std::string_view& text, std::size_t digits, std::string_view after, int& out) {
    const auto* end = text.data() + std::min(digits, text.size());
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    if (text.size() < digits || text.front() == '-' || error != std::errc{} || stop != text.data() + digits)
        return false;
    text.remove_prefix(digits);
    if (!text.starts_with(after))
        return false;
    text.remove_prefix(after.size());
    return true;
}

std::optional<system_clock::time_point> timeFrom(std::string_view text) {
    using namespace std::chrono;
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
    const bool read = eat(text, 4, "-", y) && eat(text, 2, "-", mo) && eat(text, 2, "T", d) &&
                      eat(text, 2, ":", h) && eat(text, 2, ":", mi) && eat(text, 2, "", s);
    const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
    // The clock counts nanoseconds in 64 bits, which ends in 2262.
    if (!read || !date.ok() || y < 1700 || y > 2261 || h > 23 || mi > 59 || s > 60)
        return std::nullopt;
    std::int64_t nanos = 0;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        std::int64_t unit = 100'000'000;
        for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), unit /= 10)
            nanos += (text.front() - '0') * unit;
    }
    if (text != "Z")
        return std::nullopt;
    return system_clock::time_point(sys_days(date).time_since_epoch() + hours(h) + minutes(mi) + seconds(s) +
                                    nanoseconds(nanos));
}

}  // namespace

std::string timeText(system_clock::time_point time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    std::string text = formatTimestamp(whole);
    const auto nanos = std::chrono::nanoseconds(time - whole).count();
    if (nanos == 0)
        return text;
    std::string decimals = fmt::format(".{:09d}", nanos);
    decimals.erase(decimals.find_last_not_of('0') + 1);
    return text.insert(text.size() - 1, decimals);
}

std::string excerpt(const nlohmann::json& value) {
    std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    constexpr std::size_t kLongest = 60;
    if (text.size() <= kLongest)
        return text;
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;  // not inside a UTF-8 sequence
    return text.substr(0, end) + "…";
}

Members::Members(const nlohmann::json& object, std::string path) : m_object(object), m_path(std::move(path)) {
    if (!object.is_object())
        m_result = fail(Error::Malformed, "{} must be an object, got {}",
                        m_path.empty() ? "the file" : m_path, excerpt(object));
}

std::string Members::nameOf(std::string_view name) const {
    return m_path.empty() ? std::string(name) : fmt::format("{}.{}", m_path, name);
}

void Members::refuse(Failure failure) {
    if (m_result)
        m_result = std::move(failure);
}

const nlohmann::json* Members::find(std::string_view name) {
    m_known.emplace(name);
    if (failed())
        return nullptr;
    const auto it = m_object.find(name);
    return it == m_object.end() || it->is_null() ? nullptr : &*it;
}

const nlohmann::json* Members::ofType(std::string_view name, bool (*is)(const nlohmann::json&),
                                      std::string_view what) {
    const nlohmann::json* value = find(name);
    if (!value || is(*value))
        return value;
    refuse(fail(Error::Malformed, "{} must be {}, got {}", nameOf(name), what, excerpt(*value)));
    return nullptr;
}

const nlohmann::json* Members::object(std::string_view name) {
    return ofType(name, [](const nlohmann::json& value) { return value.is_object(); }, "an object");
}

const nlohmann::json* Members::array(std::string_view name) {
    return ofType(name, [](const nlohmann::json& value) { return value.is_array(); }, "a list");
}

void Members::text(std::string_view name, std::string& out) {
    if (const auto* value = ofType(name, [](const nlohmann::json& v) { return v.is_string(); }, "a text"))
        out = value->get<std::string>();
}

void Members::flag(std::string_view name, bool& out) {
    if (const auto* value =
            ofType(name, [](const nlohmann::json& v) { return v.is_boolean(); }, "true or false"))
        out = value->get<bool>();
}

void Members::number(std::string_view name, double& out, double min, double max) {
    const auto* value = ofType(name, [](const nlohmann::json& v) { return v.is_number(); }, "a number");
    if (!value)
        return;
    const double number = value->get<double>();
    if (number >= min && number <= max)
        out = number;
    else
        refuse(fail(Error::InvalidArgument, "{} must be {} … {}, got {}", nameOf(name), min, max, number));
}

void Members::numberOrInfinity(std::string_view name, double& out) {
    if (!failed() && m_object.contains(name) && m_object.find(name)->is_null())
        out = std::numeric_limits<double>::infinity();
    number(name, out);
}

void Members::wrongInteger(std::string_view name, const nlohmann::json& value, const std::string& range) {
    refuse(fail(Error::InvalidArgument, "{} must be a whole number {}, got {}", nameOf(name), range,
                excerpt(value)));
}

void Members::duration(std::string_view name, std::chrono::milliseconds& out, std::chrono::milliseconds min,
                       std::chrono::milliseconds max) {
    const auto* value = ofType(
        name, [](const nlohmann::json& v) { return v.is_string(); },
        "a duration with its unit, such as \"10s\"");
    if (!value)
        return;
    auto parsed = parseDuration(value->get<std::string>());
    if (!parsed) {
        parsed.error().what = fmt::format("{}: {}", nameOf(name), parsed.error().what);
        refuse(fail(std::move(parsed.error())));
        return;
    }
    const auto rounded = std::chrono::round<std::chrono::milliseconds>(*parsed);
    if (rounded < min || rounded > max)
        refuse(fail(Error::InvalidArgument, "{} must be {} … {}, got \"{}\"", nameOf(name), durationText(min),
                    durationText(max), value->get<std::string>()));
    else
        out = rounded;
}

void Members::time(std::string_view name, std::chrono::system_clock::time_point& out) {
    std::string word;
    text(name, word);
    if (failed() || word.empty())
        return;
    if (const auto parsed = timeFrom(word))
        out = *parsed;
    else
        refuse(fail(Error::Malformed, "{} must be a time such as 2026-11-24T08:18:33Z, got \"{}\"",
                    nameOf(name), word));
}

void Members::texts(std::string_view name, std::vector<std::string>& out) {
    const auto* list = array(name);
    if (!list)
        return;
    std::vector<std::string> read;
    for (const auto& element : *list) {
        if (!element.is_string())
            return refuse(fail(Error::Malformed, "{} must be a list of texts, one is {}", nameOf(name),
                               excerpt(element)));
        read.push_back(element.get<std::string>());
    }
    out = std::move(read);
}

nlohmann::json Members::unknown() const {
    nlohmann::json rest = nlohmann::json::object();
    if (m_object.is_object())
        for (const auto& [name, value] : m_object.items())
            if (!m_known.contains(name))
                rest[name] = value;
    return rest;
}

Result<> checkHeader(Members& members, std::string_view kind) {
    int version = 1;
    members.integer("hone", version, 1, std::numeric_limits<int>::max());
    if (version > 1)
        members.refuse(
            fail(Error::Unsupported, "the file has format version {}, this program reads version 1", version)
                .hint("Open it with a newer release."));
    std::string word(kind);
    members.text("kind", word);
    if (word != kind)
        members.refuse(fail(Error::Malformed, "the file holds a {}, not a {}", word, kind));
    return members.result();
}

}  // namespace hone::model
