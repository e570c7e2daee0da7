#include "ui/plots/chart_base.h"

#include "ui/plots/chart_export.h"
#include "ui/plots/tickers.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace hone::ui::plots {

namespace {

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
        connect(axis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] {
            if (m_fitting)
                return;
            m_zoomed = true;
            emit zoomChanged();
        });

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
    selectionRect()->setLayer(QStringLiteral("cursor"));
    m_describeSoon.setSingleShot(true);
    m_describeSoon.setInterval(1000);
    connect(&m_describeSoon, &QTimer::timeout, this, [this] { setAccessibleDescription(describe()); });
    applyTheme();
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        applyTheme();
        restyle();
        repaintSoon();
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
    repaintSoon();
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
    repaintSoon();
    if (!m_describeSoon.isActive())
        m_describeSoon.start();
}

void ChartBase::resetZoom() {
    const bool was = std::exchange(m_zoomed, false);
    dataChanged();
    if (was)
        emit zoomChanged();
}

void ChartBase::repaintSoon() {
    m_stale = !isVisible();
    if (!m_stale && !size().isEmpty())  // A page that was never laid out has no pixels to paint on.
        replot(QCustomPlot::rpQueuedReplot);
}

void ChartBase::showEvent(QShowEvent* event) {
    QCustomPlot::showEvent(event);
    if (std::exchange(m_stale, false))
        replot(QCustomPlot::rpQueuedReplot);
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

Result<> ChartBase::exportTo(const QString& file) { return exportChart(*this, csv(), file); }

QString ChartBase::csv() const { return tableCsv(table()); }

ChartBase::Table ChartBase::table() const {
    Table table;
    table.columns << m_columnTitle;
    table.quantities << m_xQuantity;
    std::set<double> keys;
    for (const Series& s : m_series) {
        table.columns << s.name;
        table.quantities << m_yQuantity;
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

QString ChartBase::describe() const {
    QStringList words{accessibleName()};
    for (const Series& s : m_series) {
        const auto points = s.graph->data();
        if (points->isEmpty() || s.fixedText)
            continue;
        bool found = false;
        const QCPRange range = points->valueRange(found);
        words << tr("%1: %2 to %3, last %4")
                     .arg(s.name, quantityText(m_yQuantity, range.lower),
                          quantityText(m_yQuantity, range.upper),
                          quantityText(m_yQuantity, (points->constEnd() - 1)->value));
    }
    if (words.size() == 1)
        words << (hasData() ? tr("press T for the numbers") : m_placeholder->text());
    return words.join(QStringLiteral(". "));
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
    selectionRect()->setPen(QPen(color(Role::Accent), 1));
    selectionRect()->setBrush(color(Role::Selection));
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
