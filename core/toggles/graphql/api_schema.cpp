// The datasets' schema: written in the language of schemas, read back, and bound to tables and columns.

#include "core/toggles/graphql/binding.h"
#include "core/toggles/graphql/naming.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace hone::toggles::graphql {
namespace {

constexpr std::string_view kCommon = R"sdl(
"A 64-bit integer: a JSON number up to 2^53 - 1, beyond that a string of digits, since readers of JSON may round such numbers."
scalar BigInt @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc8259#section-6")

"How far a page reaches, after the Relay specification of connections."
type PageInfo {
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
  endCursor: String
}

"A row that can be fetched again by its nodeId, whatever its table."
interface Node {
  "Opaque and unique among all tables."
  nodeId: ID!
}

"All members that are given must hold."
input BigIntFilter { eq: BigInt ne: BigInt lt: BigInt lte: BigInt gt: BigInt gte: BigInt in: [BigInt!] isNull: Boolean }
"All members that are given must hold."
input FloatFilter { eq: Float ne: Float lt: Float lte: Float gt: Float gte: Float in: [Float!] isNull: Boolean }
"All members that are given must hold; comparisons are by bytes."
input StringFilter {
  eq: String ne: String lt: String lte: String gt: String gte: String in: [String!]
  contains: String startsWith: String endsWith: String isNull: Boolean
}
"All members that are given must hold."
input BooleanFilter { eq: Boolean ne: Boolean isNull: Boolean }
)sdl";

std::string_view scalarOf(data::ColumnType type) {
    switch (type) {
        case data::ColumnType::Integer: return "BigInt";
        case data::ColumnType::Real: return "Float";
        case data::ColumnType::Text: return "String";
        case data::ColumnType::Boolean: return "Boolean";
    }
    return "String";
}

class ApiWriter {
public:
    ApiWriter(std::span<const std::shared_ptr<data::Dataset>> datasets, const ApiOptions& options)
        : m_options(options) {
        for (const auto& dataset : datasets)
            for (const data::Table& table : dataset->schema().tables)
                m_api.tables.push_back({.dataset = dataset.get(), .table = &table});
    }

    Result<Api> write() {
        for (TableBinding& table : m_api.tables)
            nameTable(table);
        for (std::size_t i = 0; i < m_api.tables.size(); ++i)
            findRelations(i);
        m_query = "  \"Names of the tables that are served.\"\n  tables: [String!]!\n";
        bind("Query", "tables", From::Tables);
        if (!m_api.tables.empty()) {
            m_sdl += kCommon;
            m_query += "  \"The row with that nodeId.\"\n  node(nodeId: ID!): Node\n";
            bind("Query", "node", From::Node);
            for (const auto& [field, from] : {std::pair{"hasNextPage", From::HasNextPage},
                                              {"hasPreviousPage", From::HasPreviousPage},
                                              {"startCursor", From::StartCursor},
                                              {"endCursor", From::EndCursor}})
                bind("PageInfo", field, from);
        }
        for (std::size_t i = 0; i < m_api.tables.size(); ++i)
            writeTable(i);
        m_sdl += "type Query {\n" + m_query + "}\n";
        if (!m_mutation.empty())
            m_sdl += "type Mutation {\n" + m_mutation + "}\n";
        return finish();
    }

private:
    struct Words {
        std::string type, one, many, list;
    };

    void bind(const std::string& type, const std::string& field, From from, std::size_t table = 0,
              std::size_t index = 0) {
        m_sources[type + "." + field] = {static_cast<int>(from), static_cast<int>(table),
                                         static_cast<int>(index)};
    }

    void nameTable(TableBinding& table) {
        Names fields{"nodeId"};
        for (const data::Column& column : table.table->columns) {
            if (column.name == table.table->key)
                table.key = table.fields.size();
            table.fields.push_back(fields.take(fieldName(column.name)));
        }
        m_fields.push_back(std::move(fields));
        Words words;
        std::string base = pascalCase(singular(table.table->name));
        const auto isFree = [&](const std::string& name) {
            return std::ranges::all_of(
                kSuffixes, [&](auto suffix) { return m_types.isFree(name + std::string(suffix)); });
        };
        while (!isFree(base))
            base += "Row";
        for (const auto suffix : kSuffixes)
            m_types.take(base + std::string(suffix));
        words.type = base;
        words.many = m_roots.take(camelCase(table.table->name));
        const std::string one = camelCase(singular(table.table->name));
        words.one = m_roots.take(one == words.many ? one + "ByKey" : one);
        words.list = m_roots.take(words.many + "List");
        m_words.push_back(std::move(words));
    }

    std::size_t indexOf(const data::Dataset* dataset, std::string_view name) const {
        const auto found = std::ranges::find_if(m_api.tables, [&](const TableBinding& each) {
            return each.dataset == dataset && each.table->name == name;
        });
        return static_cast<std::size_t>(found - m_api.tables.begin());
    }

    static std::size_t columnAt(const data::Table& table, std::string_view name) {
        return static_cast<std::size_t>(std::ranges::find(table.columns, name, &data::Column::name) -
                                        table.columns.begin());
    }

    void findRelations(std::size_t from) {
        TableBinding& table = m_api.tables[from];
        std::map<std::string, int> uses;
        for (const data::ForeignKey& key : table.table->foreignKeys)
            ++uses[key.table];
        for (const data::ForeignKey& key : table.table->foreignKeys) {
            const std::size_t to = indexOf(table.dataset, key.table);
            if (to == m_api.tables.size())
                continue;
            TableBinding& target = m_api.tables[to];
            const std::size_t own = columnAt(*table.table, key.column);
            const std::size_t other = columnAt(*target.table, key.targetColumn);
            if (own == table.fields.size() || other == target.fields.size())
                continue;
            std::string name(key.column);
            for (const auto* suffix : {"_id", "Id", "_ID", "_key"})
                if (name.size() > std::string_view(suffix).size() && name.ends_with(suffix)) {
                    name.resize(name.size() - std::string_view(suffix).size());
                    break;
                }
            if (name == key.column)
                name = singular(key.table);
            relate(from, m_fields[from].take(camelCase(name)), {own, to, other, false});
            const std::string back =
                camelCase(table.table->name) + (uses[key.table] > 1 ? "By" + pascalCase(key.column) : "");
            relate(to, m_fields[to].take(back), {other, from, own, true});
        }
    }

    void relate(std::size_t table, std::string name, Relation relation) {
        auto& relations = m_api.tables[table].relations;
        bind(m_words[table].type, name, relation.many ? From::ToMany : From::ToOne, table, relations.size());
        relations.push_back(relation);
        m_relations[table].emplace_back(std::move(name));
    }

    [[nodiscard]] std::string connectionArguments(std::size_t table) const {
        const std::string& type = m_words[table].type;
        return fmt::format(
            "(first: Int, after: String, last: Int, before: String, filter: {0}Filter, "
            "orderBy: [{0}OrderBy!])",
            type);
    }

    void writeTable(std::size_t index) {
        writeObject(index);
        writePages(index);
        writeInputs(index);
        writeRoots(index);
        writeMutations(index);
    }

    void writeObject(std::size_t index) {
        const TableBinding& table = m_api.tables[index];
        const Words& words = m_words[index];
        m_sdl += printString(fmt::format("A row of {}.", table.table->name)) + "\n";
        m_sdl += fmt::format("type {} implements Node {{\n  nodeId: ID!\n", words.type);
        bind(words.type, "nodeId", From::NodeId, index);
        for (std::size_t i = 0; i < table.fields.size(); ++i) {
            m_sdl += fmt::format("  {}: {}\n", table.fields[i], columnType(index, i));
            bind(words.type, table.fields[i], From::Column, index, i);
        }
        for (std::size_t i = 0; i < table.relations.size(); ++i) {
            const Relation& relation = table.relations[i];
            const std::string& target = m_words[relation.toTable].type;
            const std::string& name = m_relations[index][i];
            if (relation.many)
                m_sdl += fmt::format("  \"Rows of {} that refer to this one.\"\n  {}{}: {}Connection!\n",
                                     m_api.tables[relation.toTable].table->name, name,
                                     connectionArguments(relation.toTable), target);
            else
                m_sdl += fmt::format("  \"The row that {} refers to; null when there is none.\"\n  {}: {}\n",
                                     table.fields[relation.fromColumn], name, target);
        }
        m_sdl += "}\n";
    }

    [[nodiscard]] std::string columnType(std::size_t table, std::size_t column) const {
        const TableBinding& binding = m_api.tables[table];
        const data::Column& definition = binding.table->columns[column];
        return fmt::format("{}{}", scalarOf(definition.type),
                           definition.nullable && column != binding.key ? "" : "!");
    }

    void writePages(std::size_t index) {
        const std::string& type = m_words[index].type;
        m_sdl += fmt::format(R"sdl(
"A page of rows."
type {0}Connection {{
  edges: [{0}Edge!]!
  nodes: [{0}!]!
  pageInfo: PageInfo!
  "How many rows there are without paging."
  totalCount: Int!
}}
"A row and where it lies in its order."
type {0}Edge {{
  cursor: String!
  node: {0}!
}}
)sdl",
                             type);
        bind(type + "Connection", "edges", From::Edges, index);
        bind(type + "Connection", "nodes", From::Nodes, index);
        bind(type + "Connection", "pageInfo", From::PageInfo, index);
        bind(type + "Connection", "totalCount", From::TotalCount, index);
        bind(type + "Edge", "cursor", From::Cursor, index);
        bind(type + "Edge", "node", From::EdgeNode, index);
    }

    void writeInputs(std::size_t index) {
        const TableBinding& table = m_api.tables[index];
        const std::string& type = m_words[index].type;
        std::string filter, order, create, update;
        for (std::size_t i = 0; i < table.fields.size(); ++i) {
            const std::string scalar(scalarOf(table.table->columns[i].type));
            filter += fmt::format("  {}: {}Filter\n", table.fields[i], scalar);
            order += fmt::format("  {0}_ASC\n  {0}_DESC\n", table.fields[i]);
            create +=
                fmt::format("  {}: {}\n", table.fields[i], i == table.key ? scalar : columnType(index, i));
            if (i != table.key)
                update += fmt::format("  {}: {}\n", table.fields[i], scalar);
        }
        m_sdl += fmt::format(
            "\"All members that are given must hold.\"\ninput {0}Filter {{\n{1}}}\n"
            "enum {0}OrderBy {{\n{2}}}\n"
            "\"A new row; a key that is left out is assigned.\"\ninput {0}Create {{\n{3}}}\n",
            type, filter, order, create);
        if (!update.empty())
            m_sdl +=
                fmt::format("\"What to change; the rest stays.\"\ninput {}Update {{\n{}}}\n", type, update);
    }

    void writeRoots(std::size_t index) {
        const TableBinding& table = m_api.tables[index];
        const Words& words = m_words[index];
        m_query += fmt::format("  \"The row of {0} with that key.\"\n  {1}({2}: {3}!): {4}\n",
                               table.table->name, words.one, table.fields[table.key],
                               scalarOf(table.table->columns[table.key].type), words.type);
        m_query += fmt::format("  \"Pages through {}.\"\n  {}{}: {}Connection!\n", table.table->name,
                               words.many, connectionArguments(index), words.type);
        m_query += fmt::format(
            "  \"Rows of {0} as a plain list.\"\n  {1}(limit: Int = {2}, offset: Int = 0, "
            "filter: {3}Filter, orderBy: [{3}OrderBy!]): [{3}!]!\n",
            table.table->name, words.list, m_options.pageSize, words.type);
        bind("Query", words.one, From::Row, index);
        bind("Query", words.many, From::Connection, index);
        bind("Query", words.list, From::List, index);
    }

    void writeMutations(std::size_t index) {
        const TableBinding& table = m_api.tables[index];
        const std::string& type = m_words[index].type;
        const std::string key =
            fmt::format("{}: {}!", table.fields[table.key], scalarOf(table.table->columns[table.key].type));
        m_mutation += fmt::format("  create{0}(input: {0}Create!): {0}!\n", type);
        if (table.fields.size() > 1)
            m_mutation += fmt::format(
                "  \"Null when there is no such row.\"\n  update{0}({1}, patch: {0}Update!): {0}\n", type,
                key);
        m_mutation +=
            fmt::format("  \"False when there is no such row.\"\n  delete{}({}): Boolean!\n", type, key);
        bind("Mutation", "create" + type, From::Create, index);
        bind("Mutation", "update" + type, From::Update, index);
        bind("Mutation", "delete" + type, From::Delete, index);
    }

    Result<Api> finish() {
        auto schema = schemaFromSdl(m_sdl);
        if (!schema)
            return fail(std::move(schema.error()));
        for (const auto& type : (*schema)->types)
            for (Field& field : type->fields)
                if (const auto found = m_sources.find(type->name + "." + field.name);
                    found != m_sources.end())
                    field.source = found->second;
        for (std::size_t i = 0; i < m_api.tables.size(); ++i)
            m_api.tables[i].type = (*schema)->type(m_words[i].type);
        m_api.schema = std::move(*schema);
        return std::move(m_api);
    }

    static constexpr std::string_view kSuffixes[] = {"",        "Connection", "Edge",  "Filter",
                                                     "OrderBy", "Create",     "Update"};

    const ApiOptions m_options;
    Api m_api;
    Names m_types{"Query",  "Mutation",     "Subscription", "Node",         "PageInfo",
                  "BigInt", "Int",          "Float",        "String",       "Boolean",
                  "ID",     "BigIntFilter", "FloatFilter",  "StringFilter", "BooleanFilter"};
    Names m_roots{"tables", "node"};
    std::vector<Words> m_words;                                   ///< Beside Api::tables.
    std::vector<Names> m_fields;                                  ///< Likewise: taken names of the type.
    std::map<std::size_t, std::vector<std::string>> m_relations;  ///< Names beside TableBinding::relations.
    std::map<std::string, Source> m_sources;
    std::string m_sdl, m_query, m_mutation;
};

}  // namespace

std::optional<std::size_t> TableBinding::columnOf(std::string_view field) const {
    const auto found = std::ranges::find(fields, field);
    return found == fields.end() ? std::nullopt
                                 : std::optional(static_cast<std::size_t>(found - fields.begin()));
}

Result<Api> apiOf(std::span<const std::shared_ptr<data::Dataset>> datasets, const ApiOptions& options) {
    return ApiWriter(datasets, options).write();
}

}  // namespace hone::toggles::graphql
