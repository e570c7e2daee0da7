// Locust: users that wait; thresholds are checked when it quits and set the exit code.

#include "core/interop/export_notes.h"

#include <algorithm>
#include <cmath>

namespace hone::interop {
namespace {

using Figure = model::Threshold::Figure;

/// Python reads JSON's escapes, \uXXXX among them.
std::string pyText(std::string_view text) { return jsText(text); }

/// `"/api/%s" % v` would need escapes of its own: pieces are added up instead.
std::string expression(const model::Workload& workload, const std::map<std::string, std::string>& ids,
                       const std::string& text) {
    std::string out;
    for (const auto& piece : piecesOf(workload, text))
        out += (out.empty() ? "" : " + ") +
               (piece.isVariable ? fmt::format("draw_{}()", ids.at(piece.text)) : pyText(piece.text));
    return out.empty() ? "\"\"" : out;
}

std::string variableText(const std::string& id, const model::Variable& variable) {
    const auto count = variable.values.empty() ? variable.last - variable.first + 1
                                               : static_cast<std::int64_t>(variable.values.size());
    std::string out;
    if (!variable.values.empty()) {
        std::string list;
        for (const auto& one : variable.values)
            list += (list.empty() ? "" : ", ") + pyText(one);
        out += fmt::format("VALUES_{} = [{}]\n", id, list);
    }
    std::string index;
    switch (variable.draw) {
        case model::Variable::Draw::Uniform: index = fmt::format("random.randrange({})", count); break;
        case model::Variable::Draw::Zipf:
            out += fmt::format("RANK_{} = zipf({}, {})\n", id, count, numberText(variable.skew));
            index = fmt::format("RANK_{}()", id);
            break;
        case model::Variable::Draw::HotSet: {
            const auto hot = std::clamp<std::int64_t>(
                std::llround(static_cast<double>(count) * variable.hotKeys), 1, count);
            index = fmt::format(
                "random.randrange({0}) if random.random() < {1} or {0} == {2} else "
                "random.randrange({0}, {2})",
                hot, numberText(variable.hotShare), count);
            break;
        }
        case model::Variable::Draw::Sequential:
            out += fmt::format("COUNT_{} = itertools.count()\n", id);
            index = fmt::format("next(COUNT_{}) % {}", id, count);
            break;
    }
    const std::string value = variable.values.empty() ? fmt::format("str({} + i)", variable.first)
                                                      : fmt::format("VALUES_{}[i]", id);
    return out + fmt::format("\n\ndef draw_{}():\n    i = {}\n    return {}\n\n\n", id, index, value);
}

constexpr char kZipf[] = R"py(

def zipf(n, s):
    """Rejection-inversion (Hörmann and Derflinger, 1996), as Hone's generator draws."""
    near = lambda f, x: f(x) / x if abs(x) > 1e-8 else 1.0
    area = lambda x: near(math.expm1, (1 - s) * math.log(x)) * math.log(x)
    density = lambda x: math.exp(-s * math.log(x))
    inverse = lambda y: math.exp(near(math.log1p, max(y * (1 - s), -1 + 1e-15)) * y)
    first, last = area(1.5) - 1, area(n + 0.5)
    shortcut = 2 - inverse(area(2.5) - density(2))

    def draw():
        while True:
            u = last + random.random() * (first - last)
            x = inverse(u)
            k = min(max(math.floor(x + 0.5), 1), n)
            if k - x <= shortcut or u >= area(k + 0.5) - density(k):
                return k - 1

    return draw


)py";

std::optional<std::string> valueText(const model::Threshold& threshold) {
    switch (threshold.figure) {
        case Figure::Quantile:
            return fmt::format("s.get_response_time_percentile({})", numberText(threshold.quantile));
        case Figure::Mean: return "s.avg_response_time";
        case Figure::Min: return "(s.min_response_time or 0)";
        case Figure::Max: return "s.max_response_time";
        case Figure::Errors: return "s.fail_ratio";
        case Figure::Throughput: return "s.total_rps";
        case Figure::Bytes: return "s.avg_content_length";
        case Figure::Requests: return "s.num_requests";
        case Figure::Apdex: return fmt::format("apdex(s, {})", numberText(threshold.apdexUs / 1'000));
        case Figure::Cpu: break;
    }
    return std::nullopt;
}

constexpr char kApdex[] = R"py(def apdex(s, satisfied_ms):
    """Response times are kept rounded; failures are taken off the fastest."""
    within = lambda limit: max(0, sum(n for t, n in s.response_times.items() if t <= limit) - s.num_failures)
    return (within(satisfied_ms) + within(4 * satisfied_ms)) / (2 * s.num_requests) if s.num_requests else 0


)py";

std::string gateText(const model::Workload& workload, const ExportOptions& options) {
    std::string out =
        "@events.quitting.add_listener\ndef gate(environment, **_):\n    failed = []\n"
        "    for name, text, holds in CHECKS:\n"
        "        s = environment.stats.total if name is None else environment.stats.get(name, "
        "METHODS[name])\n"
        "        if s.num_requests == 0 or not holds(s):\n            failed.append(text)\n"
        "    for text in failed:\n        print(\"threshold failed:\", text)\n"
        "    environment.process_exit_code = 1 if failed else 0\n";
    std::string checks = "CHECKS = [\n", methods = "METHODS = {";
    bool usesApdex = false;
    for (const auto& threshold : options.thresholds) {
        const auto value = valueText(threshold);
        if (!value)
            continue;
        usesApdex = usesApdex || threshold.figure == Figure::Apdex;
        checks += fmt::format("    ({}, {}, lambda s: {} {} {}),\n",
                              threshold.request.empty() ? "None" : pyText(threshold.request),
                              pyText(threshold.text), *value, threshold.opText(),
                              numberText(threshold.isLatency() ? threshold.limit / 1'000 : threshold.limit));
    }
    for (const auto& request : workload.requests)
        methods += fmt::format("{}{}: {}", methods.ends_with('{') ? "" : ", ", pyText(request.name),
                               pyText(request.method));
    return (usesApdex ? kApdex : "") + checks + "]\n" + methods + "}\n\n\n" + out;
}

std::string taskText(const model::Workload& workload, const std::map<std::string, std::string>& ids,
                     const model::WorkloadRequest& request, int weight, std::vector<std::string>& taken) {
    std::string headers;
    for (const auto& [name, value] : request.headers)
        headers += fmt::format("{}{}: {}", headers.empty() ? "" : ", ", pyText(name),
                               expression(workload, ids, value));
    return fmt::format(
        "    @task({})\n    def {}(self):\n        self.client.request({}, {}, name={}, "
        "headers={{{}}}{})\n\n",
        weight, identifier(request.name, taken), pyText(request.method),
        expression(workload, ids, request.url), pyText(request.name), headers,
        request.body.empty() ? "" : ", data=(" + expression(workload, ids, request.body) + ").encode()");
}

std::vector<std::string> notes(const model::Workload& workload, const ExportOptions& options) {
    auto lines = lossesOf(workload, "Locust", {.trust = workload.tls.caFile.empty()});
    if (workload.model == model::LoadModel::Open)
        lines.emplace_back(
            "Approximated: Locust has no open loop. Each user keeps its share of the rate while "
            "answers are fast enough; a stalled server stalls the load.");
    if (workload.warmup.count() > 0)
        lines.emplace_back("Approximated: warm-up is dropped by resetting the statistics after it.");
    lines.emplace_back(
        "Approximated: Locust rounds response times to two digits; keys do not follow Hone's seed.");
    for (const auto& threshold : options.thresholds)
        if (!valueText(threshold))
            lines.push_back(
                fmt::format("Not mapped: {} (Locust does not see the server's CPU).", threshold.text));
        else if (threshold.figure == Figure::Bytes)
            lines.push_back(fmt::format("Approximated: {} is checked on decoded content, not on the wire.",
                                        threshold.text));
    return lines;
}

std::string waitText(const model::Workload& workload) {
    if (workload.model == model::LoadModel::Open)
        return fmt::format("constant_throughput({})", numberText(meanRate(workload) / workload.clients));
    return fmt::format("constant({})", numberText(secondsOf(workload.thinkTime)));
}

}  // namespace

std::string locustScript(const model::Workload& workload, const ExportOptions& options) {
    const double seconds = secondsOf(workload.warmup) + secondsOf(workload.duration);
    auto head =
        headLines(workload, fmt::format("locust -f FILE --headless -u {0} -r {0} -t {1}s --csv result",
                                        workload.clients, static_cast<int>(std::ceil(seconds))));
    for (auto& line : notes(workload, options))
        head.push_back(std::move(line));
    std::map<std::string, std::string> ids;
    std::vector<std::string> taken{"host", "wait_time", "client", "network_timeout", "tasks", "weight"};
    std::string variables;
    bool usesZipf = false;
    for (const auto& [name, variable] : workload.variables) {
        ids[name] = identifier(name, taken);
        usesZipf = usesZipf || variable.draw == model::Variable::Draw::Zipf;
        variables += variableText(ids[name], variable);
    }
    std::string out = commented("# ", head);
    out +=
        "import itertools\nimport math\nimport os\nimport random\n\nimport gevent\nfrom locust import "
        "FastHttpUser, "
        "constant, constant_throughput, events, task\n\n";
    out += (usesZipf ? kZipf : "") + variables;
    out += fmt::format(
        "class Workload(FastHttpUser):\n    host = os.environ.get(\"BASE_URL\", {})\n    wait_time = {}\n"
        "    network_timeout = {}\n{}\n",
        pyText(options.target), waitText(workload), numberText(secondsOf(workload.timeout)),
        // Its own default is to accept any certificate.
        usesTls(workload, options) && workload.tls.verify ? "    insecure = False\n" : "");
    const auto weights = wholeWeights(workload);
    for (std::size_t i = 0; i < workload.requests.size(); ++i)
        if (weights[i] > 0)
            out += taskText(workload, ids, workload.requests[i], weights[i], taken);
    if (workload.warmup.count() > 0)
        out += fmt::format(
            "\n@events.test_start.add_listener\ndef drop_warmup(environment, **_):\n"
            "    gevent.spawn_later({}, environment.stats.reset_all)\n\n",
            numberText(secondsOf(workload.warmup)));
    return options.thresholds.empty() ? out : out + "\n" + gateText(workload, options);
}

}  // namespace hone::interop
