#pragma once

#include "ui/plots/time_chart.h"

#include <vector>

namespace hone::ui::plots {

/// The distribution of every slice of a run: time along x, latency (logarithmic) along y, the denser the
/// stronger the colour; p50 and p99 as lines over it. Two modes of a cache, a slow start, a pause of the
/// server are shapes here that percentiles hide.
///
/// Colour follows the logarithm of requests per second, so that a single slow request is still seen. Memory
/// is bounded: beyond kMaxColumns neighbouring slices are added up two by two, which loses no request.
class LatencyHeatMap : public TimeChart {
    Q_OBJECT
public:
    static constexpr std::size_t kMaxColumns = 1200;

    struct Column {
        double startS = 0, endS = 0;
        model::LatencyBands bands;
    };

    explicit LatencyHeatMap(QWidget* parent = nullptr);
    [[nodiscard]] const std::vector<Column>& columns() const { return m_columns; }
    /// seconds, from_us, to_us, requests: a row for every cell with requests.
    [[nodiscard]] Table table() const override;
    /// The cells as an image of this size over the visible axes; transparent where nothing was answered.
    [[nodiscard]] QImage image(const QSize& size) const;

protected:
    void add(double x, const model::Interval& interval) override;
    void cleared() override;
    void fitAxes() override;
    [[nodiscard]] bool hasData() const override;
    [[nodiscard]] std::vector<ChartHeader::Entry> furtherEntries() const override;

private:
    std::vector<Column> m_columns;
    double m_mostPerS = 0, m_leastPerS = 0;  ///< Densest and thinnest cell.
};

/// What was answered between two looks at the histogram of a whole run.
[[nodiscard]] model::LatencyBands bandsSince(const model::LatencyBands& before,
                                             const model::LatencyBands& now);

}  // namespace hone::ui::plots
