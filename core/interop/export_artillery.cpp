// Artillery: virtual users arrive, ask once and leave, which is an open loop; thresholds by its ensure
// plugin.

#include "core/interop/export_notes.h"

#include <algorithm>
#include <cmath>

namespace hone::interop {
namespace {

using Figure = model::Threshold::Figure;

/// Artillery's aggregates of a summary.
constexpr std::pair<double, std::string_view> kAggregates[] = {{0.50, "p50"}, {0.75, "p75"}, {0.90, "p90"},
                                                               {0.95, "p95"}, {0.99, "p99"}, {0.999, "p999"}};

std::optional<std::string> metricText(const model::Threshold& threshold) {
    const bool isWhole = threshold.request.empty();
    const std::string latency =
        isWhole ? "http.response_time" : "plugins.metrics-by-endpoint.response_time." + threshold.request;
    switch (threshold.figure) {
        case Figure::Quantile: {
            const auto* known = std::ranges::find_if(kAggregates, [&](const auto& one) {
                return std::abs(one.first - threshold.quantile) < 1e-9;
            });
            if (known == std::end(kAggregates))
                return std::nullopt;
            return fmt::format("{}.{}", latency, known->second);
        }
        case Figure::Mean: return latency + ".mean";
        case Figure::Min: return latency + ".min";
        case Figure::Max: return latency + ".max";
        default: break;
    }
    if (!isWhole)
        return std::nullopt;
    switch (threshold.figure) {
        // One request each: a failed virtual user is a failed request.
        case Figure::Errors: return "vusers.failed / vusers.created";
        case Figure::Throughput: return "http.request_rate";
        case Figure::Requests: return "http.requests";
        case Figure::Bytes: return "http.downloaded_bytes / http.requests";
        default: return std::nullopt;
    }
}

std::string expressionText(const model::Threshold& threshold, const std::string& metric) {
    const double limit = threshold.isLatency() ? threshold.limit / 1'000 : threshold.limit;
    return fmt::format("{} {} {}", metric, threshold.opText(), numberText(limit));
}

/// As the expect plugin says it; nothing for what it cannot.
std::optional<std::string> checkText(const model::WorkloadCheck& check) {
    using Subject = model::WorkloadCheck::Subject;
    using Relation = model::WorkloadCheck::Relation;
    if (check.subject == Subject::Status)
        return fmt::format("            - statusCode: {}\n", check.expected.dump());
    if (check.subject == Subject::Header && check.relation == Relation::Exists)
        return fmt::format("            - hasHeader: {}\n", jsText(check.name));
    if (check.subject == Subject::Header && check.relation == Relation::Equals)
        return fmt::format("            - headerEquals: [{}, {}]\n", jsText(check.name),
                           jsText(check.expected.get<std::string>()));
    if (check.subject == Subject::Json && check.relation == Relation::Exists)
        if (const auto path = plainPath(check.name))
            return fmt::format("            - hasProperty: {}\n", jsText(path->substr(1)));
    return std::nullopt;
}

std::vector<std::string> notes(const model::Workload& workload, const ExportOptions& options) {
    auto lines =
        lossesOf(workload, "Artillery",
                 {.stages = true, .trust = workload.tls.caFile.empty(), .check = [](const auto& check) {
                      return checkText(check).has_value();
                  }});
    if (workload.model == model::LoadModel::Closed)
        lines.push_back(
            fmt::format("Approximated: Artillery has no closed loop. At most {} virtual users are active; "
                        "as soon as one leaves another may arrive.",
                        workload.clients));
    else if (workload.arrival == model::Arrival::Poisson)
        lines.emplace_back("Approximated: Artillery spaces arrivals evenly, not as Poisson does.");
    if (!workload.variables.empty())
        lines.push_back(
            fmt::format("Approximated: {} values of each variable, drawn in its popularity; Artillery "
                        "picks among them at random.",
                        options.samples));
    if (workload.warmup.count() > 0)
        lines.emplace_back("Approximated: Artillery's summary and checks include the warm-up.");
    for (const auto& threshold : options.thresholds)
        if (!metricText(threshold))
            lines.push_back(fmt::format("Not mapped: {} (no such aggregate in Artillery).", threshold.text));
        else if (threshold.figure == Figure::Bytes)
            lines.push_back(fmt::format("Approximated: {} is checked on decoded content, not on the wire.",
                                        threshold.text));
    return lines;
}

std::string phaseText(const model::Workload& workload, const char* name, double seconds) {
    std::string out = fmt::format("    - name: {}\n      duration: {}\n", name,
                                  std::max(1, static_cast<int>(std::lround(seconds))));
    if (workload.model == model::LoadModel::Open) {
        const double rate = workload.stages.empty() ? workload.ratePerSecond : workload.stages[0].from;
        return out + fmt::format("      arrivalRate: {}\n", numberText(std::max(1.0, std::round(rate))));
    }
    // Often enough that a free place is taken within some milliseconds.
    return out + fmt::format("      arrivalRate: {}\n      maxVusers: {}\n",
                             std::min(workload.clients * 100, 2'000), workload.clients);
}

std::string stagesText(const model::Workload& workload) {
    std::string out;
    for (const auto& stage : workload.stages) {
        out += fmt::format("    - name: measured\n      duration: {}\n      arrivalRate: {}\n",
                           std::max(1, static_cast<int>(std::lround(secondsOf(stage.duration)))),
                           numberText(std::round(stage.from)));
        if (stage.to != stage.from)
            out += fmt::format("      rampTo: {}\n", numberText(std::round(stage.to)));
    }
    return out;
}

std::string variablesText(const model::Workload& workload, const ExportOptions& options) {
    if (workload.variables.empty())
        return {};
    std::string out = "  variables:\n";
    for (const auto& [name, variable] : workload.variables) {
        std::string list;
        for (const auto& value : sampledValues(variable, options.samples, workload.seed))
            list += (list.empty() ? "" : ", ") + jsText(value);
        out += fmt::format("    {}: [{}]\n", jsText(name), list);
    }
    return out;
}

/// {{name}} is written {{ name }}; other braces stay text.
std::string templated(const model::Workload& workload, const std::string& text) {
    std::string out;
    for (const auto& piece : piecesOf(workload, text))
        out += piece.isVariable ? "{{ " + piece.text + " }}" : piece.text;
    return out;
}

std::string scenarioText(const model::Workload& workload, const model::WorkloadRequest& request, int weight) {
    std::string method = request.method;
    std::ranges::transform(method, method.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::string out = fmt::format(
        "  - name: {}\n    weight: {}\n    flow:\n      - {}:\n          url: {}\n          name: {}\n",
        jsText(request.name), weight, method, jsText(templated(workload, request.url)), jsText(request.name));
    if (!request.headers.empty())
        out += "          headers:\n";
    for (const auto& [name, value] : request.headers)
        out += fmt::format("            {}: {}\n", jsText(name), jsText(templated(workload, value)));
    if (!request.body.empty())
        out += fmt::format("          body: {}\n", jsText(templated(workload, request.body)));
    std::string checks;
    bool knowsStatus = false;
    for (const auto& check : request.checks)
        if (const auto text = checkText(check)) {
            checks += *text;
            knowsStatus = knowsStatus || check.subject == model::WorkloadCheck::Subject::Status;
        }
    out += "          expect:\n";
    out += (knowsStatus ? "" : "            - statusCode: [200, 201, 202, 203, 204, 206, 304]\n") + checks;
    if (workload.model == model::LoadModel::Closed && workload.thinkTime.count() > 0)
        out += fmt::format("      - think: {}\n", numberText(secondsOf(workload.thinkTime)));
    return out;
}

std::string ensureText(const ExportOptions& options) {
    std::string conditions;
    for (const auto& threshold : options.thresholds)
        if (const auto metric = metricText(threshold))
            conditions += fmt::format("      - expression: {}\n", jsText(expressionText(threshold, *metric)));
    return conditions.empty() ? conditions : "  ensure:\n    conditions:\n" + conditions;
}

}  // namespace

std::string artilleryScript(const model::Workload& workload, const ExportOptions& options) {
    auto head = headLines(workload, "artillery run FILE --output result.json");
    for (auto& line : notes(workload, options))
        head.push_back(std::move(line));
    std::string out = commented("# ", head);
    out += fmt::format("config:\n  target: {}\n  phases:\n", jsText(options.target));
    if (workload.warmup.count() > 0)
        out += phaseText(workload, "warm-up", secondsOf(workload.warmup));
    out += workload.model == model::LoadModel::Open && !workload.stages.empty()
               ? stagesText(workload)
               : phaseText(workload, "measured", secondsOf(workload.duration));
    if (!workload.tls.verify)
        out += "  tls:\n    rejectUnauthorized: false\n";
    out += fmt::format("  http:\n    timeout: {}\n    pool: {}\n",
                       std::max(1, static_cast<int>(std::lround(secondsOf(workload.timeout)))),
                       std::max(workload.clients, 1));
    out +=
        "  plugins:\n    ensure: {}\n    expect:\n      outputFormat: silent\n      reportFailuresAsErrors: "
        "true\n"
        "    metrics-by-endpoint:\n      useOnlyRequestNames: true\n";
    out += ensureText(options) + variablesText(workload, options) + "scenarios:\n";
    const auto weights = wholeWeights(workload);
    for (std::size_t i = 0; i < workload.requests.size(); ++i)
        if (weights[i] > 0)
            out += scenarioText(workload, workload.requests[i], weights[i]);
    return out;
}

}  // namespace hone::interop
