#include "core/engine/endpoints/common.h"

#include "core/http/semantics.h"

namespace hone::engine::endpoints {

http::Response noSuchRow(const Route& route) {
    return http::problem(
        404, fmt::format("{} has no row with {} \"{}\"", route.table->name, route.table->key, route.key),
        fmt::format("GET /api/{} lists the rows.", http::percentEncode(route.table->name)));
}

std::string itemPath(const data::Table& table, std::string_view key) {
    return fmt::format("/api/{}/{}", http::percentEncode(table.name), http::percentEncode(key));
}

}  // namespace hone::engine::endpoints
