#include "ui/plots/chart_base.h"

#include "ui/plots/chart_export.h"
#include "ui/plots/tickers.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>

#include <algorithm>
#include <cmath>
#include <set>

namespace hone::ui::plots {

namespace {

/// Whether turning the wheel should scroll a surrounding page rather than zoom.
bool isInsideScrollingArea(const QWidget* widget) {
    for (const QWidget* at = widget->parentWidget(); at; at = at->parentWidget())
        if (const auto* area = qobject_cast<const QScrollArea*>(at))
            return area->verticalScrollBar()->maximum() > 0;
    return false;
}

QPen withAlpha(Role role, float alpha) {
    QColor ink = color(role);
    ink.setAlphaF(alpha);
    return {ink, 1};
}

}  // namespace

ChartBase::ChartBase(const QString& title, QWidget* parent)
    : QCustomPlot(parent), m_header(new ChartHeader(this)), m_columnTitle(QStringLiteral("x")) {
    setAccessibleName(title);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    addLayer(QStringLiteral("cursor"), layer(QStringLiteral("overlay")), QCustomPlot::limAbove);
    layer(QStringLiteral("cursor"))->setMode(QCPLayer::lmBuffered);

    m_header->setTitle(title);
    plotLayout()->insertRow(0);
    plotLayout()->addElement(0, 0, m_header);
    plotLayout()->setRowSpacing(0);
    plotLayout()->setRowStretchFactor(0, 0.001);
    m_header->setLayer(QStringLiteral("cursor"));

    setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    axisRect()->setRangeDrag(Qt::Horizontal);
    axisRect()->setRangeZoom(Qt::Horizontal);
    axisRect()->setMinimumMargins(QMargins(0, 4, space::kSection, 0));
    setNoAntialiasingOnDrag(true);
    for (const QCPAxis* axis : {xAxis, yAxis})
        connect(axis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
                [this] { m_zoomed |= !m_fitting; });

    m_placeholder = new QCPItemText(this);
    m_placeholder->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_placeholder->position->setCoords(0.5, 0.5);
    m_cursorLine = new QCPItemLine(this);
    m_cursorFoot = new QCPItemText(this);
    for (QCPItemPosition* position : {m_cursorLine->start, m_cursorLine->end, m_cursorFoot->position}) {
        position->setTypeX(QCPItemPosition::ptPlotCoords);
        position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    m_cursorFoot->setClipToAxisRect(false);
    m_cursorFoot->setPositionAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_cursorFoot->setPadding(QMargins(6, 2, 6, 2));
    for (QCPAbstractItem* item :
         {static_cast<QCPAbstractItem*>(m_cursorLine), static_cast<QCPAbstractItem*>(m_cursorFoot)}) {
        item->setLayer(QStringLiteral("cursor"));
        item->setVisible(false);
    }
    setPlaceholder(tr("Nothing measured yet"));
    applyTheme();
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        applyTheme();
        restyle();
        replot(QCustomPlot::rpQueuedReplot);
    });
}

QCPGraph* ChartBase::addSeries(Series series) {
    series.graph = addGraph();
    series.graph->setAdaptiveSampling(true);
    if (series.steps)
        series.graph->setLineStyle(QCPGraph::lsStepLeft);
    m_series.push_back(series);
    styleSeries(series);
    updateHeader();
    return series.graph;
}

void ChartBase::renameSeries(std::size_t index, const QString& name) {
    m_series.at(index).name = name;
    updateHeader();
}

void ChartBase::removeSeries() {
    for (const Series& series : m_series)
        removeGraph(series.graph);
    m_series.clear();
    updateHeader();
}

void ChartBase::setAxes(Quantity x, Quantity y, std::optional<Qt::Orientation> offered, bool logarithmic) {
    m_offered = offered;
    m_logarithmic = logarithmic;
    setAxisScale(xAxis, x, logarithmic && offered == Qt::Horizontal);
    setAxisScale(yAxis, y, logarithmic && offered == Qt::Vertical);
}

void ChartBase::setAxisScale(QCPAxis* axis, Quantity quantity, bool logarithmic) {
    (axis == xAxis ? m_xQuantity : m_yQuantity) = quantity;
    m_fitting = true;  // A logarithm moves a range that reaches zero; that is not the user's zoom.
    axis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    m_fitting = false;
    if (quantity == Quantity::Nines)
        axis->setTicker(QSharedPointer<NinesTicker>::create());
    else
        axis->setTicker(QSharedPointer<UnitTicker>::create(quantity, logarithmic));
}

void ChartBase::setLogarithmic(bool on) {
    if (!m_offered || on == m_logarithmic)
        return;
    m_logarithmic = on;
    setAxisScale(*m_offered == Qt::Horizontal ? xAxis : yAxis,
                 *m_offered == Qt::Horizontal ? m_xQuantity : m_yQuantity, on);
    scaleChanged();
    resetZoom();
}

void ChartBase::setPlaceholder(const QString& text) {
    m_placeholder->setText(text);
    replot(QCustomPlot::rpQueuedReplot);
}

bool ChartBase::hasData() const {
    return std::any_of(m_series.begin(), m_series.end(),
                       [](const Series& s) { return s.graph->dataCount() > 0; });
}

void ChartBase::dataChanged() {
    const bool any = hasData();
    m_placeholder->setVisible(!any);
    xAxis->setVisible(any);
    yAxis->setVisible(any);
    if (!any)
        setCursorAt({});
    if (!m_zoomed && any) {
        m_fitting = true;
        fitAxes();
        m_fitting = false;
    }
    updateHeader();
    replot(QCustomPlot::rpQueuedReplot);
}

void ChartBase::resetZoom() {
    m_zoomed = false;
    dataChanged();
}

QString ChartBase::cursorText(double x) const { return quantityText(m_xQuantity, x); }

QString ChartBase::idleText(const Series&) const { return {}; }

std::optional<double> ChartBase::valueAt(const Series& series, double x) const {
    const auto points = series.graph->data();
    if (points->isEmpty())
        return {};
    auto at = points->findBegin(x, true);  // The last point left of x, or the first.
    if (series.steps)
        return at->key <= x ? std::optional(at->value) : std::nullopt;
    const auto next = at + 1;
    if (next != points->constEnd() && std::abs(next->key - x) < std::abs(at->key - x))
        at = next;
    return at->value;
}

void ChartBase::updateHeader() {
    std::vector<ChartHeader::Entry> entries;
    for (const Series& s : m_series) {
        ChartHeader::Entry entry{s.name, idleText(s), s.role, s.dash, s.mark, s.graph->visible()};
        if (m_cursorX && !s.fixedText)
            if (const auto value = valueAt(s, *m_cursorX))
                entry.value = quantityText(m_yQuantity, *value);
        entries.push_back(entry);
    }
    for (ChartHeader::Entry& entry : furtherEntries())
        entries.push_back(std::move(entry));
    m_header->setEntries(std::move(entries));
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
            return replot(QCustomPlot::rpQueuedReplot);
        case Qt::Key_Escape:
            if (m_cursorX)
                return setCursorAt({});
            break;
        default: break;
    }
    QCustomPlot::keyPressEvent(event);
}

void ChartBase::resizeEvent(QResizeEvent* event) {
    xAxis->ticker()->setTickCount(std::clamp(width() / 90, 2, 10));
    yAxis->ticker()->setTickCount(std::clamp(height() / 40, 2, 7));
    QCustomPlot::resizeEvent(event);
}

void ChartBase::focusInEvent(QFocusEvent* event) {
    QCustomPlot::focusInEvent(event);
    styleAxes();
    replot(QCustomPlot::rpQueuedReplot);
}

void ChartBase::focusOutEvent(QFocusEvent* event) {
    QCustomPlot::focusOutEvent(event);
    setCursorAt({});
    styleAxes();
    replot(QCustomPlot::rpQueuedReplot);
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

Result<> ChartBase::exportTo(const QString& file) { return exportChart(*this, csv(), file); }

QString ChartBase::csv() const { return tableCsv(table()); }

ChartBase::Table ChartBase::table() const {
    Table table;
    table.columns << m_columnTitle;
    std::set<double> keys;
    for (const Series& s : m_series) {
        table.columns << s.name;
        for (const QCPGraphData& point : *s.graph->data())
            keys.insert(point.key);
    }
    for (const double key : keys) {
        QList<double> row{key};
        for (const Series& s : m_series) {
            const auto at = s.graph->data()->findBegin(key, false);
            row << (at != s.graph->data()->constEnd() && at->key == key ? at->value : std::nan(""));
        }
        table.rows << row;
    }
    return table;
}

void ChartBase::applyTheme() {
    setBackground(QBrush(color(Role::Surface)));
    m_placeholder->setFont(ui::font(FontRole::Small));
    m_placeholder->setColor(color(Role::Muted));
    m_cursorLine->setPen(withAlpha(Role::Muted, 0.7F));
    m_cursorFoot->setFont(ui::font(FontRole::Small));
    m_cursorFoot->setColor(color(Role::Text));
    m_cursorFoot->setBrush(color(Role::Raised));
    m_cursorFoot->setPen(QPen(color(Role::Line), 1));
    styleAxes();
    for (const Series& series : m_series)
        styleSeries(series);
}

void ChartBase::styleAxes() {
    for (QCPAxis* axis : {xAxis, yAxis}) {
        axis->setTickLabelFont(ui::font(FontRole::Small));
        axis->setTickLabelColor(color(Role::Muted));
        axis->setLabelFont(ui::font(FontRole::Small));
        axis->setLabelColor(color(Role::Muted));
        axis->setTickLength(0, 0);
        axis->setSubTickLength(0, 0);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelPadding(6);
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    xAxis->setBasePen(QPen(color(hasFocus() ? Role::Accent : Role::Line), 1));
    yAxis->setBasePen(Qt::NoPen);
    xAxis->grid()->setVisible(false);
    yAxis->grid()->setPen(withAlpha(Role::Line, 0.6F));
}

void ChartBase::styleSeries(const Series& series) {
    QPen pen(color(series.role), 1, series.dash);
    if (series.dash == Qt::DashLine)
        pen.setDashPattern({7, 4});  // The long dash of arm B.
    series.graph->setPen(pen);
    using Mark = ChartHeader::Mark;
    if (series.mark == Mark::Fill) {
        QColor soft = color(series.role);
        soft.setAlphaF(0.25F);
        series.graph->setBrush(soft);
    }
    if (series.mark == Mark::Dot || series.mark == Mark::Diamond) {
        const auto shape = series.mark == Mark::Dot ? QCPScatterStyle::ssDisc : QCPScatterStyle::ssDiamond;
        series.graph->setScatterStyle(QCPScatterStyle(shape, QPen(color(series.role), 1.4), Qt::NoBrush, 7));
    }
}

}  // namespace hone::ui::plots
