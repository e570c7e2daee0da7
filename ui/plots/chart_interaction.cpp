// What the user does to a chart: cursor, zoom, keys, menu.

#include "ui/plots/chart_base.h"
#include "ui/plots/data_table.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QStyleHints>

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

void ChartBase::showCursor(std::optional<double> x) { setCursorAt(hasData() ? x : std::nullopt); }

void ChartBase::moveCursor(std::optional<double> x) {
    setCursorAt(x);
    emit cursorMoved(x);
}

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
    moveCursor(points.at(std::clamp(index, 0, points.size() - 1))->key);
}

void ChartBase::mousePressEvent(QMouseEvent* event) {
    const int entry = event->button() == Qt::LeftButton ? m_header->entryAt(event->pos()) : -1;
    if (entry >= 0 && m_series.size() > 1 && entry < static_cast<int>(m_series.size())) {
        QCPGraph* graph = m_series[static_cast<std::size_t>(entry)].graph;
        graph->setVisible(!graph->visible());
        dataChanged();
        return;
    }
    m_pressedAt = event->pos();
    if (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier)) {
        axisRect()->setRangeZoom(Qt::Horizontal | Qt::Vertical);  // Both sides of the box count.
        setSelectionRectMode(QCP::srmZoom);
    }
    QCustomPlot::mousePressEvent(event);
}

void ChartBase::mouseReleaseEvent(QMouseEvent* event) {
    QCustomPlot::mouseReleaseEvent(event);
    setSelectionRectMode(QCP::srmNone);
    const bool isClick =
        event->button() == Qt::LeftButton && event->modifiers() == Qt::NoModifier &&
        (event->pos() - m_pressedAt).manhattanLength() < QGuiApplication::styleHints()->startDragDistance();
    if (isClick && hasData() && axisRect()->rect().contains(event->pos()))
        emit pointChosen(xAxis->pixelToCoord(event->pos().x()));
}

void ChartBase::mouseMoveEvent(QMouseEvent* event) {
    QCustomPlot::mouseMoveEvent(event);
    const bool inside = axisRect()->rect().contains(event->pos()) && hasData();
    moveCursor(inside ? std::optional(xAxis->pixelToCoord(event->pos().x())) : std::nullopt);
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
    moveCursor({});
    QCustomPlot::leaveEvent(event);
}

void ChartBase::zoomBy(QCPAxis* axis, double factor) {
    axis->scaleRange(factor,
                     axis == xAxis ? m_cursorX.value_or(axis->range().center()) : axis->range().center());
    repaintSoon();
}

void ChartBase::pan(QCPAxis* axis, double share) {
    const QCPRange range = axis->range();
    if (axis->scaleType() == QCPAxis::stLogarithmic) {
        const double factor = std::pow(range.upper / range.lower, share);
        axis->setRange(range.lower * factor, range.upper * factor);
    } else {
        axis->setRange(range.lower + range.size() * share, range.upper + range.size() * share);
    }
    repaintSoon();
}

bool ChartBase::moveByKey(QKeyEvent* event) {
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
        case Qt::Key_Left: shift ? pan(xAxis, -0.2) : stepCursor(-1); return true;
        case Qt::Key_Right: shift ? pan(xAxis, 0.2) : stepCursor(1); return true;
        case Qt::Key_Up:
        case Qt::Key_Down:
            if (shift)
                pan(yAxis, event->key() == Qt::Key_Up ? 0.2 : -0.2);
            return shift;
        case Qt::Key_Plus: zoomBy(xAxis, 0.8); return true;
        case Qt::Key_Minus: zoomBy(xAxis, 1.25); return true;
        case Qt::Key_Home: resetZoom(); return true;
        default: return false;
    }
}

void ChartBase::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        return copyPicture();
    if (moveByKey(event))
        return;
    const bool plain = event->modifiers() == Qt::NoModifier;
    if (plain && event->key() == Qt::Key_L)
        return setLogarithmic(!m_logarithmic);
    if (plain && event->key() == Qt::Key_T)
        return openTable();
    if (m_cursorX && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        emit pointChosen(*m_cursorX);
        return;
    }
    if (m_cursorX && event->key() == Qt::Key_Escape)
        return moveCursor({});
    QCustomPlot::keyPressEvent(event);
}

void ChartBase::openTable() { showDataTable(m_header->title(), table(), this); }

void ChartBase::resizeEvent(QResizeEvent* event) {
    if (size().isEmpty())
        return QWidget::resizeEvent(event);
    xAxis->ticker()->setTickCount(std::clamp(width() / 90, 2, 10));
    yAxis->ticker()->setTickCount(std::clamp(height() / 45, 2, 7));
    QCustomPlot::resizeEvent(event);
}

void ChartBase::focusInEvent(QFocusEvent* event) {
    setAccessibleDescription(describe());
    QCustomPlot::focusInEvent(event);
    styleAxes();
    repaintSoon();
}

void ChartBase::focusOutEvent(QFocusEvent* event) {
    QCustomPlot::focusOutEvent(event);
    moveCursor({});
    styleAxes();
    repaintSoon();
}

void ChartBase::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    menu.addAction(icon(QStringLiteral("edit-copy")), tr("Copy picture"), this, &ChartBase::copyPicture)
        ->setShortcut(QKeySequence::Copy);
    menu.addAction(tr("Copy data as CSV"), this, [this] { QGuiApplication::clipboard()->setText(csv()); });
    menu.addAction(tr("Copy data as Markdown"), this,
                   [this] { QGuiApplication::clipboard()->setText(tableMarkdown(table())); });
    menu.addAction(tr("Data as a table"), this, &ChartBase::openTable)->setShortcut(Qt::Key_T);
    menu.addAction(icon(QStringLiteral("document-export")), tr("Export…"), this, &ChartBase::exportByDialog);
    menu.addSeparator();
    addToMenu(menu, m_cursorX.value_or(xAxis->pixelToCoord(event->pos().x())));
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
