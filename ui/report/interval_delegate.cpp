#include "ui/report/interval_delegate.h"

#include "ui/models/effect_model.h"
#include "ui/plots/interval_bars.h"

namespace hone::ui::report {

void IntervalDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    QStyledItemDelegate::paint(painter, option, index);
    const auto* model = qobject_cast<const EffectModel*>(index.model());
    if (!model)
        return;
    std::vector<plots::IntervalRow> rows;
    for (int i = 0; i < model->rowCount(); ++i) {
        rows.push_back(plots::intervalRow(model->effect(i), false, model->delta()));
        rows.back().strong = model->isStrong(i);
    }
    plots::paintInterval(*painter, QRectF(option.rect).adjusted(8, 0, -8, -1),
                         rows.at(static_cast<std::size_t>(index.row())),
                         plots::intervalExtent(rows, model->delta()), model->delta());
}

}  // namespace hone::ui::report
