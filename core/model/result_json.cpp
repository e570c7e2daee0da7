#include "core/model/result_json.h"

namespace hone::model {
namespace {

using nlohmann::json;

template <class V, class Read>
void readEntries(Members& members, std::string_view name, std::map<std::string, V>& out, Read read) {
    const json* object = members.object(name);
    if (!object)
        return;
    Members entries(*object, members.nameOf(name));
    for (const auto& [key, value] : object->items()) {
        V number{};
        read(entries, key, number);
        out[key] = number;
    }
    if (entries.failed())
        members.refuse(fail(entries.result().error()));
}

}  // namespace

json histogramJson(const stats::Histogram& histogram) {
    return {{"hdr", stats::encodeBase64(histogram)},
            {"min", histogram.min()},
            {"max", histogram.max()},
            {"saturated", histogram.saturated()}};
}

void readHistogram(Members& members, std::string_view name, stats::Histogram& out) {
    const json* value = members.find(name);
    if (!value)
        return;
    json facts = value->is_string() ? json{{"hdr", *value}} : *value;
    Members entry(facts, members.nameOf(name));
    std::string text;
    entry.text("hdr", text);
    if (entry.failed())
        return members.refuse(fail(entry.result().error()));
    auto histogram = stats::decodeBase64(text);
    if (!histogram) {
        histogram.error().what = fmt::format("{}: {}", members.nameOf(name), histogram.error().what);
        return members.refuse(fail(std::move(histogram.error())));
    }
    std::int64_t smallest = histogram->min();
    std::int64_t largest = histogram->max();
    std::int64_t saturated = histogram->saturated();
    entry.integer("min", smallest);
    entry.integer("max", largest);
    entry.integer("saturated", saturated);
    if (entry.failed())
        return members.refuse(fail(entry.result().error()));
    const bool belongs = histogram->count() == 0 || histogram->setExact(smallest, largest, saturated);
    if (!belongs)
        return members.refuse(fail(Error::Malformed, "{}: min {} and max {} lie outside its buckets",
                                   members.nameOf(name), smallest, largest));
    out = std::move(*histogram);
}

void readMap(Members& members, std::string_view name, std::map<std::string, double>& out) {
    readEntries(members, name, out, [](Members& entries, const std::string& key, double& number) {
        entries.number(key, number);
    });
}

void readMap(Members& members, std::string_view name, std::map<std::string, std::uint64_t>& out) {
    readEntries(members, name, out, [](Members& entries, const std::string& key, std::uint64_t& number) {
        entries.integer(key, number);
    });
}

nlohmann::json environmentJson(const Environment& environment) {
    return {{"os", environment.os},
            {"kernel", environment.kernel},
            {"cpu", environment.cpu},
            {"governor", environment.governor},
            {"build", environment.build},
            {"cores", environment.cores},
            {"memoryBytes", environment.memoryBytes},
            {"loadAverage", environment.loadAverage},
            {"optimised", environment.optimised}};
}

void readEnvironment(Members& members, Environment& environment) {
    const json* object = members.object("environment");
    if (!object)
        return;
    Members entry(*object, "environment");
    entry.text("os", environment.os);
    entry.text("kernel", environment.kernel);
    entry.text("cpu", environment.cpu);
    entry.text("governor", environment.governor);
    entry.text("build", environment.build);
    entry.integer("cores", environment.cores);
    entry.integer("memoryBytes", environment.memoryBytes);
    entry.number("loadAverage", environment.loadAverage);
    entry.flag("optimised", environment.optimised);
    if (entry.failed())
        members.refuse(fail(entry.result().error()));
}

}  // namespace hone::model
