#include "core/engine/upstream/make_upstream.h"

#include "core/engine/upstream/replay_endpoint.h"
#include "core/engine/upstream/upstream_endpoint.h"

#include <fmt/ranges.h>

namespace hone::engine::upstream {
Result<std::unique_ptr<Endpoint>> makeUpstream(const UpstreamOptions& options) {
    if (!options.replay.empty() && (!options.url.empty() || !options.record.empty()))
        return fail(Error::InvalidArgument, "a replay asks no upstream and records nothing")
            .hint("Leave out either --replay, or --upstream and --record.");
    if (!options.replay.empty())
        return ReplayEndpoint::create(options.replay, options.replayInstantly);
    if (options.url.empty())
        return fail(Error::InvalidArgument, "there is no upstream to record from")
            .hint("Add --upstream http://host:port.");
    return UpstreamEndpoint::create(options);
}

Result<> checkSuits(const model::Profile& profile, Catalogue catalogue) {
    std::vector<std::string_view> suited;
    for (const auto* def : catalogue)
        if (!def->needsDatasets)
            suited.push_back(def->id);
    for (const auto* def : catalogue) {
        const auto setting = profile.toggles.find(std::string(def->id));
        if (setting != profile.toggles.end() && setting->second.on && def->needsDatasets)
            return fail(Error::InvalidArgument,
                        "{} works on the rows of datasets, and in front of an upstream there are none",
                        def->id)
                .hint("Switch it off. What works on an upstream's answers: {}.", fmt::join(suited, ", "));
    }
    return {};
}

}  // namespace hone::engine::upstream
