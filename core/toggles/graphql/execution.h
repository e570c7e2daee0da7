#pragma once

#include "core/toggles/graphql/loader.h"

namespace hone::toggles::graphql {

struct ExecutionOptions {
    Limits limits;
    bool batching = true;
    data::Access access;
    std::mutex* writes = nullptr;  ///< Held for each write; several executions may share a dataset.
};

/// What became of a request (section 7.1).
struct ExecutionResult {
    std::string data;  ///< JSON; empty: nothing was executed (a request error).
    std::vector<Problem> problems;
    Work work;
    Weight weight;
    bool wrote = false;
};

/// The operation of that name, or the only one (GetOperation, section 6.1).
[[nodiscard]] std::expected<const Operation*, Problem> operationNamed(const Document& document,
                                                                      std::string_view name);

/// Executes an operation of a validated document: variables are coerced, limits checked, then queries read
/// and mutations written one after another. Blocks on SQL. Thread: any.
[[nodiscard]] ExecutionResult execute(const Api& api, const Document& document, const Operation& operation,
                                      const nlohmann::json& variables, const ExecutionOptions& options);

}  // namespace hone::toggles::graphql
