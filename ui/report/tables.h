#pragma once

class QScrollArea;
class QTableView;
class QWidget;

namespace hone::ui::report {

/// The look all result tables share: no grid, rows of 26, one column that takes the room, whole rows
/// selected.
void styleTable(QTableView& table, int stretchColumn);

/// `content` as wide as there is room, scrolled when it is higher than that. Owns it.
QScrollArea* scrolled(QWidget* content);

}  // namespace hone::ui::report
