#pragma once

class QTableView;

namespace hone::ui::report {

/// The look all result tables share: no grid, rows of 26, one column that takes the room, whole rows
/// selected.
void styleTable(QTableView& table, int stretchColumn);

}  // namespace hone::ui::report
