#include "core/toggles/encoding/schema_endpoints.h"

#include "core/http/semantics.h"

#include <nlohmann/json.hpp>

namespace hone::toggles::encoding {
namespace {

constexpr std::string_view kFolder = "/schema/";

class TextEndpoint final : public engine::Endpoint {
public:
    TextEndpoint(std::string contentType, std::string text)
        : m_contentType(std::move(contentType)), m_text(std::move(text)), m_etag(http::etagOf(m_text)) {}
    [[nodiscard]] std::string_view name() const override { return "GET /schema/<table>"; }
    [[nodiscard]] bool blocks() const override { return false; }
    void handle(engine::Exchange& exchange) const override {
        const auto method = exchange.request.method;
        if (method != http::Method::Get && method != http::Method::Head) {
            auto refusal = http::problem(405, "a schema can only be read", "Use GET.");
            refusal.fields.set("Allow", "GET, HEAD");
            return exchange.answer(std::move(refusal));
        }
        exchange.response.fields.set("Content-Type", m_contentType);
        exchange.response.fields.set("ETag", m_etag);
        exchange.response.body = m_text;
        exchange.cacheable = true;
    }

private:
    const std::string m_contentType, m_text, m_etag;
};

}  // namespace

SchemaEndpoints::SchemaEndpoints(std::span<const std::shared_ptr<data::Dataset>> datasets) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& dataset : datasets)
        for (const auto& table : dataset->schema().tables) {
            const auto [schema, isNew] = m_schemas.try_emplace(table.name, table);
            if (!isNew)
                continue;
            const auto proto = pathOf(table, "proto"), avsc = pathOf(table, "avsc");
            list.push_back({{"resource", table.name}, {"proto", proto}, {"avsc", avsc}});
            serve(proto, "text/plain; charset=utf-8", schema->second.proto());
            serve(avsc, "application/json", schema->second.avsc());
        }
    serve(std::string(kFolder), "application/json", list.dump(2));
}

void SchemaEndpoints::serve(std::string path, std::string contentType, std::string text) {
    m_endpoints.emplace(std::move(path),
                        std::make_unique<TextEndpoint>(std::move(contentType), std::move(text)));
}

const engine::Endpoint* SchemaEndpoints::at(std::string_view path) const {
    const auto found = m_endpoints.find(path);
    return found == m_endpoints.end() ? nullptr : found->second.get();
}

const TableSchema* SchemaEndpoints::of(const data::Table& table) const {
    const auto found = m_schemas.find(table.name);
    return found == m_schemas.end() ? nullptr : &found->second;
}

std::string SchemaEndpoints::pathOf(const data::Table& table, std::string_view extension) {
    return std::string(kFolder) + http::percentEncode(table.name) + "." + std::string(extension);
}

}  // namespace hone::toggles::encoding
