#include "core/toggles/graphql/parser_cursor.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone::toggles::graphql {
namespace {

std::string kindName(char kind) {
    switch (kind) {
        case Token::End: return "<EOF>";
        case Token::Name: return "Name";
        case Token::Int: return "Int";
        case Token::Float: return "Float";
        case Token::String: return "String";
        case Token::BlockString: return "BlockString";
        case Token::Spread: return "\"...\"";
        default: return fmt::format("\"{}\"", kind);
    }
}

std::string shown(const Token& token) {
    switch (token.kind) {
        case Token::Name:
        case Token::Int:
        case Token::Float:
        case Token::String:
        case Token::BlockString:
            return fmt::format("{} {}{}{}", kindName(token.kind), token.kind == Token::String ? "" : "\"",
                               token.text, token.kind == Token::String ? "" : "\"");
        default: return kindName(token.kind);
    }
}

}  // namespace

ParserCursor::ParserCursor(std::string_view source, const ParseLimits& limits)
    : m_source(source), m_lexer(source), m_limits(limits) {
    take();
}

Token ParserCursor::take() {
    const Token taken = m_token;
    auto next = m_lexer.next();
    if (!next)
        throw Failed{std::move(next.error())};
    m_token = *next;
    if (++m_tokens > m_limits.maxTokens + 1)
        wrong(m_token.at,
              fmt::format("Document contains more than {} tokens. Parsing aborted.", m_limits.maxTokens));
    return taken;
}

void ParserCursor::wrong(std::uint32_t at, std::string message) const {
    throw Failed{{.message = "Syntax Error: " + std::move(message),
                  .locations = {locate(m_source, at)},
                  .code = "GRAPHQL_PARSE_FAILED"}};
}

void ParserCursor::unexpected() const { wrong(m_token.at, fmt::format("Unexpected {}.", shown(m_token))); }

Token ParserCursor::expect(char kind) {
    if (!is(kind))
        wrong(m_token.at, fmt::format("Expected {}, found {}.", kindName(kind), shown(m_token)));
    return take();
}

bool ParserCursor::skip(char kind) {
    if (!is(kind))
        return false;
    take();
    return true;
}

void ParserCursor::expectWord(std::string_view word) {
    if (!skipWord(word))
        wrong(m_token.at, fmt::format("Expected \"{}\", found {}.", word, shown(m_token)));
}

bool ParserCursor::skipWord(std::string_view word) {
    if (!isWord(word))
        return false;
    take();
    return true;
}

Name ParserCursor::name() {
    const Token token = expect(Token::Name);
    return {token.text, token.at};
}

std::string ParserCursor::string() {
    auto text = m_lexer.decode(m_token);
    if (!text)
        throw Failed{std::move(text.error())};
    take();
    return std::move(*text);
}

void ParserCursor::enter() {
    if (++m_depth > m_limits.maxDepth)
        wrong(m_token.at, fmt::format("Document nests deeper than {} levels.", m_limits.maxDepth));
    m_deepest = std::max(m_deepest, m_depth);
}

std::vector<Argument> ParserCursor::arguments(bool isConst) {
    std::vector<Argument> out;
    if (is('('))
        many('(', ')', [&] {
            Argument argument{.name = name(), .value = {}};
            expect(':');
            argument.value = value(isConst);
            out.push_back(std::move(argument));
        });
    return out;
}

std::vector<Directive> ParserCursor::directives(bool isConst) {
    std::vector<Directive> out;
    while (is('@')) {
        Directive directive{.name = {}, .at = at(), .arguments = {}};
        take();
        directive.name = name();
        directive.arguments = arguments(isConst);
        out.push_back(std::move(directive));
    }
    return out;
}

Value ParserCursor::value(bool isConst) {
    Value value{.kind = Value::Int, .at = at()};
    switch (m_token.kind) {
        case '[': return list(isConst);
        case '{': return object(isConst);
        case Token::Int: break;
        case Token::Float: value.kind = Value::Float; break;
        case Token::String:
        case Token::BlockString:
            value.kind = Value::String;
            value.text = string();
            return value;
        case Token::Name:
            value.kind = m_token.text == "true" || m_token.text == "false" ? Value::Boolean
                         : m_token.text == "null"                          ? Value::Null
                                                                           : Value::Enum;
            break;
        case '$': {
            take();
            if (isConst)
                wrong(value.at,
                      is(Token::Name)
                          ? fmt::format("Unexpected variable \"${}\" in constant value.", m_token.text)
                          : "Unexpected \"$\".");
            value.kind = Value::Variable;
            break;
        }
        default: unexpected();
    }
    value.text = value.kind == Value::Variable ? expect(Token::Name).text : take().text;
    return value;
}

Value ParserCursor::list(bool isConst) {
    Value out{.kind = Value::List, .at = at()};
    take();
    enter();
    while (!is(']'))
        out.items.push_back(value(isConst));
    m_depth -= 1;
    take();
    return out;
}

Value ParserCursor::object(bool isConst) {
    Value out{.kind = Value::Object, .at = at()};
    take();
    enter();
    while (!is('}')) {
        out.names.push_back(name());
        expect(':');
        out.items.push_back(value(isConst));
    }
    m_depth -= 1;
    take();
    return out;
}

TypeNode ParserCursor::type() {
    TypeNode out{.named = {}, .wraps = {}, .at = at()};
    if (is('[')) {
        take();
        enter();
        TypeNode inner = type();
        m_depth -= 1;
        expect(']');
        out.named = inner.named;
        out.wraps = "L" + inner.wraps;
    } else {
        out.named = name();
    }
    if (skip('!'))
        out.wraps.insert(0, "N");
    return out;
}

}  // namespace hone::toggles::graphql
