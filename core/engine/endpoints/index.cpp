#include "core/engine/endpoints/common.h"
#include "core/engine/endpoints/endpoints.h"
#include "core/http/semantics.h"

#include <nlohmann/json.hpp>

namespace hone::engine::endpoints {
namespace {

using nlohmann::json;

std::string resourceUrl(const data::Table& table) { return "/api/" + http::percentEncode(table.name); }

std::string htmlEscaped(std::string_view text) {
    std::string out;
    for (const char c : text)
        switch (c) {
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '&': out += "&amp;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    return out;
}

class Index final : public Endpoint {
public:
    explicit Index(Datasets datasets) : m_datasets(datasets.begin(), datasets.end()) {}
    [[nodiscard]] std::string_view name() const override { return "GET /api"; }
    /// Not marked cacheable: a write to any table changes it, and a cache is told about one table a write.
    void handle(Exchange& exchange) const override {
        auto resources = json::array();
        for (const auto& dataset : m_datasets) {
            auto done = withSession(exchange, *dataset, [&](data::Session& session) {
                return addTables(session, *dataset, resources);
            });
            if (!done)
                return exchange.answer(http::problem(done.error()));
        }
        exchange.payload.kind = Payload::Document;
        exchange.payload.document = std::make_shared<json>(json{{"resources", std::move(resources)}});
    }

private:
    static Result<> addTables(data::Session& session, const data::Dataset& dataset, json& resources) {
        for (const auto& table : dataset.schema().tables) {
            const auto rows = session.count({.table = table.name});
            if (!rows)
                return fail(rows.error());
            resources.push_back({{"name", table.name},
                                 {"url", resourceUrl(table)},
                                 {"stats", resourceUrl(table) + "/stats"},
                                 {"key", table.key},
                                 {"rows", *rows},
                                 {"dataset", dataset.name()}});
        }
        return {};
    }

    const std::vector<std::shared_ptr<data::Dataset>> m_datasets;
};

class Root final : public Endpoint {
public:
    explicit Root(Datasets datasets) : m_page(page(datasets)) {}
    [[nodiscard]] std::string_view name() const override { return "GET /"; }
    [[nodiscard]] bool blocks() const override { return false; }
    void handle(Exchange& exchange) const override {
        static constexpr std::string_view kOffered[] = {"application/json", "text/html"};
        exchange.response.fields.set("Vary", "Accept");
        if (http::chooseMedia(exchange.request.field("Accept"), kOffered) == "text/html") {
            exchange.response.body = m_page;
            exchange.response.fields.set("Content-Type", "text/html; charset=utf-8");
            return;
        }
        exchange.payload.kind = Payload::Document;
        exchange.payload.document = m_links;
    }

private:
    static std::string page(Datasets datasets) {
        std::string items;
        for (const auto& dataset : datasets)
            for (const auto& table : dataset->schema().tables)
                items += fmt::format("<li><a href=\"{}\">{}</a></li>\n", htmlEscaped(resourceUrl(table)),
                                     htmlEscaped(table.name));
        return fmt::format(
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Hone</title>\n"
            "<style>body{{font:16px system-ui;margin:3rem auto;max-width:40rem}}</style>\n"
            "<h1>Hone</h1>\n<p><a href=\"/api\">/api</a> lists the resources, "
            "<a href=\"/openapi.json\">/openapi.json</a> describes them.</p>\n<ul>\n{}</ul>\n</html>\n",
            items);
    }

    const std::string m_page;
    const std::shared_ptr<const json> m_links =
        std::make_shared<json>(json{{"name", "Hone"}, {"api", "/api"}, {"openapi", "/openapi.json"}});
};

}  // namespace

std::unique_ptr<Endpoint> makeIndex(Datasets datasets) { return std::make_unique<Index>(datasets); }
std::unique_ptr<Endpoint> makeRoot(Datasets datasets) { return std::make_unique<Root>(datasets); }

}  // namespace hone::engine::endpoints
