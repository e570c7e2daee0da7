#include "ui/report/interval_delegate.h"

namespace hone::ui::report {

void IntervalDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    QStyledItemDelegate::paint(painter, option, index);
    const Rows all = m_read();
    const auto row = static_cast<std::size_t>(index.row());
    if (row < all.rows.size())
        plots::paintInterval(*painter, QRectF(option.rect).adjusted(8, 0, -8, -1), all.rows[row],
                             plots::intervalExtent(all.rows, all.delta), all.delta);
}

}  // namespace hone::ui::report
