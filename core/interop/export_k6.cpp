// k6: the closest match. Keys are drawn from the same distributions, thresholds are k6's own.

#include "core/interop/export_notes.h"

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

/// k6 wants whole numbers of requests in a unit of time.
struct Rates {
    bool isWhole = true;
    [[nodiscard]] const char* unit() const { return isWhole ? "1s" : "1h"; }
    [[nodiscard]] std::string text(double perSecond) const {
        return numberText(isWhole ? perSecond : std::round(perSecond * 3600));
    }
};

/// As many virtual users as answers may be outstanding when each takes a second.
std::string usersText(const model::Workload& workload) {
    return fmt::format(
        "      preAllocatedVUs: {},\n      maxVUs: {},\n", workload.clients,
        static_cast<int>(std::max<double>(workload.clients, std::ceil(highestRate(workload)))));
}

/// A stage of no length jumps to where the next one begins.
std::string stagedText(const model::Workload& workload, double startS) {
    Rates rates;
    for (const auto& stage : workload.stages)
        rates.isWhole =
            rates.isWhole && stage.from == std::floor(stage.from) && stage.to == std::floor(stage.to);
    double at = workload.stages[0].from;
    std::string out = fmt::format(
        "    measured: {{\n      executor: 'ramping-arrival-rate',\n      startRate: {},\n      timeUnit: "
        "'{}',\n{}"
        "      stages: [\n",
        rates.text(at), rates.unit(), usersText(workload));
    for (const auto& stage : workload.stages) {
        if (stage.from != at)
            out += fmt::format("        {{ target: {}, duration: '0s' }},\n", rates.text(stage.from));
        out += fmt::format("        {{ target: {}, duration: '{}s' }},\n", rates.text(stage.to),
                           numberText(secondsOf(stage.duration)));
        at = stage.to;
    }
    return out + fmt::format("      ],\n      startTime: '{}s',\n      gracefulStop: '0s',\n    }},\n",
                             numberText(startS));
}

std::string scenarioText(const model::Workload& workload, const char* name, double startS, double lengthS) {
    std::string out = fmt::format("    {}: {{\n", name);
    if (workload.model == model::LoadModel::Open) {
        const double rate = workload.stages.empty() ? workload.ratePerSecond : workload.stages[0].from;
        const Rates rates{.isWhole = rate == std::floor(rate) && rate > 0};
        const std::string text = rates.text(rate);
        out += fmt::format(
            "      executor: 'constant-arrival-rate',\n      rate: {},\n      timeUnit: '{}',\n{}",
            text == "0" ? "1" : text, rates.unit(), usersText(workload));
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

/// The check as an expression over the answer `r`; nothing for what k6's queries cannot find.
std::optional<std::string> checkText(const model::WorkloadCheck& check) {
    using Subject = model::WorkloadCheck::Subject;
    using Relation = model::WorkloadCheck::Relation;
    std::string value = "r.status";
    if (check.subject == Subject::Header)
        value = fmt::format("field(r, {})", jsText(check.name));
    if (check.subject == Subject::Body)
        value = "r.body";
    if (check.subject == Subject::Json) {
        const auto path = plainPath(check.name);
        if (!path)
            return std::nullopt;
        // k6 asks for "a.0.b", not "a[0].b".
        std::string query;
        for (const char c : *path)
            if (c != ']')
                query += c == '[' ? '.' : c;
        value = fmt::format("r.json({})", jsText(query.substr(1)));
    }
    const auto expected =
        check.expected.is_string() ? jsText(check.expected.get<std::string>()) : check.expected.dump();
    switch (check.relation) {
        case Relation::Contains: return fmt::format("String({}).includes({})", value, expected);
        case Relation::Equals:
            return check.expected.is_structured()
                       ? fmt::format("JSON.stringify({}) === JSON.stringify({})", value, expected)
                       : fmt::format("{} === {}", value, expected);
        case Relation::Exists: break;
    }
    return value + " !== undefined";
}

std::string checksText(const model::WorkloadRequest& request) {
    std::string out;
    for (const auto& check : request.checks)
        if (const auto text = checkText(check))
            out += fmt::format("      {}: (r) => {},\n", jsText(check.text()), *text);
    return out.empty() ? out : fmt::format("    check(res, {{\n{}    }}, {{ name }});\n", out);
}

bool hasChecks(const model::Workload& workload) {
    return std::ranges::any_of(workload.requests, [](const auto& r) { return !checksText(r).empty(); });
}

constexpr char kField[] = R"js(function field(r, name) {
  const found = Object.keys(r.headers).find((key) => key.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : r.headers[found];
}
)js";

void noteProtocol(std::vector<std::string>& lines, const model::Workload& workload,
                  const ExportOptions& options) {
    const bool isSecure = usesTls(workload, options);
    if (workload.http == model::HttpVersion::Http2)
        lines.emplace_back(isSecure
                               ? "Approximated: k6 takes HTTP/2 where the server offers it over TLS, with "
                                 "one connection for each virtual user."
                               : "Left out: HTTP/2 in clear; k6 speaks HTTP/1.1 here.");
    else if (isSecure)
        lines.emplace_back(
            "Approximated: over TLS k6 takes HTTP/2 when offered; GODEBUG=http2client=0 stops it.");
    if (!workload.tls.caFile.empty())
        lines.push_back(
            fmt::format("Run with SSL_CERT_FILE={}: k6 trusts what its system trusts.", workload.tls.caFile));
}

std::vector<std::string> notes(const model::Workload& workload, const ExportOptions& options) {
    auto lines = lossesOf(workload, "k6",
                          {.stages = true, .http2 = true, .trust = true, .check = [](const auto& check) {
                               return checkText(check).has_value();
                           }});
    noteProtocol(lines, workload, options);
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
    const std::string url = expression(workload, ids, request.url), checks = checksText(request);
    return fmt::format(
        "  if (pick < {}) {{\n    const name = {};\n    {}http.request({}, {}{}, {}, {{ tags: "
        "{{ name }}, timeout: '{}ms', headers: {{ {} }} }}){}  }}\n",
        numberText(below), jsText(request.name),
        checks.empty() ? "return [name, " : "const res = ", jsText(request.method),
        isAbsolute(request.url) ? "" : "BASE + ", url,
        request.body.empty() ? "null" : expression(workload, ids, request.body), workload.timeout.count(),
        headers, checks.empty() ? "];\n" : ";\n" + checks + "    return [name, res];\n");
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
    out += "import http from 'k6/http';\nimport exec from 'k6/execution';\nimport { ";
    out += hasChecks(workload) ? "check, sleep } from 'k6';\n" : "sleep } from 'k6';\n";
    out += declared.empty() ? "" : "import { Trend } from 'k6/metrics';\n";
    out += fmt::format("\nconst BASE = __ENV.BASE_URL || {};\n\nexport const options = {{\n  scenarios: {{\n",
                       jsText(options.target));
    if (warmup > 0)
        out += scenarioText(workload, "warmup", 0, warmup);
    const bool isStaged = workload.model == model::LoadModel::Open && !workload.stages.empty();
    out += isStaged ? stagedText(workload, warmup)
                    : scenarioText(workload, "measured", warmup, secondsOf(workload.duration));
    out += "  },\n";
    out += thresholdsText(workload, options);
    if (!workload.keepAlive)
        out += "  noConnectionReuse: true,\n";
    if (!workload.tls.verify)
        out += "  insecureSkipTLSVerify: true,\n";
    out += "};\n\n" + declared + (usesZipf ? kZipf : "") + (hasChecks(workload) ? kField : "") + draws +
           requestsText(workload, ids);
    out += fmt::format("\nexport default function () {{\n  const [name, res] = fire({{ {} }});\n", values);
    if (!apdex.empty())
        out += "  const failed = res.status === 0 || res.status >= 400;\n" + apdex;
    if (workload.model == model::LoadModel::Closed && workload.thinkTime.count() > 0)
        out += fmt::format("  sleep({});\n", numberText(secondsOf(workload.thinkTime)));
    return out + "}\n";
}

}  // namespace hone::interop
