#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone::model {

/// Values for the variables of a workload: named columns of texts, all of the same length. A value.
struct ValueTable {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> values;  ///< By column.

    [[nodiscard]] std::size_t rows() const { return values.empty() ? 0 : values.front().size(); }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const;
};

/// Reads CSV (RFC 4180, first line names the columns; comma, semicolon or tab) or JSON (a list of objects,
/// whose members are the columns; null and absent are empty). Errors name the file and the line or entry.
[[nodiscard]] Result<ValueTable> readValueTable(const std::filesystem::path& file);

}  // namespace hone::model
