#pragma once

#include <QStyledItemDelegate>

namespace hone::ui::report {

/// Draws the interval column of an EffectModel: all rows on one scale, against the band.
class IntervalDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

}  // namespace hone::ui::report
