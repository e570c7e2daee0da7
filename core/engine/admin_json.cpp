#include "core/engine/admin_json.h"

#include "core/base/units.h"

#include <limits>

namespace hone::engine {
namespace {

using nlohmann::json;

json valueJson(const ParamValue& value) {
    return std::visit([](const auto& held) { return json(held); }, value);
}

json paramJson(const Param& param) {
    static constexpr std::string_view kTypes[] = {"boolean", "integer", "number", "string"};  // as ParamValue
    json out{{"id", param.id},
             {"label", param.label},
             {"help", param.help},
             {"type", kTypes[param.initial.index()]},
             {"initial", valueJson(param.initial)},
             {"range", describeRange(param)}};
    if (param.min > std::numeric_limits<double>::lowest())
        out["min"] = param.min;
    if (param.max < std::numeric_limits<double>::max())
        out["max"] = param.max;
    for (const auto& choice : param.choices)
        out["choices"].push_back({{"id", choice.id}, {"label", choice.label}});
    return out;
}

json armJson(const ToggleDef& def, const Pipeline& pipeline) {
    const auto* active = pipeline.find(def.id);
    if (!active)
        return {{"on", false}};
    auto values = json::object(), counters = json::object();
    for (const auto& param : def.params)
        values[std::string(param.id)] = valueJson(active->params.value(param.id));
    std::vector<double> numbers(def.counters.size());
    active->state->readCounters(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        counters[std::string(def.counters[i].id)] = numbers[i];
    const auto passed = pipeline.passed(def.id);
    json out{{"on", true},
             {"params", values},
             {"counters", counters},
             {"calls", passed.calls},
             {"timeUs", static_cast<double>(passed.time.count()) * 1e-3}};
    if (const auto trouble = active->state->trouble(); !trouble.empty())
        out["trouble"] = trouble;
    return out;
}

std::string_view kindName(Counter::Kind kind) { return kind == Counter::Total ? "total" : "level"; }

}  // namespace

json toggleJson(const ToggleDef& def, const Arms& arms) {
    auto phases = json::array(), params = json::array(), counters = json::array();
    for (int i = 0; i < kPhaseCount; ++i)
        if (const auto phase = static_cast<Phase>(i); def.phases & phaseBits({phase}))
            phases.push_back(phaseName(phase));
    for (const auto& param : def.params)
        params.push_back(paramJson(param));
    for (const auto& counter : def.counters)
        counters.push_back({{"id", counter.id}, {"label", counter.label}, {"kind", kindName(counter.kind)}});
    return {
        {"id", def.id},
        {"number", def.number},
        {"title", def.title},
        {"summary", def.summary},
        {"off", def.off},
        {"why", def.why},
        {"moves", def.moves},
        {"costs", def.costs},
        {"group", groupName(def.group)},
        {"phases", phases},
        {"params", params},
        {"counters", counters},
        {"arms", {{"A", armJson(def, *arms.pipeline(Arm::A))}, {"B", armJson(def, *arms.pipeline(Arm::B))}}}};
}

json snapshotJson(const Snapshot& snapshot) {
    auto statuses = json::object(), endpoints = json::array();
    for (const auto& [status, count] : snapshot.byStatus)
        statuses[std::to_string(status)] = count;
    for (const auto& at : snapshot.endpoints)
        endpoints.push_back({{"name", at.name},
                             {"requests", at.requests},
                             {"errors", at.errors},
                             {"bytesOut", at.bytesOut},
                             {"p50Us", at.p50Us},
                             {"p99Us", at.p99Us}});
    const auto& latency = snapshot.latency;
    return {{"takenNs", snapshot.taken.count()},
            {"requests", snapshot.requests},
            {"errors", snapshot.errors},
            {"bytesOut", snapshot.bytesOut},
            {"openConnections", snapshot.openConnections},
            {"cpuUs", static_cast<double>(snapshot.cpu.count()) * 1e-3},
            {"byStatus", statuses},
            {"endpoints", endpoints},
            {"latencyUs",
             {{"count", latency.count()},
              {"mean", latency.mean()},
              {"p50", latency.quantile(0.50)},
              {"p95", latency.quantile(0.95)},
              {"p99", latency.quantile(0.99)},
              {"p999", latency.quantile(0.999)},
              {"max", latency.max()},
              {"histogram", stats::encodeBase64(latency)}}},
            {"counters", {{"A", snapshot.counters[0]}, {"B", snapshot.counters[1]}}}};
}

json entryJson(const JournalEntry& entry) {
    const auto lines = [](const auto& fields) {
        auto list = json::array();
        for (const auto& [name, value] : fields)
            list.push_back({name, value});
        return list;
    };
    const auto micros = [](Nanos time) { return static_cast<double>(time.count()) * 1e-3; };
    auto steps = json::array();
    for (const auto& step : entry.steps)
        steps.push_back({{"name", step.name}, {"durationUs", micros(step.duration)}, {"note", step.note}});
    return {{"number", entry.number},
            {"at", formatTimestamp(entry.at)},
            {"arm", entry.arm == 0 ? "A" : "B"},
            {"method", entry.method},
            {"target", entry.target},
            {"version", fmt::format("{}.{}", entry.version / 10, entry.version % 10)},
            {"peer", entry.peer},
            {"endpoint", entry.endpoint},
            {"status", entry.status},
            {"why", entry.why},
            {"bytesOut", entry.bytesOut},
            {"durationUs", micros(entry.duration)},
            {"steps", steps},
            {"serverTiming", entry.serverTiming},
            {"requestFields", lines(entry.requestFields)},
            {"answerFields", lines(entry.answerFields)}};
}

}  // namespace hone::engine
