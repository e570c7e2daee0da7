#include "core/report/escape.h"

#include <charconv>

namespace hone::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n'; }

/// Readers make links of bare addresses (GFM 6.9); a backslash at their ':' or '.' keeps them text.
bool startsAddress(std::string_view text, std::size_t at) {
    return text.substr(at).starts_with("://") || (text[at] == '.' && text.substr(0, at).ends_with("www"));
}

/// The whole of it: "-2+3" is a formula.
bool isNumber(std::string_view text) {
    if (text.starts_with('+') || text.starts_with('-'))
        text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && text.front() >= '.' &&
           text.front() <= '9';
}

}  // namespace

std::string html(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default:
                if (isControl(c))
                    out += kReplacement;
                else
                    out += c;
        }
    }
    return out;
}

std::string markdown(std::string_view text) {
    static constexpr std::string_view kMarkup = "\\`*_{}[]#+!|~$>@";
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '<')
            out += "&lt;";
        else if (c == '&')
            out += "&amp;";
        else if (c == '\n' || c == '\r' || c == '\t')
            out += ' ';
        else if (isControl(c))
            out += kReplacement;
        else if (kMarkup.find(c) != std::string_view::npos || startsAddress(text, i))
            (out += '\\') += c;
        else
            out += c;
    }
    return out;
}

std::string csvField(std::string_view text) {
    std::string value(text);
    // A number may begin with a sign; anything else that a spreadsheet would evaluate is made text.
    if (!value.empty() && !isNumber(value) &&
        std::string_view("=+-@\t\r").find(value.front()) != std::string_view::npos)
        value.insert(value.begin(), '\'');
    if (value.find_first_of(",\"\r\n") == std::string::npos)
        return value;
    std::string out = "\"";
    for (const char c : value)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

}  // namespace hone::report
