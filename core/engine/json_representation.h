#pragma once

#include "core/engine/exchange.h"

namespace hone::engine {

/// The default representation: the payload as pretty JSON into response.body, with its Content-Type.
void representAsJson(Exchange& exchange);

/// Row `row` as a JSON object, for documents that are built from rows.
[[nodiscard]] nlohmann::json jsonRow(const data::RowSet& rows, std::size_t row);

}  // namespace hone::engine
