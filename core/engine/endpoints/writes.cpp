#include "core/engine/endpoints/common.h"
#include "core/engine/endpoints/endpoints.h"
#include "core/engine/json_representation.h"
#include "core/http/semantics.h"

#include <nlohmann/json.hpp>

namespace hone::engine::endpoints {
namespace {

using nlohmann::json;

/// "application/json", "application/merge-patch+json", with or without parameters.
bool isJsonType(std::string_view contentType) {
    auto type = contentType.substr(0, contentType.find(';'));
    while (type.ends_with(' '))
        type.remove_suffix(1);
    constexpr std::string_view kPrefix = "application/", kSuffix = "+json";
    if (type.size() < kPrefix.size() || !http::iequals(type.substr(0, kPrefix.size()), kPrefix))
        return false;
    const auto subtype = type.substr(kPrefix.size());
    return http::iequals(subtype, "json") ||
           (subtype.size() > kSuffix.size() &&
            http::iequals(subtype.substr(subtype.size() - kSuffix.size()), kSuffix));
}

/// What would be understood goes along (RFC 9110 section 15.5.16).
http::Response unsupported(std::string detail, std::string_view hint, std::string_view field,
                           std::string_view understood) {
    auto refusal = http::problem(415, detail, hint);
    refusal.fields.set(field, understood);
    return refusal;
}

/// The body as a JSON object, or the refusal. The media type is demanded because a page of another site can
/// send anything but this one without asking first (Fetch, "CORS-safelisted request-header").
std::expected<json, http::Response> readObject(const http::Request& request) {
    const auto type = request.field("Content-Type");
    if (!type || !isJsonType(*type))
        return std::unexpected(
            unsupported(type ? fmt::format("the body is {}, expected application/json", *type)
                             : "the body has no Content-Type",
                        "Send Content-Type: application/json and a JSON object.", "Accept",
                        "application/json, application/merge-patch+json"));
    if (const auto coding = request.field("Content-Encoding"); coding && !http::iequals(*coding, "identity"))
        return std::unexpected(
            unsupported(fmt::format("the body is coded as {}, expected it as it is", *coding),
                        "Send the JSON without Content-Encoding.", "Accept-Encoding", "identity"));
    try {
        auto object = json::parse(request.body);
        if (object.is_object())
            return object;
        return std::unexpected(
            http::problem(422, fmt::format("the body is a JSON {}, expected an object", object.type_name()),
                          "Send one row as {\"column\": value}."));
    } catch (const json::exception& error) {
        std::string_view what =
            error.what();  // "[json.exception.parse_error.101] parse error at line 1, column 5: …"
        what.remove_prefix(std::min(what.find("] ") + 2, what.size()));
        return std::unexpected(http::problem(400, fmt::format("the body is not JSON: {}", what),
                                             "Send one row as {\"column\": value}."));
    }
}

/// What the data refuses in a well-formed object is 422 (RFC 9110 section 15.5.21), not 400.
http::Response writeProblem(const Error& error) {
    return error.code == Error::InvalidArgument ? http::problem(422, error.what, error.hint)
                                                : http::problem(error);
}

std::string keyText(const data::RowSet& rows, const data::Table& table) {
    for (std::size_t i = 0; i < rows.columns.size(); ++i)
        if (rows.columns[i].name == table.key) {
            const auto value = jsonRow(rows, 0)[table.key];
            return value.is_string() ? value.get<std::string>() : value.dump();
        }
    return {};
}

void answerRow(Exchange& exchange, data::RowSet rows) {
    exchange.payload.kind = Payload::Object;
    exchange.payload.rows = std::move(rows);
    exchange.wrote = true;
}

class Create final : public Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "POST /api/<resource>"; }
    [[nodiscard]] bool writes() const override { return true; }
    void handle(Exchange& exchange) const override {
        const auto object = readObject(exchange.request);
        if (!object)
            return exchange.answer(object.error());
        const auto& table = *exchange.route.table;
        auto row = withSession(exchange, *exchange.route.dataset,
                               [&](data::Session& session) { return session.insert(table, *object); });
        if (!row)
            return exchange.answer(writeProblem(row.error()));
        exchange.response.status = 201;
        exchange.response.fields.set("Location", itemPath(table, keyText(*row, table)));
        answerRow(exchange, std::move(*row));
    }
};

class Change final : public Endpoint {
public:
    explicit Change(Update how) : m_how(how) {}
    [[nodiscard]] std::string_view name() const override {
        return m_how == Update::Replace ? "PUT /api/<resource>/<key>" : "PATCH /api/<resource>/<key>";
    }
    [[nodiscard]] bool writes() const override { return true; }
    void handle(Exchange& exchange) const override {
        const auto object = readObject(exchange.request);
        if (!object)
            return exchange.answer(object.error());
        const auto& [endpoint, dataset, table, key, toggle] = exchange.route;
        auto row = withSession(exchange, *dataset, [&](data::Session& session) {
            return session.update(*table, key, *object, m_how == Update::Replace);
        });
        if (!row)
            return exchange.answer(writeProblem(row.error()));
        if (!*row)
            return exchange.answer(noSuchRow(exchange.route));
        answerRow(exchange, std::move(**row));
    }

private:
    const Update m_how;
};

class Remove final : public Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "DELETE /api/<resource>/<key>"; }
    [[nodiscard]] bool writes() const override { return true; }
    void handle(Exchange& exchange) const override {
        const auto& [endpoint, dataset, table, key, toggle] = exchange.route;
        const auto removed = withSession(exchange, *dataset,
                                         [&](data::Session& session) { return session.remove(*table, key); });
        if (!removed)
            // Rows that others refer to: the state of the data is in the way, not the request.
            return exchange.answer(removed.error().code == Error::InvalidArgument
                                       ? http::problem(409, removed.error().what, removed.error().hint)
                                       : http::problem(removed.error()));
        if (!*removed)
            return exchange.answer(noSuchRow(exchange.route));
        exchange.response.status = 204;
        exchange.wrote = true;
    }
};

}  // namespace

std::unique_ptr<Endpoint> makeCreate() { return std::make_unique<Create>(); }
std::unique_ptr<Endpoint> makeUpdate(Update how) { return std::make_unique<Change>(how); }
std::unique_ptr<Endpoint> makeRemove() { return std::make_unique<Remove>(); }

}  // namespace hone::engine::endpoints
