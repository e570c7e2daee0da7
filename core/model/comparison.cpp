#include "core/model/comparison.h"

#include "core/model/result_json.h"

#include <algorithm>

namespace hone::model {
namespace {

using nlohmann::json;

void readVerdict(Members& members, std::string_view name, stats::Verdict& out) {
    std::string word;
    members.text(name, word);
    if (members.failed() || word.empty())
        return;
    if (const auto verdict = stats::verdictFrom(word))
        out = *verdict;
    else
        members.refuse(fail(Error::Malformed, "{} is no verdict: \"{}\"", members.nameOf(name), word));
}

json blockJson(const Block& block) {
    return {{"pair", block.pair},     {"arm", block.arm == 0 ? "A" : "B"}, {"order", block.order},
            {"startS", block.startS}, {"seconds", block.seconds},          {"requests", block.requests},
            {"errors", block.errors}, {"metrics", mapJson(block.metrics)}};
}

Result<Block> blockFrom(const json& object, const std::string& path) {
    static constexpr std::pair<std::string_view, int> kArms[] = {{"A", 0}, {"B", 1}};
    Block block;
    Members members(object, path);
    members.integer("pair", block.pair);
    members.choice("arm", block.arm, kArms);
    members.integer("order", block.order);
    members.number("startS", block.startS);
    members.number("seconds", block.seconds);
    members.integer("requests", block.requests);
    members.integer("errors", block.errors);
    readMap(members, "metrics", block.metrics);
    if (members.failed())
        return fail(members.result().error());
    return block;
}

json pairedJson(const stats::PairedResult& paired) {
    return {{"pairs", paired.pairs},
            {"meanLog", paired.meanLog},
            {"sdLog", paired.sdLog},
            {"seLog", paired.seLog},
            {"t", paired.t},
            {"df", paired.df},
            {"p", paired.p},
            {"ratio", paired.ratio},
            {"lo", paired.lo},
            {"hi", paired.hi},
            {"signFlipP", paired.signFlipP},
            {"pseudoMedianLog", paired.pseudoMedianLog},
            {"exact", paired.exact}};
}

void readPaired(Members& outer, stats::PairedResult& paired) {
    const json* object = outer.object("paired");
    if (!object)
        return;
    Members members(*object, outer.nameOf("paired"));
    members.integer("pairs", paired.pairs);
    members.number("meanLog", paired.meanLog);
    members.number("sdLog", paired.sdLog);
    members.number("seLog", paired.seLog);
    members.numberOrInfinity("t", paired.t);
    members.number("df", paired.df);
    members.number("p", paired.p);
    members.number("ratio", paired.ratio);
    members.number("lo", paired.lo);
    members.numberOrInfinity("hi", paired.hi);
    members.number("signFlipP", paired.signFlipP);
    members.number("pseudoMedianLog", paired.pseudoMedianLog);
    members.flag("exact", paired.exact);
    if (members.failed())
        outer.refuse(fail(members.result().error()));
}

json anytimeJson(const stats::AnytimeResult& anytime) {
    return {{"lnE", anytime.lnE},     {"p", anytime.p},   {"tRadius", anytime.tRadius},
            {"ratio", anytime.ratio}, {"lo", anytime.lo}, {"hi", anytime.hi}};
}

void readAnytime(Members& outer, stats::AnytimeResult& anytime) {
    const json* object = outer.object("anytime");
    if (!object)
        return;
    Members members(*object, outer.nameOf("anytime"));
    members.numberOrInfinity("lnE", anytime.lnE);
    members.number("p", anytime.p);
    members.numberOrInfinity("tRadius", anytime.tRadius);
    members.number("ratio", anytime.ratio);
    members.number("lo", anytime.lo);
    members.numberOrInfinity("hi", anytime.hi);
    if (members.failed())
        outer.refuse(fail(members.result().error()));
}

json effectJson(const Effect& effect) {
    return {{"metric", effect.metric},
            {"title", effect.title},
            {"lowerIsBetter", effect.lowerIsBetter},
            {"headline", effect.headline},
            {"a", effect.a},
            {"b", effect.b},
            {"paired", pairedJson(effect.paired)},
            {"anytime", anytimeJson(effect.anytime)},
            {"pHolm", effect.pHolm},
            {"verdict", stats::verdictId(effect.verdict)},
            {"pairsNeeded", effect.pairsNeeded}};
}

Result<Effect> effectFrom(const json& object, const std::string& path) {
    Effect effect;
    Members members(object, path);
    members.text("metric", effect.metric);
    members.text("title", effect.title);
    members.flag("lowerIsBetter", effect.lowerIsBetter);
    members.flag("headline", effect.headline);
    members.number("a", effect.a);
    members.number("b", effect.b);
    readPaired(members, effect.paired);
    readAnytime(members, effect.anytime);
    members.number("pHolm", effect.pHolm);
    readVerdict(members, "verdict", effect.verdict);
    members.integer("pairsNeeded", effect.pairsNeeded);
    if (members.failed())
        return fail(members.result().error());
    return effect;
}

json differenceJson(const AnswerDifference& difference) {
    return {{"request", difference.request},
            {"explanation", difference.explanation},
            {"a", difference.a},
            {"b", difference.b},
            {"expected", difference.expected}};
}

Result<AnswerDifference> differenceFrom(const json& object, const std::string& path) {
    AnswerDifference difference;
    Members members(object, path);
    members.text("request", difference.request);
    members.text("explanation", difference.explanation);
    members.text("a", difference.a);
    members.text("b", difference.b);
    members.flag("expected", difference.expected);
    if (members.failed())
        return fail(members.result().error());
    return difference;
}

template <class T, class Write>
json listJson(const std::vector<T>& values, Write write) {
    json list = json::array();
    for (const T& value : values)
        list.push_back(write(value));
    return list;
}

}  // namespace

const Effect* Comparison::effect(std::string_view metricId) const {
    const auto it = std::ranges::find(effects, metricId, &Effect::metric);
    return it == effects.end() ? nullptr : &*it;
}

json Comparison::toJson() const {
    return {{"hone", 1},
            {"kind", "comparison"},
            {"id", id},
            {"name", name},
            {"note", note},
            {"tags", tags},
            {"startedAt", timeText(startedAt)},
            {"seed", seed},
            {"delta", delta},
            {"metric", metric},
            {"plannedPairs", plannedPairs},
            {"stoppedEarly", stoppedEarly},
            {"noiseFloor", noiseFloor},
            {"a", a.toJson()},
            {"b", b.toJson()},
            {"blocks", listJson(blocks, blockJson)},
            {"effects", listJson(effects, effectJson)},
            {"verdict", stats::verdictId(verdict)},
            {"sentence", sentence},
            {"answersCompared", answersCompared},
            {"answerDifferences", listJson(answerDifferences, differenceJson)},
            {"warnings", warnings},
            {"partial", partial}};
}

Result<Comparison> Comparison::fromJson(const json& document) {
    Comparison comparison;
    Members members(document);
    if (auto header = checkHeader(members, "comparison"); !header)
        return fail(std::move(header.error()));
    members.text("id", comparison.id);
    members.text("name", comparison.name);
    members.text("note", comparison.note);
    members.texts("tags", comparison.tags);
    members.time("startedAt", comparison.startedAt);
    members.integer("seed", comparison.seed);
    members.number("delta", comparison.delta, 0, 1);
    members.text("metric", comparison.metric);
    members.integer("plannedPairs", comparison.plannedPairs);
    members.flag("stoppedEarly", comparison.stoppedEarly);
    members.number("noiseFloor", comparison.noiseFloor);
    readPart(members, "a", comparison.a);
    readPart(members, "b", comparison.b);
    readList(members, "blocks", comparison.blocks, blockFrom);
    readList(members, "effects", comparison.effects, effectFrom);
    readVerdict(members, "verdict", comparison.verdict);
    members.text("sentence", comparison.sentence);
    members.integer("answersCompared", comparison.answersCompared);
    readList(members, "answerDifferences", comparison.answerDifferences, differenceFrom);
    members.texts("warnings", comparison.warnings);
    members.flag("partial", comparison.partial);
    if (members.failed())
        return fail(members.result().error());
    return comparison;
}

}  // namespace hone::model
