#include "core/toggles/shaping/selection.h"

#include "core/params/param_set.h"
#include "core/toggles/shaping/columns.h"

#include <algorithm>

namespace hone::toggles::shaping {
namespace {

void addOnce(std::vector<std::string>& names, const std::string& name) {
    if (std::ranges::find(names, name) == names.end())
        names.push_back(name);
}

std::string relationList(const std::vector<data::Relation>& relations) {
    std::string out;
    for (const data::Relation& relation : relations)
        out += (out.empty() ? "" : ", ") + relation.name;
    return out.empty() ? "none" : out;
}

}  // namespace

std::vector<std::string> Selection::columnsToRead() const {
    if (all)
        return {};
    std::vector<std::string> columns = fields;
    for (const Branch& branch : branches)
        addOnce(columns, branch.relation.hop.column);
    return columns;
}

Result<> Paths::addField(Selection& selection, std::string_view path) const {
    Selection* at = &selection;
    for (int depth = 0;; ++depth) {
        at->all = false;
        // A name that has a dot itself goes before a path.
        const data::Column* column = at->table->column(path);
        if (column) {
            addOnce(at->fields, column->name);
            return {};
        }
        const auto dot = path.find('.');
        const std::string_view name = path.substr(0, dot);
        if (dot == path.npos && !relation(*at->table, name))
            return unknown(*at->table, "fields", name);
        const auto next = branch(*at, "fields", name, depth + 1);
        if (!next)
            return fail(next.error());
        if (dot == path.npos)
            return {};             // The relation as a whole, or as far as other members name its columns.
        at = &(*next)->selection;  // Named columns restrict a row that was embedded as a whole.
        path.remove_prefix(dot + 1);
    }
}

Result<> Paths::addEmbed(Selection& selection, std::string_view where, std::string_view path) const {
    Selection* at = &selection;
    for (int depth = 1;; ++depth) {
        const auto dot = path.find('.');
        const auto next = branch(*at, where, path.substr(0, dot), depth);
        if (!next)
            return fail(next.error());
        if (dot == path.npos)
            return {};
        at = &(*next)->selection;
        path.remove_prefix(dot + 1);
    }
}

Result<Selection::Branch*> Paths::branch(Selection& selection, std::string_view where, std::string_view name,
                                         int depth) const {
    if (depth > m_maxDepth)
        return tooDeep(where, name);
    for (Selection::Branch& known : selection.branches)
        if (known.relation.name == name)
            return &known;
    auto found = relation(*selection.table, name);
    if (!found)
        return unknown(*selection.table, where, name);
    const data::Table* target = m_schema.table(found->hop.table);
    selection.branches.push_back({std::move(*found), {.table = target}});
    return &selection.branches.back();
}

Result<std::optional<Paths::Place>> Paths::find(const data::Table& table, std::string_view path) const {
    Place place{.table = &table, .column = table.column(path)};
    while (!place.column) {
        const auto dot = path.find('.');
        if (dot == path.npos)
            return std::nullopt;
        auto step = relation(*place.table, path.substr(0, dot));
        if (!step)
            return std::nullopt;
        if (static_cast<int>(place.via.size()) == m_maxDepth)
            return tooDeep("filter", path);
        place.table = m_schema.table(step->hop.table);
        place.via.push_back(std::move(step->hop));
        path.remove_prefix(dot + 1);
        place.column = place.table->column(path);
    }
    return place;
}

std::optional<data::Relation> Paths::relation(const data::Table& table, std::string_view name) const {
    auto all = data::relationsOf(m_schema, table);
    const auto found = std::ranges::find(all, name, &data::Relation::name);
    return found == all.end() ? std::nullopt : std::optional(std::move(*found));
}

Failure Paths::tooDeep(std::string_view where, std::string_view path) const {
    return fail(Error::InvalidArgument, "{}: \"{}\" follows more than {} relations", where,
                path.substr(0, 60), m_maxDepth)
        .hint("shaping.embedDepth allows {}.", m_maxDepth);
}

Failure Paths::unknown(const data::Table& table, std::string_view where, std::string_view name) const {
    const auto relations = data::relationsOf(m_schema, table);
    const bool embeds = where.ends_with("embed") || where.ends_with("expand");
    std::vector<std::string_view> known;
    for (const data::Relation& relation : relations)
        known.push_back(relation.name);
    if (!embeds)
        for (const data::Column& column : table.columns)
            known.push_back(column.name);
    const auto near = closest(name, known);
    return fail(Error::InvalidArgument, "{}: table {} has no {} \"{}\"", where, table.name,
                embeds ? "relation" : "column", name.substr(0, 60))
        .hint("{}{}Relations: {}.", near ? fmt::format("Did you mean {}? ", *near) : std::string(),
              embeds ? std::string() : fmt::format("Columns: {}. ", columnList(table)),
              relationList(relations));
}

}  // namespace hone::toggles::shaping
