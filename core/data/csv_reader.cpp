#include "core/data/csv_reader.h"

#include "core/data/values.h"

#include <algorithm>

namespace hone::data {

void CsvReader::skipLineBreak() {
    if (m_text[m_at] == '\r' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '\n')
        ++m_at;
    ++m_at;
    ++m_line;
}

/// From the opening quote to after the closing one.
Result<std::string_view> CsvReader::quotedField() {
    const std::int64_t openedAt = m_line;
    std::size_t from = ++m_at;
    std::string* copy = nullptr;
    for (;;) {
        const std::size_t quote = m_text.find('"', m_at);
        if (quote == std::string_view::npos)
            return fail(Error::Malformed, "line {}: the quoted value '{}' never ends", openedAt,
                        shown(m_text.substr(from)))
                .hint("Close the quote, or write \"\" for a quote inside a value.");
        m_line += std::count(m_text.begin() + static_cast<std::ptrdiff_t>(m_at),
                             m_text.begin() + static_cast<std::ptrdiff_t>(quote), '\n');
        m_at = quote + 1;
        const std::string_view piece = m_text.substr(from, quote - from);
        if (m_at >= m_text.size() || m_text[m_at] != '"') {
            if (!copy)
                return piece;
            return std::string_view(copy->append(piece));
        }
        if (!copy) {
            if (m_unescapedUsed == m_unescaped.size())
                m_unescaped.emplace_back();
            copy = &m_unescaped[m_unescapedUsed++];
            copy->clear();
        }
        copy->append(piece).push_back('"');
        from = ++m_at;
    }
}

Result<bool> CsvReader::next() {
    m_fields.clear();
    m_unescapedUsed = 0;
    while (m_at < m_text.size() && (m_text[m_at] == '\n' || m_text[m_at] == '\r'))
        skipLineBreak();
    m_recordLine = m_line;
    if (m_at >= m_text.size())
        return false;
    const auto endsField = [this](char c) { return c == m_delimiter || c == '\n' || c == '\r'; };
    for (;;) {
        if (m_at < m_text.size() && m_text[m_at] == '"') {
            const auto field = quotedField();
            if (!field)
                return fail(field.error());
            if (m_at < m_text.size() && !endsField(m_text[m_at]))
                return fail(Error::Malformed, "line {}: '{}' follows the closing quote of '{}'", m_line,
                            shown(m_text.substr(m_at, 1)), shown(*field))
                    .hint("Write \"\" for a quote inside a quoted value.");
            m_fields.push_back(*field);
        } else {
            const std::size_t from = m_at;
            while (m_at < m_text.size() && !endsField(m_text[m_at]))
                ++m_at;
            m_fields.push_back(m_text.substr(from, m_at - from));
        }
        if (m_at >= m_text.size())
            return true;
        if (m_text[m_at] != m_delimiter) {
            skipLineBreak();
            return true;
        }
        ++m_at;
    }
}

char detectDelimiter(std::string_view text) {
    constexpr int kRecords = 50;
    char best = ',';
    std::size_t bestScore = 0;
    for (const char candidate : {',', ';', '\t', '|'}) {
        CsvReader reader(text.substr(0, 1 << 20), candidate);  // A cut last record only fails or counts once.
        std::size_t columns = 0, agreeing = 0;
        for (int i = 0; i < kRecords && reader.next().value_or(false); ++i) {
            if (i == 0)
                columns = reader.fields().size();
            agreeing += reader.fields().size() == columns ? 1 : 0;
        }
        const std::size_t score = columns > 1 ? agreeing * 1000 + std::min<std::size_t>(columns, 999) : 0;
        if (score > bestScore) {
            best = candidate;
            bestScore = score;
        }
    }
    return best;
}

}  // namespace hone::data
