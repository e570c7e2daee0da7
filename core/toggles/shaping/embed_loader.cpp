#include "core/toggles/shaping/embed_loader.h"

#include "core/engine/json_representation.h"
#include "core/toggles/shaping/projection.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace hone::toggles::shaping {
namespace {

using nlohmann::json;

constexpr std::size_t kKeysAStatement = 10'000;  ///< What a filter takes.

std::size_t columnAt(const data::RowSet& rows, std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(rows.columns, name, &data::Column::name) -
                                    rows.columns.begin());
}

/// A value as a filter takes it; none for NULL, which refers to nothing.
std::optional<std::string> keyText(const data::RowSet& rows, std::size_t row, std::size_t column) {
    const data::Cell& cell = rows.cell(row, column);
    switch (cell.kind) {
        case data::Cell::Null: return std::nullopt;
        case data::Cell::Text: return std::string(rows.text(cell));
        case data::Cell::Real: {
            char text[32];
            return std::string(text, std::to_chars(text, text + sizeof text, cell.real).ptr);
        }
        default: return std::to_string(cell.integer);
    }
}

/// Appends rows of the same columns.
void append(data::RowSet& into, data::RowSet rows) {
    const auto shift = into.arena.size();
    into.columns = rows.columns;
    into.arena += rows.arena;
    for (data::Cell& cell : rows.cells) {
        if (cell.kind == data::Cell::Text)
            cell.offset += shift;
        into.cells.push_back(cell);
    }
}

}  // namespace

json plainObjects(const data::RowSet& rows, const Selection& selection) {
    json out = json::array();
    const data::RowSet shown = selection.all ? data::RowSet() : project(rows, selection.fields);
    for (std::size_t row = 0; row < rows.rowCount(); ++row)
        out.push_back(selection.all           ? engine::jsonRow(rows, row)
                      : shown.columns.empty() ? json::object()
                                              : engine::jsonRow(shown, row));
    return out;
}

Result<json> EmbedLoader::objects(const data::RowSet& rows, const Selection& selection) {
    json out = plainObjects(rows, selection);
    for (const Selection::Branch& branch : selection.branches)
        if (auto done = embed(rows, branch, out); !done)
            return fail(std::move(done.error()));
    return out;
}

Result<> EmbedLoader::embed(const data::RowSet& rows, const Selection::Branch& branch, json& objects) {
    const auto& [relation, selection] = branch;
    const std::size_t column = columnAt(rows, relation.hop.column);
    std::unordered_map<std::string, std::vector<std::size_t>> owners;  // By key, the rows that lead there.
    std::vector<std::string> keys;
    for (std::size_t row = 0; row < rows.rowCount(); ++row) {
        objects[row][relation.name] = relation.many ? json::array() : json();
        const auto key = keyText(rows, row, column);
        if (!key)
            continue;
        auto& rowsOfKey = owners[*key];
        if (rowsOfKey.empty())
            keys.push_back(*key);
        rowsOfKey.push_back(row);
    }
    if (keys.empty())
        return {};
    const auto found = related(branch, keys);
    if (!found)
        return fail(found.error());
    auto children = this->objects(*found, selection);
    if (!children)
        return fail(std::move(children.error()));
    const std::size_t back = columnAt(*found, relation.hop.targetColumn);
    for (std::size_t child = 0; child < found->rowCount(); ++child)
        for (const std::size_t row : owners[keyText(*found, child, back).value_or("")]) {
            json& place = objects[row][relation.name];
            if (relation.many)
                place.push_back((*children)[child]);
            else
                place = (*children)[child];
        }
    return {};
}

Result<data::RowSet> EmbedLoader::related(const Selection::Branch& branch,
                                          const std::vector<std::string>& keys) {
    const auto& [relation, selection] = branch;
    data::Query query{.table = relation.hop.table, .fields = selection.columnsToRead()};
    if (!selection.all && std::ranges::find(query.fields, relation.hop.targetColumn) == query.fields.end())
        query.fields.push_back(relation.hop.targetColumn);
    data::RowSet all;
    for (std::size_t begin = 0; begin < keys.size(); begin += kKeysAStatement) {
        const auto end = std::min(keys.size(), begin + kKeysAStatement);
        query.filters = {{.column = relation.hop.targetColumn,
                          .op = data::Op::In,
                          .values = {keys.begin() + static_cast<std::ptrdiff_t>(begin),
                                     keys.begin() + static_cast<std::ptrdiff_t>(end)}}};
        query.limit = m_maxRows - m_loaded + 1;
        auto rows = m_session.select(query);
        if (!rows)
            return rows;
        m_loaded += static_cast<std::int64_t>(rows->rowCount());
        if (m_loaded > m_maxRows)
            return fail(Error::InvalidArgument, "embedding {} needs more than {} rows of {}", relation.name,
                        m_maxRows, relation.hop.table)
                .hint("Ask for a smaller page, or raise shaping.maxEmbedded.");
        append(all, std::move(*rows));
    }
    return all;
}

}  // namespace hone::toggles::shaping
