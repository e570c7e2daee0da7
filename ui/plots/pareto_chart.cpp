#include "ui/plots/pareto_chart.h"

#include "ui/plots/blocks_strip.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace hone::ui::plots {

namespace {

constexpr double kNameRoom = 0.08;  ///< Share of an axis.

}  // namespace

std::vector<std::size_t> paretoFront(const std::vector<ParetoPoint>& points) {
    std::vector<std::size_t> order(points.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return std::pair(points[a].cost, points[a].value) < std::pair(points[b].cost, points[b].value);
    });
    std::vector<std::size_t> front;
    double best = std::numeric_limits<double>::infinity();
    for (const std::size_t at : order) {
        if (points[at].value >= best)
            continue;
        best = points[at].value;
        front.push_back(at);
    }
    return front;
}

ParetoChart::ParetoChart(QWidget* parent) : ChartBase(tr("Latency against cost"), parent) {
    setAxes(Quantity::Micros, Quantity::Micros, Qt::Vertical);
    addSeries({.name = tr("settings"), .role = Role::Muted, .mark = ChartHeader::Mark::Dot})
        ->setLineStyle(QCPGraph::lsNone);
    addSeries({.name = tr("worth having"), .role = Role::Accent, .mark = ChartHeader::Mark::Diamond});
    setPlaceholder(tr("Each setting of the toggles becomes a point"));
    dataChanged();
}

void ParetoChart::setPoints(std::vector<ParetoPoint> points, const std::string& costMetric,
                            const std::string& valueMetric) {
    m_points = std::move(points);
    m_front = paretoFront(m_points);
    setColumnTitle(QString::fromStdString(costMetric));
    setAxisScale(xAxis, quantityOf(costMetric), false);
    setAxisScale(yAxis, quantityOf(valueMetric), isLogarithmic());
    for (const Series& s : series())
        s.graph->data()->clear();
    for (QCPItemText* label : m_labels)
        removeItem(label);
    m_labels.clear();
    for (const ParetoPoint& point : m_points)
        series()[0].graph->addData(point.cost, point.value);
    for (const std::size_t at : m_front)
        series()[1].graph->addData(m_points[at].cost, m_points[at].value);
    for (const std::size_t at : worthNaming()) {
        auto* label = new QCPItemText(this);
        label->position->setCoords(m_points[at].cost, m_points[at].value);
        label->setPositionAlignment(Qt::AlignLeft | Qt::AlignBottom);
        label->setPadding({6, 0, 0, 4});
        label->setText(m_points[at].name);
        m_labels.push_back(label);
    }
    restyle();
    dataChanged();
}

/// Names that would lie over each other say nothing: of points that are close only the fastest is named.
std::vector<std::size_t> ParetoChart::worthNaming() const {
    double right = 0, top = 0;
    for (const ParetoPoint& point : m_points) {
        right = std::max(right, point.cost);
        top = std::max(top, point.value);
    }
    std::vector<std::size_t> named;
    for (auto at = m_front.rbegin(); at != m_front.rend(); ++at) {
        const bool isFree = std::ranges::none_of(named, [&](std::size_t other) {
            return std::abs(m_points[*at].cost - m_points[other].cost) < kNameRoom * right &&
                   std::abs(m_points[*at].value - m_points[other].value) < kNameRoom * top;
        });
        if (isFree)
            named.push_back(*at);
    }
    return named;
}

void ParetoChart::restyle() {
    for (QCPItemText* label : m_labels) {
        label->setFont(ui::font(FontRole::Small));
        label->setColor(color(Role::Text));
    }
}

void ParetoChart::fitAxes() {
    double right = 0, top = 0, bottom = std::numeric_limits<double>::infinity();
    for (const ParetoPoint& point : m_points) {
        right = std::max(right, point.cost);
        top = std::max(top, point.value);
        bottom = std::min(bottom, point.value);
    }
    xAxis->setRange(0, right > 0 ? right * 1.25 : 1);  // Room for the names at the right.
    yAxis->setRange(isLogarithmic() ? std::max(0.5, bottom * 0.6) : 0,
                    isLogarithmic() ? top * 1.6 : roundUp(std::max(1.0, top * 1.05)));
}

QString ParetoChart::cursorText(double x) const {
    const auto nearest = std::ranges::min_element(
        m_points, {}, [x](const ParetoPoint& point) { return std::abs(point.cost - x); });
    return nearest == m_points.end() ? QString() : nearest->name;
}

QString ParetoChart::idleText(const Series& series) const {
    const bool isFront = series.role == Role::Accent;
    return QString::number(isFront ? m_front.size() : m_points.size());
}

ChartBase::Table ParetoChart::table() const {
    Table out{{tr("cost"), tr("value"), tr("worth having")}, {}};
    for (std::size_t i = 0; i < m_points.size(); ++i)
        out.rows.append({m_points[i].cost, m_points[i].value,
                         std::ranges::find(m_front, i) != m_front.end() ? 1.0 : 0.0});
    return out;
}

}  // namespace hone::ui::plots
