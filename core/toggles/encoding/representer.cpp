#include "core/toggles/encoding/representer.h"

#include "core/data/packed_rows.h"
#include "core/http/semantics.h"
#include "core/toggles/encoding/eligibility.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hone::toggles::encoding {
namespace {

using engine::Exchange;
using engine::Payload;
using nlohmann::json;

bool isRows(const Payload& payload) {
    return payload.kind == Payload::List || payload.kind == Payload::Object;
}

/// Text from outside need not be UTF-8; a replacement character is better than no answer.
std::string minified(const json& document) {
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

void append(const std::vector<std::uint8_t>& bytes, std::string& out) {
    out.append(bytes.begin(), bytes.end());
}

}  // namespace

bool Representer::represent(Exchange& exchange) {
    const auto& payload = exchange.payload;
    if (payload.kind == Payload::None || (payload.kind == Payload::Document && !payload.document))
        return false;
    if (!m_choice.varies())
        return writeJson(exchange);
    const auto accept = fieldOf(exchange.request, "Accept", m_joined);
    auto choice = m_choice.choose(accept, isRows(payload));
    const TableSchema* schema = nullptr;
    if (choice.format && isSchemaFormat(*choice.format)) {
        schema = schemaOf(exchange);
        if (!schema)
            choice = m_choice.choose(accept, false);
    }
    if (!choice.format && !http::isSafe(exchange.request.method))
        choice = {.format = Format::Json, .mediaType = "application/json"};
    if (!choice.format) {
        refuse(exchange, isRows(payload) && schemaOf(exchange));
        return true;
    }
    addToVary(exchange.response.fields, "Accept");
    if (*choice.format == Format::Json)
        return writeJson(exchange);
    exchange.response.fields.set("Content-Type", choice.mediaType);
    writeBinary(exchange, *choice.format, schema);
    m_state.count(Count::Binary);
    exchange.note("encoding", Nanos(0), std::string(choice.mediaType.substr(choice.mediaType.find('/') + 1)));
    return true;
}

/// What the rows can be written by; none for rows that are no table's.
const TableSchema* Representer::schemaOf(const Exchange& exchange) const {
    const auto* schema = exchange.route.table ? m_state.schemas.of(*exchange.route.table) : nullptr;
    return schema && schema->fits(exchange.payload.rows) ? schema : nullptr;
}

bool Representer::writeJson(Exchange& exchange) const {
    if (!m_state.settings.isMinified)
        return false;
    const auto& payload = exchange.payload;
    auto& body = exchange.response.body;
    switch (payload.kind) {
        case Payload::None: return false;
        case Payload::List: writeJsonArray(payload.rows, data::JsonStyle::Minified, body); break;
        case Payload::Object: writeJsonObject(payload.rows, 0, data::JsonStyle::Minified, body); break;
        case Payload::Document: body = minified(*payload.document); break;
    }
    exchange.response.fields.set("Content-Type", "application/json");
    return true;
}

void Representer::writeBinary(Exchange& exchange, Format format, const TableSchema* schema) const {
    const auto& [kind, rows, document] = exchange.payload;
    auto& response = exchange.response;
    const bool isList = kind == Payload::List;
    switch (format) {
        case Format::Json: return;
        case Format::Msgpack:
            if (kind == Payload::Document)
                return append(json::to_msgpack(*document), response.body);
            return isList ? writeMsgpackArray(rows, response.body)
                          : writeMsgpackObject(rows, 0, response.body);
        case Format::Cbor:
            if (kind == Payload::Document)
                return append(json::to_cbor(*document), response.body);
            return isList ? writeCborArray(rows, response.body) : writeCborObject(rows, 0, response.body);
        case Format::Protobuf:
            schema->writeProtobuf(rows, response.body);
            response.fields.set("Content-Type",
                                fmt::format("{}; proto={}", *response.fields.get("Content-Type"),
                                            schema->messageType(isList)));
            break;
        case Format::Avro: schema->writeAvro(rows, isList, response.body); break;
    }
    response.fields.add("Link",
                        fmt::format("<{}>; rel=\"describedby\"",
                                    SchemaEndpoints::pathOf(*exchange.route.table,
                                                            format == Format::Avro ? "avsc" : "proto")));
}

void Representer::refuse(Exchange& exchange, bool withSchema) const {
    m_state.count(Count::NotAcceptable);
    auto response = http::problem(
        406, fmt::format("None of the media types in Accept is available for {}", exchange.request.path),
        fmt::format("Available: {}.", m_choice.available(withSchema)));
    addToVary(response.fields, "Accept");
    exchange.answer(std::move(response));
}

}  // namespace hone::toggles::encoding
