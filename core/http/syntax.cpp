#include "core/http/syntax.h"

#include "core/http/message.h"

#include <algorithm>
#include <array>
#include <functional>

namespace hone::http {

namespace {

constexpr char kSpace = ' ';
constexpr char kTab = '\t';

constexpr std::array<bool, 256> tokenTable() {
    std::array<bool, 256> table{};
    for (unsigned char c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        table[c] = true;
    return table;
}
constexpr auto kToken = tokenTable();

bool isValueChar(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == kTab || (byte >= 0x20 && byte != 0x7f);
}

}  // namespace

bool isTokenChar(char c) { return kToken[static_cast<unsigned char>(c)]; }

bool isToken(std::string_view text) { return !text.empty() && std::ranges::all_of(text, isTokenChar); }

bool isFieldValue(std::string_view text) { return std::ranges::all_of(text, isValueChar); }

bool isTargetChar(char c) { return c > 0x20 && c < 0x7f && c != '#'; }

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == kSpace || text.front() == kTab))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == kSpace || text.back() == kTab))
        text.remove_suffix(1);
    return text;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + ('a' - 'A'));
    return out;
}

bool nextMember(std::string_view& rest, std::string_view& member, char separator) {
    while (!rest.empty()) {
        std::size_t end = 0;
        bool quoted = false;
        for (; end < rest.size() && (quoted || rest[end] != separator); ++end) {
            if (rest[end] == '"')
                quoted = !quoted;
            else if (quoted && rest[end] == '\\' && end + 1 < rest.size())
                ++end;
        }
        member = trim(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!member.empty())
            return true;
    }
    return false;
}

std::string unquote(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"')
        return std::string(text);
    std::string out;
    const std::string_view inner = text.substr(1, text.size() - 2);
    for (std::size_t i = 0; i < inner.size(); ++i) {
        if (inner[i] == '\\' && i + 1 < inner.size())
            ++i;
        out += inner[i];
    }
    return out;
}

void appendFieldLine(std::string& out, std::string_view name, std::string_view value) {
    if (!isToken(name))
        return;
    out.append(name).append(": ");
    const std::size_t start = out.size();
    out.append(value);
    if (!isFieldValue(value))
        std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), std::not_fn(isValueChar),
                        kSpace);
    out.append("\r\n");
}

bool isConnectionField(std::string_view name) {
    switch (name.size()) {
        case 4: return iequals(name, "Date");
        case 7: return iequals(name, "Upgrade");
        case 10: return iequals(name, "Connection") || iequals(name, "Keep-Alive");
        case 14: return iequals(name, "Content-Length");
        case 17: return iequals(name, "Transfer-Encoding");
        default: return false;
    }
}

}  // namespace hone::http
