#pragma once

#include "core/interop/export.h"

#include <cstdint>

/// Parts that exports to several tools share.
namespace hone::interop {

/// A text cut at its {{variables}}.
struct Piece {
    bool isVariable = false;
    std::string text;  ///< Literal, or the variable's name.
};
[[nodiscard]] std::vector<Piece> piecesOf(const model::Workload& workload, std::string_view text);
/// With each variable's value put in.
[[nodiscard]] std::string filled(const std::vector<Piece>& pieces,
                                 const std::map<std::string, std::string, std::less<>>& values);

/// `count` values of a variable in its popularity, by a fixed seed: for tools that only know lists.
[[nodiscard]] std::vector<std::string> sampledValues(const model::Variable& variable, std::size_t count,
                                                     std::uint64_t seed);

/// One request with its variables drawn, target not yet prepended.
struct DrawnRequest {
    const model::WorkloadRequest* request = nullptr;
    std::string url, body;
    std::vector<std::pair<std::string, std::string>> headers;
};
/// `count` requests in the proportions of their weights, by a fixed seed.
[[nodiscard]] std::vector<DrawnRequest> drawnRequests(const model::Workload& workload, std::size_t count);

/// Integers in the proportions of the weights, none above 10 000: 0.5 and 1.5 become 1 and 3.
[[nodiscard]] std::vector<int> wholeWeights(const model::Workload& workload);

/// "http://host/x" stays, "/x" gets the target in front.
[[nodiscard]] std::string absolute(const std::string& url, const std::string& target);
[[nodiscard]] bool isAbsolute(std::string_view url);
/// A double-quoted literal that JavaScript, Python, Java and Lua read alike (ASCII, \uXXXX or \xXX by tool).
[[nodiscard]] std::string jsText(std::string_view text);
[[nodiscard]] std::string luaText(std::string_view text);
[[nodiscard]] std::string shellText(std::string_view text);  ///< In single quotes.
/// A name of letters, digits and _ that is unique among `taken`, which it joins.
[[nodiscard]] std::string identifier(std::string_view text, std::vector<std::string>& taken);
/// Shortest text of a number without an exponent.
[[nodiscard]] std::string numberText(double value);
/// Every line behind `prefix` ("# ", "// "); text from outside cannot leave the comment.
[[nodiscard]] std::string commented(std::string_view prefix, const std::vector<std::string>& lines);
/// What every head of an export says: source, load, how to run.
[[nodiscard]] std::vector<std::string> headLines(const model::Workload& workload, std::string_view run);

[[nodiscard]] double secondsOf(std::chrono::milliseconds duration);

// One per tool.
[[nodiscard]] std::string k6Script(const model::Workload& workload, const ExportOptions& options);
[[nodiscard]] std::string locustScript(const model::Workload& workload, const ExportOptions& options);
[[nodiscard]] std::string gatlingScript(const model::Workload& workload, const ExportOptions& options);
[[nodiscard]] std::string artilleryScript(const model::Workload& workload, const ExportOptions& options);
[[nodiscard]] std::string wrkScript(const model::Workload& workload, const ExportOptions& options);
[[nodiscard]] Result<std::string> ohaScript(const model::Workload& workload, const ExportOptions& options);
[[nodiscard]] Result<std::string> h2loadScript(const model::Workload& workload, const ExportOptions& options);
[[nodiscard]] std::string curlScript(const model::Workload& workload, const ExportOptions& options);

}  // namespace hone::interop
