#include "ui/plots/sweep_chart.h"

#include "ui/format/format.h"
#include "ui/plots/blocks_strip.h"

#include <algorithm>
#include <cmath>

namespace hone::ui::plots {

SweepChart::SweepChart(QWidget* parent)
    : ChartBase(tr("Along the parameter"), parent),
      m_low(addGraph()),
      m_high(addGraph()),
      m_kneeLine(new QCPItemStraightLine(this)),
      m_kneeText(new QCPItemText(this)) {
    setAxes(Quantity::Count, Quantity::Micros);
    addSeries({.name = tr("mean"), .role = Role::Accent, .mark = ChartHeader::Mark::Dot});
    addSeries({.name = tr("best"), .role = Role::Good, .mark = ChartHeader::Mark::Diamond, .fixedText = true})
        ->setLineStyle(QCPGraph::lsNone);
    for (QCPItemPosition* position : {m_kneeLine->point1, m_kneeLine->point2, m_kneeText->position})
        position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    m_kneeText->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_kneeText->setPadding({5, 2, 5, 2});
    setPlaceholder(tr("Each value of the parameter becomes a point"));
    SweepChart::restyle();
    dataChanged();
}

void SweepChart::setSweep(const model::Sweep& sweep, std::string_view metric) {
    const model::SweepCurve* found = sweep.curve(metric);
    m_curve = found ? *found : model::SweepCurve{};
    m_positions = sweep.positions;
    m_what = text(sweep.what());
    m_names.clear();
    for (const std::string& value : sweep.values)
        m_names << text(value);
    setColumnTitle(m_what);
    setAxisScale(yAxis, quantityOf(metric), false);
    if (!sweep.numeric) {
        const QSharedPointer<QCPAxisTickerText> names(new QCPAxisTickerText);
        for (std::size_t i = 0; i < m_positions.size(); ++i)
            names->addTick(m_positions[i], m_names.value(static_cast<qsizetype>(i)));
        xAxis->setTicker(names);
    }
    for (QCPGraph* part : {m_low, m_high, series()[0].graph, series()[1].graph})
        part->data()->clear();
    const std::size_t count = std::min(m_curve.points.size(), m_positions.size());
    for (std::size_t i = 0; i < count; ++i) {
        const model::SweepFigure& figure = m_curve.points[i];
        series()[0].graph->addData(m_positions[i], figure.value);
        const bool isBounded = std::isfinite(figure.hi);
        m_low->addData(m_positions[i], isBounded ? figure.lo : figure.value);
        m_high->addData(m_positions[i], isBounded ? figure.hi : figure.value);
    }
    const auto isPoint = [count](int index) { return index >= 0 && static_cast<std::size_t>(index) < count; };
    if (isPoint(m_curve.best)) {
        const auto best = static_cast<std::size_t>(m_curve.best);
        series()[1].graph->addData(m_positions[best], m_curve.points[best].value);
    }
    const bool hasKnee = isPoint(m_curve.knee);
    m_kneeLine->setVisible(hasKnee);
    m_kneeText->setVisible(hasKnee);
    if (hasKnee) {
        const double at = m_positions[static_cast<std::size_t>(m_curve.knee)];
        m_kneeLine->point1->setCoords(at, 0);
        m_kneeLine->point2->setCoords(at, 1);
        m_kneeText->position->setCoords(at, 0.03);
        m_kneeText->setText(tr("knee: %1, more hardly pays").arg(m_names.value(m_curve.knee)));
        const bool isRight = at > (m_positions.front() + m_positions.back()) / 2;
        m_kneeText->setPositionAlignment((isRight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
    }
    resetZoom();
}

void SweepChart::restyle() {
    QColor soft = color(Role::Accent);
    soft.setAlphaF(0.16F);
    for (QCPGraph* border : {m_low, m_high})
        border->setPen(QPen(soft, 1));
    m_high->setBrush(soft);
    m_high->setChannelFillGraph(m_low);
    m_kneeLine->setPen(QPen(color(Role::Warn), 1, Qt::DashLine));
    m_kneeText->setFont(ui::font(FontRole::Small));
    m_kneeText->setColor(color(Role::Text));
    m_kneeText->setBrush(color(Role::Raised));
}

void SweepChart::fitAxes() {
    double top = 0;
    for (const QCPGraphData& point : *m_high->data())
        top = std::max(top, point.value);
    const auto [low, high] = std::ranges::minmax(m_positions);
    const double margin = std::max((high - low) * 0.05, 0.5 * (low == high));
    xAxis->setRange(low - margin, high + margin);
    yAxis->setRange(0, top > 0 ? roundUp(top * 1.1) : 1);
}

QString SweepChart::cursorText(double x) const {
    const auto nearest =
        std::ranges::min_element(m_positions, {}, [x](double position) { return std::abs(position - x); });
    return nearest == m_positions.end()
               ? QString()
               : m_what + QStringLiteral(" = ") + m_names.value(nearest - m_positions.begin());
}

ChartBase::Table SweepChart::table() const {
    const Quantity y = quantity(yAxis);
    Table table{{m_what, QStringLiteral("mean"), QStringLiteral("low"), QStringLiteral("high"),
                 QStringLiteral("knee")},
                {},
                {Quantity::Count, y, y, y, Quantity::Count}};
    for (std::size_t i = 0; i < std::min(m_curve.points.size(), m_positions.size()); ++i)
        table.rows << QList<double>{m_positions[i], m_curve.points[i].value, m_curve.points[i].lo,
                                    m_curve.points[i].hi, m_curve.knee == static_cast<int>(i) ? 1.0 : 0.0};
    return table;
}

}  // namespace hone::ui::plots
