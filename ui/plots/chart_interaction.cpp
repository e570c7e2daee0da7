// What the user does to a chart: cursor, zoom, keys, menu.

#include "ui/plots/chart_base.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace hone::ui::plots {

namespace {

/// Whether turning the wheel should scroll a surrounding page rather than zoom.
bool isInsideScrollingArea(const QWidget* widget) {
    for (const QWidget* at = widget->parentWidget(); at; at = at->parentWidget())
        if (const auto* area = qobject_cast<const QScrollArea*>(at))
            return area->verticalScrollBar()->maximum() > 0;
    return false;
}

}  // namespace

void ChartBase::setCursorAt(std::optional<double> x) {
    if (!x && !m_cursorX)
        return;
    m_cursorX = x;
    m_cursorLine->setVisible(x.has_value());
    m_cursorFoot->setVisible(x.has_value());
    if (x) {
        m_cursorLine->start->setCoords(*x, 0);
        m_cursorLine->end->setCoords(*x, 1);
        m_cursorFoot->position->setCoords(*x, 1);
        m_cursorFoot->setText(cursorText(*x));
    }
    updateHeader();
    layer(QStringLiteral("cursor"))->replot();
}

void ChartBase::stepCursor(int by) {
    const auto first = std::find_if(m_series.begin(), m_series.end(),
                                    [](const Series& s) { return s.graph->dataCount() > 0; });
    if (first == m_series.end())
        return;
    const QCPGraphDataContainer& points = *first->graph->data();
    int index = by > 0 ? 0 : points.size() - 1;
    if (m_cursorX) {
        index = static_cast<int>(points.findBegin(*m_cursorX, false) - points.constBegin());
        const bool isOn = index < points.size() &&
                          std::abs(points.at(index)->key - *m_cursorX) < 1e-9 * std::abs(*m_cursorX);
        index += by > 0 && !isOn ? 0 : by;
    }
    setCursorAt(points.at(std::clamp(index, 0, points.size() - 1))->key);
}

void ChartBase::mousePressEvent(QMouseEvent* event) {
    const int entry = event->button() == Qt::LeftButton ? m_header->entryAt(event->pos()) : -1;
    if (entry >= 0 && m_series.size() > 1 && entry < static_cast<int>(m_series.size())) {
        QCPGraph* graph = m_series[static_cast<std::size_t>(entry)].graph;
        graph->setVisible(!graph->visible());
        dataChanged();
        return;
    }
    QCustomPlot::mousePressEvent(event);
}

void ChartBase::mouseMoveEvent(QMouseEvent* event) {
    QCustomPlot::mouseMoveEvent(event);
    const bool inside = axisRect()->rect().contains(event->pos()) && hasData();
    setCursorAt(inside ? std::optional(xAxis->pixelToCoord(event->pos().x())) : std::nullopt);
}

void ChartBase::mouseDoubleClickEvent(QMouseEvent*) { resetZoom(); }

void ChartBase::wheelEvent(QWheelEvent* event) {
    if (!hasFocus() && !event->modifiers().testFlag(Qt::ControlModifier) && isInsideScrollingArea(this)) {
        event->ignore();
        return;
    }
    axisRect()->setRangeZoom(event->modifiers().testFlag(Qt::ShiftModifier) ? Qt::Vertical : Qt::Horizontal);
    QCustomPlot::wheelEvent(event);
    event->accept();
}

void ChartBase::leaveEvent(QEvent* event) {
    setCursorAt({});
    QCustomPlot::leaveEvent(event);
}

void ChartBase::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        return copyPicture();
    switch (event->key()) {
        case Qt::Key_Left: return stepCursor(-1);
        case Qt::Key_Right: return stepCursor(1);
        case Qt::Key_Home: return resetZoom();
        case Qt::Key_L:
            if (event->modifiers() == Qt::NoModifier)
                return setLogarithmic(!m_logarithmic);
            break;
        case Qt::Key_Plus:
        case Qt::Key_Minus:
            xAxis->scaleRange(event->key() == Qt::Key_Plus ? 0.8 : 1.25,
                              m_cursorX.value_or(xAxis->range().center()));
            return repaintSoon();
        case Qt::Key_Escape:
            if (m_cursorX)
                return setCursorAt({});
            break;
        default: break;
    }
    QCustomPlot::keyPressEvent(event);
}

void ChartBase::resizeEvent(QResizeEvent* event) {
    if (size().isEmpty())
        return QWidget::resizeEvent(event);
    xAxis->ticker()->setTickCount(std::clamp(width() / 90, 2, 10));
    yAxis->ticker()->setTickCount(std::clamp(height() / 45, 2, 7));
    QCustomPlot::resizeEvent(event);
}

void ChartBase::focusInEvent(QFocusEvent* event) {
    QCustomPlot::focusInEvent(event);
    styleAxes();
    repaintSoon();
}

void ChartBase::focusOutEvent(QFocusEvent* event) {
    QCustomPlot::focusOutEvent(event);
    setCursorAt({});
    styleAxes();
    repaintSoon();
}

void ChartBase::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    menu.addAction(icon(QStringLiteral("edit-copy")), tr("Copy picture"), this, &ChartBase::copyPicture)
        ->setShortcut(QKeySequence::Copy);
    menu.addAction(tr("Copy data as CSV"), this, [this] { QGuiApplication::clipboard()->setText(csv()); });
    menu.addAction(icon(QStringLiteral("document-export")), tr("Export…"), this, &ChartBase::exportByDialog);
    menu.addSeparator();
    if (m_offered) {
        QAction* toggle = menu.addAction(tr("Logarithmic scale"), this, &ChartBase::setLogarithmic);
        toggle->setCheckable(true);
        toggle->setChecked(m_logarithmic);
        toggle->setShortcut(Qt::Key_L);
    }
    QAction* reset = menu.addAction(tr("Reset zoom"), this, &ChartBase::resetZoom);
    reset->setShortcut(Qt::Key_Home);
    reset->setEnabled(m_zoomed);
    menu.exec(event->globalPos());
}

void ChartBase::copyPicture() { QGuiApplication::clipboard()->setPixmap(toPixmap(width(), height(), 2)); }

void ChartBase::exportByDialog() {
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Export chart"), accessibleName() + QStringLiteral(".png"),
                                     tr("PNG picture (*.png);;SVG (*.svg);;PDF (*.pdf);;CSV data (*.csv)"));
    if (file.isEmpty())
        return;
    if (const auto done = exportTo(file); !done)
        QToolTip::showText(mapToGlobal(rect().center()), QString::fromStdString(done.error().line()), this,
                           {}, 8000);
}

}  // namespace hone::ui::plots
