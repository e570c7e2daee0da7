#pragma once

#include "core/toggles/graphql/ast.h"
#include "core/toggles/graphql/lexer.h"
#include "core/toggles/graphql/parser.h"

namespace hone::toggles::graphql {

/// One token of lookahead over a source, and what both languages (operations, type system) are made of.
/// Inside the parser only: a syntax error travels as an exception and ends in parse(), which turns it into a
/// Problem; every other way would put a test behind each of some two hundred calls.
///
/// Thread: one. Invariant: nesting never exceeds the limit.
class ParserCursor {
public:
    struct Failed {
        Problem problem;
    };

    ParserCursor(std::string_view source, const ParseLimits& limits);

    [[nodiscard]] bool is(char kind) const { return m_token.kind == kind; }
    [[nodiscard]] bool isWord(std::string_view word) const { return is(Token::Name) && m_token.text == word; }
    [[nodiscard]] std::uint32_t at() const { return m_token.at; }
    Token take();
    Token expect(char kind);
    bool skip(char kind);
    void expectWord(std::string_view word);
    bool skipWord(std::string_view word);
    Name name();
    [[noreturn]] void unexpected() const;
    [[noreturn]] void wrong(std::uint32_t at, std::string message) const;

    std::string string();  ///< The String or BlockString here.
    std::vector<Argument> arguments(bool isConst);
    std::vector<Directive> directives(bool isConst);
    Value value(bool isConst);
    TypeNode type();

    /// `open item… close` with at least one item.
    template <class Item>
    void many(char open, char close, Item&& item) {
        expect(open);
        enter();
        do {
            item();
        } while (!is(close));
        m_depth -= 1;
        take();
    }
    [[nodiscard]] int deepest() const { return m_deepest; }

private:
    void enter();
    Value list(bool isConst);
    Value object(bool isConst);

    std::string_view m_source;
    Lexer m_lexer;
    ParseLimits m_limits;
    Token m_token;
    int m_tokens = 0, m_depth = 0, m_deepest = 0;
};

/// What follows a description or stands where no operation or fragment does (section 3).
[[nodiscard]] Definition parseDefinition(ParserCursor& cursor);

}  // namespace hone::toggles::graphql
