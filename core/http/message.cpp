#include "core/http/message.h"

#include "core/http/syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace hone::http {

namespace {

/// Both kinds of line are pairs of things that convert to string_view.
template <class Lines, class Name, class Value>
std::string joinLines(const Lines& lines, std::string_view wanted, Name name, Value value) {
    std::string out;
    bool first = true;
    for (const auto& line : lines) {
        if (!iequals(name(line), wanted))
            continue;
        if (!std::exchange(first, false))
            out += ", ";
        out += value(line);
    }
    return out;
}

constexpr char lowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

Method methodFrom(std::string_view text) {
    // Methods are case-sensitive (RFC 9110 section 9.1).
    switch (text.size()) {
        case 3:
            if (text == "GET")
                return Method::Get;
            return text == "PUT" ? Method::Put : Method::Other;
        case 4:
            if (text == "HEAD")
                return Method::Head;
            return text == "POST" ? Method::Post : Method::Other;
        case 5: return text == "PATCH" ? Method::Patch : Method::Other;
        case 6: return text == "DELETE" ? Method::Delete : Method::Other;
        case 7: return text == "OPTIONS" ? Method::Options : Method::Other;
        default: return Method::Other;
    }
}

bool isSafe(Method method) {
    return method == Method::Get || method == Method::Head || method == Method::Options;
}

void Fields::set(std::string_view name, std::string_view value) {
    const auto same = [name](const Line& line) { return iequals(line.first, name); };
    const auto first = std::ranges::find_if(m_lines, same);
    if (first == m_lines.end()) {
        add(name, value);
        return;
    }
    first->second = value;
    m_lines.erase(std::remove_if(std::next(first), m_lines.end(), same), m_lines.end());
}

void Fields::remove(std::string_view name) {
    std::erase_if(m_lines, [name](const Line& line) { return iequals(line.first, name); });
}

std::optional<std::string_view> Fields::get(std::string_view name) const {
    for (const Line& line : m_lines)
        if (iequals(line.first, name))
            return line.second;
    return std::nullopt;
}

std::string Fields::joined(std::string_view name) const {
    return joinLines(
        m_lines, name, [](const Line& l) -> std::string_view { return l.first; },
        [](const Line& l) -> std::string_view { return l.second; });
}

std::optional<std::string_view> Request::field(std::string_view name) const {
    for (const FieldView& line : fields)
        if (iequals(line.name, name))
            return line.value;
    return std::nullopt;
}

std::string Request::joined(std::string_view name) const {
    return joinLines(
        fields, name, [](const FieldView& l) { return l.name; }, [](const FieldView& l) { return l.value; });
}

std::optional<std::string_view> Response::field(std::string_view name) const {
    const auto own = fields.get(name);
    return own || !prepared ? own : prepared->fields.get(name);
}

std::shared_ptr<const Prepared> prepare(int status, Fields fields, std::string body) {
    auto out = std::make_shared<Prepared>();
    out->status = status;
    fmt::format_to(std::back_inserter(out->head11), "HTTP/1.1 {} {}\r\n", status, reason(status));
    for (const auto& [name, value] : fields.lines())
        if (!isConnectionField(name))
            appendFieldLine(out->head11, name, value);
    // RFC 9110 section 8.6: none in 1xx and 204; in 304 it would have to be the length of the 200, which is
    // not known.
    if (!statusHasNoContent(status))
        fmt::format_to(std::back_inserter(out->head11), "Content-Length: {}\r\n", body.size());
    out->fields = std::move(fields);
    out->body = std::move(body);
    return out;
}

bool iequals(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return x == y || lowerAscii(x) == lowerAscii(y);
           });
}

}  // namespace hone::http
