#pragma once

#include "core/report/bundle.h"

#include <nlohmann/json.hpp>

/// What stands in a bundle, to and from its files. Thread: any.
namespace hone::report {

/// The workload and the profiles of a result, each as the file the program itself would write.
[[nodiscard]] Files partsOf(const BundledResult& result);
[[nodiscard]] std::string textOf(const nlohmann::json& json);

/// A JSON file of the archive; refused beyond 64 levels, which no file of ours reaches.
[[nodiscard]] Result<nlohmann::json> parsedMember(const Files::value_type& file);
[[nodiscard]] Result<BundledResult> resultFrom(const nlohmann::json& kind, const nlohmann::json& document);

/// Bodies are base64 (RFC 4648): they may be compressed.
[[nodiscard]] nlohmann::json toJson(const std::vector<KeptAnswer>& answers);
[[nodiscard]] Result<std::vector<KeptAnswer>> answersFrom(const nlohmann::json& json);

}  // namespace hone::report
