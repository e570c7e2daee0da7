#pragma once

#include "core/base/error.h"

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hone::data {

/// Reads CSV records (RFC 4180) from memory: quotes, doubled quotes, line breaks inside quotes, LF, CRLF or
/// CR. Empty lines are skipped; a quote inside an unquoted field is a character like any other.
///
/// Not thread-safe. Fields point into the text or into this reader until the next call.
class CsvReader {
public:
    CsvReader(std::string_view text, char delimiter) : m_text(text), m_delimiter(delimiter) {}

    /// False at the end. Malformed: text after a closing quote, or a quote that never closes; names the line.
    Result<bool> next();

    [[nodiscard]] std::span<const std::string_view> fields() const { return m_fields; }
    [[nodiscard]] std::int64_t line() const {
        return m_recordLine;
    }  ///< Physical line where the record began, from 1.
    [[nodiscard]] std::size_t position() const { return m_at; }  ///< Bytes read so far.

private:
    Result<std::string_view> quotedField();
    void skipLineBreak();

    std::string_view m_text;
    char m_delimiter;
    std::size_t m_at = 0;
    std::int64_t m_line = 1, m_recordLine = 1;
    std::vector<std::string_view> m_fields;
    std::deque<std::string>
        m_unescaped;  ///< Fields with doubled quotes; a deque, because views must survive growth.
    std::size_t m_unescapedUsed = 0;
};

/// The delimiter (`,` `;` tab `|`) that splits the first records into the most fields that agree with the
/// header; `,` when none does.
[[nodiscard]] char detectDelimiter(std::string_view text);

}  // namespace hone::data
