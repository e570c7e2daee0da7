#include "ui/plots/chart_header.h"

#include "ui/plots/heat_ramp.h"

#include <algorithm>

namespace hone::ui::plots {

namespace {

constexpr int kLine = 20, kSwatch = 14, kInner = 5, kBetween = 12, kBelow = 6;

/// Room for the value at any cursor position: three digits and a unit, or more once a longer one was there.
int valueWidth(const QFontMetrics& metrics, const QString& value) {
    return std::max(metrics.horizontalAdvance(QStringLiteral("8.88 ms")), metrics.horizontalAdvance(value));
}

void drawSwatch(QCPPainter* painter, const QRect& rect, const ChartHeader::Entry& entry) {
    const QColor ink = color(entry.visible ? entry.role : Role::Line);
    const QPoint middle = rect.center();
    painter->setAntialiasing(true);
    painter->setPen(QPen(ink, 1.6, entry.dash));
    painter->setBrush(Qt::NoBrush);
    switch (entry.mark) {
        case ChartHeader::Mark::Line:
            painter->drawLine(QPoint(rect.left(), middle.y()), QPoint(rect.right(), middle.y()));
            break;
        case ChartHeader::Mark::Dot:
            painter->setBrush(ink);
            painter->drawEllipse(QPointF(middle), 3.5, 3.5);
            break;
        case ChartHeader::Mark::Diamond: {
            const QPointF c(middle);
            painter->setPen(QPen(ink, 1.6));
            painter->drawPolygon(QPolygonF{
                {c.x(), c.y() - 4.5}, {c.x() + 4.5, c.y()}, {c.x(), c.y() + 4.5}, {c.x() - 4.5, c.y()}});
            break;
        }
        case ChartHeader::Mark::Cross:
            painter->setPen(QPen(ink, 1.6));
            painter->drawLine(middle + QPoint(-3, -3), middle + QPoint(4, 4));
            painter->drawLine(middle + QPoint(-3, 4), middle + QPoint(4, -3));
            break;
        case ChartHeader::Mark::Ramp:
            for (int x = 0; x < rect.width(); ++x)
                painter->fillRect(QRect(rect.left() + x, rect.top() + 5, 1, rect.height() - 10),
                                  heatColor(static_cast<double>(x) / rect.width()));
            break;
        case ChartHeader::Mark::Fill: {
            QColor soft = ink;
            soft.setAlphaF(0.35F);
            painter->fillRect(rect.adjusted(2, 5, -2, -5), soft);
            painter->drawLine(rect.topLeft() + QPoint(2, 5), rect.topRight() + QPoint(-2, 5));
            break;
        }
    }
}

}  // namespace

std::vector<QRect> ChartHeader::place(int width) const {
    const QFontMetrics title(font(FontRole::Label)), text(font(FontRole::Small));
    const int indent = m_title.isEmpty() ? 0 : title.horizontalAdvance(m_title) + 18;
    std::vector<int> widths;
    int sum = indent - kBetween;
    for (const Entry& entry : m_entries) {
        widths.push_back(kSwatch + kInner + text.horizontalAdvance(entry.name) +
                         (entry.showsValue ? kInner + valueWidth(text, entry.value) : 0));
        sum += widths.back() + kBetween;
    }
    // All beside the title, or all below it: a lone entry in a second line reads as a mistake.
    int x = sum <= width ? indent : 0, y = sum <= width || indent == 0 ? 0 : kLine;
    std::vector<QRect> rects;
    for (const int w : widths) {
        if (x > 0 && x + w > width) {
            x = 0;
            y += kLine;
        }
        rects.emplace_back(x, y, w, kLine);
        x += w + kBetween;
    }
    return rects;
}

int ChartHeader::entryAt(const QPoint& position) const {
    const std::vector<QRect> rects = place(rect().width());
    for (std::size_t i = 0; i < rects.size(); ++i)
        if (rects[i].translated(rect().topLeft()).contains(position))
            return static_cast<int>(i);
    return -1;
}

QSize ChartHeader::minimumOuterSizeHint() const {
    // The width we will be given: asked before the layout has given it.
    const QMargins around = layout() ? layout()->margins() : QMargins();
    const std::vector<QRect> rects = place(mParentPlot->viewport().width() - around.left() - around.right());
    return {60, (rects.empty() ? kLine : rects.back().bottom() + 1) + kBelow};
}

QSize ChartHeader::maximumOuterSizeHint() const { return {QWIDGETSIZE_MAX, minimumOuterSizeHint().height()}; }

void ChartHeader::draw(QCPPainter* painter) {
    const QPoint origin = rect().topLeft();
    painter->setFont(font(FontRole::Label));
    painter->setPen(color(Role::Muted));
    painter->drawText(QRect(origin, QSize(rect().width(), kLine)), Qt::AlignLeft | Qt::AlignVCenter, m_title);
    painter->setFont(font(FontRole::Small));
    const QFontMetrics metrics(font(FontRole::Small));
    const std::vector<QRect> rects = place(rect().width());
    for (std::size_t i = 0; i < rects.size(); ++i) {
        const Entry& entry = m_entries[i];
        const QRect box = rects[i].translated(origin);
        drawSwatch(painter, QRect(box.left(), box.top(), kSwatch, box.height()), entry);
        QRect textBox = box.adjusted(kSwatch + kInner, 0, 0, 0);
        painter->setPen(color(entry.visible ? Role::Muted : Role::Line));
        painter->drawText(textBox, Qt::AlignLeft | Qt::AlignVCenter, entry.name);
        textBox.setLeft(textBox.left() + metrics.horizontalAdvance(entry.name) + kInner);
        painter->setPen(color(Role::Text));
        if (entry.showsValue && entry.visible)
            painter->drawText(textBox, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, entry.value);
    }
}

}  // namespace hone::ui::plots
