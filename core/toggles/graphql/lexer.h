#pragma once

#include "core/toggles/graphql/problem.h"

#include <expected>
#include <optional>

namespace hone::toggles::graphql {

struct Token {
    /// Punctuators are their own character; Spread is "...".
    enum Kind : char {
        End = 0,
        Spread = '.',
        Name = 'a',
        Int = 'i',
        Float = 'f',
        String = 's',
        BlockString = 'b',
    };
    char kind = End;
    std::uint32_t at = 0, end = 0;  ///< Bytes [at, end).
    std::string_view text;          ///< As written.
};

/// Cuts a source text into tokens (section 2.1), skipping white space, commas, comments and a leading BOM.
///
/// Thread: one. Invariant: tokens lie in order inside the source, which outlives the lexer.
class Lexer {
public:
    explicit Lexer(std::string_view source);
    std::expected<Token, Problem> next();
    /// What a String or BlockString token means: escapes decoded, block indentation removed.
    std::expected<std::string, Problem> decode(const Token& token) const;

private:
    void skipIgnored();
    std::expected<Token, Problem> number();
    std::expected<Token, Problem> string();
    std::expected<Token, Problem> blockString();
    [[nodiscard]] std::unexpected<Problem> wrong(std::size_t at, std::string message) const;
    [[nodiscard]] std::string shownAt(std::size_t at) const;
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return m_at + ahead < m_source.size() ? m_source[m_at + ahead] : '\0';
    }
    Token made(char kind, std::size_t from) const;

    std::string_view m_source;
    std::size_t m_at = 0;
};

/// The value of a block string's raw text (section 2.9.4, BlockStringValue).
[[nodiscard]] std::string blockStringValue(std::string_view raw);

}  // namespace hone::toggles::graphql
