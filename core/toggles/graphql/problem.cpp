#include "core/toggles/graphql/problem.h"

#include "core/data/rows.h"

#include <fmt/format.h>

#include <iterator>

namespace hone::toggles::graphql {
namespace {

void writeExtensions(const Problem& problem, std::string& out) {
    if (problem.code.empty() && problem.hint.empty())
        return;
    out += R"(,"extensions":{)";
    if (!problem.code.empty()) {
        out += R"("code":)";
        data::writeJsonString(problem.code, out);
    }
    if (!problem.hint.empty()) {
        out += problem.code.empty() ? R"("hint":)" : R"(,"hint":)";
        data::writeJsonString(problem.hint, out);
    }
    out += '}';
}

}  // namespace

Location locate(std::string_view source, std::size_t at) {
    Location place;
    for (std::size_t i = 0; i < at && i < source.size(); ++i) {
        const auto c = static_cast<unsigned char>(source[i]);
        if (c == '\n' || (c == '\r' && (i + 1 >= source.size() || source[i + 1] != '\n'))) {
            ++place.line;
            place.column = 1;
        } else if ((c & 0xc0) != 0x80) {
            place.column += c >= 0xf0 ? 2 : 1;
        }
    }
    return place;
}

void writeProblems(const std::vector<Problem>& problems, std::string& out) {
    out += '[';
    for (const Problem& problem : problems) {
        out += &problem == problems.data() ? R"({"message":)" : R"(,{"message":)";
        data::writeJsonString(problem.message, out);
        for (std::size_t i = 0; i < problem.locations.size(); ++i)
            fmt::format_to(std::back_inserter(out), R"({}{{"line":{},"column":{}}})",
                           i == 0 ? R"(,"locations":[)" : ",", problem.locations[i].line,
                           problem.locations[i].column);
        if (!problem.locations.empty())
            out += ']';
        if (!problem.path.empty())
            out.append(R"(,"path":)").append(problem.path);
        writeExtensions(problem, out);
        out += '}';
    }
    out += ']';
}

}  // namespace hone::toggles::graphql
