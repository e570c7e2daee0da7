#include "core/data/table_writer.h"

#include <fmt/ranges.h>

namespace hone::data {
namespace {

constexpr std::size_t kMaxColumns = 2000;  // SQLITE_MAX_COLUMN as distributions build it.

std::string_view sqlType(ColumnType type) {
    switch (type) {
        case ColumnType::Integer: return "INTEGER";
        case ColumnType::Real: return "REAL";
        case ColumnType::Boolean: return "BOOLEAN";
        case ColumnType::Text: return "TEXT";
    }
    return "TEXT";
}

}  // namespace

bool isIdName(std::string_view name) {
    return name.size() == 2 && (name[0] | 0x20) == 'i' && (name[1] | 0x20) == 'd';
}

TablePlan::TablePlan(std::string table, std::span<const std::string> names, std::vector<ColumnType> types,
                     bool idIsComplete)
    : m_table(std::move(table)) {
    UniqueNames unique;
    for (std::size_t i = 0; i < names.size(); ++i)
        m_columns.push_back(
            {unique.take(safeName(names[i], fmt::format("column_{}", i + 1))), types[i], true});
    for (std::size_t i = 0; i < m_columns.size() && !m_key; ++i)
        if (isIdName(m_columns[i].name))
            m_key = i;
    m_addedKey = unique.take(m_key ? "row_id" : "id");
    const bool fits = m_key && (types[*m_key] == ColumnType::Integer || types[*m_key] == ColumnType::Text);
    if (!fits || !idIsComplete)
        giveUpSourceKey();
    else
        m_columns[*m_key].nullable = false;
}

void TablePlan::giveUpSourceKey() {
    if (m_key)
        m_columns[*m_key].nullable = true;
    m_key.reset();
}

std::string TablePlan::createSql() const {
    std::vector<std::string> parts;
    if (!m_key)
        parts.push_back(sqlite::quoted(m_addedKey) + " INTEGER PRIMARY KEY");
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        parts.push_back(fmt::format("{} {}{}", sqlite::quoted(m_columns[i].name), sqlType(m_columns[i].type),
                                    m_key == i ? " PRIMARY KEY NOT NULL" : ""));
    return fmt::format("CREATE TABLE {}({})", sqlite::quoted(m_table), fmt::join(parts, ", "));
}

std::string TablePlan::insertSql() const {
    if (m_columns.empty())
        return fmt::format("INSERT INTO {} DEFAULT VALUES", sqlite::quoted(m_table));
    std::vector<std::string> names;
    names.reserve(m_columns.size());
    for (const Column& column : m_columns)
        names.push_back(sqlite::quoted(column.name));
    return fmt::format("INSERT INTO {}({}) VALUES ({})", sqlite::quoted(m_table), fmt::join(names, ", "),
                       fmt::join(std::vector<std::string_view>(names.size(), "?"), ", "));
}

Result<TableWriter> TableWriter::create(const Importer& importer, const TablePlan& plan) {
    if (plan.columns().size() >= kMaxColumns)
        return fail(Error::Unsupported, "{}: {} has {} columns, at most {} can be stored", importer.source(),
                    plan.table(), plan.columns().size(), kMaxColumns - 1)
            .hint("If its names look like data, turn them into rows.");
    if (const auto created = importer.db().exec(plan.createSql()); !created)
        return fail(created.error());
    auto statement = importer.db().prepare(plan.insertSql(), SQLITE_PREPARE_PERSISTENT);
    if (!statement)
        return fail(std::move(statement.error()));
    return TableWriter(std::move(*statement), plan);
}

void TableWriter::set(std::size_t column, const Scalar& scalar, std::string_view text) {
    const int index = static_cast<int>(column) + 1;
    if (scalar.kind == Scalar::Null)
        m_statement.bindNull(index);
    else if (m_plan->columns()[column].type == ColumnType::Text)
        m_statement.bind(index, text);
    else if (scalar.kind == Scalar::Real)
        m_statement.bind(index, scalar.real);
    else
        m_statement.bind(index, scalar.integer);
}

Result<> TableWriter::insert() {
    const auto done = m_statement.step();
    m_statement.reset();
    sqlite3_clear_bindings(m_statement.get());
    if (!done)
        return fail(done.error());
    return {};
}

Result<> writeTable(Importer& importer, TablePlan plan,
                    const std::function<Result<>(TableWriter&)>& writeRows) {
    const auto attempt = [&]() -> Result<> {
        auto writer = TableWriter::create(importer, plan);
        if (!writer)
            return fail(std::move(writer.error()));
        return writeRows(*writer);
    };
    auto written = attempt();
    if (written || written.error().code != Error::AlreadyExists || !plan.usesSourceKey())
        return written;
    if (const auto dropped = importer.db().exec("DROP TABLE " + sqlite::quoted(plan.table())); !dropped)
        return dropped;
    plan.giveUpSourceKey();
    return attempt();
}

}  // namespace hone::data
