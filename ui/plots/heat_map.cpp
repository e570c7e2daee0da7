#include "ui/plots/heat_map.h"

#include "ui/plots/heat_ramp.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hone::ui::plots {

namespace {

using model::LatencyBands;

/// The cells, under everything else of the chart.
class Cells : public QCPAbstractItem {
public:
    explicit Cells(LatencyHeatMap* chart) : QCPAbstractItem(chart), m_chart(*chart) {}
    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override {
        const QRect area = m_chart.axisRect()->rect();
        if (!area.isEmpty())
            painter->drawImage(area, m_chart.image(area.size()));
    }

private:
    const LatencyHeatMap& m_chart;
};

std::vector<LatencyHeatMap::Column> joined(std::vector<LatencyHeatMap::Column> columns) {
    std::vector<LatencyHeatMap::Column> half;
    half.reserve(columns.size() / 2 + 1);
    for (std::size_t i = 0; i < columns.size(); i += 2) {
        half.push_back(std::move(columns[i]));
        if (i + 1 < columns.size()) {
            half.back().endS = columns[i + 1].endS;
            half.back().bands.merge(columns[i + 1].bands);
        }
    }
    return half;
}

}  // namespace

LatencyHeatMap::LatencyHeatMap(QWidget* parent)
    : TimeChart(tr("Latency heat map"), Quantity::Micros, false, parent) {
    new Cells(this);  // The plot owns its items.
    setAxisScale(yAxis, Quantity::Micros, true);
    yAxis->grid()->setVisible(false);
    addSeries({.name = QStringLiteral("p50"), .role = Role::Warn, .dash = Qt::DotLine});
    addSeries({.name = QStringLiteral("p99"), .role = Role::Warn});
    dataChanged();
}

bool LatencyHeatMap::hasData() const { return !m_columns.empty(); }

void LatencyHeatMap::cleared() {
    m_columns.clear();
    m_mostPerS = m_leastPerS = 0;
}

void LatencyHeatMap::add(double x, const model::Interval& interval) {
    if (interval.bands.counts.empty() || interval.lengthS <= 0)
        return;
    m_columns.push_back({interval.startS, interval.startS + interval.lengthS, interval.bands});
    if (interval.p99Us > 0) {
        series()[0].graph->addData(x, interval.p50Us);
        series()[1].graph->addData(x, interval.p99Us);
    }
    if (m_columns.size() > kMaxColumns)
        m_columns = joined(std::move(m_columns));
    m_mostPerS = 0;
    double longest = 0;
    for (const Column& column : m_columns) {
        const double length = column.endS - column.startS;
        longest = std::max(longest, length);
        m_mostPerS = std::max(m_mostPerS, *std::ranges::max_element(column.bands.counts) / length);
    }
    m_leastPerS = 1 / longest;
}

QImage LatencyHeatMap::image(const QSize& size) const {
    QImage picture(size, QImage::Format_ARGB32_Premultiplied);
    picture.fill(Qt::transparent);
    std::array<QRgb, 64> ramp{};
    for (std::size_t i = 0; i < ramp.size(); ++i)
        ramp[i] = heatColor(static_cast<double>(i) / (ramp.size() - 1.0)).rgb();
    std::vector<int> bandOfRow(static_cast<std::size_t>(size.height()));
    const QCPRange y = yAxis->range(), x = xAxis->range();
    for (int row = 0; row < size.height(); ++row)
        bandOfRow[static_cast<std::size_t>(row)] =
            LatencyBands::bandOf(y.lower * std::pow(y.upper / y.lower, 1 - (row + 0.5) / size.height()));
    const double span = std::max(1e-9, std::log(m_mostPerS / m_leastPerS));
    auto at = m_columns.begin();
    for (int pixel = 0; pixel < size.width(); ++pixel) {
        const double second = x.lower + x.size() * (pixel + 0.5) / size.width();
        at = std::find_if(at, m_columns.end(),
                          [second](const Column& column) { return column.endS > second; });
        if (at == m_columns.end())
            break;
        if (at->startS > second)
            continue;
        for (int row = 0; row < size.height(); ++row) {
            const int cell = bandOfRow[static_cast<std::size_t>(row)] - at->bands.first;
            if (cell < 0 || cell >= static_cast<int>(at->bands.counts.size()))
                continue;
            const double perS = at->bands.counts[static_cast<std::size_t>(cell)] / (at->endS - at->startS);
            if (perS <= 0)
                continue;
            const double share = std::clamp(std::log(perS / m_leastPerS) / span, 0.0, 1.0);
            reinterpret_cast<QRgb*>(picture.scanLine(row))[pixel] =
                ramp[static_cast<std::size_t>(std::lround(share * (ramp.size() - 1.0)))];
        }
    }
    return picture;
}

void LatencyHeatMap::fitAxes() {
    xAxis->setRange(0, endS());
    int low = LatencyBands::kMax, high = 0;
    for (const Column& column : m_columns) {
        low = std::min(low, column.bands.first);
        high = std::max(high, column.bands.first + static_cast<int>(column.bands.counts.size()));
    }
    yAxis->setRange(LatencyBands::lowerUs(low - 1), LatencyBands::lowerUs(high + 1));
}

std::vector<ChartHeader::Entry> LatencyHeatMap::furtherEntries() const {
    auto entries = TimeChart::furtherEntries();
    if (hasData())
        entries.push_back({.name = tr("few to many requests"),
                           .role = Role::Accent,
                           .mark = ChartHeader::Mark::Ramp,
                           .showsValue = false});
    return entries;
}

ChartBase::Table LatencyHeatMap::table() const {
    Table table{{QStringLiteral("seconds"), QStringLiteral("from_us"), QStringLiteral("to_us"),
                 QStringLiteral("requests")},
                {},
                {Quantity::Seconds, Quantity::Micros, Quantity::Micros, Quantity::Count}};
    for (const Column& column : m_columns)
        for (std::size_t i = 0; i < column.bands.counts.size(); ++i) {
            const int band = column.bands.first + static_cast<int>(i);
            if (column.bands.counts[i] > 0)
                table.rows << QList<double>{(column.startS + column.endS) / 2, LatencyBands::lowerUs(band),
                                            LatencyBands::lowerUs(band + 1),
                                            static_cast<double>(column.bands.counts[i])};
        }
    return table;
}

LatencyBands bandsSince(const LatencyBands& before, const LatencyBands& now) {
    LatencyBands since = now;
    for (std::size_t i = 0; i < before.counts.size(); ++i) {
        const int at = before.first + static_cast<int>(i) - since.first;
        if (at < 0 || at >= static_cast<int>(since.counts.size()))
            continue;
        // Shared buckets are rounded: a difference may be one below zero.
        auto& count = since.counts[static_cast<std::size_t>(at)];
        count -= std::min(count, before.counts[i]);
    }
    return since;
}

}  // namespace hone::ui::plots
