#pragma once

#include "core/toggles/graphql/plan.h"

namespace hone::toggles::graphql {

/// What one operation may ask for.
struct Limits {
    std::int64_t maxDepth = 12;  ///< Of fields in fields; the fields of introspection are not counted.
    std::int64_t maxCost =
        100'000;                 ///< Objects it may fetch: a list costs its page size times what is in it.
    std::int64_t pageSize = 50;  ///< Of lists that do not say.
    std::int64_t maxPageSize = 500;
    bool introspection = true;
};

/// Depth and cost of an operation.
struct Weight {
    std::int64_t depth = 0;
    double cost = 0;
};

/// Weighs the plan before anything is fetched; the first limit that is broken, with its place. Stops as soon
/// as that is known, so that a document that grows without bound through fragments is not planned out.
[[nodiscard]] std::expected<Weight, Problem> weigh(Planner& planner, SelectionPlan& root,
                                                   const Limits& limits);

}  // namespace hone::toggles::graphql
