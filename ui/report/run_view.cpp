#include "ui/report/run_view.h"

#include "ui/format/format.h"
#include "ui/models/request_model.h"
#include "ui/plots/distribution_charts.h"
#include "ui/plots/time_charts.h"
#include "ui/report/tables.h"
#include "ui/widgets/widgets.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace hone::ui::report {

namespace {

double seconds(std::chrono::milliseconds value) { return std::chrono::duration<double>(value).count(); }

/// A chart or table on its own surface.
QFrame* card(QWidget* content, QWidget* parent) {
    QFrame* made = frame("card", parent);
    auto* column = new QVBoxLayout(made);
    column->setContentsMargins(10, 8, 2, 4);
    column->addWidget(content);
    return made;
}

}  // namespace

RunView::RunView(QWidget* parent) : QWidget(parent), m_warnings(new InlineMessage(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGap);
    column->addWidget(makeFigures());
    column->addWidget(m_warnings);
    column->addWidget(makeCharts(), 1);
}

QWidget* RunView::makeFigures() {
    auto* row = new QWidget(this);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::kSection);
    const auto add = [&](Figure*& figure, const QString& label, const QString& toolTip) {
        figure = new Figure(label, row);
        figure->setToolTip(toolTip);
        line->addWidget(figure, 1);
    };
    add(m_p50, QStringLiteral("p50"), tr("Half of the requests were answered within this time"));
    add(m_p95, QStringLiteral("p95"), tr("95 of 100 requests were answered within this time"));
    add(m_p99, QStringLiteral("p99"), tr("99 of 100 requests were answered within this time"));
    add(m_rps, tr("Throughput"), tr("Answers per second"));
    add(m_errors, tr("Errors"), tr("Share of requests without a usable answer"));
    add(m_bytes, tr("Bytes per request"), tr("On the wire, headers included"));
    add(m_cpu, tr("CPU per request"), tr("Processor time of the engine; unknown for other servers"));
    return row;
}

QWidget* RunView::makeCharts() {
    m_percentiles = new plots::PercentilesOverTime;
    m_throughput = new plots::Throughput;
    m_histogram = new plots::LatencyHistogram;
    m_spectrum = new plots::PercentileSpectrum;
    m_which = new Segmented({tr("Histogram"), tr("Spectrum")});
    m_which->setAccessibleName(tr("How the distribution is drawn"));
    m_distribution = new QStackedWidget;
    m_distribution->addWidget(m_histogram);
    m_distribution->addWidget(m_spectrum);
    connect(m_which, &Segmented::currentChanged, m_distribution, &QStackedWidget::setCurrentIndex);
    for (plots::ChartBase* chart :
         {static_cast<plots::ChartBase*>(m_histogram), static_cast<plots::ChartBase*>(m_spectrum)})
        chart->setPlaceholder(tr("The distribution is drawn as answers come in"));
    m_requests = new RequestModel(this);
    m_table = new QTableView;
    m_table->setModel(m_requests);
    styleTable(*m_table, RequestModel::Name);
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);  // Takes what the row has.
    m_table->setAccessibleName(tr("Result of each request of the workload"));

    auto* distribution = new QWidget;
    auto* inner = new QVBoxLayout(distribution);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(space::kGrid);
    inner->addWidget(m_distribution, 1);
    inner->addWidget(m_which, 0, Qt::AlignLeft);
    auto* grid = new QWidget(this);
    auto* layout = new QGridLayout(grid);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kGap);
    layout->addWidget(card(m_percentiles, grid), 0, 0);
    layout->addWidget(card(distribution, grid), 0, 1);
    layout->addWidget(card(m_throughput, grid), 1, 0);
    layout->addWidget(card(m_table, grid), 1, 1);
    layout->setColumnStretch(0, 1);
    layout->setColumnStretch(1, 1);
    layout->setRowMinimumHeight(0, 150);
    layout->setRowMinimumHeight(1, 96);
    layout->setRowStretch(0, 3);
    layout->setRowStretch(1, 2);
    return grid;
}

void RunView::showFigures(double p50, double p95, double p99, double rps, double errors, double requests,
                          double bytesEach) {
    const auto latency = [](Figure* figure, double us) {
        figure->setValue(us > 0 ? micros(us) : QString(), exactMicros(us));
    };
    latency(m_p50, p50);
    latency(m_p95, p95);
    latency(m_p99, p99);
    m_rps->setValue(rate(rps), tr("%1 answers per second").arg(rps, 0, 'f', 3));
    m_errors->setValue(percent(requests > 0 ? errors / requests : 0),
                       tr("%1 of %2 requests").arg(errors).arg(requests));
    m_errors->setNote(errors > 0 ? tr("%1 errors").arg(count(errors)) : QString(),
                      errors > 0 ? Role::Bad : Role::Muted);
    m_bytes->setValue(requests > 0 ? bytes(bytesEach) : QString(), tr("%1 bytes").arg(bytesEach, 0, 'f', 1));
}

void RunView::begin(const model::Workload& workload) {
    m_lastStartS = -1;
    for (Figure* figure : {m_p50, m_p95, m_p99, m_rps, m_errors, m_bytes, m_cpu}) {
        figure->setValue({});
        figure->setNote({});
    }
    m_warnings->clear();
    m_percentiles->begin(seconds(workload.warmup), seconds(workload.duration));
    m_throughput->begin(seconds(workload.warmup), seconds(workload.duration));
    m_histogram->setHistogram({});
    m_spectrum->setCurves({});
    m_requests->setRequests({});
}

void RunView::advance(const load::LoadProgress& progress) {
    if (progress.latency) {
        m_histogram->setHistogram(*progress.latency);
        m_spectrum->setCurves({{tr("latency"), *progress.latency, Role::P95}});
    }
    const model::Interval& last = progress.last;
    if (last.requests == 0 || last.startS <= m_lastStartS)
        return;  // Figures change with every finished interval, not in between.
    m_lastStartS = last.startS;
    m_percentiles->append(last);
    m_throughput->append(last);
    const auto requests = static_cast<double>(last.requests);
    showFigures(last.p50Us, last.p95Us, last.p99Us, last.rps(), static_cast<double>(last.errors), requests,
                static_cast<double>(last.bytes) / requests);
    m_p50->setNote(last.warmup ? tr("warming up") : tr("now"));
    m_p95->setNote(tr("now"));
    m_p99->setNote(tr("now"));
}

void RunView::show(const model::RunResult& run) {
    const auto quantile = [&](double q) { return static_cast<double>(run.latency.quantile(q)); };
    showFigures(quantile(0.50), quantile(0.95), quantile(0.99), run.rps(), static_cast<double>(run.errors),
                static_cast<double>(run.requests), run.bytesPerRequest());
    m_p50->setNote(tr("%1 requests").arg(count(static_cast<double>(run.requests))));
    m_p95->setNote(run.workload.model == model::LoadModel::Open ? tr("from the intended send")
                                                                : tr("from the send"));
    m_p99->setNote(tr("max %1").arg(micros(static_cast<double>(run.latency.max()))));
    m_rps->setNote(tr("over %1 s").arg(run.measuredS, 0, 'f', 1));
    m_cpu->setValue(run.engineCpuUsPerRequest > 0 ? micros(run.engineCpuUsPerRequest) : QString(),
                    run.engineCpuUsPerRequest > 0 ? exactMicros(run.engineCpuUsPerRequest)
                                                  : tr("Only our own engine says it"));
    QStringList warnings;
    if (run.partial)
        warnings << tr("The run was stopped early; it holds what was measured until then.");
    for (const std::string& warning : run.warnings)
        warnings << text(warning);
    warnings.isEmpty() ? m_warnings->clear()
                       : m_warnings->show(InlineMessage::Kind::Warning, warnings.join(QLatin1Char('\n')));
    m_percentiles->setIntervals(run.series);
    m_throughput->setIntervals(run.series);
    m_histogram->setHistogram(run.latency);
    m_spectrum->setCurves(
        {{tr("latency"), run.latency, Role::P95}, {tr("first byte"), run.ttfb, Role::Series2, Qt::DotLine}});
    m_requests->setRequests(run.byRequest);
}

}  // namespace hone::ui::report
