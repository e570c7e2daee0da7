#include "ui/plots/interval_bars.h"

#include "ui/format/format.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace hone::ui::plots {

namespace {

constexpr int kRowHeight = 30, kScaleHeight = 22;
/// Changes a scale may end at: ± this, as the ratio upwards.
constexpr std::array kEnds{1.05, 1.1, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0, 1000.0};

bool isBounded(const IntervalRow& row) { return row.lo > 0 && std::isfinite(row.hi) && row.hi > 0; }

void drawArrow(QPainter& painter, QPointF tip, double direction) {
    painter.drawLine(tip, tip + QPointF(-5 * direction, -4));
    painter.drawLine(tip, tip + QPointF(-5 * direction, 4));
}

}  // namespace

IntervalRow intervalRow(const model::Effect& effect, bool anytime, double delta) {
    IntervalRow row{QString::fromStdString(effect.title),
                    effect.paired.ratio,
                    effect.paired.lo,
                    effect.paired.hi,
                    effect.verdict,
                    false,
                    effect.paired.exact};
    if (anytime && !effect.paired.exact) {
        row.lo = effect.anytime.lo;
        row.hi = effect.anytime.hi;
        row.verdict = isBounded(row) ? stats::judge(row.lo, row.hi, delta, effect.lowerIsBetter)
                                     : stats::Verdict::CannotTell;
    }
    return row;
}

Role verdictRole(stats::Verdict verdict) {
    using stats::Verdict;
    switch (verdict) {
        case Verdict::Better:
        case Verdict::BetterMaybeTrivial: return Role::Good;
        case Verdict::Worse:
        case Verdict::WorseMaybeTrivial: return Role::Bad;
        case Verdict::Invalid: return Role::Warn;
        case Verdict::NoDifference:
        case Verdict::CannotTell: return Role::Muted;
    }
    return Role::Muted;
}

QString intervalText(const IntervalRow& row) {
    if (row.exact)
        return QObject::tr("%1 exactly").arg(change(row.ratio));
    if (!isBounded(row))
        return QObject::tr("%1, not bounded yet").arg(change(row.ratio));
    return QStringLiteral("%1 (%2 … %3)").arg(change(row.ratio), change(row.lo), change(row.hi));
}

double intervalExtent(const std::vector<IntervalRow>& rows, double delta) {
    double needed = 3 * std::log1p(delta);
    for (const IntervalRow& row : rows) {
        double own = row.ratio > 0 ? std::abs(std::log(row.ratio)) : 0;
        if (isBounded(row))
            own = std::max({own, std::abs(std::log(row.lo)), std::abs(std::log(row.hi))});
        // A thousandfold saving of bytes must not squeeze the row the comparison is about to a dot.
        needed = std::max(needed, row.strong ? own : std::min(own, std::log(3.0)));
    }
    for (const double end : kEnds)
        if (needed <= std::log(end))
            return std::log(end);
    return std::log(kEnds.back());
}

void paintInterval(QPainter& painter, const QRectF& area, const IntervalRow& row, double extent,
                   double delta) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(area);
    const auto x = [&](double logRatio) { return area.center().x() + logRatio / extent * area.width() / 2; };
    const double y = area.center().y(), wanted = x(std::log(std::max(row.ratio, 1e-12)));
    const double left = area.left() + 2, right = area.right() - 2;
    painter.fillRect(
        QRectF(QPointF(x(std::log1p(-delta)), area.top()), QPointF(x(std::log1p(delta)), area.bottom())),
        color(Role::Band));
    painter.setPen(QPen(color(Role::Line), 1));
    painter.drawLine(QPointF(x(0), area.top()), QPointF(x(0), area.bottom()));

    const QColor ink = color(verdictRole(row.verdict));
    painter.setPen(QPen(ink, row.strong ? 2.5 : 1.5));
    if (wanted < left || wanted > right) {  // Off the scale: the number beside it says how far.
        const double end = wanted < left ? left : right, back = wanted < left ? 14 : -14;
        painter.drawLine(QPointF(end, y), QPointF(end + back, y));
        drawArrow(painter, {end, y}, wanted < left ? -1 : 1);
        painter.restore();
        return;
    }
    if (!row.exact) {
        const double from = row.lo > 0 ? x(std::log(row.lo)) : left - 1,
                     to = std::isfinite(row.hi) ? x(std::log(row.hi)) : right + 1;
        const double a = std::clamp(from, left, right), b = std::clamp(to, left, right);
        painter.drawLine(QPointF(a, y), QPointF(b, y));
        from < left ? drawArrow(painter, {left, y}, -1)
                    : painter.drawLine(QPointF(a, y - 4), QPointF(a, y + 4));
        to > right ? drawArrow(painter, {right, y}, 1)
                   : painter.drawLine(QPointF(b, y - 4), QPointF(b, y + 4));
    }
    const bool isDecided = row.verdict != stats::Verdict::CannotTell;
    painter.setPen(QPen(ink, 1.5));
    painter.setBrush(isDecided ? ink : color(Role::Surface));
    painter.drawEllipse(QPointF(wanted, y), row.strong ? 5 : 4, row.strong ? 5 : 4);
    painter.restore();
}

IntervalBars::IntervalBars(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Effects of B against A with their intervals"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void IntervalBars::setRows(std::vector<IntervalRow> rows, double delta) {
    if (rows.size() != m_rows.size())
        updateGeometry();
    m_rows = std::move(rows);
    m_delta = delta;
    m_extent = intervalExtent(m_rows, delta);
    QStringList words;
    for (const IntervalRow& row : m_rows)
        words << row.label + QStringLiteral(": ") + intervalText(row);
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    update();
}

QSize IntervalBars::sizeHint() const {
    return {560, static_cast<int>(m_rows.size()) * kRowHeight + kScaleHeight};
}

QSize IntervalBars::minimumSizeHint() const { return {420, sizeHint().height()}; }

void IntervalBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (m_rows.empty()) {
        painter.setPen(color(Role::Muted));
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, tr("No interval yet"));
        return;
    }
    const QFontMetrics metrics(font());
    int labels = 60, texts = 60;
    for (const IntervalRow& row : m_rows) {
        labels = std::max(labels, metrics.horizontalAdvance(row.label) + 16);
        texts = std::max(texts, metrics.horizontalAdvance(intervalText(row)) + 16);
    }
    const QRect bars(labels, 0, width() - labels - texts, static_cast<int>(m_rows.size()) * kRowHeight);
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const IntervalRow& row = m_rows[i];
        const int top = static_cast<int>(i) * kRowHeight;
        QFont text = font();
        text.setWeight(row.strong ? QFont::DemiBold : QFont::Normal);
        painter.setFont(text);
        painter.setPen(color(Role::Text));
        painter.drawText(QRect(0, top, labels, kRowHeight), Qt::AlignVCenter | Qt::AlignLeft, row.label);
        painter.drawText(QRect(width() - texts + 8, top, texts - 8, kRowHeight),
                         Qt::AlignVCenter | Qt::AlignLeft, intervalText(row));
        paintInterval(painter, QRectF(bars.left(), top, bars.width(), kRowHeight), row, m_extent, m_delta);
    }
    painter.setFont(ui::font(FontRole::Small));
    painter.setPen(color(Role::Muted));
    for (const double at : {-1.0, -0.5, 0.0, 0.5, 1.0}) {
        const int x = bars.center().x() + static_cast<int>(at * bars.width() / 2);
        const QRect box(x - 40, bars.bottom() + 4, 80, kScaleHeight - 4);
        const auto side = at == -1 ? Qt::AlignLeft : at == 1 ? Qt::AlignRight : Qt::AlignHCenter;
        painter.drawText(at == -1  ? box.translated(40, 0)
                         : at == 1 ? box.translated(-40, 0)
                                   : box,
                         side | Qt::AlignTop,
                         at == 0 ? QStringLiteral("0") : change(std::exp(at * m_extent)));
    }
}

}  // namespace hone::ui::plots
