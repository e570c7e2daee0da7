#pragma once

#include "core/engine/endpoint.h"

#include <memory>

namespace hone::toggles::encoding {

/// How much a coded request may become.
struct RequestLimits {
    std::size_t bytes = 0;  ///< Decoded content; beyond it 413.
    std::size_t ratio = 0;  ///< Decoded by received size; beyond it 400: nothing honest shrinks like that.
};

/// What stands in for the endpoint of a request whose content is coded: decodes it (on the thread that
/// handles), shows it to the endpoint without Content-Encoding, or refuses: 413 or 400 by the limits, 400 for
/// damaged bytes (RFC 9110 section 8.4).
///
/// Owner: the exchange, in the toggle's note. `inner` outlives it.
[[nodiscard]] std::shared_ptr<const engine::Endpoint> makeDecoding(const engine::Endpoint& inner,
                                                                   RequestLimits limits);

/// 415 for a coding nobody here knows, with what is known in Accept-Encoding (RFC 9110 section 12.5.3); none
/// when all members of Content-Encoding are known.
[[nodiscard]] std::optional<http::Response> refuseUnknownCoding(std::string_view contentEncoding);

}  // namespace hone::toggles::encoding
