#pragma once

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <string>

namespace hone::model {

/// What the next requests of the same client need from an answer: "token": {"jsonpath": "$.token"},
/// {"header": "Location"} or {"regex": "name=\"csrf\" value=\"([^\"]+)\""} (its first group, or all of it).
///
/// A value. Invariant: `where` parses (fromJson checks).
struct Extraction {
    enum class Source : std::uint8_t { Json, Header, Regex };
    std::string name;  ///< Of the variable.
    Source source = Source::Json;
    std::string where;  ///< The JSONPath, header or Perl-compatible expression.
    bool operator==(const Extraction&) const = default;

    [[nodiscard]] bool readsBody() const { return source != Source::Header; }
    [[nodiscard]] nlohmann::json toJson() const;  ///< Without the name.
    /// Errors name `path` and the value.
    [[nodiscard]] static Result<Extraction> fromJson(std::string name, const nlohmann::json& json,
                                                     const std::string& path);
};

}  // namespace hone::model
