#pragma once

#include "core/engine/endpoint.h"
#include "core/toggles/encoding/schema_rows.h"

#include <map>
#include <memory>
#include <span>
#include <string>

namespace hone::toggles::encoding {

/// The schemas of all tables and what serves them: /schema/ lists them, /schema/<table>.proto and
/// /schema/<table>.avsc are the texts. Of tables of one name the first dataset's is served, as under /api.
///
/// Thread: any; immutable once made. Owner: the toggle's State.
class SchemaEndpoints {
public:
    explicit SchemaEndpoints(std::span<const std::shared_ptr<data::Dataset>> datasets);

    /// Null when nothing is there.
    [[nodiscard]] const engine::Endpoint* at(std::string_view path) const;
    [[nodiscard]] const TableSchema* of(const data::Table& table) const;
    /// Where the schema of a table is: "/schema/cities.proto".
    [[nodiscard]] static std::string pathOf(const data::Table& table, std::string_view extension);

private:
    void serve(std::string path, std::string contentType, std::string text);

    std::map<std::string, TableSchema, std::less<>> m_schemas;
    std::map<std::string, std::unique_ptr<engine::Endpoint>, std::less<>> m_endpoints;
};

}  // namespace hone::toggles::encoding
