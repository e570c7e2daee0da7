// Gatling, Java DSL: injection profiles for both load models, assertions for thresholds.

#include "core/interop/export_notes.h"

#include <algorithm>
#include <cmath>

namespace hone::interop {
namespace {

using Figure = model::Threshold::Figure;

std::string_view condition(model::Threshold::Op op) {
    using Op = model::Threshold::Op;
    switch (op) {
        case Op::Less: return "lt";
        case Op::LessEqual: return "lte";
        case Op::Greater: return "gt";
        case Op::GreaterEqual: return "gte";
        case Op::Equal: return "is";
        case Op::NotEqual: break;
    }
    return {};
}

/// Response times are whole milliseconds in Gatling.
std::optional<std::string> assertionText(const model::Threshold& threshold) {
    const std::string scope =
        threshold.request.empty() ? "global()" : fmt::format("details({})", jsText(threshold.request));
    const auto op = condition(threshold.op);
    if (op.empty())
        return std::nullopt;
    const auto ms = static_cast<int>(std::ceil(threshold.limit / 1'000));
    switch (threshold.figure) {
        case Figure::Quantile:
            return fmt::format("{}.responseTime().percentile({:.6g}{}).{}({})", scope,
                               threshold.quantile * 100,
                               std::fmod(threshold.quantile * 100, 1) < 1e-9 ? ".0" : "", op, ms);
        case Figure::Mean: return fmt::format("{}.responseTime().mean().{}({})", scope, op, ms);
        case Figure::Min: return fmt::format("{}.responseTime().min().{}({})", scope, op, ms);
        case Figure::Max: return fmt::format("{}.responseTime().max().{}({})", scope, op, ms);
        case Figure::Errors:
            return fmt::format("{}.failedRequests().percent().{}({:.6f})", scope, op, threshold.limit * 100);
        case Figure::Throughput:
            return fmt::format("{}.requestsPerSec().{}({:.6f})", scope, op, threshold.limit);
        case Figure::Requests:
            return fmt::format("{}.allRequests().count().{}({}L)", scope, op, numberText(threshold.limit));
        case Figure::Bytes:
        case Figure::Cpu:
        case Figure::Apdex: break;
    }
    return std::nullopt;
}

/// #{name} is Gatling's expression; a literal "#{" of the workload must not become one.
std::string templated(const model::Workload& workload, const std::string& text) {
    std::string out;
    for (const auto& piece : piecesOf(workload, text)) {
        if (piece.isVariable) {
            out += "#{" + piece.text + "}";
            continue;
        }
        std::string literal = piece.text;
        for (auto at = literal.find("#{"); at != std::string::npos; at = literal.find("#{", at + 3))
            literal.insert(at, "#");
        out += literal;
    }
    return jsText(out);
}

std::string feederText(const std::string& id, const std::string& name, const model::Variable& variable,
                       std::uint64_t seed, std::size_t samples) {
    std::string list;
    for (const auto& value : sampledValues(variable, samples, seed))
        list += (list.empty() ? "" : ", ") + jsText(value);
    const bool inOrder = variable.draw == model::Variable::Draw::Sequential;
    return fmt::format(
        "  private static final String[] VALUES_{} = {{{}}};\n"
        "  private final FeederBuilder<Object> feed_{} = listFeeder(Arrays.stream(VALUES_{})\n"
        "      .map(value -> Map.<String, Object>of({}, value)).toList()).{}();\n",
        id, list, id, id, jsText(name), inOrder ? "circular" : "random");
}

/// As an argument of check(); nothing for what Gatling's checks cannot say.
std::optional<std::string> checkText(const model::WorkloadCheck& check) {
    using Subject = model::WorkloadCheck::Subject;
    using Relation = model::WorkloadCheck::Relation;
    std::string value;
    switch (check.subject) {
        case Subject::Status: return fmt::format("status().is({})", check.expected.dump());
        case Subject::Body:
            return fmt::format("substring({}).exists()", jsText(check.expected.get<std::string>()));
        case Subject::Header: value = fmt::format("header({})", jsText(check.name)); break;
        case Subject::Json:
            if (!plainPath(check.name) || check.expected.is_structured())
                return std::nullopt;
            value = fmt::format("jsonPath({})", jsText(check.name));
            break;
    }
    const auto text = check.expected.is_string() ? check.expected.get<std::string>() : check.expected.dump();
    switch (check.relation) {
        case Relation::Equals: return fmt::format("{}.is({})", value, jsText(text));
        case Relation::Exists: return value + ".exists()";
        case Relation::Contains: break;
    }
    return std::nullopt;
}

std::string requestText(const model::Workload& workload, const model::WorkloadRequest& request) {
    std::string out = fmt::format("http({}).httpRequest({}, {})", jsText(request.name),
                                  jsText(request.method), templated(workload, request.url));
    for (const auto& [name, value] : request.headers)
        out += fmt::format("\n              .header({}, {})", jsText(name), templated(workload, value));
    if (!request.body.empty())
        out += fmt::format("\n              .body(StringBody({}))", templated(workload, request.body));
    bool knowsStatus = false;
    std::string checks;
    for (const auto& check : request.checks)
        if (const auto text = checkText(check)) {
            checks += fmt::format("\n              .check({})", *text);
            knowsStatus = knowsStatus || check.subject == model::WorkloadCheck::Subject::Status;
        }
    return out + (knowsStatus ? "" : "\n              .check(status().lt(400))") + checks;
}

std::string choiceText(const model::Workload& workload) {
    double sum = 0;
    for (const auto& request : workload.requests)
        sum += request.weight;
    std::string out = "randomSwitch().on(";
    bool first = true;
    for (const auto& request : workload.requests) {
        if (request.weight <= 0)
            continue;
        out += fmt::format("{}\n          percent({:.6f}).then(exec({}))", first ? "" : ",",
                           100 * request.weight / sum, requestText(workload, request));
        first = false;
    }
    return out + ")";
}

std::vector<std::string> notes(const model::Workload& workload, const ExportOptions& options) {
    std::vector<std::string> lines{
        "Class: save as HoneWorkload.java below src/test/java of a Gatling project."};
    for (auto& line : lossesOf(workload, "Gatling",
                               {.stages = true,
                                .http2 = true,
                                .trust = workload.tls.caFile.empty(),
                                .check = [](const auto& check) { return checkText(check).has_value(); }}))
        lines.push_back(std::move(line));
    if (workload.http == model::HttpVersion::Http2)
        lines.emplace_back(usesTls(workload, options)
                               ? "Approximated: HTTP/2 where the server offers it over TLS."
                               : "Left out: HTTP/2 in clear; Gatling speaks HTTP/1.1 here.");
    if (workload.tls.verify && usesTls(workload, options))
        lines.emplace_back(
            "Approximated: Gatling trusts any certificate unless gatling.conf sets useInsecureTrustManager = "
            "false.");
    if (workload.model == model::LoadModel::Open)
        lines.emplace_back(workload.arrival == model::Arrival::Poisson
                               ? "Approximated: arrivals are randomised within their slots, not Poisson."
                               : "Arrivals are evenly spaced.");
    if (!workload.variables.empty())
        lines.push_back(fmt::format("Approximated: {} values of each variable, drawn in its popularity.",
                                    options.samples));
    if (workload.warmup.count() > 0)
        lines.emplace_back("Approximated: Gatling's statistics and assertions include the warm-up.");
    for (const auto& threshold : options.thresholds)
        if (!assertionText(threshold))
            lines.push_back(fmt::format("Not mapped: {} (no such assertion in Gatling).", threshold.text));
        else if (threshold.isLatency() && std::fmod(threshold.limit, 1'000) != 0)
            lines.push_back(
                fmt::format("Approximated: {} is rounded up to whole milliseconds.", threshold.text));
    return lines;
}

std::string setUpText(const model::Workload& workload, const ExportOptions& options) {
    const double warmup = secondsOf(workload.warmup), seconds = secondsOf(workload.duration);
    const auto millis = [](double s) {
        return fmt::format("Duration.ofMillis({})", std::llround(s * 1'000));
    };
    std::string out = "  {\n    setUp(scenario.";
    const char* const spread = workload.arrival == model::Arrival::Poisson ? ".randomized()" : "";
    const auto held = [&](double rate, double length) {
        return fmt::format("constantUsersPerSec({}).during({}){}", numberText(rate), millis(length), spread);
    };
    if (workload.model == model::LoadModel::Open && !workload.stages.empty()) {
        std::string steps;
        if (warmup > 0 && workload.stages[0].from > 0)
            steps = "\n        " + held(workload.stages[0].from, warmup);
        for (const auto& stage : workload.stages) {
            const double length = secondsOf(stage.duration);
            steps += steps.empty() ? "\n        " : ",\n        ";
            if (stage.from == stage.to)
                steps +=
                    stage.to > 0 ? held(stage.to, length) : fmt::format("nothingFor({})", millis(length));
            else
                steps += fmt::format("rampUsersPerSec({}).to({}).during({}){}", numberText(stage.from),
                                     numberText(stage.to), millis(length), spread);
        }
        out += "injectOpen(" + steps + ")";
    } else if (workload.model == model::LoadModel::Open)
        out += fmt::format("injectOpen({})", held(workload.ratePerSecond, warmup + seconds));
    else
        out += fmt::format("injectClosed(constantConcurrentUsers({}).during({}))", workload.clients,
                           millis(warmup + seconds));
    out += ")\n        .protocols(protocol)";
    std::string assertions;
    for (const auto& threshold : options.thresholds)
        if (const auto one = assertionText(threshold))
            assertions += fmt::format("{}\n            {}", assertions.empty() ? "" : ",", *one);
    if (!assertions.empty())
        out += "\n        .assertions(" + assertions + ")";
    return out + ";\n  }\n";
}

}  // namespace

std::string gatlingScript(const model::Workload& workload, const ExportOptions& options) {
    auto head = headLines(workload, "mvn gatling:test -Dgatling.simulationClass=HoneWorkload");
    for (auto& line : notes(workload, options))
        head.push_back(std::move(line));
    std::string feeders, feeds;
    std::vector<std::string> taken;
    for (const auto& [name, variable] : workload.variables) {
        const auto id = identifier(name, taken);
        feeders += feederText(id, name, variable, workload.seed, options.samples);
        feeds += fmt::format("feed(feed_{}).", id);
    }
    std::string out = commented("// ", head);
    out +=
        "\nimport static io.gatling.javaapi.core.CoreDsl.*;\nimport static "
        "io.gatling.javaapi.http.HttpDsl.*;\n\n"
        "import io.gatling.javaapi.core.*;\nimport io.gatling.javaapi.http.*;\nimport java.time.Duration;\n"
        "import java.util.*;\n\npublic class HoneWorkload extends Simulation {\n";
    out += fmt::format(
        "  private final HttpProtocolBuilder protocol = http.baseUrl(System.getProperty(\"baseUrl\", {}))"
        "{};\n",
        jsText(options.target),
        fmt::format("{}{}", workload.keepAlive ? ".shareConnections()" : "",
                    workload.http == model::HttpVersion::Http2 ? ".enableHttp2()" : ""));
    out += feeders;
    const bool thinks = workload.model == model::LoadModel::Closed && workload.thinkTime.count() > 0;
    out += fmt::format(
        "  private final ScenarioBuilder scenario = scenario({}).{}{}{};\n\n", jsText(workload.name),
        feeds.empty() ? "exec(" : feeds + "exec(", choiceText(workload) + ")",
        thinks ? fmt::format(".pause(Duration.ofMillis({}))", workload.thinkTime.count()) : "");
    return out + setUpText(workload, options) + "}\n";
}

}  // namespace hone::interop
