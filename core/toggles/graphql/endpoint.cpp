#include "core/toggles/graphql/endpoint.h"

#include "core/http/semantics.h"

#include <fmt/format.h>

#include <iterator>

namespace hone::toggles::graphql {

using engine::Exchange;

GraphqlEndpoint::GraphqlEndpoint(Api api, EndpointOptions options, std::size_t documents, data::Dataset* only)
    : m_api(std::move(api)), m_options(options), m_only(only), m_documents(m_api.schema, documents, {}) {}

void GraphqlEndpoint::handle(Exchange& exchange) const {
    const auto media = mediaFor(exchange.request);
    if (!media)
        return exchange.answer(http::problem(
            406, fmt::format("/graphql answers {} or {}", kGraphqlJson, kJson), "Accept one of them."));
    auto asked = readRequest(exchange.request);
    if (!asked)
        return refuse(exchange, *media, asked.error().status, {std::move(asked.error().problem)},
                      asked.error().allow);
    run(exchange, std::move(*asked), *media);
}

bool GraphqlEndpoint::persist(Exchange& exchange, Asked& asked, std::string_view media) const {
    if (asked.hash.empty())
        return true;
    if (m_options.persisted == Persisted::Off) {
        refuse(exchange, media, requestErrorStatus(media),
               {{.message = "PersistedQueryNotSupported",
                 .code = "PERSISTED_QUERY_NOT_SUPPORTED",
                 .hint = "Send the query itself, or set graphql.persisted to automatic."}});
        return false;
    }
    if (!asked.query.empty()) {
        if (sha256Hex(asked.query) == asked.hash)
            return true;
        refuse(exchange, media, 400,
               {{.message = "provided sha does not match query", .code = "BAD_REQUEST"}});
        return false;
    }
    auto known = m_documents.persisted(asked.hash);
    if (!known) {
        refuse(exchange, media, requestErrorStatus(media),
               {{.message = "PersistedQueryNotFound",
                 .code = "PERSISTED_QUERY_NOT_FOUND",
                 .hint = "Send it once with its text."}});
        return false;
    }
    m_totals.persistedHits.fetch_add(1, std::memory_order_relaxed);
    asked.query = std::move(*known);
    return true;
}

void GraphqlEndpoint::run(Exchange& exchange, Asked asked, std::string_view media) const {
    const bool registers = !asked.hash.empty() && !asked.query.empty();
    if (!persist(exchange, asked, media))
        return;
    auto document = m_documents.get(asked.query);
    if (!document)
        return refuse(exchange, media, requestErrorStatus(media), std::move(document.error()));
    if (registers)
        m_documents.persist(asked.hash, asked.query);
    const auto operation = operationNamed(**document, asked.operationName);
    if (!operation)
        return refuse(exchange, media, requestErrorStatus(media), {operation.error()});
    if (asked.isGet && (*operation)->kind != Operation::Query)
        return refuse(exchange, media, 405,
                      {{.message = "A GET request may only execute queries.",
                        .code = "BAD_REQUEST",
                        .hint = "Send mutations by POST."}},
                      "POST");
    const auto result = execute(m_api, **document, **operation, asked.variables,
                                {.limits = m_options.limits,
                                 .batching = m_options.batching,
                                 .access = exchange.access,
                                 .writes = &m_writes});
    exchange.cacheable = asked.isGet && result.problems.empty() && exchange.route.dataset;
    exchange.wrote = result.wrote;
    respond(exchange, media, result);
}

void GraphqlEndpoint::respond(Exchange& exchange, std::string_view media,
                              const ExecutionResult& result) const {
    if (result.data.empty())
        return refuse(exchange, media, requestErrorStatus(media), result.problems);
    const auto& sql = result.work.sql;
    exchange.sql.statements += sql.statements;
    exchange.sql.rowsRead += sql.rowsRead;
    exchange.note("connect", result.work.connect);
    exchange.note("sql", result.work.time, fmt::format("{} statements", sql.statements));
    m_totals.operations.fetch_add(1, std::memory_order_relaxed);
    m_totals.statements.fetch_add(static_cast<std::uint64_t>(sql.statements), std::memory_order_relaxed);
    m_totals.rows.fetch_add(static_cast<std::uint64_t>(sql.rowsRead), std::memory_order_relaxed);
    m_totals.errors.fetch_add(result.problems.size(), std::memory_order_relaxed);
    auto& response = exchange.response;
    std::string& body = response.body;
    body = "{";
    if (!result.problems.empty()) {
        body += "\"errors\":";
        writeProblems(result.problems, body);
        body += ',';
    }
    body.append("\"data\":").append(result.data);
    fmt::format_to(std::back_inserter(body),
                   R"(,"extensions":{{"sql":{{"statements":{},"rows":{}}},"cost":{:.0f},"depth":{}}}}})",
                   sql.statements, sql.rowsRead, result.weight.cost, result.weight.depth);
    response.status = 200;
    response.fields.set("Content-Type", std::string(media) + "; charset=utf-8");
    response.fields.set("Vary", "Accept");
}

void GraphqlEndpoint::refuse(Exchange& exchange, std::string_view media, int status,
                             std::vector<Problem> problems, std::string_view allow) const {
    m_totals.refused.fetch_add(1, std::memory_order_relaxed);
    http::Response response;
    response.status = status;
    response.body = "{\"errors\":";
    writeProblems(problems, response.body);
    response.body += '}';
    response.fields.set("Content-Type", std::string(media) + "; charset=utf-8");
    response.fields.set("Vary", "Accept");
    response.fields.set("Cache-Control", "no-store");
    if (!allow.empty())
        response.fields.set("Allow", allow);
    exchange.cacheable = false;
    exchange.answer(std::move(response));
}

}  // namespace hone::toggles::graphql
