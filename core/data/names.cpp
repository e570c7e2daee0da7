#include "core/data/names.h"

namespace hone::data {

std::string safeName(std::string_view raw, std::string_view fallback) {
    constexpr std::size_t kLongest = 63;
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    std::string out;
    bool gap = false;  // One underscore for any run of other characters, none at the ends.
    for (const char c : raw) {
        if (!isDigit(c) && !isLetter(c) && c != '_') {
            gap = true;
            continue;
        }
        if (gap && !out.empty() && out.back() != '_' && c != '_')
            out += '_';
        gap = false;
        out += c;
    }
    if (out.find_first_not_of('_') == std::string::npos)
        return std::string(fallback);
    if (isDigit(out[0]))
        out.insert(0, 1, '_');
    out.resize(std::min(out.size(), kLongest));
    return out;
}

std::string UniqueNames::lower(std::string_view name) {
    std::string out(name);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string UniqueNames::take(const std::string& name) {
    std::string candidate = name;
    for (int n = 2; !m_taken.insert(lower(candidate)).second; ++n)
        candidate = name + "_" + std::to_string(n);
    return candidate;
}

}  // namespace hone::data
