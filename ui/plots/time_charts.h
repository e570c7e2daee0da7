#pragma once

#include "ui/plots/time_chart.h"

namespace hone::ui::plots {

/// p50, p95 and p99 of every interval: one hue in three weights, and three dashes for print. An earlier run
/// shows its p95.
///
/// Until the user has chosen a scale it is linear, unless spikes would press everything else to the ground:
/// then, from that moment of a run to its end, logarithmic.
class PercentilesOverTime : public TimeChart {
    Q_OBJECT
public:
    explicit PercentilesOverTime(QWidget* parent = nullptr);

protected:
    void add(double x, const model::Interval& interval) override;
    [[nodiscard]] double earlierValue(const model::Interval& interval) const override;
    void fitAxes() override;
    void cleared() override;
    void scaleChanged() override;

private:
    [[nodiscard]] bool isPressedDown() const;
    void switchTo(bool logarithmic);

    bool m_isChosen = false;     ///< The user switched the scale: it stays.
    bool m_isSwitching = false;  ///< We do.
};

/// Answers per second, stacked: errors at the bottom, what succeeded above them up to all answers.
class Throughput : public TimeChart {
    Q_OBJECT
public:
    explicit Throughput(QWidget* parent = nullptr);

protected:
    void add(double x, const model::Interval& interval) override;
    void restyle() override;
    [[nodiscard]] double earlierValue(const model::Interval& interval) const override;

private:
    QCPGraph* m_errorMarks;  ///< A cross where there were errors: not told by colour alone.
};

/// Requests under way and requests that were due but could not be sent yet, at the end of every interval: a
/// growing backlog is a rate the target cannot hold.
class QueueDepth : public TimeChart {
    Q_OBJECT
public:
    explicit QueueDepth(QWidget* parent = nullptr);

protected:
    void add(double x, const model::Interval& interval) override;
    void fitAxes() override;
};

/// Bytes per second on the wire.
class BytesOverTime : public TimeChart {
    Q_OBJECT
public:
    explicit BytesOverTime(QWidget* parent = nullptr);

protected:
    void add(double x, const model::Interval& interval) override;
    [[nodiscard]] double earlierValue(const model::Interval& interval) const override;
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
