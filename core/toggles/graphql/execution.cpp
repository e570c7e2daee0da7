#include "core/toggles/graphql/execution.h"

#include "core/toggles/graphql/introspection.h"
#include "core/toggles/graphql/numbers.h"

#include <charconv>

namespace hone::toggles::graphql {
namespace {

using nlohmann::json;
using Outcome = Completion::Outcome;

From fromOf(const PlannedField& field) { return static_cast<From>(field.field->source.kind); }

template <class Number>
void appendNumber(Number number, std::string& out) {
    char buffer[40];
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

std::string keyText(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// One operation being answered.
class Execution {
public:
    Execution(const Api& api, Planner& planner, const ExecutionOptions& options, ExecutionResult& result)
        : m_api(api),
          m_options(options),
          m_result(result),
          m_sessions(options.access),
          m_loader(api, planner, m_sessions, options.limits, options.batching),
          m_to(planner, result.data, result.problems) {}

    void run(SelectionPlan& root) {
        if (!m_to.object(root, nullptr,
                         [this](PlannedField& field, const Path& path) { return rootField(field, path); }))
            m_result.data = "null";
        m_result.work = m_sessions.work;
    }

private:
    Outcome rootField(PlannedField& field, const Path& path) {
        switch (fromOf(field)) {
            case From::Nothing: return writeIntrospection(m_to, field, path);
            case From::Tables:
                return m_to.list(m_api.tables.size(), path, [&](std::size_t i, const Path&) {
                    return m_to.string(m_api.tables[i].table->name) == Outcome::Written;
                });
            case From::Node: return node(field, path);
            case From::Create:
            case From::Update:
            case From::Delete: return write(field, path, tableOf(field));
            case From::Row:
                return single(field, path,
                              m_loader.row(field, tableOf(field), keyText(field.arguments.front())));
            case From::List: return list(field, path);
            default: return connection(field, path);
        }
    }

    const TableBinding& tableOf(const PlannedField& field) const {
        return m_api.tables[static_cast<std::size_t>(field.field->source.table)];
    }

    Outcome node(PlannedField& field, const Path& path) {
        const auto id = decodeNodeId(field.arguments.value("nodeId", std::string()));
        if (id)
            for (const TableBinding& table : m_api.tables)
                if (table.type->name == id->first)
                    return single(field, path, m_loader.row(field, table, id->second));
        return m_to.report(field, path, "nodeId is none of ours", "BAD_USER_INPUT",
                           "Use the nodeId of a row as it was answered.");
    }

    Outcome single(PlannedField& field, const Path& path, const Result<std::unique_ptr<Level>>& level) {
        if (!level)
            return m_to.report(field, path, level.error());
        if (!*level || (*level)->rows.rowCount() == 0)
            return Outcome::Null;
        return Completion::written(row(field, path, **level, 0));
    }

    Outcome list(PlannedField& field, const Path& path) {
        const auto level = m_loader.list(field, tableOf(field));
        if (!level)
            return m_to.report(field, path, level.error());
        return m_to.list((*level)->rows.rowCount(), path,
                         [&](std::size_t i, const Path& here) { return row(field, here, **level, i); });
    }

    Outcome connection(PlannedField& field, const Path& path) {
        const auto loaded = m_loader.connection(field, tableOf(field));
        if (!loaded)
            return m_to.report(field, path, loaded.error());
        return page(field, path, (*loaded)->page);
    }

    // Rows.

    bool row(PlannedField& field, const Path& path, Level& level, std::size_t index) {
        return m_to.object(
            m_to.planner.below(field, *level.table->type), &path,
            [&](PlannedField& part, const Path& here) { return rowField(part, here, level, index); });
    }

    Outcome rowField(PlannedField& field, const Path& path, Level& level, std::size_t row) {
        switch (fromOf(field)) {
            case From::Column:
                return cell(field, path, level.rows,
                            level.cell(row, static_cast<std::size_t>(field.field->source.index)));
            case From::NodeId:
                return m_to.string(encodeNodeId(level.table->type->name,
                                                cellText(level.rows, level.cell(row, level.table->key))));
            default: return related(field, path, level, row);
        }
    }

    Outcome cell(const PlannedField& field, const Path& path, const data::RowSet& rows,
                 const data::Cell& cell) {
        std::string& out = m_to.out;
        switch (cell.kind) {
            case data::Cell::Null: return Outcome::Null;
            case data::Cell::Boolean: return m_to.raw(cell.integer != 0 ? "true" : "false");
            case data::Cell::Text: return m_to.string(rows.text(cell));
            case data::Cell::Integer:
                if (cell.integer <= kMaxSafeInteger && cell.integer >= -kMaxSafeInteger) {
                    appendNumber(cell.integer, out);
                } else {
                    out += '"';
                    appendNumber(cell.integer, out);
                    out += '"';
                }
                return Outcome::Written;
            case data::Cell::Real:
                if (!std::isfinite(cell.real))
                    return m_to.report(field, path,
                                       "Float cannot represent non numeric value: not a finite number",
                                       "INTERNAL_SERVER_ERROR");
                appendNumber(cell.real, out);
                return Outcome::Written;
        }
        return Outcome::Null;
    }

    Outcome related(PlannedField& field, const Path& path, Level& level, std::size_t row) {
        std::unique_ptr<Related> own;
        Related& related = m_loader.related(field, level, row, own);
        if (related.fault)
            return m_to.report(field, path, *related.fault);
        const Relation& relation =
            level.table->relations[static_cast<std::size_t>(field.field->source.index)];
        const std::string key = cellText(level.rows, level.cell(row, relation.fromColumn));
        if (relation.many) {
            const auto found = related.many.find(key);
            return page(field, path, found == related.many.end() ? related.empty : found->second);
        }
        const auto found = related.one.find(key);
        if (found == related.one.end())
            return Outcome::Null;
        return Completion::written(this->row(field, path, *related.level, found->second));
    }

    // Pages.

    Outcome page(PlannedField& field, const Path& path, const Page& page) {
        return Completion::written(
            m_to.object(m_to.planner.below(field, *field.field->type.type), &path,
                        [&](PlannedField& part, const Path& here) { return pageField(part, here, page); }));
    }

    Outcome pageField(PlannedField& field, const Path& path, const Page& page) {
        switch (fromOf(field)) {
            case From::TotalCount: appendNumber(page.total, m_to.out); return Outcome::Written;
            case From::Nodes:
                return m_to.list(page.rows.size(), path, [&](std::size_t i, const Path& here) {
                    return row(field, here, *page.level, page.rows[i]);
                });
            case From::Edges:
                return m_to.list(page.rows.size(), path, [&](std::size_t i, const Path& here) {
                    return edge(field, here, page, page.rows[i]);
                });
            default:
                return Completion::written(
                    m_to.object(m_to.planner.below(field, *field.field->type.type), &path,
                                [&](PlannedField& part, const Path&) { return pageInfo(part, page); }));
        }
    }

    bool edge(PlannedField& field, const Path& path, const Page& page, std::size_t index) {
        return m_to.object(m_to.planner.below(field, *field.field->type.type), &path,
                           [&](PlannedField& part, const Path& here) {
                               if (fromOf(part) == From::Cursor)
                                   return cursor(page, index);
                               return Completion::written(row(part, here, *page.level, index));
                           });
    }

    Outcome pageInfo(const PlannedField& field, const Page& page) {
        switch (fromOf(field)) {
            case From::HasNextPage: return m_to.raw(page.hasNext ? "true" : "false");
            case From::HasPreviousPage: return m_to.raw(page.hasPrevious ? "true" : "false");
            default: break;
        }
        if (page.rows.empty())
            return Outcome::Null;
        return cursor(page, fromOf(field) == From::StartCursor ? page.rows.front() : page.rows.back());
    }

    Outcome cursor(const Page& page, std::size_t row) {
        const auto position =
            data::keysetAfter(page.level->rows, row, page.request->sorts, page.level->table->table->key);
        return position ? m_to.string(encodeCursor(page.request->order, *position)) : Outcome::Null;
    }

    // Writes.

    Outcome write(PlannedField& field, const Path& path, const TableBinding& table) {
        std::unique_lock<std::mutex> lock;
        if (m_options.writes)
            lock = std::unique_lock(*m_options.writes);
        if (fromOf(field) == From::Delete) {
            const auto removed = m_sessions.run(*table.dataset, [&](data::Session& session) {
                return session.remove(*table.table, keyText(field.arguments.front()));
            });
            if (!removed)
                return m_to.report(field, path, removed.error());
            m_result.wrote = m_result.wrote || *removed;
            return m_to.raw(*removed ? "true" : "false");
        }
        auto rows = stored(field, table);
        if (!rows)
            return m_to.report(field, path, rows.error());
        if (!*rows)
            return Outcome::Null;
        m_result.wrote = true;
        if (lock)
            lock.unlock();
        return single(field, path, m_loader.written(field, table, std::move(**rows)));
    }

    Result<std::optional<data::RowSet>> stored(const PlannedField& field, const TableBinding& table) {
        const bool creates = fromOf(field) == From::Create;
        json object = json::object();
        for (const auto& [name, value] : field.arguments.at(creates ? "input" : "patch").items())
            object[table.table->columns[*table.columnOf(name)].name] = value;
        return m_sessions.run(
            *table.dataset, [&](data::Session& session) -> Result<std::optional<data::RowSet>> {
                if (!creates)
                    return session.update(*table.table, keyText(field.arguments.at(table.fields[table.key])),
                                          object, false);
                auto row = session.insert(*table.table, object);
                if (!row)
                    return fail(std::move(row.error()));
                return std::move(*row);
            });
    }

    const Api& m_api;
    const ExecutionOptions& m_options;
    ExecutionResult& m_result;
    Sessions m_sessions;
    Loader m_loader;
    Completion m_to;
};

}  // namespace

std::expected<const Operation*, Problem> operationNamed(const Document& document, std::string_view name) {
    if (name.empty() && document.operations.size() == 1)
        return &document.operations.front();
    for (const Operation& operation : document.operations)
        if (!name.empty() && operation.name.text == name)
            return &operation;
    return std::unexpected(Problem{
        .message = name.empty() ? document.operations.empty()
                                      ? "Must provide an operation."
                                      : "Must provide operation name if query contains multiple operations."
                                : fmt::format("Unknown operation named \"{}\".", name),
        .code = "OPERATION_RESOLUTION_FAILURE"});
}

ExecutionResult execute(const Api& api, const Document& document, const Operation& operation,
                        const json& variables, const ExecutionOptions& options) {
    ExecutionResult result;
    const auto values = coerceVariables(*api.schema, document, operation, variables);
    if (!values) {
        result.problems = values.error();
        return result;
    }
    Planner planner(*api.schema, document, *values);
    const auto root = planner.root(operation);
    const auto weight = weigh(planner, *root, options.limits);
    if (!weight) {
        result.problems = {weight.error()};
        return result;
    }
    result.weight = *weight;
    Execution(api, planner, options, result).run(*root);
    return result;
}

}  // namespace hone::toggles::graphql
