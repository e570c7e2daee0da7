#include "core/model/baseline.h"

#include "core/base/assert.h"
#include "core/model/document.h"
#include "core/model/result_json.h"

namespace hone::model {
namespace {

using nlohmann::json;

/// What decides whether two machines compare; load and memory of the moment do not belong beside the code.
json machineJson(const Environment& environment) {
    return {{"os", environment.os},
            {"kernel", environment.kernel},
            {"cpu", environment.cpu},
            {"cores", environment.cores},
            {"governor", environment.governor},
            {"build", environment.build},
            {"optimised", environment.optimised}};
}

void readMachine(Members& members, Environment& environment) {
    const json* object = members.object("environment");
    if (!object)
        return;
    Members entry(*object, "environment");
    entry.text("os", environment.os);
    entry.text("kernel", environment.kernel);
    entry.text("cpu", environment.cpu);
    entry.integer("cores", environment.cores, 0, 1'000'000);
    entry.text("governor", environment.governor);
    entry.text("build", environment.build);
    entry.flag("optimised", environment.optimised);
    if (entry.failed())
        members.refuse(fail(entry.result().error()));
}

json roundJson(const Round& round) {
    return {{"seconds", round.seconds},
            {"requests", round.requests},
            {"errors", round.errors},
            {"metrics", mapJson(round.metrics)}};
}

Result<Round> roundFrom(const json& object, const std::string& path) {
    Round round;
    Members members(object, path);
    members.number("seconds", round.seconds, 0);
    members.integer("requests", round.requests);
    members.integer("errors", round.errors);
    readMap(members, "metrics", round.metrics);
    if (members.failed())
        return fail(members.result().error());
    return round;
}

/// What makes a workload this one: the file's members without names and lengths.
json meaningOf(const Workload& workload) {
    json document = workload.toJson();
    for (const char* member : {"hone", "kind", "name", "note", "duration", "warmup"})
        document.erase(member);
    for (const auto& [member, value] : workload.extra.items())
        document.erase(member);
    // What the load model does not use does not count.
    json& load = document["load"];
    if (workload.model == LoadModel::Closed) {
        load.erase("rate");
        load.erase("arrival");
    } else {
        load.erase("thinkTime");
    }
    return document;
}

/// "/load/rate" → "load.rate", "/requests/0/url" → "requests.0.url".
std::string memberName(std::string pointer) {
    pointer.erase(0, 1);
    for (auto at = pointer.find('/'); at != std::string::npos; at = pointer.find('/', at))
        pointer[at] = '.';
    return pointer.empty() ? "the workload" : pointer;
}

std::string differenceText(const json& change, const json& baseline) {
    const auto path = change["path"].get<std::string>();
    const auto op = change["op"].get<std::string>();
    if (op == "add")
        return fmt::format("{} is {} now and absent in the baseline", memberName(path),
                           excerpt(change["value"]));
    const std::string before = excerpt(baseline.at(json::json_pointer(path)));
    if (op == "remove")
        return fmt::format("{} is {} in the baseline and absent now", memberName(path), before);
    return fmt::format("{} is {} in the baseline and {} now", memberName(path), before,
                       excerpt(change["value"]));
}

}  // namespace

Round roundOf(const RunResult& run) {
    Round round{.seconds = run.measuredS, .requests = run.requests, .errors = run.errors, .metrics = {}};
    for (const auto& [name, q] :
         {std::pair{"p50", 0.50}, std::pair{"p90", 0.90}, std::pair{"p95", 0.95}, std::pair{"p99", 0.99}})
        round.metrics[name] = static_cast<double>(run.latency.quantile(q));
    round.metrics["mean"] = run.latency.mean();
    round.metrics["rps"] = run.rps();
    round.metrics["bytes"] = run.bytesPerRequest();
    if (run.engineCpuUsPerRequest > 0)
        round.metrics["cpu"] = run.engineCpuUsPerRequest;
    return round;
}

Baseline Baseline::of(std::span<const RunResult> rounds) {
    HONE_ASSERT(!rounds.empty(), "a gate measures at least one round before it writes a baseline");
    const RunResult& first = rounds.front();
    Baseline baseline{.name = first.name,
                      .createdAt = first.startedAt,
                      .workload = first.workload,
                      .profile = first.profile,
                      .dataset = first.dataset,
                      .environment = first.environment,
                      .rounds = {}};
    for (const RunResult& run : rounds)
        baseline.rounds.push_back(roundOf(run));
    return baseline;
}

json Baseline::toJson() const {
    json document = extra.is_object() ? extra : json::object();
    document["hone"] = 1;
    document["kind"] = "baseline";
    document["name"] = name;
    document["createdAt"] = timeText(createdAt);
    document["workloadHash"] = workloadHash(workload);
    document["workload"] = workload.toJson();
    document["profile"] = profile.toJson();
    document["dataset"] = dataset;
    document["environment"] = machineJson(environment);
    document["rounds"] = json::array();
    for (const Round& round : rounds)
        document["rounds"].push_back(roundJson(round));
    return document;
}

Result<Baseline> Baseline::fromJson(const json& document) {
    Baseline baseline;
    Members members(document);
    if (auto header = checkHeader(members, "baseline"); !header)
        return fail(std::move(header.error()));
    members.text("name", baseline.name);
    members.time("createdAt", baseline.createdAt);
    std::string hash;  // for people and scripts; the workload itself is what is compared
    members.text("workloadHash", hash);
    if (!members.failed() && !members.find("workload"))
        members.refuse(fail(Error::Malformed, "the baseline has no \"workload\"")
                           .hint("Write a new one with: hone gate WORKLOAD --write-baseline FILE"));
    readPart(members, "workload", baseline.workload);
    readPart(members, "profile", baseline.profile);
    members.text("dataset", baseline.dataset);
    readMachine(members, baseline.environment);
    readList(members, "rounds", baseline.rounds, roundFrom);
    if (!members.failed() && baseline.rounds.size() < 2)
        members.refuse(fail(Error::Malformed, "the baseline has {} rounds, at least 2 are needed",
                            baseline.rounds.size())
                           .hint("Write a new one with: hone gate WORKLOAD --write-baseline FILE"));
    if (members.failed())
        return fail(members.result().error());
    baseline.extra = members.unknown();
    return baseline;
}

Result<Baseline> Baseline::load(const std::filesystem::path& file) {
    auto document = readDocument(file);
    if (!document)
        return fail(std::move(document.error()));
    auto baseline = fromJson(*document);
    if (!baseline)
        return fail(Error{baseline.error().code, file.string() + ": " + baseline.error().what,
                          baseline.error().hint});
    return baseline;
}

Result<> Baseline::save(const std::filesystem::path& file) const { return writeDocument(file, toJson()); }

std::string workloadHash(const Workload& workload) {
    // FNV-1a, 64 bits: short, and the same on every machine. Identity for people, not for secrets.
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : meaningOf(workload).dump(-1, ' ', false, json::error_handler_t::replace))
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return fmt::format("{:016x}", hash);
}

std::vector<std::string> workloadDifferences(const Workload& baseline, const Workload& now,
                                             std::size_t most) {
    const json before = meaningOf(baseline);
    const json changes = json::diff(before, meaningOf(now));
    std::vector<std::string> differences;
    for (const json& change : changes) {
        if (differences.size() == most) {
            differences.push_back(fmt::format("and {} more", changes.size() - most));
            break;
        }
        // A patch is applied in order: only a first removal from a list surely speaks of the original.
        const auto pointer = json::json_pointer(change["path"].get<std::string>());
        if (change["op"] == "add" || before.contains(pointer))
            differences.push_back(differenceText(change, before));
    }
    return differences;
}

}  // namespace hone::model
