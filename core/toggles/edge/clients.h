#pragma once

#include "core/base/error.h"
#include "core/http/message.h"

#include <string_view>
#include <vector>

namespace hone::toggles::edge {

/// Where the client of a request is: where it says (Hone-Region, or CF-IPCountry as a CDN would set it), else
/// a region drawn by weight for its connection, the same one as long as it lasts.
///
/// The draw is no chance: connection numbers are spread by the golden ratio (a Weyl sequence), so that few
/// connections are a fair sample already and two arms get the same clients. Thread: any; immutable.
class Clients {
public:
    /// `where`: "world", a continent, or weighted regions ("de=3,us=1"). Errors: InvalidArgument, naming what
    /// is known.
    [[nodiscard]] static Result<Clients> parse(std::string_view where);
    /// Index in regions().
    [[nodiscard]] int regionOf(const http::Request& request) const;

private:
    struct Share {
        int region;
        double upTo;  ///< Sum of the weights so far; the last one's is 1.
    };
    std::vector<Share> m_shares;
};

}  // namespace hone::toggles::edge
