#include "ui/plots/comparison_charts.h"

#include "ui/format/format.h"
#include "ui/plots/blocks_strip.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace hone::ui::plots {

namespace {

constexpr double kViolinWidth = 0.36;

double median(std::vector<double> values) {
    if (values.empty())
        return std::nan("");
    std::ranges::sort(values);
    const std::size_t half = values.size() / 2;
    return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// Points of one arm beside each other without chance: the golden ratio never repeats.
double jitter(std::size_t index) {
    const double turn = static_cast<double>(index) * (std::numbers::phi - 1);
    return (turn - std::floor(turn) - 0.5) * 0.24;
}

}  // namespace

std::vector<Point> densityPoints(std::span<const double> values, int points) {
    if (values.size() < 3)
        return {};
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    const double width = 1.06 * std::sqrt(squares / (n - 1)) * std::pow(n, -0.2);
    if (width <= 0)
        return {};
    const auto [low, high] = std::ranges::minmax(values);
    std::vector<Point> density;
    double top = 0;
    for (int i = 0; i < points; ++i) {
        const double at = low - 2 * width + (high - low + 4 * width) * i / (points - 1);
        double sum = 0;
        for (const double value : values)
            sum += std::exp(-0.5 * std::pow((at - value) / width, 2));
        density.push_back({at, sum});
        top = std::max(top, sum);
    }
    for (Point& point : density)
        point.y /= top;
    return density;
}

ShiftChart::ShiftChart(QWidget* parent)
    : ChartBase(tr("B against A, percentile by percentile"), parent),
      m_intervals(new QCPErrorBars(xAxis, yAxis)),
      m_band(new QCPItemRect(this)) {
    setColumnTitle(QStringLiteral("latency_a_us"));
    alignLeft();
    setAxes(Quantity::Micros, Quantity::Share, Qt::Horizontal, true);
    for (QCPItemPosition* position : {m_band->topLeft, m_band->bottomRight})
        position->setTypeX(QCPItemPosition::ptAxisRectRatio);
    m_band->setLayer(QStringLiteral("background"));
    addSeries({.name = tr("change"), .role = Role::ArmB, .dash = Qt::DashLine});
    addSeries({.name = tr("p50, p95, p99 with interval"),
               .role = Role::Text,
               .mark = ChartHeader::Mark::Dot,
               .fixedText = true})
        ->setLineStyle(QCPGraph::lsNone);
    m_intervals->setDataPlottable(series()[1].graph);
    ShiftChart::restyle();
    dataChanged();
}

void ShiftChart::setComparison(const model::Comparison& comparison) {
    m_percentiles.clear();
    m_delta = comparison.delta;
    m_extent = 2 * m_delta;
    m_lowUs = 1e18;
    m_highUs = 1;
    for (const model::RunResult* run : {&comparison.a, &comparison.b})  // As EcdfOverlay has it.
        if (run->latency.count() > 0) {
            m_lowUs = std::min(m_lowUs, std::max(1.0, double(run->latency.quantile(0.001))));
            m_highUs = std::max(m_highUs, double(run->latency.quantile(0.999)));
        }
    for (const Series& s : series())
        s.graph->data()->clear();
    m_intervals->data()->clear();
    if (comparison.a.latency.count() > 0 && comparison.b.latency.count() > 0)
        for (int p = 1; p <= 99; ++p) {
            const double q = p / 100.0;
            m_percentiles.push_back({q, std::max(1.0, double(comparison.a.latency.quantile(q))),
                                     std::max(1.0, double(comparison.b.latency.quantile(q)))});
            const Percentile& last = m_percentiles.back();
            series()[0].graph->addData(last.aUs, last.bUs / last.aUs - 1);
            m_extent = std::max(m_extent, std::abs(last.bUs / last.aUs - 1));
        }
    for (const auto& [metric, q] : {std::pair("p50", 0.50), std::pair("p95", 0.95), std::pair("p99", 0.99)})
        for (const model::Effect& effect : comparison.effects) {
            if (effect.metric != metric || effect.paired.pairs == 0 || m_percentiles.empty())
                continue;
            const double change = effect.paired.ratio - 1;
            const bool isBounded = effect.paired.lo > 0 && std::isfinite(effect.paired.hi);
            series()[1].graph->addData(std::max(1.0, double(comparison.a.latency.quantile(q))), change);
            m_intervals->addData(isBounded ? effect.paired.ratio - effect.paired.lo : 0,
                                 isBounded ? effect.paired.hi - effect.paired.ratio : 0);
            if (isBounded)
                m_extent =
                    std::max({m_extent, std::abs(effect.paired.lo - 1), std::abs(effect.paired.hi - 1)});
        }
    m_band->topLeft->setCoords(0, m_delta);
    m_band->bottomRight->setCoords(1, -m_delta);
    m_band->setVisible(!m_percentiles.empty());
    resetZoom();
}

void ShiftChart::restyle() {
    m_band->setPen(Qt::NoPen);
    m_band->setBrush(color(Role::Band));
    m_intervals->setPen(QPen(color(Role::Text), 1));
    m_intervals->setWhiskerWidth(7);
    yAxis->grid()->setZeroLinePen(QPen(color(Role::Muted), 1));
}

void ShiftChart::fitAxes() {
    if (isLogarithmic())
        xAxis->setRange(m_lowUs * 0.85, std::max(m_highUs, m_lowUs * 2) * 1.1);
    else
        xAxis->setRange(0, m_highUs * 1.02);
    const double extent = roundUp(m_extent * 1.05);
    yAxis->setRange(-extent, extent);
}

QString ShiftChart::cursorText(double x) const {
    const auto nearest = std::ranges::min_element(
        m_percentiles, {}, [x](const Percentile& percentile) { return std::abs(percentile.aUs - x); });
    return nearest == m_percentiles.end() ? QString()
                                          : QStringLiteral("p%1 · %2 → %3")
                                                .arg(nearest->q * 100, 0, 'f', 0)
                                                .arg(micros(nearest->aUs), micros(nearest->bUs));
}

std::vector<ChartHeader::Entry> ShiftChart::furtherEntries() const {
    if (m_percentiles.empty())
        return {};
    return {{.name = tr("no practical difference"),
             .role = Role::Muted,
             .mark = ChartHeader::Mark::Fill,
             .showsValue = false}};
}

ChartBase::Table ShiftChart::table() const {
    Table table{{QStringLiteral("percentile"), QStringLiteral("a_us"), QStringLiteral("b_us"),
                 QStringLiteral("change")},
                {},
                {Quantity::Share, Quantity::Micros, Quantity::Micros, Quantity::Share}};
    for (const Percentile& p : m_percentiles)
        table.rows << QList<double>{p.q, p.aUs, p.bUs, p.bUs / p.aUs - 1};
    return table;
}

ArmViolins::ArmViolins(QWidget* parent) : ChartBase(tr("Blocks of each arm"), parent) {
    setAxes(Quantity::Count, Quantity::Micros);
    const QSharedPointer<QCPAxisTickerText> names(new QCPAxisTickerText);
    names->addTick(1, QStringLiteral("A"));
    names->addTick(2, QStringLiteral("B"));
    xAxis->setTicker(names);
    for (int arm = 0; arm < 2; ++arm) {
        m_outlines[arm] = new QCPCurve(xAxis, yAxis);
        m_medians[arm] = addGraph();
        addSeries({.name = arm == 0 ? tr("A") : tr("B"),
                   .role = arm == 0 ? Role::ArmA : Role::ArmB,
                   .mark = arm == 0 ? ChartHeader::Mark::Dot : ChartHeader::Mark::Diamond,
                   .fixedText = true})
            ->setLineStyle(QCPGraph::lsNone);
    }
    setPlaceholder(tr("Each block appears when it is measured"));
    ArmViolins::restyle();
    dataChanged();
}

void ArmViolins::setBlocks(const std::vector<model::Block>& blocks, const std::string& metric) {
    setAxisScale(yAxis, quantityOf(metric), false);
    for (std::vector<double>& values : m_values)
        values.clear();
    for (const model::Block& block : blocks)
        if (const auto value = block.metrics.find(metric); value != block.metrics.end())
            m_values[block.arm == 0 ? 0 : 1].push_back(value->second);
    for (int arm = 0; arm < 2; ++arm) {
        QCPGraph& points = *series()[static_cast<std::size_t>(arm)].graph;
        points.data()->clear();
        m_outlines[arm]->data()->clear();
        m_medians[arm]->data()->clear();
        for (std::size_t i = 0; i < m_values[arm].size(); ++i)
            points.addData(arm + 1 + jitter(i), m_values[arm][i]);
        const std::vector<Point> density = densityPoints(m_values[arm]);
        for (const Point& point : density)
            m_outlines[arm]->addData(arm + 1 + kViolinWidth * point.y, point.x);
        for (auto point = density.rbegin(); point != density.rend(); ++point)
            m_outlines[arm]->addData(arm + 1 - kViolinWidth * point->y, point->x);
        if (const double middle = median(m_values[arm]); !std::isnan(middle)) {
            m_medians[arm]->addData(arm + 1 - kViolinWidth, middle);
            m_medians[arm]->addData(arm + 1 + kViolinWidth, middle);
        }
    }
    resetZoom();
}

void ArmViolins::restyle() {
    for (int arm = 0; arm < 2; ++arm) {
        const Role role = arm == 0 ? Role::ArmA : Role::ArmB;
        QColor soft = color(role);
        soft.setAlphaF(0.18F);
        m_outlines[arm]->setPen(QPen(color(role), 1, arm == 0 ? Qt::SolidLine : Qt::DashLine));
        m_outlines[arm]->setBrush(soft);
        m_medians[arm]->setPen(QPen(color(Role::Text), 1));
    }
}

void ArmViolins::fitAxes() {
    double low = 1e300, high = 0;
    for (const auto* outline : m_outlines)
        for (const QCPCurveData& point : *outline->data()) {
            low = std::min(low, point.value);
            high = std::max(high, point.value);
        }
    for (const std::vector<double>& values : m_values)
        for (const double value : values) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    const double margin = std::max((high - low) * 0.06, high * 1e-3);
    xAxis->setRange(0.4, 2.6);
    yAxis->setRange(std::max(0.0, low - margin), high > 0 ? high + margin : 1);
}

QString ArmViolins::cursorText(double x) const { return x < 1.5 ? tr("arm A") : tr("arm B"); }

QString ArmViolins::idleText(const Series& s) const {
    const double middle = median(m_values[s.role == Role::ArmA ? 0 : 1]);
    return std::isnan(middle) ? QString() : quantityText(quantity(yAxis), middle);
}

ChartBase::Table ArmViolins::table() const {
    Table table{{QStringLiteral("block"), QStringLiteral("A"), QStringLiteral("B")},
                {},
                {Quantity::Count, quantity(yAxis), quantity(yAxis)}};
    for (std::size_t i = 0; i < std::max(m_values[0].size(), m_values[1].size()); ++i)
        table.rows << QList<double>{static_cast<double>(i + 1),
                                    i < m_values[0].size() ? m_values[0][i] : std::nan(""),
                                    i < m_values[1].size() ? m_values[1][i] : std::nan("")};
    return table;
}

}  // namespace hone::ui::plots
