#include "core/model/run.h"

#include "core/model/result_json.h"

#include <algorithm>
#include <charconv>

namespace hone::model {
namespace {

using nlohmann::json;

json intervalJson(const Interval& interval) {
    json object = {
        {"startS", interval.startS},     {"lengthS", interval.lengthS},   {"warmup", interval.warmup},
        {"requests", interval.requests}, {"errors", interval.errors},     {"bytes", interval.bytes},
        {"p50Us", interval.p50Us},       {"p95Us", interval.p95Us},       {"p99Us", interval.p99Us},
        {"maxUs", interval.maxUs},       {"inFlight", interval.inFlight}, {"backlog", interval.backlog}};
    if (!interval.bands.counts.empty()) {
        json& bands = object["bands"] = json::array({interval.bands.first});
        for (const std::uint32_t count : interval.bands.counts)
            bands.push_back(count);
    }
    return object;
}

/// [first band, count, count, …]
void readBands(Members& members, LatencyBands& bands) {
    const json* list = members.array("bands");
    if (!list || list->empty())
        return;
    const bool areCounts = std::ranges::all_of(*list, [](const json& value) {
        return value.is_number_integer() && value >= 0 && value <= UINT32_MAX;
    });
    if (!areCounts || (*list)[0].get<std::size_t>() + list->size() - 1 > LatencyBands::kMax)
        return members.refuse(fail(Error::InvalidArgument,
                                   "{} must be a band below {} and the counts from there on",
                                   members.nameOf("bands"), LatencyBands::kMax));
    bands.first = (*list)[0].get<int>();
    for (std::size_t i = 1; i < list->size(); ++i)
        bands.counts.push_back((*list)[i].get<std::uint32_t>());
}

Result<Interval> intervalFrom(const json& object, const std::string& path) {
    Interval interval;
    Members members(object, path);
    members.number("startS", interval.startS);
    members.number("lengthS", interval.lengthS);
    members.flag("warmup", interval.warmup);
    members.integer("requests", interval.requests);
    members.integer("errors", interval.errors);
    members.integer("bytes", interval.bytes);
    members.number("p50Us", interval.p50Us);
    members.number("p95Us", interval.p95Us);
    members.number("p99Us", interval.p99Us);
    members.number("maxUs", interval.maxUs);
    members.integer("inFlight", interval.inFlight);
    members.integer("backlog", interval.backlog);
    readBands(members, interval.bands);
    if (members.failed())
        return fail(members.result().error());
    return interval;
}

Result<Annotation> annotationFrom(const json& object, const std::string& path) {
    Annotation annotation;
    Members members(object, path);
    members.number("atS", annotation.atS);
    members.text("text", annotation.text);
    if (members.failed())
        return fail(members.result().error());
    return annotation;
}

json requestResultJson(const RequestResult& result) {
    json object = {{"name", result.name},
                   {"requests", result.requests},
                   {"errors", result.errors},
                   {"bytes", result.bytes},
                   {"latency", histogramJson(result.latency)}};
    for (const CheckResult& check : result.checks)
        object["checks"].push_back(
            {{"check", check.text}, {"passed", check.passed}, {"failed", check.failed}});
    return object;
}

Result<CheckResult> checkResultFrom(const json& object, const std::string& path) {
    CheckResult check;
    Members members(object, path);
    members.text("check", check.text);
    members.integer("passed", check.passed);
    members.integer("failed", check.failed);
    if (members.failed())
        return fail(members.result().error());
    return check;
}

Result<RequestResult> requestResultFrom(const json& object, const std::string& path) {
    RequestResult result;
    Members members(object, path);
    members.text("name", result.name);
    members.integer("requests", result.requests);
    members.integer("errors", result.errors);
    members.integer("bytes", result.bytes);
    readHistogram(members, "latency", result.latency);
    readList(members, "checks", result.checks, checkResultFrom);
    if (members.failed())
        return fail(members.result().error());
    return result;
}

json statusJson(const std::map<int, std::uint64_t>& byStatus) {
    json object = json::object();
    for (const auto& [status, count] : byStatus)
        object[fmt::format("{}", status)] = count;
    return object;
}

void readStatus(Members& members, std::map<int, std::uint64_t>& byStatus) {
    std::map<std::string, std::uint64_t> texts;
    readMap(members, "byStatus", texts);
    for (const auto& [text, count] : texts) {
        int status = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
        if (error != std::errc{} || end != text.data() + text.size())
            return members.refuse(
                fail(Error::Malformed, "byStatus has \"{}\", which is no status code", text));
        byStatus[status] = count;
    }
}

void readFacts(Members& members, RunResult& run) {
    members.text("id", run.id);
    members.text("name", run.name);
    members.text("note", run.note);
    members.texts("tags", run.tags);
    members.time("startedAt", run.startedAt);
    members.text("source", run.source);
    members.text("target", run.target);
    members.text("dataset", run.dataset);
    readPart(members, "workload", run.workload);
    readPart(members, "profile", run.profile);
    readEnvironment(members, run.environment);
    members.texts("warnings", run.warnings);
    members.flag("partial", run.partial);
}

void readCounts(Members& members, RunResult& run) {
    members.number("measuredS", run.measuredS);
    members.number("warmupS", run.warmupS);
    members.integer("requests", run.requests);
    members.integer("errors", run.errors);
    members.integer("warmupRequests", run.warmupRequests);
    members.integer("unfinished", run.unfinished);
    readMap(members, "errorsByKind", run.errorsByKind);
    readStatus(members, run.byStatus);
    members.integer("wireBytes", run.wireBytes);
    members.integer("bodyBytes", run.bodyBytes);
    members.integer("tlsResumed", run.tlsResumed);
    readMap(members, "counters", run.counters);
    members.number("engineCpuUsPerRequest", run.engineCpuUsPerRequest);
    readMap(members, "toggleUsPerRequest", run.toggleUsPerRequest);
    members.number("generatorCpuShare", run.generatorCpuShare);
}

void readLatencies(Members& members, RunResult& run) {
    readHistogram(members, "latency", run.latency);
    readHistogram(members, "serviceTime", run.serviceTime);
    readHistogram(members, "ttfb", run.ttfb);
    readHistogram(members, "connect", run.connect);
    readHistogram(members, "tls", run.tls);
    readHistogram(members, "lateness", run.lateness);
    readList(members, "byRequest", run.byRequest, requestResultFrom);
    readList(members, "series", run.series, intervalFrom);
    readList(members, "annotations", run.annotations, annotationFrom);
}

}  // namespace

json RunResult::toJson() const {
    json document = {{"hone", 1},
                     {"kind", "run"},
                     {"id", id},
                     {"name", name},
                     {"note", note},
                     {"tags", tags},
                     {"startedAt", timeText(startedAt)},
                     {"source", source},
                     {"target", target},
                     {"dataset", dataset},
                     {"workload", workload.toJson()},
                     {"profile", profile.toJson()},
                     {"environment", environmentJson(environment)},
                     {"measuredS", measuredS},
                     {"warmupS", warmupS},
                     {"requests", requests},
                     {"errors", errors},
                     {"warmupRequests", warmupRequests},
                     {"unfinished", unfinished},
                     {"errorsByKind", mapJson(errorsByKind)},
                     {"byStatus", statusJson(byStatus)},
                     {"wireBytes", wireBytes},
                     {"bodyBytes", bodyBytes},
                     {"tlsResumed", tlsResumed},
                     {"latency", histogramJson(latency)},
                     {"serviceTime", histogramJson(serviceTime)},
                     {"ttfb", histogramJson(ttfb)},
                     {"connect", histogramJson(connect)},
                     {"tls", histogramJson(tls)},
                     {"lateness", histogramJson(lateness)},
                     {"counters", mapJson(counters)},
                     {"engineCpuUsPerRequest", engineCpuUsPerRequest},
                     {"toggleUsPerRequest", mapJson(toggleUsPerRequest)},
                     {"generatorCpuShare", generatorCpuShare},
                     {"warnings", warnings},
                     {"partial", partial}};
    document["byRequest"] = json::array();
    for (const RequestResult& result : byRequest)
        document["byRequest"].push_back(requestResultJson(result));
    document["series"] = json::array();
    for (const Interval& interval : series)
        document["series"].push_back(intervalJson(interval));
    for (const Annotation& annotation : annotations)
        document["annotations"].push_back({{"atS", annotation.atS}, {"text", annotation.text}});
    return document;
}

Result<RunResult> RunResult::fromJson(const json& document) {
    RunResult run;
    Members members(document);
    if (auto header = checkHeader(members, "run"); !header)
        return fail(std::move(header.error()));
    readFacts(members, run);
    readCounts(members, run);
    readLatencies(members, run);
    if (members.failed())
        return fail(members.result().error());
    return run;
}

}  // namespace hone::model
