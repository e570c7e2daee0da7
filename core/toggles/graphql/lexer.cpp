#include "core/toggles/graphql/lexer.h"

#include <fmt/format.h>

#include <charconv>

namespace hone::toggles::graphql {
namespace {

bool isNameStart(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

void appendUtf8(std::uint32_t code, std::string& out) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | (code >> 6));
        tail(0);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0 | (code >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xf0 | (code >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

bool isScalarValue(std::uint32_t code) { return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff); }

/// One \u escape: what it means and how long it was written.
struct Escape {
    std::uint32_t code = 0;
    std::size_t length = 0;  ///< 0: not an escape.
};

std::optional<std::uint32_t> hex(std::string_view digits) {
    std::uint32_t code = 0;
    if (digits.empty() || digits.size() > 8)
        return std::nullopt;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (error != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
    return code;
}

/// \uXXXX, a surrogate pair of two of them, or \u{X…} (which came after October 2021).
Escape unicodeEscape(std::string_view text) {
    if (text.starts_with("\\u{")) {
        const auto close = text.find('}');
        const auto code = close == text.npos ? std::nullopt : hex(text.substr(3, close - 3));
        return code && isScalarValue(*code) ? Escape{*code, close + 1} : Escape{};
    }
    const auto first = text.size() < 6 ? std::nullopt : hex(text.substr(2, 4));
    if (!first)
        return {};
    if (isScalarValue(*first))
        return {*first, 6};
    if (*first > 0xdbff || text.size() < 12 || !text.substr(6).starts_with("\\u"))
        return {};
    const auto second = hex(text.substr(8, 4));
    if (!second || *second < 0xdc00 || *second > 0xdfff)
        return {};
    return {0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00), 12};
}

std::optional<char> simpleEscape(char c) {
    switch (c) {
        case '"': return '"';
        case '\\': return '\\';
        case '/': return '/';
        case 'b': return '\b';
        case 'f': return '\f';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        default: return std::nullopt;
    }
}

std::vector<std::string_view> linesOf(std::string_view text) {
    std::vector<std::string_view> lines;
    for (;;) {
        const auto end = text.find_first_of("\r\n");
        lines.push_back(text.substr(0, end));
        if (end == text.npos)
            return lines;
        text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
    }
}

}  // namespace

Lexer::Lexer(std::string_view source) : m_source(source) {
    if (source.starts_with("\xef\xbb\xbf"))
        m_at = 3;
}

void Lexer::skipIgnored() {
    for (; m_at < m_source.size(); ++m_at) {
        const char c = m_source[m_at];
        if (c == '#')
            while (m_at + 1 < m_source.size() && m_source[m_at + 1] != '\n' && m_source[m_at + 1] != '\r')
                ++m_at;
        else if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != ',')
            return;
    }
}

Token Lexer::made(char kind, std::size_t from) const {
    return {kind, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(m_at),
            m_source.substr(from, m_at - from)};
}

std::unexpected<Problem> Lexer::wrong(std::size_t at, std::string message) const {
    return std::unexpected(Problem{.message = "Syntax Error: " + std::move(message),
                                   .locations = {locate(m_source, at)},
                                   .code = "GRAPHQL_PARSE_FAILED"});
}

std::string Lexer::shownAt(std::size_t at) const {
    if (at >= m_source.size())
        return "<EOF>";
    const auto c = static_cast<unsigned char>(m_source[at]);
    if (c == '"')
        return "'\"'";
    if (c >= ' ' && c < 0x7f)
        return fmt::format("\"{}\"", static_cast<char>(c));
    if (c < 0x80)
        return fmt::format("U+{:04X}", c);
    std::size_t end = at + 1;
    while (end < m_source.size() && (static_cast<unsigned char>(m_source[end]) & 0xc0) == 0x80)
        ++end;
    return fmt::format("\"{}\"", m_source.substr(at, end - at));
}

std::expected<Token, Problem> Lexer::next() {
    skipIgnored();
    const std::size_t from = m_at;
    if (from >= m_source.size())
        return made(Token::End, from);
    const char c = m_source[from];
    if (isNameStart(c)) {
        while (isNameStart(peek()) || isDigit(peek()))
            ++m_at;
        return made(Token::Name, from);
    }
    if (std::string_view("!$&():=@[]{|}").contains(c)) {
        ++m_at;
        return made(c, from);
    }
    if (c == '.' && peek(1) == '.' && peek(2) == '.') {
        m_at += 3;
        return made(Token::Spread, from);
    }
    if (c == '-' || isDigit(c))
        return number();
    if (m_source.substr(from).starts_with("\"\"\""))
        return blockString();
    if (c == '"')
        return string();
    if (c == '\'')
        return wrong(from, "Unexpected single quote character ('), did you mean to use a double quote (\")?");
    return wrong(from, fmt::format("Unexpected character: {}.", shownAt(from)));
}

std::expected<Token, Problem> Lexer::number() {
    const std::size_t from = m_at;
    bool isFloat = false;
    const auto digits = [&] {
        const std::size_t first = m_at;
        while (isDigit(peek()))
            ++m_at;
        return m_at > first;
    };
    const auto invalid = [&] {
        return wrong(m_at, fmt::format("Invalid number, expected digit but got: {}.", shownAt(m_at)));
    };
    if (peek() == '-')
        ++m_at;
    if (peek() == '0') {
        ++m_at;
        if (isDigit(peek()))
            return wrong(m_at, fmt::format("Invalid number, unexpected digit after 0: {}.", shownAt(m_at)));
    } else if (!digits()) {
        return invalid();
    }
    if (peek() == '.') {
        isFloat = true;
        ++m_at;
        if (!digits())
            return invalid();
    }
    if (peek() == 'e' || peek() == 'E') {
        isFloat = true;
        ++m_at;
        if (peek() == '+' || peek() == '-')
            ++m_at;
        if (!digits())
            return invalid();
    }
    if (peek() == '.' || isNameStart(peek()))
        return invalid();
    return made(isFloat ? Token::Float : Token::Int, from);
}

std::expected<Token, Problem> Lexer::string() {
    const std::size_t from = m_at++;
    for (;;) {
        if (m_at >= m_source.size() || m_source[m_at] == '\n' || m_source[m_at] == '\r')
            return wrong(m_at, "Unterminated string.");
        const char c = m_source[m_at];
        if (c == '"') {
            ++m_at;
            return made(Token::String, from);
        }
        if (c == '\\') {
            const bool isUnicode = peek(1) == 'u';
            const std::size_t length =
                isUnicode ? unicodeEscape(m_source.substr(m_at)).length : (simpleEscape(peek(1)) ? 2 : 0);
            if (length == 0)
                return wrong(m_at, fmt::format("Invalid {} escape sequence: \"{}\".",
                                               isUnicode ? "Unicode" : "character",
                                               m_source.substr(m_at, isUnicode ? 6 : 2)));
            m_at += length;
        } else if (static_cast<unsigned char>(c) < ' ' && c != '\t') {
            return wrong(m_at, fmt::format("Invalid character within String: {}.", shownAt(m_at)));
        } else {
            ++m_at;
        }
    }
}

std::expected<Token, Problem> Lexer::blockString() {
    const std::size_t from = m_at;
    m_at += 3;
    for (;;) {
        if (m_at >= m_source.size())
            return wrong(m_at, "Unterminated string.");
        const auto rest = m_source.substr(m_at);
        if (rest.starts_with("\"\"\"")) {
            m_at += 3;
            return made(Token::BlockString, from);
        }
        const char c = rest.front();
        if (static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r')
            return wrong(m_at, fmt::format("Invalid character within String: {}.", shownAt(m_at)));
        m_at += rest.starts_with("\\\"\"\"") ? 4 : 1;
    }
}

std::expected<std::string, Problem> Lexer::decode(const Token& token) const {
    if (token.kind == Token::BlockString)
        return blockStringValue(token.text.substr(3, token.text.size() - 6));
    std::string out;
    const auto text = token.text.substr(1, token.text.size() - 2);
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] != '\\') {
            out += text[i++];
        } else if (text[i + 1] == 'u') {
            const Escape escape = unicodeEscape(text.substr(i));
            appendUtf8(escape.code, out);
            i += escape.length;
        } else {
            out += *simpleEscape(text[i + 1]);
            i += 2;
        }
    }
    return out;
}

std::string blockStringValue(std::string_view raw) {
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw.substr(i).starts_with("\\\"\"\""))
            ++i;
        text += raw[i];
    }
    auto lines = linesOf(text);
    const auto indentOf = [](std::string_view line) {
        const auto first = line.find_first_not_of(" \t");
        return first == line.npos ? line.size() : first;
    };
    std::optional<std::size_t> common;
    for (std::size_t i = 1; i < lines.size(); ++i)
        if (const auto indent = indentOf(lines[i]); indent < lines[i].size())
            common = std::min(common.value_or(indent), indent);
    for (std::size_t i = 1; i < lines.size(); ++i)
        lines[i].remove_prefix(std::min(common.value_or(0), lines[i].size()));
    while (!lines.empty() && indentOf(lines.back()) == lines.back().size())
        lines.pop_back();
    std::size_t first = 0;
    while (first < lines.size() && indentOf(lines[first]) == lines[first].size())
        ++first;
    std::string out;
    for (std::size_t i = first; i < lines.size(); ++i) {
        if (i > first)
            out += '\n';
        out += lines[i];
    }
    return out;
}

}  // namespace hone::toggles::graphql
