#pragma once

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hone::model {

/// A JSONPath that names one place in a document: `$.items[0].id`, `$['a b'][-1]` (the singular queries of
/// RFC 9535 section 2.3.5.1). A value. Thread: any.
class JsonPath {
public:
    /// Errors: Malformed for what is none, Unsupported for wildcards, slices, filters and descendants, with
    /// the position.
    static Result<JsonPath> parse(std::string_view text);
    /// Null when the document has no such place.
    [[nodiscard]] const nlohmann::json* find(const nlohmann::json& document) const;

private:
    using Step =
        std::variant<std::string, std::int64_t>;  ///< A member's name, or an index (< 0: from the end).
    std::vector<Step> m_steps;
};

}  // namespace hone::model
