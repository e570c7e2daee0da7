#include "ui/plots/time_charts.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hone::ui::plots {

namespace {

constexpr int kFewPoints = 10;  ///< Of which no median is asked.
constexpr double kPressedDown =
    16.0;  ///< The usual p95 below a sixteenth of the height is a line on the axis.

}  // namespace

PercentilesOverTime::PercentilesOverTime(QWidget* parent)
    : TimeChart(tr("Latency over time"), Quantity::Micros, true, parent) {
    addSeries({.name = QStringLiteral("p50"), .role = Role::P50, .dash = Qt::DotLine});
    addSeries({.name = QStringLiteral("p95"), .role = Role::P95, .dash = Qt::DashDotLine});
    addSeries({.name = QStringLiteral("p99"), .role = Role::P99});
}

void PercentilesOverTime::add(double x, const model::Interval& interval) {
    if (interval.requests == 0)
        return;  // No answer, no percentile: a zero would look fast.
    series()[0].graph->addData(x, interval.p50Us);
    series()[1].graph->addData(x, interval.p95Us);
    series()[2].graph->addData(x, interval.p99Us);
}

double PercentilesOverTime::earlierValue(const model::Interval& interval) const {
    return interval.requests > 0 ? interval.p95Us : std::nan("");
}

bool PercentilesOverTime::isPressedDown() const {
    const auto& points = *series()[1].graph->data();
    if (points.size() < kFewPoints)
        return false;
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(points.size()));
    for (auto point = points.constBegin(); point != points.constEnd(); ++point)
        values.push_back(point->value);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle > 0 && *middle * kPressedDown < yAxis->range().upper;
}

void PercentilesOverTime::fitAxes() {
    TimeChart::fitAxes();
    if (!m_isChosen && !isLogarithmic() && isPressedDown())
        switchTo(true);
}

void PercentilesOverTime::cleared() {
    if (!m_isChosen && isLogarithmic())
        switchTo(false);
}

void PercentilesOverTime::scaleChanged() { m_isChosen = m_isChosen || !m_isSwitching; }

void PercentilesOverTime::switchTo(bool logarithmic) {
    m_isSwitching = true;
    setLogarithmic(logarithmic);
    m_isSwitching = false;
}

Throughput::Throughput(QWidget* parent)
    : TimeChart(tr("Throughput"), Quantity::PerSecond, false, parent), m_errorMarks(nullptr) {
    addSeries({.name = tr("answers"), .role = Role::Accent, .mark = ChartHeader::Mark::Fill});
    addSeries({.name = tr("errors"), .role = Role::Bad, .mark = ChartHeader::Mark::Cross});
    m_errorMarks = addGraph();
    m_errorMarks->setLineStyle(QCPGraph::lsNone);
    series()[0].graph->setChannelFillGraph(series()[1].graph);
    Throughput::restyle();
}

void Throughput::restyle() {
    TimeChart::restyle();
    QColor solid = color(Role::Bad);
    solid.setAlphaF(0.45F);
    series()[1].graph->setBrush(QBrush(solid, Qt::SolidPattern));
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

double Throughput::earlierValue(const model::Interval& interval) const { return interval.rps(); }

QueueDepth::QueueDepth(QWidget* parent) : TimeChart(tr("Queue"), Quantity::Count, false, parent) {
    addSeries({.name = tr("under way"), .role = Role::Series1, .mark = ChartHeader::Mark::Fill});
    addSeries({.name = tr("waiting to be sent"), .role = Role::Series2, .dash = Qt::DashLine});
}

void QueueDepth::add(double x, const model::Interval& interval) {
    series()[0].graph->addData(x, static_cast<double>(interval.inFlight));
    series()[1].graph->addData(x, static_cast<double>(interval.backlog));
}

void QueueDepth::fitAxes() {
    TimeChart::fitAxes();
    if (yAxis->range().upper < 4)
        yAxis->setRange(0, 4);  // One client under way is not a full chart.
}

BytesOverTime::BytesOverTime(QWidget* parent)
    : TimeChart(tr("Bytes per second"), Quantity::Bytes, false, parent) {
    addSeries({.name = tr("on the wire"), .role = Role::Series3, .mark = ChartHeader::Mark::Fill});
}

double BytesOverTime::earlierValue(const model::Interval& interval) const {
    return interval.lengthS > 0 ? static_cast<double>(interval.bytes) / interval.lengthS : 0;
}

void BytesOverTime::add(double x, const model::Interval& interval) {
    series()[0].graph->addData(x, earlierValue(interval));
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
