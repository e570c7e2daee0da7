#include "ui/plots/time_charts.h"

#include <algorithm>

namespace hone::ui::plots {

namespace {

double middle(const model::Interval& interval) { return interval.startS + interval.lengthS / 2; }

double largest(const QCustomPlot& plot, double least) {
    double top = 0;
    for (int i = 0; i < plot.graphCount(); ++i) {
        bool found = false;
        const QCPRange range = plot.graph(i)->getValueRange(found);
        if (found && plot.graph(i)->visible())
            top = std::max(top, range.upper);
    }
    return std::max(top, least);
}

/// The smallest positive value, for the foot of a logarithmic axis.
double smallest(const QCustomPlot& plot, double most) {
    double bottom = most;
    for (int i = 0; i < plot.graphCount(); ++i) {
        bool found = false;
        const QCPRange range = plot.graph(i)->getValueRange(found, QCP::sdPositive);
        if (found && plot.graph(i)->visible())
            bottom = std::min(bottom, range.lower);
    }
    return bottom;
}

}  // namespace

TimeChart::TimeChart(const QString& title, Quantity y, bool offersLogarithm, QWidget* parent)
    : ChartBase(title, parent), m_shade(new QCPItemRect(this)) {
    setColumnTitle(QStringLiteral("seconds"));
    setAxes(Quantity::Seconds, y, offersLogarithm ? std::optional(Qt::Vertical) : std::nullopt);
    for (QCPItemPosition* position : {m_shade->topLeft, m_shade->bottomRight}) {
        position->setTypeX(QCPItemPosition::ptPlotCoords);
        position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    m_shade->setLayer(QStringLiteral("background"));
    TimeChart::restyle();
    shade(0);
    dataChanged();
}

void TimeChart::restyle() {
    m_shade->setPen(Qt::NoPen);
    m_shade->setBrush(color(Role::WarmupShade));
}

void TimeChart::shade(double untilS) {
    m_shade->setVisible(untilS > 0 && hasData());
    m_shade->topLeft->setCoords(0, 0);
    m_shade->bottomRight->setCoords(untilS, 1);
}

void TimeChart::clear() { begin(0, 1); }

void TimeChart::begin(double warmupS, double measuredS) {
    for (int i = 0; i < graphCount(); ++i)
        graph(i)->data()->clear();
    m_endS = std::max(0.1, warmupS + measuredS);
    m_top = 0;
    m_warmupS = warmupS;
    shade(warmupS);
    resetZoom();
}

void TimeChart::append(const model::Interval& interval) {
    add(middle(interval), interval);
    shade(m_warmupS);
    dataChanged();
}

void TimeChart::setIntervals(const std::vector<model::Interval>& intervals) {
    double warmupS = 0, endS = 0;
    for (const model::Interval& interval : intervals) {
        endS = std::max(endS, interval.startS + interval.lengthS);
        if (interval.warmup)
            warmupS = std::max(warmupS, interval.startS + interval.lengthS);
    }
    begin(warmupS, endS - warmupS);
    for (const model::Interval& interval : intervals)
        add(middle(interval), interval);
    shade(m_warmupS);
    dataChanged();
}

void TimeChart::fitAxes() {
    xAxis->setRange(0, m_endS);
    if (const double top = largest(*this, 1); top > m_top)
        m_top = roundUp(top * 1.04);
    if (isLogarithmic())
        yAxis->setRange(smallest(*this, m_top / 10) * 0.8, m_top);
    else
        yAxis->setRange(0, m_top);
}

QString TimeChart::idleText(const Series& s) const {
    const auto points = s.graph->data();
    return points->isEmpty() ? QString() : quantityText(quantity(yAxis), (points->constEnd() - 1)->value);
}

std::vector<ChartHeader::Entry> TimeChart::furtherEntries() const {
    if (!m_shade || !m_shade->visible())
        return {};
    return {
        {.name = tr("warm-up"), .role = Role::Muted, .mark = ChartHeader::Mark::Fill, .showsValue = false}};
}

PercentilesOverTime::PercentilesOverTime(QWidget* parent)
    : TimeChart(tr("Latency over time"), Quantity::Micros, true, parent) {
    addSeries({.name = QStringLiteral("p50"), .role = Role::P50});
    addSeries({.name = QStringLiteral("p95"), .role = Role::P95});
    addSeries({.name = QStringLiteral("p99"), .role = Role::P99});
}

void PercentilesOverTime::add(double x, const model::Interval& interval) {
    if (interval.requests == 0)
        return;  // No answer, no percentile: a zero would look fast.
    series()[0].graph->addData(x, interval.p50Us);
    series()[1].graph->addData(x, interval.p95Us);
    series()[2].graph->addData(x, interval.p99Us);
}

Throughput::Throughput(QWidget* parent)
    : TimeChart(tr("Throughput"), Quantity::PerSecond, false, parent), m_errorMarks(nullptr) {
    addSeries({.name = tr("answers"), .role = Role::Accent});
    addSeries({.name = tr("errors"), .role = Role::Bad, .mark = ChartHeader::Mark::Cross});
    m_errorMarks = addGraph();
    m_errorMarks->setLineStyle(QCPGraph::lsNone);
    Throughput::restyle();
}

void Throughput::restyle() {
    TimeChart::restyle();
    m_errorMarks->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssCross, QPen(color(Role::Bad), 1.4), Qt::NoBrush, 7));
}

void Throughput::add(double x, const model::Interval& interval) {
    const double errors = interval.lengthS > 0 ? static_cast<double>(interval.errors) / interval.lengthS : 0;
    series()[0].graph->addData(x, interval.rps());
    series()[1].graph->addData(x, errors);
    if (errors > 0)
        m_errorMarks->addData(x, errors);
}

P95Overlay::P95Overlay(QWidget* parent) : ChartBase(tr("p95 over time"), parent) {
    setColumnTitle(QStringLiteral("seconds"));
    setAxes(Quantity::Seconds, Quantity::Micros, Qt::Vertical);
    dataChanged();
}

void P95Overlay::setRuns(const QString& nameA, const std::vector<model::Interval>& a, const QString& nameB,
                         const std::vector<model::Interval>& b) {
    removeSeries();
    QCPGraph* graphs[] = {addSeries({.name = nameA, .role = Role::ArmA}),
                          addSeries({.name = nameB, .role = Role::ArmB, .dash = Qt::DashLine})};
    const std::vector<model::Interval>* runs[] = {&a, &b};
    for (int i = 0; i < 2; ++i)
        for (const model::Interval& interval : *runs[i])
            if (!interval.warmup && interval.requests > 0)
                graphs[i]->addData(middle(interval), interval.p95Us);
    resetZoom();
}

void P95Overlay::fitAxes() {
    double endS = 1;
    for (const Series& s : series())
        if (!s.graph->data()->isEmpty())
            endS = std::max(endS, (s.graph->data()->constEnd() - 1)->key);
    xAxis->setRange(0, endS);
    const double top = roundUp(largest(*this, 1) * 1.04);
    yAxis->setRange(isLogarithmic() ? smallest(*this, top / 10) * 0.8 : 0, top);
}

}  // namespace hone::ui::plots
