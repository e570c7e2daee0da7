#include "core/report/escape.h"

namespace hone::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n'; }

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
    static constexpr std::string_view kMarkup = "\\`*_{}[]()#+!|~$>";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c == '<')
            out += "&lt;";
        else if (c == '&')
            out += "&amp;";
        else if (c == '\n' || c == '\r' || c == '\t')
            out += ' ';
        else if (isControl(c))
            out += kReplacement;
        else if (kMarkup.find(c) != std::string_view::npos)
            (out += '\\') += c;
        else
            out += c;
    }
    return out;
}

std::string csvField(std::string_view text) {
    std::string value(text);
    // A number may begin with a minus; anything else that a spreadsheet would evaluate is made text.
    const bool number = !value.empty() && value.find_first_not_of("0123456789.-+eE") == std::string::npos;
    if (!value.empty() && !number &&
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
