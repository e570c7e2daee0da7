#pragma once

#include "core/engine/exchange.h"

namespace hone::engine {

/// The value of a Server-Timing field (W3C): every timing in order, then the total, in milliseconds to 100
/// ns: `cache;dur=0.004;desc="hit", total;dur=0.0123`.
[[nodiscard]] std::string serverTiming(const Exchange& exchange, Nanos total);
/// The same behind what `out` holds: a loop keeps one string for all its answers.
void appendServerTiming(std::string& out, const Exchange& exchange, Nanos total);

}  // namespace hone::engine
