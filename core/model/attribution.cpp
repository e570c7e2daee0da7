#include "core/model/attribution.h"

#include "core/model/result_json.h"

#include <utility>

namespace hone::model {
namespace {

using nlohmann::json;

template <class T, class Write>
json listJson(const std::vector<T>& values, Write write) {
    json list = json::array();
    for (const T& value : values)
        list.push_back(write(value));
    return list;
}

/// What every reader of a list element ends with.
template <class T>
Result<T> readOr(Members& members, T value) {
    if (members.failed())
        return fail(members.result().error());
    return value;
}

json runJson(const DesignRun& run) {
    return {{"replicate", run.replicate}, {"order", run.order},   {"cell", run.cell},
            {"setting", run.setting},     {"startS", run.startS}, {"seconds", run.seconds},
            {"requests", run.requests},   {"errors", run.errors}, {"metrics", mapJson(run.metrics)}};
}

Result<DesignRun> runFrom(const json& object, const std::string& path) {
    DesignRun run;
    Members members(object, path);
    members.integer("replicate", run.replicate);
    members.integer("order", run.order);
    members.integer("cell", run.cell);
    members.integer("setting", run.setting);
    members.number("startS", run.startS);
    members.number("seconds", run.seconds);
    members.integer("requests", run.requests);
    members.integer("errors", run.errors);
    readMap(members, "metrics", run.metrics);
    return readOr(members, std::move(run));
}

json effectJson(const FactorEffect& effect) {
    return {{"toggles", effect.toggles},
            {"ratio", effect.ratio},
            {"lo", effect.lo},
            {"hi", effect.hi},
            {"p", effect.p},
            {"pHolm", effect.pHolm},
            {"variation", effect.variation},
            {"verdict", stats::verdictId(effect.verdict)},
            {"aliases", effect.aliases}};
}

Result<FactorEffect> effectFrom(const json& object, const std::string& path) {
    FactorEffect effect;
    std::string verdict;
    Members members(object, path);
    members.texts("toggles", effect.toggles);
    members.number("ratio", effect.ratio);
    members.number("lo", effect.lo);
    members.numberOrInfinity("hi", effect.hi);
    members.number("p", effect.p);
    members.number("pHolm", effect.pHolm);
    members.number("variation", effect.variation);
    members.text("verdict", verdict);
    members.texts("aliases", effect.aliases);
    if (const auto known = stats::verdictFrom(verdict))
        effect.verdict = *known;
    else if (!members.failed() && !verdict.empty())
        members.refuse(
            fail(Error::Malformed, "{} is no verdict: \"{}\"", members.nameOf("verdict"), verdict));
    return readOr(members, std::move(effect));
}

json shareJson(const ToggleShare& share) {
    return {{"toggle", share.toggle}, {"ratio", share.ratio},   {"lo", share.lo},
            {"hi", share.hi},         {"amount", share.amount}, {"part", share.part}};
}

Result<ToggleShare> shareFrom(const json& object, const std::string& path) {
    ToggleShare share;
    Members members(object, path);
    members.text("toggle", share.toggle);
    members.number("ratio", share.ratio);
    members.number("lo", share.lo);
    members.numberOrInfinity("hi", share.hi);
    members.number("amount", share.amount);
    members.number("part", share.part);
    return readOr(members, std::move(share));
}

json metricJson(const AttributionMetric& metric) {
    return {{"metric", metric.metric},
            {"title", metric.title},
            {"lowerIsBetter", metric.lowerIsBetter},
            {"none", metric.none},
            {"all", metric.all},
            {"errorSource", metric.errorSource},
            {"df", metric.df},
            {"exact", metric.exact},
            {"smallestEffect", metric.smallestEffect},
            {"effects", listJson(metric.effects, effectJson)},
            {"shares", listJson(metric.shares, shareJson)}};
}

Result<AttributionMetric> metricFrom(const json& object, const std::string& path) {
    AttributionMetric metric;
    Members members(object, path);
    members.text("metric", metric.metric);
    members.text("title", metric.title);
    members.flag("lowerIsBetter", metric.lowerIsBetter);
    members.number("none", metric.none);
    members.number("all", metric.all);
    members.text("errorSource", metric.errorSource);
    members.number("df", metric.df);
    members.flag("exact", metric.exact);
    members.numberOrInfinity("smallestEffect", metric.smallestEffect);
    readList(members, "effects", metric.effects, effectFrom);
    readList(members, "shares", metric.shares, shareFrom);
    return readOr(members, std::move(metric));
}

json stageJson(const AttributionStage& stage) {
    return {{"kind", stage.kind},
            {"design", stage.design},
            {"resolution", stage.resolution},
            {"toggles", stage.toggles},
            {"plannedReplicates", stage.plannedReplicates},
            {"replicates", stage.replicates},
            {"runs", listJson(stage.runs, runJson)},
            {"metrics", listJson(stage.metrics, metricJson)}};
}

Result<AttributionStage> stageFrom(const json& object, const std::string& path) {
    AttributionStage stage;
    Members members(object, path);
    members.text("kind", stage.kind);
    members.text("design", stage.design);
    members.integer("resolution", stage.resolution);
    members.texts("toggles", stage.toggles);
    members.integer("plannedReplicates", stage.plannedReplicates);
    members.integer("replicates", stage.replicates);
    readList(members, "runs", stage.runs, runFrom);
    readList(members, "metrics", stage.metrics, metricFrom);
    return readOr(members, std::move(stage));
}

json decisionJson(const ToggleDecision& decision) {
    return {{"toggle", decision.toggle}, {"recommended", decision.recommended}, {"reason", decision.reason}};
}

Result<ToggleDecision> decisionFrom(const json& object, const std::string& path) {
    ToggleDecision decision;
    Members members(object, path);
    members.text("toggle", decision.toggle);
    members.flag("recommended", decision.recommended);
    members.text("reason", decision.reason);
    return readOr(members, std::move(decision));
}

json changeJson(const PredictedChange& change) {
    return {{"metric", change.metric}, {"title", change.title}, {"lowerIsBetter", change.lowerIsBetter},
            {"from", change.from},     {"to", change.to},       {"ratio", change.ratio},
            {"lo", change.lo},         {"hi", change.hi}};
}

Result<PredictedChange> changeFrom(const json& object, const std::string& path) {
    PredictedChange change;
    Members members(object, path);
    members.text("metric", change.metric);
    members.text("title", change.title);
    members.flag("lowerIsBetter", change.lowerIsBetter);
    members.number("from", change.from);
    members.number("to", change.to);
    members.number("ratio", change.ratio);
    members.number("lo", change.lo);
    members.numberOrInfinity("hi", change.hi);
    return readOr(members, std::move(change));
}

}  // namespace

json Attribution::toJson() const {
    json document = {{"hone", 1},
                     {"kind", "attribution"},
                     {"id", id},
                     {"name", name},
                     {"note", note},
                     {"tags", tags},
                     {"startedAt", timeText(startedAt)},
                     {"seed", seed},
                     {"delta", delta},
                     {"metric", metric},
                     {"target", target},
                     {"dataset", dataset},
                     {"workload", workload.toJson()},
                     {"base", base.toJson()},
                     {"environment", environmentJson(environment)},
                     {"toggles", toggles},
                     {"stages", listJson(stages, stageJson)},
                     {"decisions", listJson(decisions, decisionJson)},
                     {"recommended", recommended.toJson()},
                     {"waterfall", listJson(waterfall, shareJson)},
                     {"predicted", listJson(predicted, changeJson)},
                     {"sentence", sentence},
                     {"warnings", warnings},
                     {"partial", partial}};
    if (confirmation)
        document["confirmation"] = confirmation->toJson();
    return document;
}

Result<Attribution> Attribution::fromJson(const json& document) {
    Attribution attribution;
    Members members(document);
    if (auto header = checkHeader(members, "attribution"); !header)
        return fail(std::move(header.error()));
    members.text("id", attribution.id);
    members.text("name", attribution.name);
    members.text("note", attribution.note);
    members.texts("tags", attribution.tags);
    members.time("startedAt", attribution.startedAt);
    members.integer("seed", attribution.seed);
    members.number("delta", attribution.delta, 0, 1);
    members.text("metric", attribution.metric);
    members.text("target", attribution.target);
    members.text("dataset", attribution.dataset);
    readPart(members, "workload", attribution.workload);
    readPart(members, "base", attribution.base);
    readEnvironment(members, attribution.environment);
    members.texts("toggles", attribution.toggles);
    readList(members, "stages", attribution.stages, stageFrom);
    readList(members, "decisions", attribution.decisions, decisionFrom);
    readPart(members, "recommended", attribution.recommended);
    readList(members, "waterfall", attribution.waterfall, shareFrom);
    readList(members, "predicted", attribution.predicted, changeFrom);
    members.text("sentence", attribution.sentence);
    members.texts("warnings", attribution.warnings);
    members.flag("partial", attribution.partial);
    if (members.find("confirmation"))
        readPart(members, "confirmation", attribution.confirmation.emplace());
    return readOr(members, std::move(attribution));
}

}  // namespace hone::model
