#include "ui/plots/cursor_group.h"

#include "ui/plots/chart_base.h"

namespace hone::ui::plots {

void CursorGroup::add(ChartBase* chart) {
    m_charts.push_back(chart);
    connect(chart, &ChartBase::cursorMoved, this, [this, chart](const std::optional<double>& x) {
        for (ChartBase* other : m_charts)
            if (other != chart)
                other->showCursor(x);
    });
    connect(chart, &ChartBase::zoomChanged, this, [this, chart] { follow(chart); });
}

void CursorGroup::follow(ChartBase* from) {
    if (m_busy)
        return;
    m_busy = true;
    for (ChartBase* other : m_charts) {
        if (other == from)
            continue;
        if (!from->isZoomed())
            other->resetZoom();
        else if (other->xAxis->range() != from->xAxis->range()) {
            other->xAxis->setRange(from->xAxis->range());
            other->repaintSoon();
        }
    }
    m_busy = false;
}

}  // namespace hone::ui::plots
