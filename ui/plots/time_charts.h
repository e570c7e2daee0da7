#pragma once

#include "core/model/run.h"
#include "ui/plots/chart_base.h"

namespace hone::ui::plots {

/// What charts of one run over its time share: seconds along x from 0 to the planned end, the warm-up shaded,
/// new intervals appended while it runs. The x axis never moves while it runs; the y axis only grows, by
/// round steps.
class TimeChart : public ChartBase {
    Q_OBJECT
public:
    /// A run begins: empty, with room for its planned length.
    void begin(double warmupS, double measuredS);
    void append(const model::Interval& interval);
    /// A finished run.
    void setIntervals(const std::vector<model::Interval>& intervals);
    void clear();

protected:
    TimeChart(const QString& title, Quantity y, bool offersLogarithm, QWidget* parent);
    /// Adds the interval's values at x, without repainting.
    virtual void add(double x, const model::Interval& interval) = 0;
    void fitAxes() override;
    void restyle() override;
    [[nodiscard]] QString idleText(const Series& series) const override;
    [[nodiscard]] std::vector<ChartHeader::Entry> furtherEntries() const override;

private:
    void shade(double untilS);

    QCPItemRect* m_shade;
    double m_endS = 1, m_warmupS = 0, m_top = 0;
};

/// p50, p95 and p99 of every interval: one hue in three weights.
class PercentilesOverTime : public TimeChart {
    Q_OBJECT
public:
    explicit PercentilesOverTime(QWidget* parent = nullptr);

protected:
    void add(double x, const model::Interval& interval) override;
};

/// Answers and errors per second.
class Throughput : public TimeChart {
    Q_OBJECT
public:
    explicit Throughput(QWidget* parent = nullptr);

protected:
    void add(double x, const model::Interval& interval) override;
    void restyle() override;

private:
    QCPGraph* m_errorMarks;  ///< A cross where there were errors: not told by colour alone.
};

/// p95 over time of two runs that were measured apart.
class P95Overlay : public ChartBase {
    Q_OBJECT
public:
    explicit P95Overlay(QWidget* parent = nullptr);
    void setRuns(const QString& nameA, const std::vector<model::Interval>& a, const QString& nameB,
                 const std::vector<model::Interval>& b);

protected:
    void fitAxes() override;
};

}  // namespace hone::ui::plots
