#include "ui/widgets/sparkline.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace hone::ui {

Sparkline::Sparkline(int capacity, double maximum, Role role, QWidget* parent)
    : QWidget(parent), m_capacity(std::max(2, capacity)), m_maximum(maximum), m_role(role) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Sparkline::append(double value) {
    m_values.push_back(value);
    if (static_cast<int>(m_values.size()) > m_capacity)
        m_values.erase(m_values.begin());
    update();
}

void Sparkline::setValues(const std::vector<double>& values) {
    const auto skip = std::max<std::ptrdiff_t>(0, std::ssize(values) - m_capacity);
    m_values.assign(values.begin() + skip, values.end());
    update();
}

void Sparkline::clear() {
    m_values.clear();
    update();
}

QSize Sparkline::sizeHint() const { return {96, 20}; }

void Sparkline::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRectF area = QRectF(rect()).adjusted(1, 2, -1, -2);
    painter.setPen(color(Role::Line));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    if (m_values.size() < 2)
        return;
    const double highest = m_maximum > 0 ? m_maximum : std::max(1e-9, *std::ranges::max_element(m_values));
    const double step = area.width() / (m_capacity - 1);
    double x = area.right() - step * static_cast<double>(m_values.size() - 1);
    QPolygonF line;
    for (const double value : m_values) {
        line << QPointF(x, area.bottom() - std::clamp(value / highest, 0.0, 1.0) * area.height());
        x += step;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    QColor fill = color(m_role);
    fill.setAlphaF(0.14F);
    QPainterPath under;
    under.addPolygon(line);
    under.lineTo(line.last().x(), area.bottom());
    under.lineTo(line.first().x(), area.bottom());
    painter.fillPath(under, fill);
    painter.setPen(QPen(color(m_role), 1.25));
    painter.drawPolyline(line);
}

}  // namespace hone::ui
