#pragma once

#include "core/model/comparison.h"
#include "ui/plots/chart_base.h"
#include "ui/plots/curves.h"

#include <span>

namespace hone::ui::plots {

/// Where in the distribution B differs from A: the change of every percentile from 1 to 99 %, drawn at A's
/// latency, so it lies beneath the overlay of both distributions with the same x. The line is descriptive;
/// p50, p95 and p99 carry the intervals of the paired blocks, against the band of no practical difference.
/// Source: Wilcox 1995 (shift function), on ratios.
class ShiftChart : public ChartBase {
    Q_OBJECT
public:
    explicit ShiftChart(QWidget* parent = nullptr);
    void setComparison(const model::Comparison& comparison);
    [[nodiscard]] Table table() const override;

protected:
    void fitAxes() override;
    void restyle() override;
    [[nodiscard]] QString cursorText(double x) const override;
    [[nodiscard]] std::vector<ChartHeader::Entry> furtherEntries() const override;

private:
    struct Percentile {
        double q = 0, aUs = 0, bUs = 0;
    };
    std::vector<Percentile> m_percentiles;
    QCPErrorBars* m_intervals;
    QCPItemRect* m_band;
    double m_delta = 0.02, m_extent = 0.1, m_lowUs = 1, m_highUs = 10;
};

/// The block values of one metric per arm: a violin (density), every block as a point, the median as a line.
class ArmViolins : public ChartBase {
    Q_OBJECT
public:
    explicit ArmViolins(QWidget* parent = nullptr);
    void setBlocks(const std::vector<model::Block>& blocks, const std::string& metric);
    [[nodiscard]] Table table() const override;

protected:
    void fitAxes() override;
    void restyle() override;
    [[nodiscard]] QString cursorText(double x) const override;
    [[nodiscard]] QString idleText(const Series& series) const override;

private:
    std::vector<double> m_values[2];
    QCPCurve* m_outlines[2];
    QCPGraph* m_medians[2];
};

/// A smooth density of few values (Gaussian kernel, Silverman's width), highest point 1; empty below three
/// values or without any spread.
[[nodiscard]] std::vector<Point> densityPoints(std::span<const double> values, int points = 48);

}  // namespace hone::ui::plots
