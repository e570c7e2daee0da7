#pragma once

#include "core/params/param_set.h"

#include <string>
#include <string_view>

namespace hone::toggles::edge {

/// The settings of the edge as what hosted ones understand, JSON. Pure; thread: any.
///
/// Both respect the origin's own Cache-Control, so that nothing personal is ever kept: an API that sends none
/// must send `CDN-Cache-Control: max-age=<ttl>`, which the description says.

/// A ruleset of phase http_request_cache_settings for Cloudflare's Rulesets API.
[[nodiscard]] std::string cloudflareRules(const ParamSet& settings, std::string_view host);
/// A child rule of a rule tree for Akamai's Property Manager API.
[[nodiscard]] std::string akamaiRules(const ParamSet& settings, std::string_view host);

}  // namespace hone::toggles::edge
