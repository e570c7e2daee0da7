#pragma once

#include "core/engine/near_routes.h"

namespace hone::engine {

struct Exchange;
struct JournalEntry;

/// Why the answer is what it is, in a sentence for people: which toggle answered or refused, which condition
/// decided, or what the endpoint did. Empty for a path nobody has: nearMiss() says it when it is read.
/// `exchange` is finished, `response` is what goes out. Thread: any.
[[nodiscard]] std::string whyAnswered(const Exchange& exchange);

/// "no route: nearest are GET /api/cities, GET /api/cities/{key}", for a 404 without a route.
[[nodiscard]] std::string nearMiss(std::span<const RoutePattern> routes, const JournalEntry& entry);

}  // namespace hone::engine
