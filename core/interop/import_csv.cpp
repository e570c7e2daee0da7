// Results in CSV: every request (k6, JMeter) or one line per request name (Locust).

#include "core/interop/import_parts.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hone::interop {
namespace {

constexpr std::size_t kMostNames = 1'000;  ///< More labels than that are no names but values.

/// Collects single answers: totals, by name, by status.
class Collector {
public:
    explicit Collector(model::RunResult& run) : m_run(run) {}

    /// Times in seconds since the epoch; latency in µs.
    void add(const std::string& name, double startS, double us, int status, bool failed, double bytes) {
        const auto value = std::max<std::int64_t>(std::llround(us), 0);
        ++m_run.requests;
        m_run.errors += failed ? 1 : 0;
        m_run.wireBytes += static_cast<std::uint64_t>(std::max(bytes, 0.0));
        m_run.latency.record(value);
        if (status > 0)
            ++m_run.byStatus[status];
        else
            ++m_run.errorsByKind["no answer"];
        m_first = m_run.requests == 1 ? startS : std::min(m_first, startS);
        m_last = std::max(m_last, startS + us / 1e6);
        auto it = std::ranges::find(m_run.byRequest, name, &model::RequestResult::name);
        if (it == m_run.byRequest.end()) {
            if (m_run.byRequest.size() == kMostNames)
                return;
            it = m_run.byRequest.insert(m_run.byRequest.end(), {.name = name});
        }
        ++it->requests;
        it->errors += failed ? 1 : 0;
        it->bytes += static_cast<std::uint64_t>(std::max(bytes, 0.0));
        it->latency.record(value);
    }

    void finish() {
        m_run.measuredS = std::max(m_last - m_first, 0.0);
        m_run.startedAt = std::chrono::system_clock::time_point(
            std::chrono::duration_cast<std::chrono::system_clock::duration>(
                std::chrono::duration<double>(m_first)));
    }

private:
    model::RunResult& m_run;
    double m_first = 0, m_last = 0;
};

std::string_view field(const std::vector<std::string>& fields, int column) {
    return column >= 0 && static_cast<std::size_t>(column) < fields.size()
               ? std::string_view(fields[static_cast<std::size_t>(column)])
               : std::string_view();
}

int statusFrom(std::string_view text) {
    int status = 0;
    std::from_chars(text.data(), text.data() + text.size(), status);
    return status >= 100 && status <= 999 ? status : 0;
}

/// The line at `i` and, when it ends inside quotes, those after it up to the closing one; `i` moves along.
std::string record(const std::vector<std::string_view>& lines, std::size_t& i) {
    constexpr std::size_t kMostLines = 100;  // a stray quote must not swallow the file
    std::string text(lines[i]);
    for (std::size_t more = 1;
         std::ranges::count(text, '"') % 2 != 0 && more < kMostLines && i + 1 < lines.size(); ++more)
        text.append("\n").append(lines[++i]);
    return text;
}

Failure badNumber(std::string_view name, std::size_t line, std::string_view column, std::string_view value) {
    return fail(Error::Malformed, "{} line {}: {} must be a number, got \"{}\"", name, line, column,
                value.substr(0, 40));
}

}  // namespace

Result<model::RunResult> importK6Csv(std::string_view text, std::string_view name) {
    model::RunResult run = foreignRun("k6", name);
    const auto lines = linesOf(text);
    const auto header = csvFields(lines.front());
    const int status = columnOf(header, "status"), label = columnOf(header, "name"),
              method = columnOf(header, "method");
    const int expected = columnOf(header, "expected_response"), scenario = columnOf(header, "scenario");
    Collector collector(run);
    for (std::size_t i = 1; i < lines.size(); ++i) {
        // Most lines are of other metrics: they are not split.
        if (!lines[i].starts_with("http_req_duration,"))
            continue;
        const auto fields = csvFields(lines[i]);
        // What Hone exported marks its warm-up.
        if (field(fields, scenario) == "warmup")
            continue;
        const auto at = plainNumber(field(fields, 1)), ms = plainNumber(field(fields, 2));
        if (!at || !ms)
            return badNumber(name, i + 1, at ? "metric_value" : "timestamp", field(fields, at ? 2 : 1));
        const int code = statusFrom(field(fields, status));
        const bool failed = expected >= 0 && !field(fields, expected).empty()
                                ? field(fields, expected) == "false"
                                : code == 0 || code >= 400;
        const auto title = field(fields, label);
        collector.add(title.empty() ? std::string(field(fields, method)) : std::string(title),
                      *at - *ms / 1e3, *ms * 1e3, code, failed, 0);
    }
    if (run.requests == 0)
        return fail(Error::Malformed, "{} has no http_req_duration lines", name)
            .hint("Write it with: k6 run --out csv={} script.js", name);
    collector.finish();
    run.warnings.emplace_back(
        "k6 stamps requests with whole seconds when they end: throughput is approximate; bytes are "
        "not in the CSV.");
    return run;
}

Result<model::RunResult> importJtl(std::string_view text, std::string_view name) {
    model::RunResult run = foreignRun("jmeter", name);
    const auto lines = linesOf(text);
    const auto header = csvFields(lines.front());
    const int status = columnOf(header, "responseCode"), label = columnOf(header, "label");
    const int success = columnOf(header, "success"), bytes = columnOf(header, "bytes");
    Collector collector(run);
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (lines[i].empty())
            continue;
        const std::size_t line = i;
        const auto fields = csvFields(record(lines, i));
        const auto at = plainNumber(field(fields, 0)), ms = plainNumber(field(fields, 1));
        if (!at || !ms)
            return badNumber(name, line + 1, at ? "elapsed" : "timeStamp", field(fields, at ? 1 : 0));
        collector.add(std::string(field(fields, label)), *at / 1e3, *ms * 1e3,
                      statusFrom(field(fields, status)), field(fields, success) == "false",
                      plainNumber(field(fields, bytes)).value_or(0));
    }
    if (run.requests == 0)
        return fail(Error::Malformed, "{} has no samples", name)
            .hint("Write it with: jmeter -n -t plan.jmx -l {}", name);
    collector.finish();
    run.warnings.emplace_back(
        "JMeter counts whole milliseconds from the send: a stalled server hides its queue.");
    return run;
}

Result<model::RunResult> importLocust(std::string_view text, std::string_view name) {
    model::RunResult run = foreignRun("locust", name);
    const auto lines = linesOf(text);
    const auto header = csvFields(lines.front());
    const auto number = [&](const std::vector<std::string>& fields, std::string_view column) {
        return plainNumber(field(fields, columnOf(header, column)));
    };
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (lines[i].empty())
            continue;
        const auto fields = csvFields(lines[i]);
        const auto requests = number(fields, "Request Count"), failures = number(fields, "Failure Count");
        if (!requests || !failures)
            return badNumber(name, i + 1, requests ? "Failure Count" : "Request Count",
                             field(fields, columnOf(header, requests ? "Failure Count" : "Request Count")));
        std::vector<KnownQuantile> known;
        if (const auto least = number(fields, "Min Response Time"))
            known.push_back({0, *least * 1e3});
        for (std::size_t column = 0; column < header.size(); ++column)
            if (header[column].ends_with('%'))
                if (const auto percent =
                        plainNumber(std::string_view(header[column]).substr(0, header[column].size() - 1)))
                    if (const auto ms = plainNumber(field(fields, static_cast<int>(column))))
                        known.push_back({*percent / 100, *ms * 1e3});
        model::RequestResult one{.name = std::string(field(fields, columnOf(header, "Name"))),
                                 .requests = static_cast<std::uint64_t>(*requests),
                                 .errors = static_cast<std::uint64_t>(*failures)};
        one.latency = histogramFrom(known, one.requests);
        one.bytes =
            static_cast<std::uint64_t>(number(fields, "Average Content Size").value_or(0) * *requests);
        if (one.name != "Aggregated") {
            run.byRequest.push_back(std::move(one));
            continue;
        }
        run.requests = one.requests;
        run.errors = one.errors;
        run.bodyBytes = run.wireBytes = one.bytes;
        run.latency = one.latency;
        if (const auto rate = number(fields, "Requests/s"); rate && *rate > 0)
            run.measuredS = *requests / *rate;
    }
    if (run.requests == 0)
        return fail(Error::Malformed, "{} has no \"Aggregated\" line with requests", name)
            .hint("Take the file that ends in _stats.csv of: locust --csv PREFIX");
    warnOfSteps(run);
    run.warnings.emplace_back(
        "Locust rounds response times above 100 ms to two digits and counts from the send.");
    return run;
}

}  // namespace hone::interop
