#pragma once

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string_view>

/// Files of the workspace: JSON, or YAML for people who prefer to write that. Thread: any.
namespace hone::model {

/// Reads a file: YAML when its name ends in .yaml or .yml or its text does not begin like JSON. Errors name
/// file and line. Bounded: at most 16 MiB, nested 64 deep, a million values (YAML aliases could multiply).
[[nodiscard]] Result<nlohmann::json> readDocument(const std::filesystem::path& file);

/// The same from a text; `name` is what errors call it.
[[nodiscard]] Result<nlohmann::json> parseDocument(std::string_view text, std::string_view name,
                                                   bool preferYaml = false);

/// Writes YAML under a .yaml or .yml name, else indented JSON: beside the file, flushed to disk, then renamed
/// over it, so that a reader or a power cut finds the old file or the new one, never a part. Links are
/// followed.
Result<> writeDocument(const std::filesystem::path& file, const nlohmann::json& document);

}  // namespace hone::model
