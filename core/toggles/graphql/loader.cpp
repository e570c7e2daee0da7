#include "core/toggles/graphql/loader.h"

#include <algorithm>

namespace hone::toggles::graphql {
namespace {

constexpr std::size_t kKeysAtOnce = 5'000;  ///< Values of one IN list.

From fromOf(const PlannedField& field) { return static_cast<From>(field.field->source.kind); }

void addColumn(std::vector<std::string>& columns, const std::string& name) {
    if (std::ranges::find(columns, name) == columns.end())
        columns.push_back(name);
}

std::vector<int> placesOf(const data::RowSet& rows, const data::Table& table) {
    std::vector<int> at;
    for (const data::Column& column : table.columns) {
        const auto found = std::ranges::find(rows.columns, column.name, &data::Column::name);
        at.push_back(found == rows.columns.end() ? -1 : static_cast<int>(found - rows.columns.begin()));
    }
    return at;
}

std::unique_ptr<Level> levelOf(data::RowSet rows, const TableBinding& table) {
    auto level = std::make_unique<Level>();
    level->table = &table;
    level->at = placesOf(rows, *table.table);
    level->rows = std::move(rows);
    return level;
}

void wantAll(Level& level) {
    level.wanted.resize(level.rows.rowCount());
    for (std::uint32_t row = 0; row < level.wanted.size(); ++row)
        level.wanted[row] = row;
}

void append(data::RowSet& into, const data::RowSet& rows) {
    for (data::Cell cell : rows.cells) {
        if (cell.kind == data::Cell::Text)
            cell.offset += into.arena.size();
        into.cells.push_back(cell);
    }
    into.arena += rows.arena;
}

/// The rows of a page are those before `end` that the request's size lets through, from the end it asks for.
void cutToSize(const PageRequest& request, Page& page) {
    auto& rows = page.rows;
    const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
    if (!request.isBackward() && rows.size() > size(request.size())) {
        rows.resize(size(request.size()));
        page.hasNext = true;
    }
    if (request.last && rows.size() > size(*request.last)) {
        rows.erase(rows.begin(), rows.end() - *request.last);
        page.hasPrevious = true;
    }
}

}  // namespace

std::vector<std::string> Loader::columns(const Plans& plans, const TableBinding& table,
                                         const std::vector<data::Sort>& sorts) const {
    std::vector<std::string> out{table.table->key};
    for (const data::Sort& sort : sorts)
        addColumn(out, sort.column);
    for (const SelectionPlan* plan : plans)
        for (const PlannedField& field : plan->fields) {
            const auto index = static_cast<std::size_t>(field.field->source.index);
            if (fromOf(field) == From::Column)
                addColumn(out, table.table->columns[index].name);
            else if (fromOf(field) == From::ToOne || fromOf(field) == From::ToMany)
                addColumn(out, table.table->columns[table.relations[index].fromColumn].name);
        }
    return out;
}

Loader::Plans Loader::rowPlans(PlannedField& field, const TableBinding& table) {
    const Type& type = *field.field->type.type;
    if (&type == table.type || type.isAbstract())
        return {&m_planner.below(field, *table.type)};
    Plans out;
    for (PlannedField& part : m_planner.below(field, type).fields) {
        if (fromOf(part) == From::Nodes)
            out.push_back(&m_planner.below(part, *table.type));
        if (fromOf(part) == From::Edges)
            for (PlannedField& edge : m_planner.below(part, *part.field->type.type).fields)
                if (fromOf(edge) == From::EdgeNode)
                    out.push_back(&m_planner.below(edge, *table.type));
    }
    return out;
}

bool Loader::wantsTotal(PlannedField& field) {
    return std::ranges::any_of(m_planner.below(field, *field.field->type.type).fields,
                               [](const PlannedField& part) { return fromOf(part) == From::TotalCount; });
}

Result<std::unique_ptr<Level>> Loader::select(data::Query query, const TableBinding& table) {
    query.table = table.table->name;
    auto rows = m_sessions.run(*table.dataset, [&](data::Session& session) { return session.select(query); });
    if (!rows)
        return fail(std::move(rows.error()));
    return levelOf(std::move(*rows), table);
}

Result<std::unique_ptr<Level>> Loader::selectIn(data::Query query, const TableBinding& table,
                                                const std::string& column,
                                                const std::vector<std::string>& keys) {
    std::unique_ptr<Level> level;
    query.filters.push_back({.column = column, .op = data::Op::In, .values = {}});
    for (std::size_t from = 0; from < keys.size(); from += kKeysAtOnce) {
        const auto first = keys.begin() + static_cast<std::ptrdiff_t>(from);
        const auto count = static_cast<std::ptrdiff_t>(std::min(kKeysAtOnce, keys.size() - from));
        query.filters.back().values.assign(first, first + count);
        auto part = select(query, table);
        if (!part)
            return part;
        if (level)
            append(level->rows, (*part)->rows);
        else
            level = std::move(*part);
    }
    return level;
}

void Loader::prefetch(const Plans& plans, Level& level) {
    if (!m_batching || level.wanted.empty())
        return;
    for (SelectionPlan* plan : plans)
        for (PlannedField& field : plan->fields)
            if (fromOf(field) == From::ToOne || fromOf(field) == From::ToMany)
                level.related.emplace_back(&field, load(field, level, level.wanted));
}

Related& Loader::related(PlannedField& field, Level& level, std::size_t row, std::unique_ptr<Related>& own) {
    for (const auto& [known, related] : level.related)
        if (known == &field)
            return *related;
    const auto only = static_cast<std::uint32_t>(row);
    own = load(field, level, {&only, 1});
    return *own;
}

std::unique_ptr<Related> Loader::load(PlannedField& field, const Level& level,
                                      std::span<const std::uint32_t> parents) {
    const Relation& relation = level.table->relations[static_cast<std::size_t>(field.field->source.index)];
    std::vector<std::string> keys;
    for (const std::uint32_t row : parents)
        if (const data::Cell& cell = level.cell(row, relation.fromColumn); cell.kind != data::Cell::Null)
            keys.push_back(cellText(level.rows, cell));
    std::ranges::sort(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    auto out = std::make_unique<Related>();
    out->level = std::make_unique<Level>();
    out->level->table = &m_api.tables[relation.toTable];
    out->empty = {.level = out->level.get(), .rows = {}, .request = &out->request};
    auto loaded =
        relation.many ? loadMany(field, relation, keys, *out) : loadOne(field, relation, keys, *out);
    if (!loaded)
        out->fault = std::move(loaded.error());
    return out;
}

Result<> Loader::loadOne(PlannedField& field, const Relation& relation, const std::vector<std::string>& keys,
                         Related& into) {
    if (keys.empty())
        return {};
    const TableBinding& target = m_api.tables[relation.toTable];
    const std::string& column = target.table->columns[relation.toColumn].name;
    const Plans plans = rowPlans(field, target);
    data::Query query{.table = {}, .fields = columns(plans, target, {})};
    addColumn(query.fields, column);
    auto level = selectIn(std::move(query), target, column, keys);
    if (!level)
        return fail(std::move(level.error()));
    into.level = std::move(*level);
    wantAll(*into.level);
    for (const std::uint32_t row : into.level->wanted)
        into.one.try_emplace(cellText(into.level->rows, into.level->cell(row, relation.toColumn)), row);
    prefetch(plans, *into.level);
    return {};
}

Result<> Loader::loadMany(PlannedField& field, const Relation& relation, const std::vector<std::string>& keys,
                          Related& into) {
    const TableBinding& target = m_api.tables[relation.toTable];
    auto request = PageRequest::from(field.arguments, target, {m_limits.pageSize, m_limits.maxPageSize});
    if (!request)
        return fail(std::move(request.error()));
    into.request = std::move(*request);
    if (keys.empty())
        return {};
    const std::string& column = target.table->columns[relation.toColumn].name;
    if (keys.size() == 1) {  // A database can stop after one page; of many parents it cannot cut each.
        auto filters = into.request.filters;
        filters.push_back({.column = column, .op = data::Op::Eq, .values = {keys.front()}, .via = {}});
        auto only = page(into.request, std::move(filters), field, target, into.level);
        if (!only)
            return fail(std::move(only.error()));
        into.many.emplace(keys.front(), std::move(*only));
        return {};
    }
    const Plans plans = rowPlans(field, target);
    data::Query query{.table = {}, .fields = columns(plans, target, into.request.sorts)};
    query.filters = into.request.filters;
    query.sorts = into.request.sorts;
    addColumn(query.fields, column);
    auto level = selectIn(std::move(query), target, column, keys);
    if (!level)
        return fail(std::move(level.error()));
    into.level = std::move(*level);
    into.empty.level = into.level.get();
    for (std::uint32_t row = 0; row < into.level->rows.rowCount(); ++row) {
        Page& page = into.many[cellText(into.level->rows, into.level->cell(row, relation.toColumn))];
        page.level = into.level.get();
        page.request = &into.request;
        page.rows.push_back(row);
    }
    for (auto& [key, page] : into.many) {
        slice(into.request, target.table->key, page);
        into.level->wanted.insert(into.level->wanted.end(), page.rows.begin(), page.rows.end());
    }
    prefetch(plans, *into.level);
    return {};
}

/// All rows of one parent in order, cut to what the request asks for.
void Loader::slice(const PageRequest& request, const std::string& key, Page& page) const {
    const data::RowSet& rows = page.level->rows;
    page.total = static_cast<std::int64_t>(page.rows.size());
    const auto lies = [&](std::uint32_t row, const std::vector<std::string>& position) {
        return comparePosition(rows, row, request.sorts, key, position);
    };
    if (!request.after.empty()) {
        std::erase_if(page.rows, [&](std::uint32_t row) { return lies(row, request.after) <= 0; });
        page.hasPrevious = true;
    }
    if (!request.before.empty())
        page.hasNext =
            std::erase_if(page.rows, [&](std::uint32_t row) { return lies(row, request.before) >= 0; }) > 0 ||
            request.isBackward();
    cutToSize(request, page);
}

/// A page the database cuts: one row more than asked for tells whether there are others.
Result<Page> Loader::page(const PageRequest& request, std::vector<data::Filter> filters, PlannedField& field,
                          const TableBinding& table, std::unique_ptr<Level>& level) {
    const Plans plans = rowPlans(field, table);
    const bool backward = request.isBackward();
    data::Query query{.table = {}, .fields = columns(plans, table, request.sorts)};
    query.filters = std::move(filters);
    query.sorts = request.sorts;
    query.backwards = backward;
    query.after = backward ? request.before : request.after;
    query.limit = request.size() + 1;
    auto selected = select(query, table);
    if (!selected)
        return fail(std::move(selected.error()));
    level = std::move(*selected);
    wantAll(*level);
    Page out{.level = level.get(), .rows = std::move(level->wanted), .request = &request};
    if (backward)
        std::ranges::reverse(out.rows);
    const bool isWhole = static_cast<std::int64_t>(out.rows.size()) <= request.size();
    out.total = static_cast<std::int64_t>(out.rows.size());
    out.hasPrevious = !request.after.empty();
    out.hasNext = backward && !request.before.empty();
    const auto beyond = [&](std::uint32_t row) {
        const auto& bound = backward ? request.after : request.before;
        const int lies = comparePosition(level->rows, row, request.sorts, table.table->key, bound);
        return backward ? lies <= 0 : lies >= 0;
    };
    if (!(backward ? request.after : request.before).empty() && std::erase_if(out.rows, beyond) > 0)
        (backward ? out.hasPrevious : out.hasNext) = true;
    cutToSize(request, out);
    if (wantsTotal(field) && (!isWhole || !query.after.empty())) {
        query.table = table.table->name;
        const auto total =
            m_sessions.run(*table.dataset, [&](data::Session& session) { return session.count(query); });
        if (!total)
            return fail(total.error());
        out.total = *total;
    }
    level->wanted = out.rows;
    prefetch(plans, *level);
    return out;
}

Result<std::unique_ptr<LoadedPage>> Loader::connection(PlannedField& field, const TableBinding& table) {
    auto out = std::make_unique<LoadedPage>();
    auto request = PageRequest::from(field.arguments, table, {m_limits.pageSize, m_limits.maxPageSize});
    if (!request)
        return fail(std::move(request.error()));
    out->request = std::move(*request);
    auto loaded = page(out->request, out->request.filters, field, table, out->level);
    if (!loaded)
        return fail(std::move(loaded.error()));
    out->page = std::move(*loaded);
    return out;
}

Result<std::unique_ptr<Level>> Loader::list(PlannedField& field, const TableBinding& table) {
    const auto number = [&](const char* name, std::int64_t initial) {
        const auto found = field.arguments.find(name);
        return found == field.arguments.end() || found->is_null() ? initial : found->get<std::int64_t>();
    };
    const Plans plans = rowPlans(field, table);
    data::Query query;
    query.sorts = sortsFrom(field.arguments, table);
    query.limit = number("limit", m_limits.pageSize);
    query.offset = number("offset", 0);
    if (*query.limit < 0 || *query.limit > m_limits.maxPageSize || query.offset < 0)
        return fail(Error::InvalidArgument,
                    "limit must be from 0 to {} and offset not negative, got {} and {}", m_limits.maxPageSize,
                    *query.limit, query.offset)
            .hint("graphql.maxPageSize sets the limit.");
    auto filters = filtersFrom(field.arguments, table);
    if (!filters)
        return fail(std::move(filters.error()));
    query.filters = std::move(*filters);
    query.fields = columns(plans, table, {});
    auto level = select(std::move(query), table);
    if (!level)
        return level;
    wantAll(**level);
    prefetch(plans, **level);
    return level;
}

Result<std::unique_ptr<Level>> Loader::row(PlannedField& field, const TableBinding& table,
                                           const std::string& key) {
    auto found = m_sessions.run(*table.dataset,
                                [&](data::Session& session) { return session.byKey(*table.table, key); });
    if (!found)
        return fail(std::move(found.error()));
    if (!*found)
        return nullptr;
    return written(field, table, std::move(**found));
}

std::unique_ptr<Level> Loader::written(PlannedField& field, const TableBinding& table, data::RowSet rows) {
    auto level = levelOf(std::move(rows), table);
    wantAll(*level);
    prefetch(rowPlans(field, table), *level);
    return level;
}

}  // namespace hone::toggles::graphql
