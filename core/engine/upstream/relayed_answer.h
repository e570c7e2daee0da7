#pragma once

#include "core/engine/endpoint.h"

namespace hone::engine::upstream {

/// An answer that somebody else made, upstream or recorded, ready to be given to an exchange. A value.
struct RelayedAnswer {
    http::Response response;
    Nanos took{0};
    std::string note;  ///< For Server-Timing: "reused", "replayed".
};

/// Fills the exchange in, on its loop: the answer, its place in Server-Timing under `name`, whether a cache
/// may look at it, and whether it changed something (RFC 9111 section 4.4).
void fill(Exchange& exchange, RelayedAnswer answer, std::string_view name);

/// Content for an answer to HEAD: none, though its length is told. Keeps stages from taking the empty body
/// for that of GET.
[[nodiscard]] std::shared_ptr<http::BodySource> noContent();

/// 502, 503 or 504 with the reason, for a failed exchange with `upstream` (its URL).
[[nodiscard]] http::Response relayProblem(const Error& error, std::string_view upstream);

}  // namespace hone::engine::upstream
