#include "core/toggles/shaping/projection.h"

#include <algorithm>

namespace hone::toggles::shaping {

data::RowSet project(const data::RowSet& rows, std::span<const std::string> fields) {
    std::vector<std::size_t> kept;
    data::RowSet out;
    for (const std::string& field : fields) {
        const auto it = std::ranges::find(rows.columns, field, &data::Column::name);
        if (it == rows.columns.end())
            continue;
        kept.push_back(static_cast<std::size_t>(it - rows.columns.begin()));
        out.columns.push_back(*it);
    }
    out.cells.reserve(rows.rowCount() * kept.size());
    for (std::size_t row = 0; row < rows.rowCount(); ++row)
        for (const std::size_t column : kept)
            out.cells.push_back(rows.cell(row, column));
    out.arena = rows.arena;  // offsets stay what they are
    return out;
}

void reverseRows(data::RowSet& rows) {
    const std::size_t width = rows.columns.size(), count = rows.rowCount();
    for (std::size_t row = 0; row < count / 2; ++row)
        std::swap_ranges(rows.cells.begin() + static_cast<std::ptrdiff_t>(row * width),
                         rows.cells.begin() + static_cast<std::ptrdiff_t>((row + 1) * width),
                         rows.cells.begin() + static_cast<std::ptrdiff_t>((count - 1 - row) * width));
}

void cutRows(data::RowSet& rows, std::size_t count) {
    if (count < rows.rowCount())
        rows.cells.resize(count * rows.columns.size());
}

}  // namespace hone::toggles::shaping
