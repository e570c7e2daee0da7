#include "ui/panels/composer/timing_view.h"

#include "ui/format/format.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace hone::ui::composer {
namespace {

constexpr int kLabelWidth = 150, kValueWidth = 100;

}  // namespace

TimingView::TimingView(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Timing of the exchange"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void TimingView::show(const compose::Outcome& outcome) {
    m_bars.clear();
    m_totalMs = outcome.totalMs;
    QStringList spoken;
    for (const auto& phase : outcome.phases) {
        m_bars.append({phase.name, {}, phase.startMs, phase.ms, false});
        if (phase.name != "wait")
            continue;
        // The server's clock says how long, not when: its entries are laid end to end from the start of the
        // wait.
        double at = phase.startMs;
        for (const auto& entry : outcome.serverTiming) {
            if (entry.name == "total")
                continue;
            m_bars.append({entry.name, entry.description, at, entry.ms, true});
            at += entry.ms;
        }
    }
    for (const auto& bar : m_bars)
        spoken << QString("%1 %2").arg(bar.label, micros(bar.ms * 1000));
    setAccessibleDescription(spoken.join(", "));
    updateGeometry();
    update();
}

QSize TimingView::sizeHint() const {
    return {480, space::kPadding * 2 + static_cast<int>(m_bars.size()) * space::kRow};
}

void TimingView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_bars.isEmpty() || m_totalMs <= 0) {
        painter.setPen(ui::color(Role::Muted));
        painter.drawText(rect(), Qt::AlignCenter, tr("Send a request to see where its time goes."));
        return;
    }
    const double left = space::kPadding + kLabelWidth,
                 width = this->width() - left - kValueWidth - space::kPadding;
    int y = space::kPadding;
    for (const auto& bar : m_bars) {
        const QRect row(space::kPadding, y, this->width() - 2 * space::kPadding, space::kRow);
        painter.setFont(ui::font(FontRole::Body));
        painter.setPen(ui::color(bar.server ? Role::Muted : Role::Text));
        const QString label = bar.note.isEmpty() ? bar.label : bar.label + " · " + bar.note;
        painter.drawText(
            row.adjusted(bar.server ? 16 : 0, 0, -row.width() + kLabelWidth - 8, 0), Qt::AlignVCenter,
            painter.fontMetrics().elidedText(label, Qt::ElideRight, kLabelWidth - (bar.server ? 24 : 8)));
        const QRectF shape(left + width * bar.startMs / m_totalMs, y + (bar.server ? 9 : 6),
                           std::max(2.0, width * bar.ms / m_totalMs), bar.server ? 8 : 14);
        painter.setPen(Qt::NoPen);
        painter.setBrush(ui::color(bar.server            ? Role::ArmB
                                   : bar.label == "wait" ? Role::Accent
                                                         : Role::Series3));
        painter.drawRoundedRect(shape, 2, 2);
        painter.setPen(ui::color(bar.server ? Role::Muted : Role::Text));
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, micros(bar.ms * 1000));
        y += space::kRow;
    }
}

}  // namespace hone::ui::composer
