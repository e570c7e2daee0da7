#include "core/engine/endpoints/common.h"
#include "core/engine/endpoints/endpoints.h"
#include "core/engine/json_representation.h"
#include "core/http/semantics.h"

#include <nlohmann/json.hpp>

namespace hone::engine::endpoints {
namespace {

class List final : public Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "GET /api/<resource>"; }
    [[nodiscard]] bool isList() const override { return true; }
    void handle(Exchange& exchange) const override {
        auto rows = withSession(exchange, *exchange.route.dataset,
                                [&](data::Session& session) { return session.select(exchange.query); });
        if (!rows)
            return exchange.answer(http::problem(rows.error()));
        exchange.payload.kind = Payload::List;
        exchange.payload.rows = std::move(*rows);
        exchange.cacheable = true;
    }
};

class Read final : public Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "GET /api/<resource>/<key>"; }
    void handle(Exchange& exchange) const override {
        const auto& [endpoint, dataset, table, key, toggle] = exchange.route;
        auto row = withSession(exchange, *dataset,
                               [&](data::Session& session) { return session.byKey(*table, key); });
        if (!row)
            return exchange.answer(http::problem(row.error()));
        // "There is none" depends on the request alone too.
        exchange.cacheable = true;
        if (!*row)
            return exchange.answer(noSuchRow(exchange.route));
        exchange.payload.kind = Payload::Object;
        exchange.payload.rows = std::move(**row);
    }
};

class Stats final : public Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "GET /api/<resource>/stats"; }
    void handle(Exchange& exchange) const override {
        const auto& table = *exchange.route.table;
        std::int64_t total = 0;
        auto columns = withSession(exchange, *exchange.route.dataset,
                                   [&](data::Session& session) -> Result<data::RowSet> {
                                       auto count = session.count({.table = table.name});
                                       if (!count)
                                           return fail(std::move(count.error()));
                                       total = *count;
                                       return session.columnStats(table);
                                   });
        if (!columns)
            return exchange.answer(http::problem(columns.error()));
        auto list = nlohmann::json::array();
        for (std::size_t row = 0; row < columns->rowCount(); ++row)
            list.push_back(jsonRow(*columns, row));
        exchange.payload.kind = Payload::Document;
        exchange.payload.document = std::make_shared<nlohmann::json>(
            nlohmann::json{{"resource", table.name}, {"total", total}, {"columns", std::move(list)}});
        exchange.cacheable = true;
    }
};

}  // namespace

std::unique_ptr<Endpoint> makeList() { return std::make_unique<List>(); }
std::unique_ptr<Endpoint> makeRead() { return std::make_unique<Read>(); }
std::unique_ptr<Endpoint> makeStats() { return std::make_unique<Stats>(); }

}  // namespace hone::engine::endpoints
