#include "core/base/version.h"
#include "core/data/relations.h"
#include "core/engine/endpoints/endpoints.h"
#include "core/http/semantics.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hone::engine::endpoints {
namespace {

using nlohmann::json;

json typeSchema(const data::Column& column) {
    const auto type = [&column]() -> std::string_view {
        switch (column.type) {
            case data::ColumnType::Integer: return "integer";
            case data::ColumnType::Real: return "number";
            case data::ColumnType::Boolean: return "boolean";
            case data::ColumnType::Text: break;
        }
        return "string";
    }();
    return column.nullable ? json{{"type", {type, "null"}}} : json{{"type", type}};
}

json rowSchema(const data::Table& table) {
    auto properties = json::object();
    auto required = json::array();
    for (const auto& column : table.columns) {
        properties[column.name] = typeSchema(column);
        if (!column.nullable && column.name != table.key)  // the key may be assigned by the server
            required.push_back(column.name);
    }
    json schema{{"type", "object"}, {"properties", properties}};
    if (!required.empty())
        schema["required"] = required;
    return schema;
}

/// Component keys are limited to letters, digits, dot, dash, underscore (OpenAPI 3.1, "Components Object").
std::string componentKey(const data::Table& table, const json& taken) {
    std::string key;
    for (const char c : table.name) {
        const bool fits =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        key += fits ? c : '_';
    }
    while (taken.contains(key))
        key += '_';
    return key;
}

struct ShapingParam {
    std::string_view name, type, description;
};
/// What lists take while the shaping toggle is on, the same for every table.
constexpr ShapingParam kShaping[] = {
    {"limit", "integer", "How many rows a page has."},
    {"perPage", "integer", "The same as limit."},
    {"offset", "integer", "Rows to skip."},
    {"page", "integer", "Page number, from 1."},
    {"cursor", "string", "Continues from the page whose Link field gave this cursor; empty: from the start."},
    {"q", "string", "Rows that hold this text in any text column."},
};
/// And those whose values are a table's own names.
constexpr std::string_view kNamed[] = {"sort", "fields", "embed"};
constexpr std::string_view kShapingNote =
    "Query parameters are honoured while the shaping toggle is on, in its own syntax (shaping.syntax=hone); "
    "off, a list answers the whole table. A column filters with an operator after a colon: column:gt=100 (eq "
    "ne lt lte gt gte between in contains startsWith endsWith isNull), a related table's column after its "
    "relation: relation.column=value.";

json ref(std::string_view section, std::string_view name) {
    return {{"$ref", fmt::format("#/components/{}/{}", section, name)}};
}

/// A comma-separated list of names.
json nameList(std::string_view name, std::string_view description, std::vector<std::string> names) {
    return {{"name", name},
            {"in", "query"},
            {"description", description},
            {"style", "form"},
            {"explode", false},
            {"schema", {{"type", "array"}, {"items", {{"type", "string"}, {"examples", std::move(names)}}}}}};
}

std::string_view operatorsOf(const data::Column& column) {
    return column.type == data::ColumnType::Text
               ? "eq, ne, lt, lte, gt, gte, between, in, contains, startsWith, endsWith, isNull"
               : "eq, ne, lt, lte, gt, gte, between, in, isNull";
}

json columnParameter(const data::Table& table, const data::Column& column) {
    const bool isTaken =
        std::ranges::find(kShaping, column.name, &ShapingParam::name) != std::end(kShaping) ||
        std::ranges::find(kNamed, column.name) != std::end(kNamed);
    json schema = typeSchema(column);
    schema["type"] = schema["type"].is_array() ? schema["type"][0] : schema["type"];
    const auto foreign = std::ranges::find(table.foreignKeys, column.name, &data::ForeignKey::column);
    return {
        {"name", isTaken ? column.name + ":eq" : column.name},
        {"in", "query"},
        {"description",
         fmt::format("Rows where {0} has this value{1}. Also {0}:op=value with {2}.", column.name,
                     foreign == table.foreignKeys.end() ? "" : fmt::format(", a key of {}", foreign->table),
                     operatorsOf(column))},
        {"schema", std::move(schema)}};
}

json listParameters(const data::Schema& schema, const data::Table& table) {
    std::vector<std::string> columns, orders, relations;
    for (const auto& column : table.columns) {
        columns.push_back(column.name);
        orders.insert(orders.end(), {column.name, "-" + column.name});
    }
    for (const auto& relation : data::relationsOf(schema, table)) {
        relations.push_back(relation.name);
        for (const auto& column : schema.table(relation.hop.table)->columns)
            columns.push_back(relation.name + "." + column.name);
    }
    auto parameters = json::array();
    for (const auto& param : kShaping)
        parameters.push_back(ref("parameters", param.name));
    parameters.push_back(
        nameList("sort", "Columns in order of weight, a minus for descending.", std::move(orders)));
    parameters.push_back(
        nameList("fields", "Columns to return, of related rows after a dot.", std::move(columns)));
    if (!relations.empty())
        parameters.push_back(nameList("embed",
                                      "Related rows to return inside each row; a dot goes on from there.",
                                      std::move(relations)));
    for (const auto& column : table.columns)
        parameters.push_back(columnParameter(table, column));
    return parameters;
}

/// What a page says about its list.
json pageHeaders() {
    const auto header = [](std::string_view type, std::string_view description) -> json {
        return {{"description", description}, {"schema", {{"type", type}}}};
    };
    return {{"Link", header("string", "first, prev, next and last pages (RFC 8288), while shaping is on.")},
            {"X-Total-Count", header("integer", "Rows of the whole list, unless shaping.count is none.")},
            {"X-Total-Count-Estimated", header("string", "true when the total is an estimate.")}};
}

json content(json schema) { return {{"application/json", {{"schema", std::move(schema)}}}}; }

json response(std::string_view description, json schema) {
    return {{"description", description}, {"content", content(std::move(schema))}};
}

json operation(std::string_view verb, const std::string& key, const data::Table& table,
               std::string_view summary, std::string_view status, json answer) {
    return {{"operationId", fmt::format("{}_{}", verb, key)},
            {"tags", {table.name}},
            {"summary", summary},
            {"responses", {{status, std::move(answer)}, {"default", ref("responses", "Problem")}}}};
}

void addTable(const data::Schema& schema, const data::Table& table, json& paths, json& schemas) {
    const std::string key = componentKey(table, schemas);
    const json row = ref("schemas", key);
    const json object{{"required", true}, {"content", content(row)}};
    const std::string path = "/api/" + http::percentEncode(table.name);
    schemas[key] = rowSchema(table);

    auto list = operation("list", key, table, "List rows", "200",
                          response("Rows", {{"type", "array"}, {"items", row}}));
    list["description"] = kShapingNote;
    list["parameters"] = listParameters(schema, table);
    list["responses"]["200"]["headers"] = pageHeaders();
    auto create = operation("create", key, table, "Add a row", "201", response("The row", row));
    create["requestBody"] = object;
    paths[path] = {{"get", list}, {"post", create}};

    auto replace = operation("replace", key, table, "Replace a row", "200", response("The row", row));
    replace["requestBody"] = object;
    auto update =
        operation("update", key, table, "Change some columns of a row", "200", response("The row", row));
    // A patch has any of the columns, so none is required.
    json partial = schemas[key];
    partial.erase("required");
    update["requestBody"] = {{"required", true}, {"content", content(partial)}};
    paths[path + "/{key}"] = {
        {"parameters",
         {{{"name", "key"},
           {"in", "path"},
           {"required", true},
           {"description", fmt::format("Value of the column {}.", table.key)},
           {"schema", {{"type", "string"}}}}}},
        {"get", operation("read", key, table, "Read a row", "200", response("The row", row))},
        {"put", replace},
        {"patch", update},
        {"delete", operation("remove", key, table, "Remove a row", "204", {{"description", "Removed"}})}};
    paths[path + "/stats"] = {{"get", operation("stats", key, table, "Statistics of each column", "200",
                                                response("Statistics", {{"type", "object"}}))}};
}

json describe(Datasets datasets) {
    auto paths = json::object(), schemas = json::object(), parameters = json::object();
    schemas["Problem"] = {{"type", "object"},
                          {"properties",
                           {{"title", {{"type", "string"}}},
                            {"status", {{"type", "integer"}}},
                            {"detail", {{"type", "string"}}},
                            {"hint", {{"type", "string"}}}}}};
    for (const auto& param : kShaping)
        parameters[std::string(param.name)] = {{"name", param.name},
                                               {"in", "query"},
                                               {"description", param.description},
                                               {"schema", {{"type", param.type}}}};
    paths["/api"] = {{"get",
                      {{"operationId", "index"},
                       {"summary", "List the resources"},
                       {"responses", {{"200", response("Resources", {{"type", "object"}})}}}}}};
    for (const auto& dataset : datasets)
        for (const auto& table : dataset->schema().tables)
            addTable(dataset->schema(), table, paths, schemas);
    const json problem{{"application/problem+json", {{"schema", ref("schemas", "Problem")}}}};
    return {{"openapi", "3.1.0"},
            {"info",
             {{"title", "Hone"},
              {"version", kVersion},
              {"description", "Datasets served as resources. " + std::string(kShapingNote)}}},
            {"servers", {{{"url", "/"}}}},
            {"paths", paths},
            {"components",
             {{"schemas", schemas},
              {"parameters", parameters},
              {"responses",
               {{"Problem", {{"description", "What went wrong (RFC 9457)"}, {"content", problem}}}}}}}};
}

class OpenApi final : public Endpoint {
public:
    explicit OpenApi(Datasets datasets) : m_document(std::make_shared<json>(describe(datasets))) {}
    [[nodiscard]] std::string_view name() const override { return "GET /openapi.json"; }
    [[nodiscard]] bool blocks() const override { return false; }
    void handle(Exchange& exchange) const override {
        exchange.payload.kind = Payload::Document;
        exchange.payload.document = m_document;
        exchange.cacheable = true;
    }

private:
    const std::shared_ptr<const json> m_document;  ///< The schema does not change while a dataset is open.
};

}  // namespace

std::unique_ptr<Endpoint> makeOpenApi(Datasets datasets) { return std::make_unique<OpenApi>(datasets); }

}  // namespace hone::engine::endpoints
