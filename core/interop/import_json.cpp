// Results in JSON: k6 summary, Artillery, oha, vegeta.

#include "core/interop/import_parts.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hone::interop {
namespace {

using nlohmann::json;

std::uint64_t countFrom(double value) {
    return value > 0 ? static_cast<std::uint64_t>(std::llround(value)) : 0;
}

Failure missing(std::string_view name, std::string_view member) {
    return fail(Error::Malformed, "{} has no \"{}\", so there is nothing to import", name, member)
        .hint("Was the run cut short before the tool wrote its summary?");
}

/// Adds the quantile when the member is there.
void addKnown(std::vector<KnownQuantile>& known, const json& object, const char* pointer, double q,
              double scale) {
    if (const auto value = numberAt(object, pointer))
        known.push_back({q, *value * scale});
}

/// "p(99.9)" → 0.999
std::optional<double> k6Quantile(std::string_view name) {
    if (!name.starts_with("p(") || !name.ends_with(')'))
        return std::nullopt;
    const auto percent = plainNumber(name.substr(2, name.size() - 3));
    return percent && *percent <= 100 ? std::optional(*percent / 100) : std::nullopt;
}

/// k6 writes values directly (--summary-export) or below "values" (handleSummary).
const json& valuesOf(const json& metric) { return metric.contains("values") ? metric["values"] : metric; }

void readStatus(model::RunResult& run, const json& codes) {
    for (const auto& [text, count] : codes.items()) {
        int status = 0;
        std::from_chars(text.data(), text.data() + text.size(), status);
        if (status > 0)
            run.byStatus[status] = countFrom(count.get<double>());
        else
            run.errorsByKind["no answer"] += countFrom(count.get<double>());
    }
}

}  // namespace

Result<model::RunResult> importK6Summary(const json& document, std::string_view name) {
    model::RunResult run = foreignRun("k6", name);
    const json& metrics = document["metrics"];
    const auto requests =
        metrics.contains("http_reqs") ? numberAt(valuesOf(metrics["http_reqs"]), "/count") : std::nullopt;
    if (!requests)
        return missing(name, "metrics.http_reqs.count");
    run.requests = countFrom(*requests);
    std::vector<KnownQuantile> known;
    for (const auto& [key, value] : valuesOf(metrics["http_req_duration"]).items()) {
        if (!value.is_number())
            continue;
        const auto q = key == "min"   ? std::optional(0.0)
                       : key == "med" ? std::optional(0.5)
                       : key == "max" ? std::optional(1.0)
                                      : k6Quantile(key);
        if (q)
            known.push_back({*q, value.get<double>() * 1e3});
    }
    run.latency = histogramFrom(known, run.requests);
    if (metrics.contains("http_req_failed")) {
        const json& failed = valuesOf(metrics["http_req_failed"]);
        const auto rate = numberAt(failed, failed.contains("rate") ? "/rate" : "/value");
        run.errors = countFrom(rate.value_or(0) * static_cast<double>(run.requests));
    }
    if (metrics.contains("data_received"))
        run.wireBytes = countFrom(numberAt(valuesOf(metrics["data_received"]), "/count").value_or(0));
    if (const auto ms = numberAt(document, "/state/testRunDurationMs"))
        run.measuredS = *ms / 1e3;
    else if (const auto rate = numberAt(valuesOf(metrics["http_reqs"]), "/rate"); rate && *rate > 0)
        run.measuredS = *requests / *rate;
    warnOfSteps(run);
    run.warnings.emplace_back(
        "k6 counts latency from the send and without connecting: not from when it was due.");
    return run;
}

Result<model::RunResult> importArtillery(const json& document, std::string_view name) {
    model::RunResult run = foreignRun("artillery", name);
    const json& all = document["aggregate"];
    const json counters = all.value("counters", json::object());
    const json summaries = all.value("summaries", json::object());
    if (!counters.contains("http.responses") || !summaries.contains("http.response_time"))
        return missing(name, "aggregate.summaries.http.response_time");
    const json& latency = summaries["http.response_time"];
    const double responses = counters["http.responses"].get<double>();
    run.requests = countFrom(counters.value("http.requests", responses));
    json codes = json::object();
    std::uint64_t failures = 0;
    for (const auto& [key, count] : counters.items()) {
        if (key.starts_with("http.codes.")) {
            codes[key.substr(11)] = count;
            failures += key[11] >= '4' ? countFrom(count.get<double>()) : 0;
        } else if (key.starts_with("errors.") && !key.starts_with("errors.Failed expectations")) {
            run.errorsByKind[key.substr(7)] = countFrom(count.get<double>());
        }
    }
    readStatus(run, codes);
    const auto unanswered = run.requests > countFrom(responses) ? run.requests - countFrom(responses) : 0;
    run.errors = failures + unanswered;
    std::vector<KnownQuantile> known;
    for (const auto& [key, q] : {std::pair{"/min", 0.0},
                                 {"/p50", 0.5},
                                 {"/p75", 0.75},
                                 {"/p90", 0.9},
                                 {"/p95", 0.95},
                                 {"/p99", 0.99},
                                 {"/p999", 0.999},
                                 {"/max", 1.0}})
        addKnown(known, latency, key, q, 1e3);
    run.latency = histogramFrom(known, countFrom(responses));
    run.wireBytes = countFrom(counters.value("http.downloaded_bytes", 0.0));
    const auto first = numberAt(all, "/firstMetricAt"), last = numberAt(all, "/lastMetricAt");
    if (first && last && *last > *first) {
        run.measuredS = (*last - *first) / 1e3;
        run.startedAt =
            std::chrono::system_clock::time_point(std::chrono::milliseconds(std::llround(*first)));
    }
    warnOfSteps(run);
    run.warnings.emplace_back(
        "Artillery counts latency to the first byte in whole milliseconds; warm-up phases are in it.");
    return run;
}

Result<model::RunResult> importOha(const json& document, std::string_view name) {
    model::RunResult run = foreignRun("oha", name);
    const auto total = numberAt(document, "/summary/total"),
               rate = numberAt(document, "/summary/requestsPerSec");
    if (!total || !rate)
        return missing(name, "summary.requestsPerSec");
    run.measuredS = *total;
    const json codes = document.value("statusCodeDistribution", json::object());
    readStatus(run, codes);
    for (const auto& [status, count] : run.byStatus) {
        run.requests += count;
        run.errors += status >= 400 ? count : 0;
    }
    const auto answered = run.requests;
    const json errors = document.value("errorDistribution", json::object());
    for (const auto& [kind, count] : errors.items()) {
        const auto times = countFrom(count.get<double>());
        if (kind == "aborted due to deadline") {  // under way when the time was up: no failure
            run.unfinished = times;
            continue;
        }
        run.errorsByKind[kind] = times;
        run.errors += times;
        run.requests += times;
    }
    std::vector<KnownQuantile> known;
    addKnown(known, document, "/summary/fastest", 0, 1e6);
    addKnown(known, document, "/summary/slowest", 1, 1e6);
    for (const auto& [key, value] : document["latencyPercentiles"].items())
        if (const auto percent = key.starts_with('p') ? plainNumber(key.substr(1)) : std::nullopt;
            percent && value.is_number())
            known.push_back({*percent / 100, value.get<double>() * 1e6});
    run.latency = histogramFrom(known, answered);
    run.wireBytes = run.bodyBytes = countFrom(numberAt(document, "/summary/totalData").value_or(0));
    warnOfSteps(run);
    return run;
}

Result<model::RunResult> importVegeta(const json& document, std::string_view name) {
    model::RunResult run = foreignRun("vegeta", name);
    const auto requests = numberAt(document, "/requests"), success = numberAt(document, "/success");
    if (!requests || !success)
        return missing(name, "requests");
    run.requests = countFrom(*requests);
    run.errors = countFrom(*requests * (1 - *success));
    readStatus(run, document["status_codes"]);
    std::vector<KnownQuantile> known;
    for (const auto& [key, q] : {std::pair{"/latencies/min", 0.0},
                                 {"/latencies/50th", 0.5},
                                 {"/latencies/90th", 0.9},
                                 {"/latencies/95th", 0.95},
                                 {"/latencies/99th", 0.99},
                                 {"/latencies/max", 1.0}})
        addKnown(known, document, key, q, 1e-3);
    run.latency = histogramFrom(known, run.requests);
    run.measuredS =
        (numberAt(document, "/duration").value_or(0) + numberAt(document, "/wait").value_or(0)) / 1e9;
    run.wireBytes = run.bodyBytes = countFrom(numberAt(document, "/bytes_in/total").value_or(0));
    warnOfSteps(run);
    return run;
}

}  // namespace hone::interop
