#include "ui/plots/blocks_strip.h"

#include "ui/format/format.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hone::ui::plots {

namespace {

double highest(QCPGraphDataContainer& data) {
    double top = 0;
    for (const QCPGraphData& point : data)
        top = std::max(top, point.value);
    return top;
}

}  // namespace

Quantity quantityOf(std::string_view metric) {
    if (metric == "rps")
        return Quantity::PerSecond;
    if (metric == "bytes")
        return Quantity::Bytes;
    if (metric == "errors")
        return Quantity::Share;
    return Quantity::Micros;
}

BlocksStrip::BlocksStrip(QWidget* parent) : ChartBase(tr("Blocks in order"), parent) {
    setColumnTitle(QStringLiteral("block"));
    setAxes(Quantity::Count, Quantity::Micros);
    addSeries({.name = tr("A"), .role = Role::ArmA, .mark = ChartHeader::Mark::Dot})
        ->setLineStyle(QCPGraph::lsNone);
    addSeries({.name = tr("B"), .role = Role::ArmB, .mark = ChartHeader::Mark::Diamond})
        ->setLineStyle(QCPGraph::lsNone);
    setPlaceholder(tr("Each block appears when it is measured"));
    dataChanged();
}

void BlocksStrip::setBlocks(const std::vector<model::Block>& blocks, const std::string& metric,
                            int plannedBlocks) {
    // Only while blocks are added does the scale stay: it must not shrink under somebody who looks.
    if (blocks.size() <= std::exchange(m_shown, blocks.size()))
        m_top = 0;
    if (metric != m_metric || blocks.empty()) {
        m_top = 0;
        m_metric = metric;
        setAxisScale(yAxis, quantityOf(metric), false);
    }
    m_blocks = std::max({2, plannedBlocks, static_cast<int>(blocks.size())});
    for (const Series& s : series())
        s.graph->data()->clear();
    for (const model::Block& block : blocks)
        if (const auto value = block.metrics.find(metric); value != block.metrics.end())
            series()[block.arm == 0 ? 0 : 1].graph->addData(block.order + 1, value->second);
    if (const double top = std::max(highest(*series()[0].graph->data()), highest(*series()[1].graph->data()));
        top > m_top)
        m_top = roundUp(top * 1.05);
    dataChanged();
}

void BlocksStrip::fitAxes() {
    xAxis->setRange(0.3, m_blocks + 0.7);
    yAxis->setRange(0, m_top > 0 ? m_top : 1);
}

QString BlocksStrip::cursorText(double x) const { return tr("block %1").arg(std::lround(x)); }

TrendChart::TrendChart(QWidget* parent) : ChartBase(tr("p95 from run to run"), parent) {
    setColumnTitle(QStringLiteral("run"));
    setAxes(Quantity::Count, Quantity::Micros, Qt::Vertical);
    addSeries({.name = QStringLiteral("p95"), .role = Role::P95, .mark = ChartHeader::Mark::Dot});
    setPlaceholder(tr("Two runs of one workload and profile make a trend"));
    dataChanged();
}

void TrendChart::setEntries(const std::vector<Entry>& entries) {
    m_entries = entries;
    std::erase_if(m_entries, [](const Entry& entry) { return entry.p95Us <= 0; });  // Nothing was answered.
    series()[0].graph->data()->clear();
    if (m_entries.size() > 1)
        for (std::size_t i = 0; i < m_entries.size(); ++i)
            series()[0].graph->addData(static_cast<double>(i + 1), m_entries[i].p95Us);
    resetZoom();
}

void TrendChart::addMark(std::size_t index, Qt::PenStyle dash) {
    auto* line = new QCPItemStraightLine(this);
    const double x = static_cast<double>(index) + 0.5;  // Entries are at 1, 2, …: between two of them.
    line->point1->setCoords(x, 1);
    line->point2->setCoords(x, 2);
    line->setPen(QPen(QColor(), 1, dash));
    m_marks.push_back(line);
}

void TrendChart::setMarks(const std::vector<std::size_t>& levels, const std::vector<std::size_t>& machines) {
    for (QCPItemStraightLine* mark : m_marks)
        removeItem(mark);
    m_marks.clear();
    for (const std::size_t index : machines)
        addMark(index, Qt::DotLine);
    for (const std::size_t index : levels)
        addMark(index, Qt::SolidLine);
    TrendChart::restyle();
    repaintSoon();
}

void TrendChart::restyle() {
    for (QCPItemStraightLine* mark : m_marks) {
        const Qt::PenStyle dash = mark->pen().style();
        mark->setPen(QPen(color(dash == Qt::DotLine ? Role::Muted : Role::Warn), 1, dash));
    }
}

void TrendChart::fitAxes() {
    xAxis->setRange(0.5, static_cast<double>(m_entries.size()) + 0.5);
    double top = 1, bottom = 1e18;
    for (const Entry& entry : m_entries) {
        top = std::max(top, entry.p95Us);
        bottom = std::min(bottom, entry.p95Us);
    }
    yAxis->setRange(isLogarithmic() ? std::max(0.5, bottom * 0.7) : 0,
                    isLogarithmic() ? top * 1.4 : roundUp(top * 1.05));
}

QString TrendChart::cursorText(double x) const {
    const auto index = std::lround(x) - 1;
    const bool isRun = index >= 0 && index < static_cast<long>(m_entries.size());
    return isRun ? m_entries[static_cast<std::size_t>(index)].label : QString();
}

QString TrendChart::idleText(const Series&) const {
    return m_entries.size() > 1 ? micros(m_entries.back().p95Us) : QString();
}

}  // namespace hone::ui::plots
