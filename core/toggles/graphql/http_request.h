#pragma once

#include "core/toggles/graphql/problem.h"

#include "core/http/message.h"

#include <nlohmann/json.hpp>

#include <expected>

namespace hone::toggles::graphql {

/// The parameters of a request (GraphQL over HTTP, section 5).
struct Asked {
    std::string query;  ///< May be empty when a persisted query is named.
    std::string operationName;
    nlohmann::json variables = nlohmann::json::object();
    std::string hash;  ///< extensions.persistedQuery.sha256Hash; empty: none.
    bool isGet = false;
};

/// A request that cannot be read, and how that is answered.
struct Refusal {
    int status = 400;
    Problem problem;
    std::string allow;  ///< Of a 405.
};

inline constexpr std::string_view kGraphqlJson = "application/graphql-response+json";
inline constexpr std::string_view kJson = "application/json";

/// From the query of GET and HEAD or the JSON of POST.
[[nodiscard]] std::expected<Asked, Refusal> readRequest(const http::Request& request);
/// The media type the client wants; none: a 406.
[[nodiscard]] std::optional<std::string_view> mediaFor(const http::Request& request);

}  // namespace hone::toggles::graphql
