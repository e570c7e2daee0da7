#pragma once

#include <QStyledItemDelegate>

namespace hone::ui::runs {

/// Draws what a number cannot say: the sparkline, and profiles as chips in the colours of their arms.
class RunDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace hone::ui::runs
