#include "ui/models/effect_model.h"

#include "ui/format/format.h"
#include "ui/theme/theme.h"

namespace hone::ui {

using stats::Verdict;

QString metricText(std::string_view metric, double value) {
    if (metric == "rps")
        return rate(value);
    if (metric == "bytes")
        return bytes(value);
    if (metric == "errors")
        return percent(value);
    return micros(value);
}

QString verdictText(const model::Effect& effect) {
    const QString words = text(model::verdictWords(effect.verdict));
    switch (effect.verdict) {
        case Verdict::Better:
        case Verdict::Worse:
        case Verdict::BetterMaybeTrivial:
        case Verdict::WorseMaybeTrivial:
            return (effect.paired.ratio < 1 ? QStringLiteral("▼ ") : QStringLiteral("▲ ")) + words;
        case Verdict::NoDifference: return QStringLiteral("= ") + words;
        case Verdict::CannotTell:
        case Verdict::Invalid: return QStringLiteral("? ") + words;
    }
    return words;
}

namespace {

QColor verdictColor(Verdict verdict) {
    switch (verdict) {
        case Verdict::Better:
        case Verdict::BetterMaybeTrivial: return color(Role::Good);
        case Verdict::Worse:
        case Verdict::WorseMaybeTrivial: return color(Role::Bad);
        case Verdict::Invalid: return color(Role::Warn);
        default: return color(Role::Muted);
    }
}

/// What a curious reader wants to know: the tests behind the row.
QString details(const model::Effect& effect) {
    const stats::PairedResult& paired = effect.paired;
    if (paired.exact)
        return QObject::tr("The same difference in all %1 pairs: no test needed.").arg(paired.pairs);
    QStringList lines;
    lines << QObject::tr("Ratio B/A %1, 95 % interval %2 … %3, from %4 pairs of blocks.")
                 .arg(paired.ratio, 0, 'f', 4)
                 .arg(paired.lo, 0, 'f', 4)
                 .arg(paired.hi, 0, 'f', 4)
                 .arg(paired.pairs);
    lines << QObject::tr("Paired t: p = %1; sign flips: p = %2.")
                 .arg(paired.p, 0, 'g', 3)
                 .arg(paired.signFlipP, 0, 'g', 3);
    if (effect.headline)
        lines << QObject::tr("Holm over p50, p95, p99 and throughput: p = %1.").arg(effect.pHolm, 0, 'g', 3);
    else
        lines << QObject::tr("Not in the Holm family: read it as a hint.");
    if (effect.verdict == Verdict::CannotTell && effect.pairsNeeded > 0)
        lines << QObject::tr("About %1 pairs would tell.").arg(effect.pairsNeeded);
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

void EffectModel::setEffects(std::vector<model::Effect> effects, std::string metric, double delta) {
    beginResetModel();
    m_effects = std::move(effects);
    m_metric = std::move(metric);
    m_delta = delta;
    endResetModel();
}

int EffectModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_effects.size());
}

int EffectModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant EffectModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const model::Effect& effect = m_effects[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((column >= A && column <= Change ? Qt::AlignRight : Qt::AlignLeft) |
                                Qt::AlignVCenter);
    if (role == Qt::FontRole && effect.metric == m_metric) {
        QFont strong = font(FontRole::Body);
        strong.setWeight(QFont::DemiBold);
        return strong;
    }
    if (role == Qt::ForegroundRole && (column == Verdict || column == Change))
        return verdictColor(effect.verdict);
    if (role == Qt::ForegroundRole && (column == A || column == B))
        return color(column == A ? Role::ArmA : Role::ArmB);
    if (role == Qt::ToolTipRole)
        return details(effect);
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
        case Metric: return text(effect.title);
        case A: return metricText(effect.metric, effect.a);
        case B: return metricText(effect.metric, effect.b);
        case Change: return change(effect.paired.ratio);
        case Verdict: return verdictText(effect);
        default: return {};
    }
}

QVariant EffectModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section >= A && section <= Change ? Qt::AlignRight : Qt::AlignLeft) |
                                Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Metric"),
                             QStringLiteral("A"),
                             QStringLiteral("B"),
                             tr("Change"),
                             tr("95 % interval against the band"),
                             tr("Verdict")};
    return section >= 0 && section < ColumnCount ? names[section] : QVariant();
}

}  // namespace hone::ui
