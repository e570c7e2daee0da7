#include "ui/plots/distribution_charts.h"

#include "ui/format/format.h"

#include <algorithm>
#include <cmath>

namespace hone::ui::plots {

namespace {

constexpr int kBinsPerDecade = 20, kLinearBins = 60;
constexpr double kMarked[] = {0.50, 0.95, 0.99};

void setPoints(QCPGraph* graph, const std::vector<Point>& points) {
    QVector<QCPGraphData> data;
    data.reserve(static_cast<qsizetype>(points.size()));
    for (const Point& point : points)
        data << QCPGraphData(point.x, point.y);
    graph->data()->set(data, true);
}

}  // namespace

std::vector<Curve> armCurves(const QString& nameA, const stats::Histogram& a, const QString& nameB,
                             const stats::Histogram& b) {
    return {{nameA, a, Role::ArmA, Qt::SolidLine}, {nameB, b, Role::ArmB, Qt::DashLine}};
}

LatencyHistogram::LatencyHistogram(QWidget* parent) : ChartBase(tr("Distribution"), parent) {
    setAxes(Quantity::Micros, Quantity::Count, Qt::Horizontal, true);
    addSeries({.name = tr("requests"), .role = Role::Accent, .mark = ChartHeader::Mark::Fill, .steps = true});
    addSeries({.name = QStringLiteral("p50"), .role = Role::P50, .fixedText = true});
    addSeries({.name = QStringLiteral("p95"), .role = Role::P95, .fixedText = true});
    addSeries({.name = QStringLiteral("p99"), .role = Role::P99, .fixedText = true});
    dataChanged();
}

void LatencyHistogram::setHistogram(const stats::Histogram& histogram) {
    m_histogram = histogram;
    draw();
    resetZoom();
}

void LatencyHistogram::scaleChanged() { draw(); }

void LatencyHistogram::draw() {
    m_bins = isLogarithmic() ? logBins(m_histogram, kBinsPerDecade) : linearBins(m_histogram, kLinearBins);
    std::vector<Point> steps;
    double top = 0;
    for (const Bin& bin : m_bins) {
        steps.push_back({bin.from, bin.count});
        top = std::max(top, bin.count);
    }
    if (!m_bins.empty())
        steps.push_back({m_bins.back().to, 0});
    setPoints(series()[0].graph, steps);
    for (std::size_t i = 0; i < std::size(kMarked); ++i) {
        const auto x = static_cast<double>(m_histogram.quantile(kMarked[i]));
        setPoints(series()[i + 1].graph, m_bins.empty()
                                             ? std::vector<Point>{}
                                             : std::vector<Point>{{x, 0}, {x, roundUp(top * 1.05)}});
    }
}

void LatencyHistogram::fitAxes() {
    double top = 0;
    for (const Bin& bin : m_bins)
        top = std::max(top, bin.count);
    yAxis->setRange(0, roundUp(top * 1.05));
    const double from = m_bins.front().from, to = m_bins.back().to;
    if (isLogarithmic())
        xAxis->setRange(from / 1.1, to * 1.1);
    else
        xAxis->setRange(std::max(0.0, from - (to - from) * 0.02), to);
}

QString LatencyHistogram::idleText(const Series& s) const {
    if (m_histogram.count() == 0)
        return {};
    if (!s.fixedText)
        return count(static_cast<double>(m_histogram.count()));
    return s.graph->data()->isEmpty() ? QString() : micros(s.graph->data()->constBegin()->key);
}

ChartBase::Table LatencyHistogram::table() const {
    Table table{{QStringLiteral("from_us"), QStringLiteral("to_us"), QStringLiteral("requests")}, {}};
    for (const Bin& bin : m_bins)
        table.rows << QList<double>{bin.from, bin.to, bin.count};
    return table;
}

PercentileSpectrum::PercentileSpectrum(QWidget* parent) : ChartBase(tr("Percentile spectrum"), parent) {
    setColumnTitle(QStringLiteral("1/(1-p)"));
    setAxes(Quantity::Nines, Quantity::Micros, Qt::Vertical);
    xAxis->setScaleType(QCPAxis::stLogarithmic);
    dataChanged();
}

void PercentileSpectrum::setCurves(const std::vector<Curve>& curves) {
    removeSeries();
    for (const Curve& curve : curves)
        setPoints(addSeries({.name = curve.name, .role = curve.role, .dash = curve.dash, .steps = true}),
                  spectrumPoints(curve.histogram));
    resetZoom();
}

void PercentileSpectrum::fitAxes() {
    double right = 20, top = 1, bottom = 1e18;
    for (const Series& s : series())
        for (const QCPGraphData& point : *s.graph->data()) {
            right = std::max(right, point.key);
            top = std::max(top, point.value);
            bottom = std::min(bottom, point.value);
        }
    xAxis->setRange(1, right * 1.15);
    if (isLogarithmic())
        yAxis->setRange(std::max(0.5, bottom * 0.8), top * 1.2);
    else
        yAxis->setRange(0, roundUp(top * 1.04));
}

QString PercentileSpectrum::cursorText(double x) const {
    const double quantile = 1 - 1 / std::max(1.0, x);
    // As many decimals as the distance to 100 % has.
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(1 - quantile))) - 1, 0, 4);
    return QStringLiteral("p%1").arg(quantile * 100, 0, 'f', decimals);
}

EcdfOverlay::EcdfOverlay(QWidget* parent) : ChartBase(tr("Answered within"), parent) {
    alignLeft();
    setColumnTitle(QStringLiteral("latency_us"));
    setAxes(Quantity::Micros, Quantity::Share, Qt::Horizontal, true);
    dataChanged();
}

void EcdfOverlay::setCurves(const std::vector<Curve>& curves) {
    removeSeries();
    m_lowUs = 1e18;
    m_highUs = 0;
    for (const Curve& curve : curves) {
        setPoints(addSeries({.name = curve.name, .role = curve.role, .dash = curve.dash, .steps = true}),
                  ecdfPoints(curve.histogram));
        if (curve.histogram.count() == 0)
            continue;
        m_lowUs = std::min(m_lowUs,
                           static_cast<double>(std::max<std::int64_t>(1, curve.histogram.quantile(0.001))));
        m_highUs = std::max(m_highUs, static_cast<double>(curve.histogram.quantile(0.999)));
    }
    resetZoom();
}

void EcdfOverlay::fitAxes() {
    if (isLogarithmic())
        xAxis->setRange(m_lowUs * 0.85, std::max(m_highUs, m_lowUs * 2) * 1.1);
    else
        xAxis->setRange(0, std::max(1.0, m_highUs) * 1.02);
    yAxis->setRange(0, 1.02);
}

QString EcdfOverlay::cursorText(double x) const {
    return QStringLiteral("≤ ") + quantityText(Quantity::Micros, x);
}

}  // namespace hone::ui::plots
