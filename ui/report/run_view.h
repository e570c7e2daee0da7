#pragma once

#include "core/load/load.h"
#include "core/model/run.h"

#include <QWidget>

#include <memory>

class QLabel;
class QStackedWidget;
class QTableView;

namespace hone::ui {
class Figure;
class InlineMessage;
class RequestModel;
class Segmented;
namespace plots {
class LatencyHistogram;
class PercentileSpectrum;
class PercentilesOverTime;
class Throughput;
}  // namespace plots
}  // namespace hone::ui

namespace hone::ui::report {

/// One run on screen, while it is measured and after: headline figures, latency and throughput over time,
/// distribution or spectrum, a row per request, warnings. Bench and Runs show the same.
class RunView : public QWidget {
    Q_OBJECT
public:
    explicit RunView(QWidget* parent = nullptr);
    /// A run starts: everything empty, axes as long as planned.
    void begin(const model::Workload& workload);
    /// Live figures; a new interval is appended to the charts.
    void advance(const load::LoadProgress& progress);
    void show(const model::RunResult& run);

private:
    QWidget* makeFigures();
    QWidget* makeCharts();
    void showDistribution(int which);
    void showFigures(double p50, double p95, double p99, double rps, double errors, double requests,
                     double bytesEach);

    Figure *m_p50, *m_p95, *m_p99, *m_rps, *m_errors, *m_bytes, *m_cpu;
    InlineMessage* m_warnings;
    plots::PercentilesOverTime* m_percentiles;
    plots::Throughput* m_throughput;
    plots::LatencyHistogram* m_histogram;
    plots::PercentileSpectrum* m_spectrum;
    Segmented* m_which;
    QStackedWidget* m_distribution;
    RequestModel* m_requests;
    QTableView* m_table;
    double m_lastStartS = -1;  ///< Of the newest interval in the charts.
};

}  // namespace hone::ui::report
