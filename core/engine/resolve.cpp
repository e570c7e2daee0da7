#include "core/engine/engine.h"

#include <algorithm>
#include <cmath>

namespace hone::engine {
namespace {

/// "Did you mean "cache"? Known: cache, shaping." or only the second half.
std::string suggestion(std::string_view id, std::span<const std::string_view> known) {
    if (known.empty())
        return "There are none here.";
    const auto near = closest(id, known);
    return fmt::format("{}Known: {}.", near ? fmt::format("Did you mean \"{}\"? ", *near) : "",
                       fmt::join(known, ", "));
}

Failure unknownToggle(std::string_view id, Catalogue catalogue) {
    std::vector<std::string_view> known;
    for (const auto* def : catalogue)
        known.push_back(def->id);
    return fail(Error::InvalidArgument, "unknown toggle \"{}\"", id).hint("{}", suggestion(id, known));
}

Failure unknownParam(const ToggleDef& def, std::string_view id) {
    std::vector<std::string_view> known;
    for (const Param& param : def.params)
        known.push_back(param.id);
    return fail(Error::InvalidArgument, "unknown parameter \"{}.{}\"", def.id, id)
        .hint("{}", suggestion(id, known));
}

/// A profile file says 30.0 or "30s" where the parameter is a whole number of seconds; both mean 30.
Result<> setValue(ParamSet& set, const Param& param, const ParamValue& value) {
    if (const auto* text = std::get_if<std::string>(&value);
        text && !std::holds_alternative<std::string>(param.initial))
        return set.setText(param.id, *text);
    const auto* real = std::get_if<double>(&value);
    if (real && std::holds_alternative<std::int64_t>(param.initial) && std::floor(*real) == *real &&
        std::abs(*real) < 0x1p53)
        return set.set(param.id, static_cast<std::int64_t>(*real));
    return set.set(param.id, value);
}

Result<ParamSet> resolveParams(const ToggleDef& def, const model::ToggleSetting& setting) {
    ParamSet params(def.params);
    for (const auto& [id, value] : setting.params) {
        const Param* param = params.find(id);
        if (!param)
            return unknownParam(def, id);
        if (auto set = setValue(params, *param, value); !set) {
            set.error().what = fmt::format("{}.{}", def.id, set.error().what);
            return fail(std::move(set.error()));
        }
    }
    return params;
}

}  // namespace

Result<std::vector<ResolvedToggle>> resolve(const model::Profile& profile, Catalogue catalogue) {
    for (const auto& [id, setting] : profile.toggles)
        if (std::ranges::find(catalogue, id, &ToggleDef::id) == catalogue.end())
            return unknownToggle(id, catalogue);
    std::vector<ResolvedToggle> resolved;
    for (const auto* def : catalogue) {
        const auto setting = profile.toggles.find(def->id);
        if (setting == profile.toggles.end())
            continue;
        // Values of a toggle that is off are checked too: switching it on later must not fail.
        auto params = resolveParams(*def, setting->second);
        if (!params)
            return fail(std::move(params.error()));
        if (setting->second.on)
            resolved.push_back({def, std::move(*params)});
    }
    return resolved;
}

}  // namespace hone::engine
