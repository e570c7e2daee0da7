#include "ui/report/run_view.h"

#include "ui/format/format.h"
#include "ui/models/request_model.h"
#include "ui/plots/cursor_group.h"
#include "ui/plots/distribution_charts.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/row_bars.h"
#include "ui/plots/time_charts.h"
#include "ui/plots/toggle_rows.h"
#include "ui/report/tables.h"
#include "ui/widgets/widgets.h"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace hone::ui::report {

namespace {

constexpr std::size_t kMomentsKept = 40'000;  ///< An hour of ten a second; the oldest go first.

double seconds(std::chrono::milliseconds value) { return std::chrono::duration<double>(value).count(); }

/// A chart or table on its own surface.
QFrame* card(QWidget* content, QWidget* parent) {
    QFrame* made = frame("card", parent);
    auto* column = new QVBoxLayout(made);
    column->setContentsMargins(10, 8, 2, 4);
    column->addWidget(content);
    return made;
}

/// One of several charts, chosen by the switch below it.
QWidget* switched(const QStringList& names, const QList<QWidget*>& charts, const QString& accessibleName) {
    auto* all = new QWidget;
    auto* stack = new QStackedWidget;
    for (QWidget* chart : charts)
        stack->addWidget(chart);
    auto* which = new Segmented(names);
    which->setAccessibleName(accessibleName);
    QObject::connect(which, &Segmented::currentChanged, stack, &QStackedWidget::setCurrentIndex);
    auto* column = new QVBoxLayout(all);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGrid);
    column->addWidget(stack, 1);
    column->addWidget(which, 0, Qt::AlignLeft);
    return all;
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

QWidget* RunView::makeOverTime() {
    m_percentiles = new plots::PercentilesOverTime;
    m_heat = new plots::LatencyHeatMap;
    m_heat->setPlaceholder(tr("Drawn from the distribution of every slice; this run kept none"));
    m_throughput = new plots::Throughput;
    m_queue = new plots::QueueDepth;
    m_bytesOverTime = new plots::BytesOverTime;
    m_cursor = new plots::CursorGroup(this);
    for (plots::TimeChart* chart : timeCharts()) {
        m_cursor->add(chart);
        connect(chart, &plots::TimeChart::pointChosen, this, &RunView::showMoment);
        connect(chart, &plots::TimeChart::annotationWanted, this, &RunView::askAnnotation);
    }
    QWidget* below = switched({tr("Throughput"), tr("Queue"), tr("Bytes")},
                              {m_throughput, m_queue, m_bytesOverTime}, tr("What is drawn over time"));
    m_moment = mutedLabel({}, this);
    m_moment->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_moment->setAccessibleName(tr("What happened at the chosen moment"));
    auto* column = new QWidget(this);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kGap);
    layout->addWidget(card(m_percentiles, column), 4);
    layout->addWidget(card(m_heat, column), 4);
    layout->addWidget(card(below, column), 4);
    layout->addWidget(m_moment);
    m_moment->hide();
    return column;
}

QWidget* RunView::makeDistribution() {
    m_histogram = new plots::LatencyHistogram;
    m_spectrum = new plots::PercentileSpectrum;
    m_phases =
        new plots::RowBars(tr("Where the mean request spends its time"), tr("Known when the run has ended"));
    m_toggles = new plots::RowBars(tr("What each toggle takes of a request"),
                                   tr("Known when a run of the engine with toggles on has ended"));
    m_ledger = new plots::RowBars(tr("What a request costs"), tr("Known when the run has ended"));
    for (plots::ChartBase* chart :
         {static_cast<plots::ChartBase*>(m_histogram), static_cast<plots::ChartBase*>(m_spectrum)})
        chart->setPlaceholder(tr("The distribution is drawn as answers come in"));
    return switched({tr("Histogram"), tr("Spectrum"), tr("Phases"), tr("Toggles"), tr("Ledger")},
                    {m_histogram, m_spectrum, m_phases, m_toggles, m_ledger},
                    tr("How the distribution is drawn"));
}

std::vector<plots::TimeChart*> RunView::timeCharts() const {
    return {m_percentiles, m_heat, m_throughput, m_queue, m_bytesOverTime};
}

QWidget* RunView::makeCharts() {
    m_requests = new RequestModel(this);
    m_table = new QTableView;
    m_table->setModel(m_requests);
    styleTable(*m_table, RequestModel::Name);
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);  // Takes what the row has.
    m_table->setAccessibleName(tr("Result of each request of the workload"));
    auto* right = new QWidget(this);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGap);
    column->addWidget(card(makeDistribution(), right), 3);
    column->addWidget(card(m_table, right), 2);
    auto* both = new QWidget(this);
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    row->addWidget(makeOverTime(), 1);
    row->addWidget(right, 1);
    return both;
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
    for (plots::TimeChart* chart : timeCharts())
        chart->begin(seconds(workload.warmup), seconds(workload.duration));
    m_intervals.clear();
    m_isLive = true;
    m_seenBands = {};
    m_seenS = seconds(workload.warmup);
    m_phases->setRows({});
    m_toggles->setRows({});
    m_ledger->setRows({});
    m_moment->hide();
    setAnnotations({});
    m_histogram->setHistogram({});
    m_spectrum->setCurves({});
    m_requests->setRequests({});
}

void RunView::advance(const load::LoadProgress& progress) {
    if (progress.latency) {
        m_histogram->setHistogram(*progress.latency);
        m_spectrum->setCurves({{tr("latency"), *progress.latency, Role::P95}});
    }
    addBands(progress);
    model::Interval last = progress.last;
    last.inFlight = progress.inFlight;
    last.backlog = progress.backlog;
    if (last.requests == 0 || last.startS <= m_lastStartS)
        return;  // Figures change with every finished interval, not in between.
    m_lastStartS = last.startS;
    for (plots::TimeChart* chart : timeCharts())
        chart->append(last);
    m_intervals.push_back(last);
    if (m_intervals.size() > kMomentsKept)
        m_intervals.erase(m_intervals.begin(), m_intervals.begin() + kMomentsKept / 4);
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
    // A run that was watched keeps the heat map it has drawn, unless the run itself kept more.
    const bool hasBands = std::ranges::any_of(
        run.series, [](const model::Interval& interval) { return !interval.bands.counts.empty(); });
    const bool wasWatched = std::exchange(m_isLive, false);
    for (plots::TimeChart* chart : timeCharts())
        if (chart != m_heat || hasBands || !wasWatched)
            chart->setIntervals(run.series);
    m_intervals = run.series;
    setAnnotations(run.annotations);
    m_phases->setRows(plots::phaseRows(run));
    m_toggles->setRows(plots::toggleRows(run));
    m_ledger->setRows(plots::ledgerRows(run));
    m_moment->hide();
    m_histogram->setHistogram(run.latency);
    m_spectrum->setCurves(
        {{tr("latency"), run.latency, Role::P95}, {tr("first byte"), run.ttfb, Role::Series2, Qt::DotLine}});
    m_requests->setRequests(run.byRequest);
}

void RunView::addBands(const load::LoadProgress& progress) {
    if (!progress.latency || !progress.last.bands.counts.empty())
        return;
    const auto now = model::LatencyBands::of(*progress.latency);
    m_heat->append({.startS = m_seenS,
                    .lengthS = progress.elapsedS - m_seenS,
                    .bands = plots::bandsSince(m_seenBands, now)});
    m_seenBands = now;
    m_seenS = progress.elapsedS;
}

void RunView::setEarlier(const model::RunResult* run) {
    const QString name =
        run ? tr("earlier: %1").arg(text(run->name.empty() ? run->profile.name : run->name)) : QString();
    for (plots::TimeChart* chart : timeCharts())
        if (chart != m_heat && chart != m_queue)
            chart->setEarlier(name, run ? run->series : std::vector<model::Interval>{});
}

void RunView::setAnnotations(std::vector<model::Annotation> annotations) {
    m_annotations = std::move(annotations);
    for (plots::TimeChart* chart : timeCharts())
        chart->setAnnotations(m_annotations);
}

void RunView::annotate(double atS, const QString& words) {
    auto all = m_annotations;
    if (!words.trimmed().isEmpty())
        all.push_back({atS, utf8(words.trimmed())});
    setAnnotations(std::move(all));
    emit annotated();
}

void RunView::askAnnotation(double atS) {
    bool taken = false;
    const QString words =
        QInputDialog::getText(this, tr("Annotate"), tr("What happened at %1 s?").arg(atS, 0, 'f', 1),
                              QLineEdit::Normal, {}, &taken);
    if (taken)
        annotate(atS, words);
}

void RunView::showMoment(double atS) {
    const auto at = std::ranges::find_if(m_intervals, [atS](const model::Interval& interval) {
        return atS >= interval.startS && atS < interval.startS + interval.lengthS;
    });
    m_moment->setVisible(at != m_intervals.end());
    if (at == m_intervals.end())
        return;
    m_moment->setText(tr("%1 – %2 s: %3 requests, %4 errors, %5 · p50 %6 · p95 %7 · p99 %8 · slowest %9")
                          .arg(at->startS, 0, 'f', 1)
                          .arg(at->startS + at->lengthS, 0, 'f', 1)
                          .arg(count(static_cast<double>(at->requests)),
                               count(static_cast<double>(at->errors)), bytes(static_cast<double>(at->bytes)),
                               micros(at->p50Us), micros(at->p95Us), micros(at->p99Us), micros(at->maxUs)));
}

}  // namespace hone::ui::report
