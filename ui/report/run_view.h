#pragma once

#include "core/load/load.h"
#include "core/model/run.h"

#include <QWidget>

#include <memory>

class QLabel;
class QTableView;

namespace hone::ui {
class Figure;
class InlineMessage;
class RequestModel;
class Segmented;
namespace plots {
class BytesOverTime;
class CursorGroup;
class LatencyHeatMap;
class LatencyHistogram;
class PercentileSpectrum;
class PercentilesOverTime;
class QueueDepth;
class RowBars;
class Throughput;
class TimeChart;
}  // namespace plots
}  // namespace hone::ui

namespace hone::ui::report {

/// One run on screen, while it is measured and after: headline figures; latency, heat map and throughput over
/// time with one crosshair; distribution, spectrum, phases, toggles or ledger; a row per request; warnings. A
/// click on a moment says what happened in it. Bench and Runs show the same.
class RunView : public QWidget {
    Q_OBJECT
public:
    explicit RunView(QWidget* parent = nullptr);
    /// A run starts: everything empty, axes as long as planned.
    void begin(const model::Workload& workload);
    /// Live figures; a new interval is appended to the charts.
    void advance(const load::LoadProgress& progress);
    void show(const model::RunResult& run);
    /// An earlier run drawn faintly behind this and the next ones; nullptr takes it away.
    void setEarlier(const model::RunResult* run);
    [[nodiscard]] const std::vector<model::Annotation>& annotations() const { return m_annotations; }
    void setAnnotations(std::vector<model::Annotation> annotations);
    void annotate(double atS, const QString& words);

signals:
    /// Somebody wrote at a moment of the run, or took it back.
    void annotated();

private:
    QWidget* makeFigures();
    QWidget* makeCharts();
    QWidget* makeOverTime();
    QWidget* makeDistribution();
    [[nodiscard]] std::vector<plots::TimeChart*> timeCharts() const;
    void addBands(const load::LoadProgress& progress);
    void askAnnotation(double atS);
    void showMoment(double atS);
    void showFigures(double p50, double p95, double p99, double rps, double errors, double requests,
                     double bytesEach);

    Figure *m_p50, *m_p95, *m_p99, *m_rps, *m_errors, *m_bytes, *m_cpu;
    InlineMessage* m_warnings;
    plots::PercentilesOverTime* m_percentiles;
    plots::LatencyHeatMap* m_heat;
    plots::Throughput* m_throughput;
    plots::QueueDepth* m_queue;
    plots::BytesOverTime* m_bytesOverTime;
    plots::LatencyHistogram* m_histogram;
    plots::PercentileSpectrum* m_spectrum;
    plots::RowBars *m_phases, *m_toggles, *m_ledger;
    plots::CursorGroup* m_cursor;
    QLabel* m_moment;
    RequestModel* m_requests;
    QTableView* m_table;
    double m_lastStartS = -1;                  ///< Of the newest interval in the charts.
    std::vector<model::Interval> m_intervals;  ///< What is on screen: for the words of a moment.
    std::vector<model::Annotation> m_annotations;
    model::LatencyBands m_seenBands;  ///< Of everything measured so far, while intervals come without.
    double m_seenS = 0;
    bool m_isLive = false;  ///< Between begin() and show(): the heat map is of this run.
};

}  // namespace hone::ui::report
