#pragma once

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <string>

namespace hone::model {

/// What an answer must be like: {"status": 200}, {"header": "ETag"}, {"body-contains": "Rome"}, {"jsonpath":
/// "$.id", "equals": 7}; `header` and `jsonpath` take "equals", "contains", or neither (it must be there).
///
/// A value. Invariant: `expected` fits subject and relation, `name` parses (fromJson checks).
struct WorkloadCheck {
    enum class Subject : std::uint8_t { Status, Header, Body, Json };
    enum class Relation : std::uint8_t { Equals, Contains, Exists };
    Subject subject = Subject::Status;
    Relation relation = Relation::Equals;
    std::string name;         ///< The header, or the JSONPath.
    nlohmann::json expected;  ///< Status: a number. Contains: a text. JSONPath equals: anything.
    bool operator==(const WorkloadCheck&) const = default;

    [[nodiscard]] bool readsBody() const { return subject == Subject::Body || subject == Subject::Json; }
    [[nodiscard]] std::string text() const;  ///< "status is 200"
    [[nodiscard]] nlohmann::json toJson() const;
    /// Errors name `path` and the value.
    [[nodiscard]] static Result<WorkloadCheck> fromJson(const nlohmann::json& json, const std::string& path);
};

}  // namespace hone::model
