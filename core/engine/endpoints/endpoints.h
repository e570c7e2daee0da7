#pragma once

#include "core/engine/endpoint.h"

#include <span>
#include <vector>

/// The routes of the API, one maker each; see the design, "Contracts others rely on".
namespace hone::engine::endpoints {

using Datasets = std::span<const std::shared_ptr<data::Dataset>>;

// /api/<resource>
[[nodiscard]] std::unique_ptr<Endpoint> makeList();
[[nodiscard]] std::unique_ptr<Endpoint> makeCreate();
// /api/<resource>/<key>
[[nodiscard]] std::unique_ptr<Endpoint> makeRead();
enum class Update { Replace, Merge };
[[nodiscard]] std::unique_ptr<Endpoint> makeUpdate(Update how);
[[nodiscard]] std::unique_ptr<Endpoint> makeRemove();
// /api/<resource>/stats
[[nodiscard]] std::unique_ptr<Endpoint> makeStats();

/// /api: every resource with its URL and its present number of rows.
[[nodiscard]] std::unique_ptr<Endpoint> makeIndex(Datasets datasets);
/// /: the way to /api and /openapi.json, as JSON or a small page.
[[nodiscard]] std::unique_ptr<Endpoint> makeRoot(Datasets datasets);
[[nodiscard]] std::unique_ptr<Endpoint> makeOpenApi(Datasets datasets);

/// The name of the endpoint that answers 404 for paths nobody has.
inline constexpr std::string_view kUnknownPath = "unknown path";

/// 204 with Allow.
[[nodiscard]] std::unique_ptr<Endpoint> makeOptions(std::string allow);
/// 405 with Allow.
[[nodiscard]] std::unique_ptr<Endpoint> makeMethodRefusal(std::string allow);
/// 404 for a path that is there while a toggle is on.
[[nodiscard]] std::unique_ptr<Endpoint> makeSwitchedOff(std::string_view path, std::string_view toggle);
/// 404 that names what is nearby.
[[nodiscard]] std::unique_ptr<Endpoint> makeUnknown(std::vector<std::string> resources);

}  // namespace hone::engine::endpoints
