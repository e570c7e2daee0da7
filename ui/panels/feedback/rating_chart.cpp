#include "ui/panels/feedback/rating_chart.h"

#include "ui/format/format.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>

namespace hone::ui::feedback {

RatingChart::RatingChart(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Stars against p95 latency"));
    setMinimumHeight(160);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void RatingChart::setPoints(const QList<Point>& points) {
    m_points = points;
    m_points.removeIf([](const Point& point) { return point.p95Us <= 0 || point.stars <= 0; });
    m_min = 1e18;
    m_max = 0;
    for (const auto& point : m_points) {
        m_min = std::min(m_min, point.p95Us);
        m_max = std::max(m_max, point.p95Us);
    }
    // At least one decade, so that equal latencies do not look far apart.
    if (m_points.isEmpty() || m_max < m_min * 10) {
        const double middle = m_points.isEmpty() ? 1000 : std::sqrt(m_min * m_max);
        m_min = middle / std::sqrt(10.0);
        m_max = middle * std::sqrt(10.0);
    }
    update();
}

QRectF RatingChart::plotArea() const { return QRectF(rect()).adjusted(52, 8, -16, -36); }

QPointF RatingChart::place(const Point& point) const {
    const auto area = plotArea();
    const double x = (std::log(point.p95Us) - std::log(m_min)) / (std::log(m_max) - std::log(m_min));
    return {area.left() + 8 + (area.width() - 16) * x,
            area.bottom() - (area.height() - 16) * (point.stars - 1) / 4.0 - 8};
}

void RatingChart::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(ui::font(FontRole::Small));
    const auto area = plotArea();
    for (int stars = 1; stars <= 5; ++stars) {
        const double y = place({m_min, stars, {}}).y();
        painter.setPen(QPen(ui::color(Role::Line), 1));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(ui::color(Role::Muted));
        painter.drawText(QRectF(0, y - 8, area.left() - 8, 16), Qt::AlignRight | Qt::AlignVCenter,
                         QString("%1 ★").arg(stars));
    }
    for (const double share : {0.0, 0.5, 1.0}) {
        const double value = m_min * std::pow(m_max / m_min, share);
        painter.drawText(
            QRectF(area.left() + 8 + (area.width() - 16) * share - 50, area.bottom() + 4, 100, 14),
            Qt::AlignCenter, micros(value));
    }
    painter.drawText(QRectF(area.left(), area.bottom() + 18, area.width(), 16), Qt::AlignCenter,
                     tr("p95 of the run that was rated"));
    QColor fill = ui::color(Role::Accent);
    fill.setAlphaF(0.7F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    for (const auto& point : m_points)
        painter.drawEllipse(place(point), 5, 5);
}

bool RatingChart::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        for (const auto& point : m_points)
            if (QLineF(place(point), help->pos()).length() < 8) {
                QToolTip::showText(help->globalPos(),
                                   tr("%1 stars at p95 %2, profile %3")
                                       .arg(point.stars)
                                       .arg(micros(point.p95Us), point.profile),
                                   this);
                return true;
            }
        QToolTip::hideText();
    }
    return QWidget::event(event);
}

}  // namespace hone::ui::feedback
