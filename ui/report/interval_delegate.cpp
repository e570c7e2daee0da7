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
    for (const model::Effect& effect : model->effects())
        rows.push_back(plots::intervalRow(effect, false, model->delta()));
    plots::IntervalRow row = rows.at(static_cast<std::size_t>(index.row()));
    row.strong = model->isStrong(index.row());
    plots::paintInterval(*painter, QRectF(option.rect).adjusted(8, 0, -8, -1), row,
                         plots::intervalExtent(rows, model->delta()), model->delta());
}

}  // namespace hone::ui::report
