#include "core/load/recorded_log.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <fstream>
#include <optional>

namespace hone::load {
namespace {

using nlohmann::json;

constexpr std::uintmax_t kLargest = std::uintmax_t{1} << 30;
constexpr std::int64_t kNanos = 1'000'000'000;

/// Seconds since 1970 in UTC of broken-down local time with its offset.
std::int64_t secondsOf(std::tm time, int offsetMinutes) { return timegm(&time) - 60 * offsetMinutes; }

int offsetOf(char sign, int hours, int minutes) { return (sign == '-' ? -1 : 1) * (60 * hours + minutes); }

/// "10/Oct/2000:13:55:36 -0700"
std::optional<std::int64_t> accessLogTime(const std::string& text) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    std::tm time{};
    char month[4] = "", sign = '+';
    int hours = 0, minutes = 0;
    if (std::sscanf(text.c_str(), "%2d/%3s/%4d:%2d:%2d:%2d %c%2d%2d", &time.tm_mday, month, &time.tm_year,
                    &time.tm_hour, &time.tm_min, &time.tm_sec, &sign, &hours, &minutes) != 9)
        return std::nullopt;
    const auto index = kMonths.find(month);
    if (index == kMonths.npos || index % 3 != 0)
        return std::nullopt;
    time.tm_mon = static_cast<int>(index / 3);
    time.tm_year -= 1900;
    return secondsOf(time, offsetOf(sign, hours, minutes)) * kNanos;
}

/// "2026-11-24T08:18:33.25+01:00"
std::optional<std::int64_t> isoTime(const std::string& text) {
    std::tm time{};
    int used = 0;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d%n", &time.tm_year, &time.tm_mon,
                    &time.tm_mday, &time.tm_hour, &time.tm_min, &time.tm_sec, &used) != 6)
        return std::nullopt;
    time.tm_year -= 1900;
    time.tm_mon -= 1;
    auto at = static_cast<std::size_t>(used);
    std::int64_t fraction = 0;
    if (at < text.size() && text[at] == '.') {
        std::int64_t unit = kNanos / 10;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
            fraction += unit * (text[at] - '0');
    }
    int hours = 0, minutes = 0;
    char sign = '+';
    if (at < text.size() && text[at] != 'Z' &&
        std::sscanf(text.c_str() + at, "%c%2d%*[:]%2d", &sign, &hours, &minutes) != 3 &&
        std::sscanf(text.c_str() + at, "%c%2d%2d", &sign, &hours, &minutes) != 3)
        return std::nullopt;
    return secondsOf(time, offsetOf(sign, hours, minutes)) * kNanos + fraction;
}

/// Path and query of a target or an absolute URL.
std::string targetOf(std::string_view url) {
    if (const auto scheme = url.find("://"); scheme != url.npos && scheme < url.find_first_of("/?")) {
        const auto slash = url.find_first_of("/?#", scheme + 3);
        url = slash == url.npos ? "" : url.substr(slash);
    }
    std::string target(url.substr(0, url.find('#')));
    return target.starts_with('/') ? target : "/" + target;
}

bool isWord(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

using Parsed = std::expected<RecordedRequest, std::string_view>;

/// 127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.1" 200 2326 "referer" "agent"
Parsed fromAccessLog(const std::string& line) {
    const auto open = line.find('['), close = line.find(']', open);
    if (open == std::string::npos || close == std::string::npos)
        return std::unexpected("it has no [time]");
    const auto at = accessLogTime(line.substr(open + 1, close - open - 1));
    if (!at)
        return std::unexpected("its time is not like 10/Oct/2000:13:55:36 -0700");
    const auto quote = line.find('"', close), end = line.find('"', quote + 1);
    if (quote == std::string::npos || end == std::string::npos)
        return std::unexpected("it has no \"request\"");
    const std::string request = line.substr(quote + 1, end - quote - 1);
    const auto first = request.find(' '), last = request.rfind(' ');
    RecordedRequest out{Nanos(*at), request.substr(0, first), {}, {}, {}};
    if (first == std::string::npos || last <= first || !isWord(out.method))
        return std::unexpected("its \"request\" is not like \"GET /a HTTP/1.1\"");
    out.target = targetOf(request.substr(first + 1, last - first - 1));
    if (!isWord(out.target))
        return std::unexpected("its target has characters no URL has");
    return out;
}

std::string textIn(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

Parsed fromJsonLine(const std::string& line) {
    const json entry = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!entry.is_object())
        return std::unexpected("it is no JSON object");
    const auto time = entry.find("time");
    std::optional<std::int64_t> at;
    if (time != entry.end() && time->is_number() && std::abs(time->get<double>()) < 9e9)
        at = std::llround(time->get<double>() * 1e9);
    else if (time != entry.end() && time->is_string())
        at = isoTime(time->get<std::string>());
    if (!at)
        return std::unexpected("it has no \"time\" in seconds or as ISO 8601");
    RecordedRequest out{Nanos(*at), textIn(entry, "method"), {}, textIn(entry, "body"), {}};
    const std::string url = entry.contains("url") ? textIn(entry, "url") : textIn(entry, "target");
    if (url.empty()) {
        out.method.clear();
        return out;
    }
    out.method = out.method.empty() ? "GET" : out.method;
    out.target = targetOf(url);
    if (!isWord(out.method) || !isWord(out.target))
        return std::unexpected("its method or url has characters it must not have");
    return out;
}

Result<RecordedLog> fromHar(const json& document, const std::string& name) {
    RecordedLog log{.format = RecordedLog::Format::Har};
    for (const json& entry : document["log"]["entries"]) {
        const auto at = entry.is_object() ? isoTime(textIn(entry, "startedDateTime")) : std::nullopt;
        const auto request = at ? entry.find("request") : entry.end();
        if (!at || request == entry.end() || !request->is_object() || !isWord(textIn(*request, "method"))) {
            ++log.unreadable;
            continue;
        }
        RecordedRequest out{
            Nanos(*at), textIn(*request, "method"), targetOf(textIn(*request, "url")), {}, {}};
        if (const auto post = request->find("postData"); post != request->end() && post->is_object()) {
            out.body = textIn(*post, "text");
            out.contentType = textIn(*post, "mimeType");
        }
        if (isWord(out.target))
            log.requests.push_back(std::move(out));
    }
    if (log.requests.empty())
        return fail(Error::Malformed, "{} is a HAR file without readable entries", name);
    return log;
}

Result<RecordedLog> fromLines(std::ifstream& stream, bool isJson, const std::string& name) {
    RecordedLog log{.format = isJson ? RecordedLog::Format::JsonLines : RecordedLog::Format::AccessLog};
    std::string firstReason;
    std::size_t number = 0;
    for (std::string line; std::getline(stream, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        auto request = isJson ? fromJsonLine(line) : fromAccessLog(line);
        if (request)
            log.requests.push_back(std::move(*request));
        else if (log.unreadable++ == 0)
            firstReason = fmt::format("line {}: {}", number, request.error());
    }
    if (log.requests.empty())
        return fail(Error::Malformed, "{} has no request to replay{}{}", name,
                    firstReason.empty() ? "" : "; ", firstReason)
            .hint("Use an access log of nginx or Apache, a HAR file, or JSON lines with \"time\".");
    return log;
}

/// Sorts, begins at zero, and spreads what was written down by the second.
void settle(RecordedLog& log) {
    auto& all = log.requests;
    std::ranges::stable_sort(all, {}, &RecordedRequest::at);
    const bool wholeSeconds =
        std::ranges::all_of(all, [](const auto& one) { return one.at.count() % kNanos == 0; });
    const Nanos start = all.front().at;
    for (std::size_t i = 0; i < all.size();) {
        std::size_t end = i + 1;
        while (end < all.size() && all[end].at == all[i].at)
            ++end;
        const Nanos second = all[i].at - start;
        const auto count = static_cast<std::int64_t>(end - i);
        for (std::int64_t k = 0; k < count; ++k)
            all[i + static_cast<std::size_t>(k)].at = second + Nanos(wholeSeconds ? kNanos * k / count : 0);
        i = end;
    }
}

}  // namespace

Result<RecordedLog> readRecordedLog(const std::filesystem::path& file) {
    std::error_code failed;
    const auto size = std::filesystem::file_size(file, failed);
    if (failed)
        return fail(Error::NotFound, "cannot read the recording {}: {}", file.string(), failed.message())
            .hint("A relative name is looked for beside the workload's file.");
    if (size > kLargest)
        return fail(Error::ResourceExhausted, "the recording {} has {} MiB; up to {} can be replayed",
                    file.string(), size >> 20, kLargest >> 20)
            .hint("Cut the part you need out of it.");
    std::ifstream stream(file, std::ios::binary);
    const bool isJson = (stream >> std::ws).peek() == '{';
    Result<RecordedLog> log;
    json document(json::value_t::discarded);
    if (isJson) {
        document = json::parse(stream, nullptr, /*allow_exceptions=*/false);
        stream.clear();
    }
    stream.seekg(0);
    if (document.is_object() && document.contains("log") && document["log"].is_object() &&
        document["log"].value("entries", json()).is_array())
        log = fromHar(document, file.string());
    else
        log = fromLines(stream, isJson, file.string());
    if (log)
        settle(*log);
    return log;
}

}  // namespace hone::load
