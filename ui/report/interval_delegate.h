#pragma once

#include "ui/plots/interval_bars.h"

#include <QStyledItemDelegate>

#include <functional>
#include <vector>

namespace hone::ui::report {

/// Draws the interval column of a table: all rows on one scale, against the band.
class IntervalDelegate : public QStyledItemDelegate {
public:
    struct Rows {
        std::vector<plots::IntervalRow> rows;  ///< One per row of the table.
        double delta = 0.02;
    };
    using Read = std::function<Rows()>;

    IntervalDelegate(Read read, QObject* parent) : QStyledItemDelegate(parent), m_read(std::move(read)) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    Read m_read;
};

}  // namespace hone::ui::report
