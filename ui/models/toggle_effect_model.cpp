#include "ui/models/toggle_effect_model.h"

#include "ui/format/format.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <cmath>

namespace hone::ui {

void ToggleEffectModel::setMetric(model::AttributionMetric metric, double delta) {
    beginResetModel();
    m_metric = std::move(metric);
    m_delta = delta;
    endResetModel();
}

int ToggleEffectModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_metric.effects.size());
}

int ToggleEffectModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString ToggleEffectModel::verdict(const model::FactorEffect& effect) const {
    if (effect.isMain()) {
        const QString words = text(model::verdictWords(effect.verdict));
        const bool decided =
            effect.verdict != stats::Verdict::CannotTell && effect.verdict != stats::Verdict::NoDifference;
        return decided ? (effect.ratio < 1 ? QStringLiteral("▼ ") : QStringLiteral("▲ ")) + words : words;
    }
    if (!model::stands(effect, m_delta))
        return tr("not told from chance");
    const bool better = (effect.ratio < 1) == m_metric.lowerIsBetter;
    return better ? tr("help each other") : tr("overlap");
}

QVariant ToggleEffectModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const model::FactorEffect& effect = m_metric.effects[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const double ratio = effect.isMain() ? effect.ratio : effect.togetherRatio();
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((column == Change || column == Share ? Qt::AlignRight : Qt::AlignLeft) |
                                Qt::AlignVCenter);
    if (role == Qt::ForegroundRole) {
        if (!effect.isMain() && column == What)
            return color(Role::Muted);
        if (column != Change && column != Verdict)
            return {};
        if (!model::stands(effect, m_delta))
            return color(Role::Muted);
        return color((ratio < 1) == m_metric.lowerIsBetter ? Role::Good : Role::Bad);
    }
    if (role == Qt::ToolTipRole) {
        QStringList lines;
        if (!effect.isMain())
            lines << text(model::describeInteraction(m_metric, effect));
        lines << tr("p = %1, after Holm %2; %3 of the variation between runs")
                     .arg(effect.p, 0, 'g', 3)
                     .arg(effect.pHolm, 0, 'g', 3)
                     .arg(percent(effect.variation));
        for (const std::string& alias : effect.aliases)
            lines << tr("This design cannot tell it from %1").arg(text(alias));
        return lines.join(QLatin1Char('\n'));
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
        case What: return text(effect.name());
        case Change: return change(ratio);
        case Share: {
            const auto share = std::ranges::find(m_metric.shares, effect.name(), &model::ToggleShare::toggle);
            return effect.isMain() && share != m_metric.shares.end() ? percent(share->part) : QString();
        }
        case Verdict: return verdict(effect);
        default: return {};
    }
}

QVariant ToggleEffectModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Change || section == Share ? Qt::AlignRight : Qt::AlignLeft) |
                                Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Toggle"), tr("Change"), tr("95 % interval"), tr("Share of the gain"),
                             tr("Verdict")};
    return section >= 0 && section < ColumnCount ? names[section] : QVariant();
}

}  // namespace hone::ui
