#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hone::data {

/// A place in a JSON file, for errors. Line from 1; `element` counts rows of an array from 0.
struct JsonPlace {
    std::int64_t line = 1;
    std::optional<std::int64_t> element;
    std::string problem;  ///< What a full parser says about it.
};

/// Where and why the text is not JSON, or holds a number beyond 64 bits; none when neither is so. Reads with
/// a slow, careful parser: only for files that were refused.
[[nodiscard]] std::optional<JsonPlace> findJsonProblem(std::string_view text);

/// Line where element `element` of the array begins: the document itself, or its member `member` when not
/// empty.
[[nodiscard]] std::int64_t lineOfElement(std::string_view text, std::string_view member,
                                         std::int64_t element);

}  // namespace hone::data
