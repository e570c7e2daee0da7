#include "core/toggles/graphql/naming.h"

#include <algorithm>
#include <array>

namespace hone::toggles::graphql {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string joined(std::string_view words, bool startsUpper) {
    std::string out;
    bool isStart = startsUpper;
    for (const char c : words) {
        if (!isLetter(c) && !isDigit(c)) {
            isStart = isStart || !out.empty();
            continue;
        }
        if (out.empty() && isDigit(c))
            out += '_';
        out += isStart ? upper(c) : out.empty() ? lower(c) : c;
        isStart = false;
    }
    return out.empty() ? (startsUpper ? "Table" : "table") : out;
}

}  // namespace

std::string singular(std::string_view word) {
    constexpr std::array<std::string_view, 5> kSame{"series", "species", "news", "data", "status"};
    const std::string text(word);
    const auto ends = [&](std::string_view suffix) {
        return text.size() > suffix.size() && text.ends_with(suffix);
    };
    for (const auto same : kSame)
        if (text.ends_with(same))
            return text;
    if (ends("ies"))
        return text.substr(0, text.size() - 3) + "y";
    for (const auto* suffix : {"sses", "xes", "zes", "ches", "shes"})
        if (ends(suffix))
            return text.substr(0, text.size() - 2);
    if (ends("s") && !ends("ss") && !ends("us") && !ends("is"))
        return text.substr(0, text.size() - 1);
    return text;
}

std::string camelCase(std::string_view words) { return joined(words, false); }
std::string pascalCase(std::string_view words) { return joined(words, true); }

std::string fieldName(std::string_view column) {
    std::string out;
    for (const char c : column)
        out += isLetter(c) || isDigit(c) || c == '_' ? c : '_';
    if (out.empty() || isDigit(out.front()))
        out.insert(0, "_");
    if (out.starts_with("__"))
        out.insert(0, "x");
    return out;
}

std::string Names::take(const std::string& wanted) {
    std::string name = wanted;
    for (int i = 2; !m_taken.insert(name).second; ++i)
        name = wanted + std::to_string(i);
    return name;
}

}  // namespace hone::toggles::graphql
