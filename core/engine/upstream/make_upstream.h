#pragma once

#include "core/engine/endpoint.h"
#include "core/engine/toggle_def.h"
#include "core/engine/upstream/upstream_options.h"
#include "core/model/profile.h"

namespace hone::engine::upstream {

/// The endpoint that stands for another API: asked for real, or replayed. Errors: as its create().
Result<std::unique_ptr<Endpoint>> makeUpstream(const UpstreamOptions& options);

/// Refuses a profile whose toggles change a query (Phase::Plan): in front of an upstream there is none, and
/// silence would be taken for "no effect". Unknown toggles are left to resolve().
Result<> checkSuits(const model::Profile& profile, Catalogue catalogue);

}  // namespace hone::engine::upstream
