#include "ui/plots/interaction_matrix.h"

#include "ui/format/format.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace hone::ui::plots {

namespace {

constexpr int kCellHeight = 28, kHeadHeight = 22;
constexpr double kFullColour = 1.0;  ///< |ln ratio| at which the colour is at its strongest: e-fold.

}  // namespace

InteractionMatrix::InteractionMatrix(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Which toggles help or hinder each other"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void InteractionMatrix::setCells(QStringList names, std::vector<InteractionCell> cells, bool lowerIsBetter) {
    m_names = std::move(names);
    m_cells = std::move(cells);
    m_lowerIsBetter = lowerIsBetter;
    QStringList words;
    for (const InteractionCell& cell : m_cells)
        if (cell.known && cell.stands)
            words << cell.toolTip;
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

QSize InteractionMatrix::sizeHint() const {
    return {360, kHeadHeight + std::max(2, static_cast<int>(m_names.size())) * kCellHeight + 4};
}

QSize InteractionMatrix::minimumSizeHint() const { return {220, sizeHint().height()}; }

int InteractionMatrix::labelWidth() const {
    int width = 60;
    for (const QString& name : m_names)
        width = std::max(width, fontMetrics().horizontalAdvance(name) + 12);
    return width;
}

QRectF InteractionMatrix::cellRect(std::size_t row, std::size_t column) const {
    const double each = (width() - labelWidth()) / std::max(1.0, double(m_names.size()));
    return QRectF(labelWidth() + double(column) * each, kHeadHeight + double(row) * kCellHeight, each,
                  kCellHeight)
        .adjusted(1, 1, -1, -1);
}

void InteractionMatrix::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto count = static_cast<std::size_t>(m_names.size());
    for (std::size_t row = 0; row < count; ++row) {
        painter.setFont(font());
        painter.setPen(color(Role::Text));
        painter.drawText(QRectF(0, kHeadHeight + double(row) * kCellHeight, labelWidth(), kCellHeight),
                         Qt::AlignVCenter | Qt::AlignLeft, m_names[int(row)]);
        QRectF head = cellRect(0, row);
        head.moveTop(0);
        head.setHeight(kHeadHeight);
        painter.setPen(color(Role::Muted));
        painter.drawText(head, Qt::AlignCenter,
                         fontMetrics().elidedText(m_names[int(row)], Qt::ElideRight, int(head.width())));
        for (std::size_t column = row; column < count; ++column) {
            const InteractionCell& cell = m_cells[row * count + column];
            const QRectF box = cellRect(row, column);
            const double size = cell.known ? std::abs(std::log(std::max(cell.ratio, 1e-9))) : 0;
            QColor fill = color(Role::Band);
            if (cell.known && cell.stands) {
                fill = color((cell.ratio < 1) == m_lowerIsBetter ? Role::Good : Role::Bad);
                fill.setAlphaF(float(0.15 + 0.45 * std::min(1.0, size / kFullColour)));
            }
            painter.setPen(row == column ? QPen(color(Role::Line), 1) : QPen(Qt::NoPen));
            painter.setBrush(fill);
            painter.drawRoundedRect(box, 3, 3);
            painter.setPen(color(cell.known && cell.stands ? Role::Text : Role::Muted));
            painter.drawText(box, Qt::AlignCenter, cell.known ? change(cell.ratio) : QStringLiteral("–"));
        }
    }
}

bool InteractionMatrix::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto count = static_cast<std::size_t>(m_names.size());
    for (std::size_t row = 0; row < count; ++row)
        for (std::size_t column = row; column < count; ++column)
            if (cellRect(row, column).contains(help->pos())) {
                QToolTip::showText(help->globalPos(), m_cells[row * count + column].toolTip, this);
                return true;
            }
    QToolTip::hideText();
    return true;
}

}  // namespace hone::ui::plots
