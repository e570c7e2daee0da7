#include "core/model/value_table.h"

#include "core/model/members.h"

#include <algorithm>
#include <fstream>

namespace hone::model {
namespace {

using nlohmann::json;

constexpr std::uintmax_t kLargest = 256u << 20;  ///< Bytes; the values are kept in memory.

Result<std::string> readAll(const std::filesystem::path& file) {
    std::error_code failed;
    const auto size = std::filesystem::file_size(file, failed);
    if (failed)
        return fail(Error::NotFound, "cannot read the values in {}: {}", file.string(), failed.message())
            .hint("A relative name is looked for beside the workload's file.");
    if (size > kLargest)
        return fail(Error::ResourceExhausted, "{} has {} MiB; values may take up to {} MiB", file.string(),
                    size >> 20, kLargest >> 20);
    std::ifstream stream(file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(stream), {});
    if (text.starts_with("\xef\xbb\xbf"))
        text.erase(0, 3);
    return text;
}

/// Cuts one record after another out of CSV text; quotes may hold separators, quotes and line ends.
class CsvRecords {
public:
    explicit CsvRecords(std::string_view text) : m_text(text) {
        const std::string_view head = text.substr(0, text.find('\n'));
        for (const char candidate : {'\t', ';'})
            if (head.contains(candidate) && !head.contains(','))
                m_separator = candidate;
    }
    [[nodiscard]] std::size_t line() const { return m_recordLine; }
    /// False at the end. Errors: Malformed for a quote that is never closed.
    Result<bool> next(std::vector<std::string>& fields) {
        fields.clear();
        m_recordLine = m_line;
        if (m_at >= m_text.size())
            return false;
        for (;;) {
            std::string& field = fields.emplace_back();
            if (m_text.substr(m_at).starts_with('"')) {
                if (!quoted(field))
                    return fail(Error::Malformed, "line {}: a quote is never closed", m_recordLine);
            }
            while (m_at < m_text.size() && m_text[m_at] != m_separator && m_text[m_at] != '\n')
                field += m_text[m_at++];
            const bool more = m_at < m_text.size() && m_text[m_at] == m_separator;
            ++m_at;
            if (more)
                continue;
            ++m_line;
            if (field.ends_with('\r'))
                field.pop_back();
            return true;
        }
    }

private:
    bool quoted(std::string& field) {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            m_line += c == '\n';
            if (c != '"') {
                field += c;
            } else if (m_text.substr(m_at + 1).starts_with('"')) {
                field += '"';
                ++m_at;
            } else {
                ++m_at;
                return true;
            }
        }
        return false;
    }
    std::string_view m_text;
    char m_separator = ',';
    std::size_t m_at = 0, m_line = 1, m_recordLine = 1;
};

Result<ValueTable> fromCsv(std::string_view text) {
    CsvRecords records(text);
    ValueTable table;
    auto more = records.next(table.columns);
    if (!more)
        return fail(more.error());
    table.values.resize(table.columns.size());
    std::vector<std::string> fields;
    for (;;) {
        more = records.next(fields);
        if (!more)
            return fail(more.error());
        if (!*more)
            return table;
        if (fields.size() == 1 && fields[0].empty())
            continue;
        if (fields.size() != table.columns.size())
            return fail(Error::Malformed, "line {} has {} fields, the first line names {}", records.line(),
                        fields.size(), table.columns.size());
        for (std::size_t i = 0; i < fields.size(); ++i)
            table.values[i].push_back(std::move(fields[i]));
    }
}

std::string textOf(const json& value) {
    return value.is_null() ? "" : value.is_string() ? value.get<std::string>() : value.dump();
}

Result<ValueTable> fromJson(std::string_view text) {
    const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (document.is_discarded() || !document.is_array())
        return fail(Error::Malformed, "it is no JSON list of objects");
    ValueTable table;
    for (const json& entry : document) {
        if (!entry.is_object())
            return fail(Error::Malformed, "entry {} is no object: {}", table.rows() + 1, excerpt(entry));
        const std::size_t rows = table.rows();
        for (const auto& [name, value] : entry.items())
            if (!table.find(name)) {
                table.columns.push_back(name);
                table.values.emplace_back(rows);
            }
        for (std::size_t i = 0; i < table.columns.size(); ++i)
            table.values[i].push_back(entry.contains(table.columns[i]) ? textOf(entry[table.columns[i]])
                                                                       : "");
    }
    return table;
}

}  // namespace

std::optional<std::size_t> ValueTable::find(std::string_view column) const {
    const auto found = std::ranges::find(columns, column);
    return found == columns.end() ? std::nullopt
                                  : std::optional(static_cast<std::size_t>(found - columns.begin()));
}

Result<ValueTable> readValueTable(const std::filesystem::path& file) {
    const auto text = readAll(file);
    if (!text)
        return fail(text.error());
    const auto first = text->find_first_not_of(" \t\r\n");
    const bool isJson = first != std::string::npos && ((*text)[first] == '[' || (*text)[first] == '{');
    auto table = isJson ? fromJson(*text) : fromCsv(*text);
    if (!table)
        return fail(table.error().code, "{}: {}", file.string(), table.error().what)
            .hint("Values come as CSV whose first line names the columns, or as a JSON list of objects.");
    if (table->rows() == 0)
        return fail(Error::InvalidArgument, "{} has no rows of values", file.string());
    return table;
}

}  // namespace hone::model
