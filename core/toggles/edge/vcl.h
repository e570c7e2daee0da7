#pragma once

#include "core/base/error.h"
#include "core/params/param_set.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace hone::toggles::edge {

/// Where a real edge fetches from.
struct OriginAddress {
    std::string host;
    std::uint16_t port = 80;
    std::string probe = "/api";  ///< A path that answers 200 while the origin is well.

    /// "http://127.0.0.1:8080" or "127.0.0.1:8080". Errors: InvalidArgument; TLS is not Varnish's.
    [[nodiscard]] static Result<OriginAddress> parse(std::string_view text);
};

/// The settings of the edge as a program for Varnish 6 and 7 (VCL 4.1): what a real one point of presence
/// would do.
///
/// ttl, swr and staleIfError become ttl and grace; tags become bans, asked for by PURGE with Hone-Tag (or a
/// URL, with a last * whatever begins so) from this machine; onWrite becomes a ban; Host is the origin's; the
/// query is sorted as our key has it. Cookie and Authorization pass by, as Varnish does by itself. Pure;
/// thread: any.
[[nodiscard]] std::string writeVcl(const ParamSet& settings, const OriginAddress& origin);

}  // namespace hone::toggles::edge
