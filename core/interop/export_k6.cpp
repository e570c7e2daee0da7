// k6: the closest match. Keys are drawn from the same distributions, thresholds are k6's own.

#include "core/interop/script.h"

#include <algorithm>
#include <cmath>

namespace hone::interop {
namespace {

using Figure = model::Threshold::Figure;

// Rejection-inversion, as Hone's generator draws (Hörmann and Derflinger, 1996).
constexpr char kZipf[] = R"js(function zipf(n, s) {
  const near = (f, x) => (Math.abs(x) > 1e-8 ? f(x) / x : 1);
  const area = (x) => near(Math.expm1, (1 - s) * Math.log(x)) * Math.log(x);
  const density = (x) => Math.exp(-s * Math.log(x));
  const inverse = (y) => Math.exp(near(Math.log1p, Math.max(y * (1 - s), -1)) * y);
  const first = area(1.5) - 1, last = area(n + 0.5), shortcut = 2 - inverse(area(2.5) - density(2));
  return () => {
    for (;;) {
      const u = last + Math.random() * (first - last);
      const x = inverse(u);
      const k = Math.min(Math.max(Math.floor(x + 0.5), 1), n);
      if (k - x <= shortcut || u >= area(k + 0.5) - density(k)) return k - 1;
    }
  };
}
)js";

std::string drawExpression(const model::Variable& variable, std::int64_t count) {
    switch (variable.draw) {
        case model::Variable::Draw::Uniform: return fmt::format("Math.floor(Math.random() * {})", count);
        case model::Variable::Draw::Sequential:
            return fmt::format("exec.scenario.iterationInTest % {}", count);
        case model::Variable::Draw::HotSet: {
            const auto hot = std::clamp<std::int64_t>(
                std::llround(static_cast<double>(count) * variable.hotKeys), 1, count);
            return fmt::format(
                "Math.random() < {} || {} === {} ? Math.floor(Math.random() * {}) : "
                "{} + Math.floor(Math.random() * {})",
                numberText(variable.hotShare), hot, count, hot, hot, count - hot);
        }
        case model::Variable::Draw::Zipf: break;
    }
    return {};
}

std::string variableText(const std::string& name, const model::Variable& variable) {
    const std::int64_t count = variable.values.empty() ? variable.last - variable.first + 1
                                                       : static_cast<std::int64_t>(variable.values.size());
    std::string out;
    std::string value = fmt::format("{} + i", variable.first);
    if (!variable.values.empty()) {
        std::string list;
        for (const auto& one : variable.values)
            list += (list.empty() ? "" : ", ") + jsText(one);
        out += fmt::format("const values_{} = [{}];\n", name, list);
        value = fmt::format("values_{}[i]", name);
    }
    if (variable.draw == model::Variable::Draw::Zipf) {
        out += fmt::format("const rank_{} = zipf({}, {});\n", name, count, numberText(variable.skew));
        return out + fmt::format("function draw_{}() {{\n  const i = rank_{}();\n  return {};\n}}\n", name,
                                 name, value);
    }
    return out + fmt::format("function draw_{}() {{\n  const i = {};\n  return {};\n}}\n", name,
                             drawExpression(variable, count), value);
}

/// `"/api/" + v.id`
std::string expression(const model::Workload& workload, const std::map<std::string, std::string>& ids,
                       const std::string& text) {
    std::string out;
    for (const auto& piece : piecesOf(workload, text))
        out +=
            (out.empty() ? "" : " + ") + (piece.isVariable ? "v." + ids.at(piece.text) : jsText(piece.text));
    return out.empty() ? "\"\"" : out;
}

std::string scenarioText(const model::Workload& workload, const char* name, double startS, double lengthS) {
    std::string out = fmt::format("    {}: {{\n", name);
    if (workload.model == model::LoadModel::Open) {
        const bool isWhole = workload.ratePerSecond == std::floor(workload.ratePerSecond);
        const auto rate =
            isWhole ? workload.ratePerSecond : std::max(1.0, std::round(workload.ratePerSecond * 3600));
        // As many virtual users as answers may be outstanding when each takes a second.
        const int most =
            static_cast<int>(std::max<double>(workload.clients, std::ceil(workload.ratePerSecond)));
        out += fmt::format(
            "      executor: 'constant-arrival-rate',\n      rate: {},\n      timeUnit: '{}',\n"
            "      preAllocatedVUs: {},\n      maxVUs: {},\n",
            numberText(rate), isWhole ? "1s" : "1h", workload.clients, most);
    } else {
        out += fmt::format("      executor: 'constant-vus',\n      vus: {},\n", workload.clients);
    }
    return out + fmt::format(
                     "      startTime: '{}s',\n      duration: '{}s',\n      gracefulStop: '0s',\n    }},\n",
                     numberText(startS), numberText(lengthS));
}

/// The threshold in k6's words, under the metric it belongs to; nothing when k6 cannot.
struct Mapped {
    std::string metric, expression;
};
std::optional<Mapped> mapped(const model::Threshold& threshold, const model::Workload& workload) {
    const auto op = threshold.opText();
    const std::string limit = numberText(threshold.limit);
    const std::string ms = numberText(threshold.limit / 1'000);
    switch (threshold.figure) {
        case Figure::Quantile:
            return Mapped{"http_req_duration",
                          fmt::format("p({}){}{}", numberText(threshold.quantile * 100), op, ms)};
        case Figure::Mean: return Mapped{"http_req_duration", fmt::format("avg{}{}", op, ms)};
        case Figure::Min: return Mapped{"http_req_duration", fmt::format("min{}{}", op, ms)};
        case Figure::Max: return Mapped{"http_req_duration", fmt::format("max{}{}", op, ms)};
        case Figure::Errors: return Mapped{"http_req_failed", fmt::format("rate{}{}", op, limit)};
        // k6 divides by the whole test, warm-up included; the count over the measured part says the same.
        case Figure::Throughput:
            return Mapped{"http_reqs",
                          fmt::format("count{}{}", op,
                                      numberText(std::ceil(threshold.limit * secondsOf(workload.duration))))};
        case Figure::Requests: return Mapped{"http_reqs", fmt::format("count{}{}", op, limit)};
        case Figure::Apdex:
            return Mapped{fmt::format("apdex_{}us", numberText(threshold.apdexUs)),
                          fmt::format("avg{}{}", op, limit)};
        case Figure::Bytes:
        case Figure::Cpu: break;
    }
    return std::nullopt;
}

std::string thresholdsText(const model::Workload& workload, const ExportOptions& options) {
    std::map<std::string, std::string> byMetric;
    for (const auto& threshold : options.thresholds)
        if (const auto one = mapped(threshold, workload)) {
            const std::string tags = threshold.request.empty() ? "" : ",name:" + threshold.request;
            auto& list = byMetric[fmt::format("{}{{scenario:measured{}}}", one->metric, tags)];
            list += (list.empty() ? "" : ", ") + jsText(one->expression);
        }
    std::string out;
    for (const auto& [metric, list] : byMetric)
        out += fmt::format("    {}: [{}],\n", jsText(metric), list);
    return out.empty() ? out : "  thresholds: {\n" + out + "  },\n";
}

std::vector<std::string> notes(const model::Workload& workload, const ExportOptions& options) {
    std::vector<std::string> lines;
    if (workload.model == model::LoadModel::Open && workload.arrival == model::Arrival::Poisson)
        lines.emplace_back("Approximated: k6 has no Poisson arrivals; these are evenly spaced.");
    if (workload.model == model::LoadModel::Open)
        lines.emplace_back("Approximated: k6 counts latency from the send, not from when a request was due.");
    lines.emplace_back("Approximated: keys follow the same distribution, but not Hone's seed.");
    for (const auto& threshold : options.thresholds)
        if (!mapped(threshold, workload))
            lines.push_back(
                fmt::format("Not mapped: {} (k6 does not measure it per request).", threshold.text));
    return lines;
}

std::string requestText(const model::Workload& workload, const std::map<std::string, std::string>& ids,
                        const model::WorkloadRequest& request, double below) {
    std::string headers;
    for (const auto& [name, value] : request.headers)
        headers += fmt::format("{}{}: {}", headers.empty() ? "" : ", ", jsText(name),
                               expression(workload, ids, value));
    const std::string url = expression(workload, ids, request.url);
    return fmt::format(
        "  if (pick < {}) {{\n    const name = {};\n    return [name, http.request({}, {}{}, {}, {{ tags: "
        "{{ name }}, timeout: '{}ms', headers: {{ {} }} }})];\n  }}\n",
        numberText(below), jsText(request.name), jsText(request.method),
        isAbsolute(request.url) ? "" : "BASE + ", url,
        request.body.empty() ? "null" : expression(workload, ids, request.body), workload.timeout.count(),
        headers);
}

std::string requestsText(const model::Workload& workload, const std::map<std::string, std::string>& ids) {
    double sum = 0, below = 0;
    for (const auto& request : workload.requests)
        sum += request.weight;
    std::string out =
        fmt::format("function fire(v) {{\n  const pick = Math.random() * {};\n", numberText(sum));
    for (const auto& request : workload.requests)
        if (request.weight > 0)
            out += requestText(workload, ids, request, below += request.weight);
    return out + "}\n";
}

std::string apdexText(const ExportOptions& options, std::string& declared) {
    std::string out;
    std::vector<std::string> seen;
    for (const auto& threshold : options.thresholds) {
        if (threshold.figure != Figure::Apdex)
            continue;
        const std::string name = fmt::format("apdex_{}us", numberText(threshold.apdexUs));
        if (std::ranges::find(seen, name) != seen.end())
            continue;
        seen.push_back(name);
        declared += fmt::format("const {} = new Trend('{}');\n", name, name);
        const double ms = threshold.apdexUs / 1'000;
        out += fmt::format(
            "  {}.add(failed ? 0 : res.timings.duration <= {} ? 1 : res.timings.duration <= {} ? 0.5 : 0, "
            "{{ name }});\n",
            name, numberText(ms), numberText(4 * ms));
    }
    return out;
}

}  // namespace

std::string k6Script(const model::Workload& workload, const ExportOptions& options) {
    auto head = headLines(workload, "k6 run FILE   (another target: k6 run -e BASE_URL=http://… FILE)");
    for (auto& line : notes(workload, options))
        head.push_back(std::move(line));
    std::map<std::string, std::string> ids;
    std::vector<std::string> taken;
    std::string draws, values;
    bool usesZipf = false;
    for (const auto& [name, variable] : workload.variables) {
        ids[name] = identifier(name, taken);
        draws += variableText(ids[name], variable);
        values += fmt::format("{}{}: draw_{}()", values.empty() ? "" : ", ", ids[name], ids[name]);
        usesZipf = usesZipf || variable.draw == model::Variable::Draw::Zipf;
    }
    std::string declared;
    const std::string apdex = apdexText(options, declared);
    const double warmup = secondsOf(workload.warmup);
    std::string out = commented("// ", head);
    out += "import http from 'k6/http';\nimport exec from 'k6/execution';\nimport { sleep } from 'k6';\n";
    out += declared.empty() ? "" : "import { Trend } from 'k6/metrics';\n";
    out += fmt::format("\nconst BASE = __ENV.BASE_URL || {};\n\nexport const options = {{\n  scenarios: {{\n",
                       jsText(options.target));
    if (warmup > 0)
        out += scenarioText(workload, "warmup", 0, warmup);
    out += scenarioText(workload, "measured", warmup, secondsOf(workload.duration)) + "  },\n";
    out += thresholdsText(workload, options);
    if (!workload.keepAlive)
        out += "  noConnectionReuse: true,\n";
    out += "};\n\n" + declared + (usesZipf ? kZipf : "") + draws + requestsText(workload, ids);
    out += fmt::format("\nexport default function () {{\n  const [name, res] = fire({{ {} }});\n", values);
    if (!apdex.empty())
        out += "  const failed = res.status === 0 || res.status >= 400;\n" + apdex;
    if (workload.model == model::LoadModel::Closed && workload.thinkTime.count() > 0)
        out += fmt::format("  sleep({});\n", numberText(secondsOf(workload.thinkTime)));
    return out + "}\n";
}

}  // namespace hone::interop
