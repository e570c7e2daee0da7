#include "core/toggles/shaping/patterns.h"

namespace hone::toggles::shaping {
namespace {

void appendLiteral(std::string& out, char c) {
    if (c == '%' || c == '_' || c == '\\')
        out += '\\';
    out += c;
}

Failure unsupported(std::string_view parameter, std::string_view expression, std::string_view what) {
    return fail(Error::InvalidArgument, "{}: {} in \"{}\" is not supported", parameter, what,
                expression.substr(0, 60))
        .hint("Supported: text, ^, $, . .* .+ | and \\ before a character that stands for itself.");
}

/// One alternative.
Result<std::string> likePattern(std::string_view parameter, std::string_view expression,
                                std::string_view part) {
    const bool fromStart = part.starts_with('^');
    part.remove_prefix(fromStart ? 1 : 0);
    std::string out = fromStart ? "" : "%";
    bool toEnd = false;
    for (std::size_t i = 0; i < part.size(); ++i) {
        const char c = part[i];
        const char next = i + 1 < part.size() ? part[i + 1] : '\0';
        if (c == '.') {
            const bool repeats = next == '*' || next == '+';
            out += next == '*' ? "%" : next == '+' ? "_%" : "_";
            i += repeats ? 1 : 0;
        } else if (c == '\\') {
            const bool isLetter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
            const bool isDigit = next >= '0' && next <= '9';
            if (i + 1 == part.size() || isLetter || isDigit)
                return unsupported(parameter, expression, part.substr(i, 2));
            appendLiteral(out, next);
            ++i;
        } else if (c == '$' && i + 1 == part.size()) {
            toEnd = true;
        } else if (std::string_view("*+?[](){}^$").find(c) != std::string_view::npos) {
            return unsupported(parameter, expression, part.substr(i, 1));
        } else {
            appendLiteral(out, c);
        }
    }
    return toEnd ? out : out + '%';
}

}  // namespace

std::string likeLiteral(std::string_view text) {
    std::string out;
    for (const char c : text)
        appendLiteral(out, c);
    return out;
}

Result<std::vector<std::string>> likePatterns(std::string_view parameter, std::string_view expression) {
    std::vector<std::string> out;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= expression.size(); ++i) {
        if (i + 1 < expression.size() && expression[i] == '\\') {
            ++i;
            continue;
        }
        if (i < expression.size() && expression[i] != '|')
            continue;
        auto pattern = likePattern(parameter, expression, expression.substr(begin, i - begin));
        if (!pattern)
            return fail(std::move(pattern.error()));
        out.push_back(std::move(*pattern));
        begin = i + 1;
    }
    return out;
}

}  // namespace hone::toggles::shaping
