#pragma once

#include "core/data/schema.h"

#include <string>
#include <vector>

namespace hone::toggles::encoding {

/// Names as Protocol Buffers and Avro allow them: ASCII letters, digits and underscores, no digit first.
/// Pure; thread: any.

/// "order_items" → "OrderItems".
[[nodiscard]] std::string messageName(std::string_view table);
/// One a column, all different, also for protobuf, which ignores case and underscores when it compares. The
/// column's own name where that will do, else "column3".
[[nodiscard]] std::vector<std::string> fieldNames(const std::vector<data::Column>& columns);

[[nodiscard]] std::string protoText(const data::Table& table);
/// A record of these columns, which may be fewer than the table's.
[[nodiscard]] std::string avroText(std::string_view table, const std::vector<data::Column>& columns);

}  // namespace hone::toggles::encoding
