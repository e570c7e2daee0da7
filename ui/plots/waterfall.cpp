#include "ui/plots/waterfall.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace hone::ui::plots {

namespace {

constexpr int kRowHeight = 28, kBarHeight = 16;

}  // namespace

Waterfall::Waterfall(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("What each toggle contributes"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Waterfall::setSteps(const QString& from, double fromValue, const QString& fromText,
                         std::vector<WaterfallStep> steps, const QString& to, const QString& toText,
                         bool lowerIsBetter) {
    m_rows.clear();
    m_lowerIsBetter = lowerIsBetter;
    m_rows.push_back({from, fromText, {}, 0, fromValue, true});
    double value = fromValue;
    for (WaterfallStep& step : steps) {
        m_rows.push_back({std::move(step.label), std::move(step.text), std::move(step.toolTip), value,
                          value + step.amount, false});
        value += step.amount;
    }
    m_rows.push_back({to, toText, {}, 0, value, true});
    QStringList words;
    for (const Row& row : m_rows)
        words << row.label + QStringLiteral(": ") + row.text;
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

void Waterfall::clear(const QString& words) {
    m_rows.clear();
    m_placeholder = words;
    updateGeometry();
    update();
}

QSize Waterfall::sizeHint() const {
    return {480, std::max(3, static_cast<int>(m_rows.size())) * kRowHeight + 4};
}

QSize Waterfall::minimumSizeHint() const { return {320, sizeHint().height()}; }

void Waterfall::paintBar(QPainter& painter, const QRectF& area, const Row& row, double low,
                         double high) const {
    const double width = std::max(1e-12, high - low);
    const auto x = [&](double value) { return area.left() + (value - low) / width * area.width(); };
    const double left = std::min(x(row.from), x(row.to)), right = std::max(x(row.from), x(row.to));
    const QRectF bar(left, area.center().y() - kBarHeight / 2.0, std::max(2.0, right - left), kBarHeight);
    const bool better = (row.to < row.from) == m_lowerIsBetter;
    const Role role = row.isTotal          ? Role::P95
                      : row.to == row.from ? Role::Muted
                      : better             ? Role::Good
                                           : Role::Bad;
    painter.setPen(Qt::NoPen);
    painter.setBrush(color(role));
    painter.drawRoundedRect(bar, 2, 2);
    painter.setPen(QPen(color(Role::Line), 1, Qt::DashLine));
    painter.drawLine(QPointF(x(row.to), bar.bottom()),
                     QPointF(x(row.to), area.bottom() + kRowHeight / 2.0 - 8));
}

void Waterfall::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_rows.empty()) {
        painter.setPen(color(Role::Muted));
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, m_placeholder);
        return;
    }
    const QFontMetrics metrics(font());
    int labels = 60, texts = 60;
    double low = 0, high = 0;
    for (const Row& row : m_rows) {
        labels = std::max(labels, metrics.horizontalAdvance(row.label) + 16);
        texts = std::max(texts, metrics.horizontalAdvance(row.text) + 16);
        low = std::min({low, row.from, row.to});
        high = std::max({high, row.from, row.to});
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row& row = m_rows[i];
        const int top = static_cast<int>(i) * kRowHeight;
        QFont words = font();
        words.setWeight(row.isTotal ? QFont::DemiBold : QFont::Normal);
        painter.setFont(words);
        painter.setPen(color(Role::Text));
        painter.drawText(QRect(0, top, labels, kRowHeight), Qt::AlignVCenter | Qt::AlignLeft, row.label);
        painter.drawText(QRect(width() - texts + 8, top, texts - 8, kRowHeight),
                         Qt::AlignVCenter | Qt::AlignLeft, row.text);
        paintBar(painter, QRectF(labels, top, width() - labels - texts, kRowHeight), row, low, high);
    }
}

bool Waterfall::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto row = static_cast<std::size_t>(std::max(0, help->pos().y()) / kRowHeight);
    QToolTip::showText(help->globalPos(), row < m_rows.size() ? m_rows[row].toolTip : QString(), this);
    return true;
}

}  // namespace hone::ui::plots
