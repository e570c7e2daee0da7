#include "ui/panels/runs/run_delegate.h"

#include "ui/format/format.h"
#include "ui/models/run_list_model.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QPainter>
#include <QSortFilterProxyModel>

#include <algorithm>

namespace hone::ui::runs {

namespace {

const store::RunSummary* summaryOf(const QModelIndex& index) {
    const auto* filter = qobject_cast<const QSortFilterProxyModel*>(index.model());
    const auto* model = filter ? qobject_cast<const RunListModel*>(filter->sourceModel()) : nullptr;
    return model ? &model->run(filter->mapToSource(index).row()) : nullptr;
}

/// Paints one chip and answers its width.
int paintChip(QPainter& painter, const QRect& cell, int x, const QString& name, Role role) {
    const QFontMetrics metrics(font(FontRole::Small));
    const int room = cell.right() - x - 2;
    if (room < 24)
        return 0;
    const QString shown = metrics.elidedText(name, Qt::ElideRight, room - 12);
    const QRectF chip(x + 0.5, cell.center().y() - 8.5, metrics.horizontalAdvance(shown) + 12, 18);
    painter.setPen(QPen(color(role == Role::Muted ? Role::Line : role), 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(chip, 4, 4);
    painter.setPen(color(role == Role::Muted ? Role::Text : role));
    painter.setFont(font(FontRole::Small));
    painter.drawText(chip, Qt::AlignCenter, shown);
    return static_cast<int>(chip.width()) + 5;
}

void paintSparkline(QPainter& painter, const QRect& cell, const std::vector<double>& values) {
    if (values.size() < 2)
        return;
    const QRectF area = QRectF(cell).adjusted(8, 6, -8, -6);
    const double top = *std::ranges::max_element(values);
    if (top <= 0)
        return;
    QPolygonF line;
    for (std::size_t i = 0; i < values.size(); ++i)
        line << QPointF(
            area.left() + area.width() * static_cast<double>(i) / static_cast<double>(values.size() - 1),
            area.bottom() - area.height() * values[i] / top);
    painter.setPen(QPen(color(Role::P95), 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line);
}

}  // namespace

void RunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
    const int column = index.column();
    if (column != RunListModel::Profiles && column != RunListModel::Spark)
        return QStyledItemDelegate::paint(painter, option, index);
    QStyleOptionViewItem blank = option;
    initStyleOption(&blank, index);
    blank.text.clear();
    const QStyle* style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &blank, painter, option.widget);
    const store::RunSummary* run = summaryOf(index);
    if (!run)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (column == RunListModel::Spark) {
        paintSparkline(*painter, option.rect, run->sparkline);
    } else {
        const bool isPair = run->kind == "comparison";
        int x = option.rect.left() + 8;
        if (!run->profile.empty())
            x += paintChip(*painter, option.rect, x, text(run->profile), isPair ? Role::ArmA : Role::Muted);
        if (isPair)
            paintChip(*painter, option.rect, x, text(run->profileB), Role::ArmB);
    }
    painter->restore();
}

QSize RunDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QSize hint = QStyledItemDelegate::sizeHint(option, index);
    if (index.column() == RunListModel::Spark)
        hint.setWidth(110);
    if (index.column() == RunListModel::Profiles)
        hint.setWidth(std::min(hint.width() + 36, 190));
    return hint;
}

}  // namespace hone::ui::runs
