#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone::toggles::graphql {

/// Line and column from 1; columns count UTF-16 units, as GraphQL's tools do.
struct Location {
    std::uint32_t line = 1, column = 1;
    bool operator==(const Location&) const = default;
};

/// Where byte `at` of a source text is; LF, CR and CRLF each end one line (specification, section 2.1.2).
[[nodiscard]] Location locate(std::string_view source, std::size_t at);

/// One entry of an answer's "errors" (section 7.1.2). A value.
struct Problem {
    std::string message;
    std::vector<Location> locations;
    std::string path;  ///< A JSON array, for errors of fields; else empty.
    std::string code;  ///< extensions.code; may be empty.
    std::string hint;  ///< extensions.hint; may be empty.
};

/// Appends the list of problems as a JSON array.
void writeProblems(const std::vector<Problem>& problems, std::string& out);

}  // namespace hone::toggles::graphql
