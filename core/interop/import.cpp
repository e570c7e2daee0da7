#include "core/base/ids.h"
#include "core/interop/import_parts.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hone::interop {
namespace {

using nlohmann::json;

constexpr char kKinds[] =
    "Known: k6 (--summary-export JSON, --out csv), Locust (_stats.csv), Artillery (--output JSON), wrk and "
    "h2load "
    "(their text), oha (--output-format json), vegeta (report -type=json), JMeter (JTL as CSV).";
constexpr int kMaxDepth = 64;

Result<json> parsed(std::string_view text, std::string_view name) {
    const auto tooDeep = [](int depth, json::parse_event_t, json&) {
        if (depth > kMaxDepth)
            throw std::runtime_error("nested too deep");
        return true;
    };
    try {
        return json::parse(text, tooDeep);
    } catch (const std::exception& error) {
        return fail(Error::Malformed, "{} is not JSON: {}", name, error.what());
    }
}

Result<model::RunResult> importJson(std::string_view text, std::string_view name) {
    auto document = parsed(text, name);
    if (!document)
        return fail(std::move(document.error()));
    const auto has = [&](const char* member) { return document->is_object() && document->contains(member); };
    try {
        if (has("metrics") && (*document)["metrics"].contains("http_req_duration"))
            return importK6Summary(*document, name);
        if (has("aggregate"))
            return importArtillery(*document, name);
        if (has("summary") && has("latencyPercentiles"))
            return importOha(*document, name);
        if (has("latencies") && has("status_codes"))
            return importVegeta(*document, name);
    } catch (const json::exception& error) {
        return fail(Error::Malformed, "{}: a member is not what the tool writes: {}", name, error.what());
    }
    return fail(Error::Unsupported, "{} is JSON, but no result of a tool we know", name).hint("{}", kKinds);
}

std::optional<std::pair<double, std::string_view>> numberAndUnit(std::string_view text) {
    const auto from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos)
        return std::nullopt;
    text.remove_prefix(from);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || !std::isfinite(value) || value < 0)
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return std::pair(value, text);
}

template <std::size_t N>
std::optional<double> scaled(std::string_view text, const std::pair<std::string_view, double> (&units)[N]) {
    const auto number = numberAndUnit(text);
    if (!number)
        return std::nullopt;
    const auto* unit = std::ranges::find(units, number->second, &std::pair<std::string_view, double>::first);
    return unit == std::end(units) ? std::nullopt : std::optional(number->first * unit->second);
}

}  // namespace

Result<model::RunResult> importResult(std::string_view text, std::string_view name) {
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    const auto start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos)
        return fail(Error::Malformed, "{} is empty", name).hint("{}", kKinds);
    if (text[start] == '{' || text[start] == '[')
        return importJson(text, name);
    const auto firstLine = text.substr(start, text.find_first_of("\r\n", start) - start);
    if (firstLine.starts_with("metric_name,timestamp,metric_value"))
        return importK6Csv(text.substr(start), name);
    if (firstLine.starts_with("Type,Name,Request Count"))
        return importLocust(text.substr(start), name);
    if (firstLine.starts_with("timeStamp,elapsed"))
        return importJtl(text.substr(start), name);
    if (text.contains("Thread Stats") && text.contains("requests in"))
        return importWrk(text, name);
    if (text.contains("finished in ") && text.contains("req/s") && text.contains("status codes:"))
        return importH2load(text, name);
    return fail(Error::Unsupported, "{} is no result of a load tool we know", name).hint("{}", kKinds);
}

stats::Histogram histogramFrom(std::vector<KnownQuantile> known, std::uint64_t count) {
    stats::Histogram histogram;
    std::ranges::sort(known, {}, &KnownQuantile::q);
    std::uint64_t placed = 0;
    for (std::size_t i = 0; i < known.size(); ++i) {
        const bool isLast = i + 1 == known.size();
        const auto rank =
            static_cast<std::uint64_t>(std::ceil(known[i].q * static_cast<double>(count) - 1e-9));
        // The minimum is one value; above the highest known one nothing is known, so it is repeated.
        const std::uint64_t upTo = isLast ? count : std::min(count, std::max<std::uint64_t>(rank, 1));
        if (upTo > placed)
            histogram.recordN(std::max<std::int64_t>(std::llround(known[i].us), 0),
                              static_cast<std::int64_t>(upTo - placed));
        placed = std::max(placed, upTo);
    }
    return histogram;
}

std::optional<double> microsFrom(std::string_view text) {
    static constexpr std::pair<std::string_view, double> kUnits[] = {{"us", 1},  {"µs", 1},   {"ms", 1e3},
                                                                     {"s", 1e6}, {"m", 60e6}, {"h", 3600e6}};
    return scaled(text, kUnits);
}

std::optional<double> scaledNumber(std::string_view text) {
    static constexpr std::pair<std::string_view, double> kUnits[] = {
        {"", 1}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}};
    return scaled(text, kUnits);
}

std::optional<double> scaledBytes(std::string_view text) {
    static constexpr std::pair<std::string_view, double> kUnits[] = {
        {"", 1}, {"B", 1}, {"KB", 0x1p10}, {"MB", 0x1p20}, {"GB", 0x1p30}, {"TB", 0x1p40}};
    return scaled(text, kUnits);
}

std::optional<double> plainNumber(std::string_view text) {
    const auto number = numberAndUnit(text);
    return number && number->second.empty() ? std::optional(number->first) : std::nullopt;
}

std::vector<std::string> csvFields(std::string_view line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
            fields.back() += line[++i];
        else if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            fields.emplace_back();
        else if (c != '\r')
            fields.back() += c;
    }
    return fields;
}

int columnOf(const std::vector<std::string>& header, std::string_view name) {
    const auto it = std::ranges::find(header, name);
    return it == header.end() ? -1 : static_cast<int>(it - header.begin());
}

std::vector<std::string_view> linesOf(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::optional<double> numberAt(const json& document, const char* pointer) {
    const json::json_pointer at(pointer);
    if (!document.contains(at) || !document.at(at).is_number())
        return std::nullopt;
    return document.at(at).get<double>();
}

model::RunResult foreignRun(std::string_view source, std::string_view name) {
    model::RunResult run;
    run.id = newId();
    run.source = source;
    run.name = name;
    run.workload.name = name;
    run.startedAt = std::chrono::system_clock::now();
    run.tags = {"imported"};
    run.profile.name = std::string(source);
    return run;
}

void warnOfSteps(model::RunResult& run) {
    run.warnings.push_back(
        fmt::format("{} kept only some percentiles: those are exact, between them the "
                    "distribution is drawn in steps.",
                    run.source));
}

}  // namespace hone::interop
