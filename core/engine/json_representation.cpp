#include "core/engine/json_representation.h"

#include <nlohmann/json.hpp>

namespace hone::engine {
namespace {

nlohmann::json jsonCell(const data::RowSet& rows, const data::Cell& cell) {
    switch (cell.kind) {
        case data::Cell::Null: return nullptr;
        case data::Cell::Integer: return cell.integer;
        case data::Cell::Real: return cell.real;
        case data::Cell::Boolean: return cell.integer != 0;
        case data::Cell::Text: return std::string(rows.text(cell));
    }
    return nullptr;
}

}  // namespace

void representAsJson(Exchange& exchange) {
    auto& body = exchange.response.body;
    const auto& payload = exchange.payload;
    switch (payload.kind) {
        case Payload::None: return;
        case Payload::List: data::writeJsonArray(payload.rows, data::JsonStyle::Pretty, body); break;
        case Payload::Object: data::writeJsonObject(payload.rows, 0, data::JsonStyle::Pretty, body); break;
        case Payload::Document: body = payload.document->dump(2); break;
    }
    exchange.response.fields.set("Content-Type", "application/json");
}

nlohmann::json jsonRow(const data::RowSet& rows, std::size_t row) {
    auto object = nlohmann::json::object();
    for (std::size_t i = 0; i < rows.columns.size(); ++i)
        object[rows.columns[i].name] = jsonCell(rows, rows.cell(row, i));
    return object;
}

}  // namespace hone::engine
