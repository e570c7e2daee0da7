#include "ui/report/tables.h"

#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QScrollArea>
#include <QTableView>

namespace hone::ui::report {

void styleTable(QTableView& table, int stretchColumn) {
    table.setShowGrid(false);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setTabKeyNavigation(false);
    table.setWordWrap(false);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(space::kRow);
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setMinimumSectionSize(48);
    table.horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table.horizontalHeader()->setSectionResizeMode(stretchColumn, QHeaderView::Stretch);
}

QScrollArea* scrolled(QWidget* content) {
    auto* area = new QScrollArea;
    content->setObjectName(QStringLiteral("scrolled"));
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    return area;
}

}  // namespace hone::ui::report
