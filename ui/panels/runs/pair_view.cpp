#include "ui/panels/runs/pair_view.h"

#include "ui/format/format.h"
#include "ui/plots/distribution_charts.h"
#include "ui/plots/time_charts.h"
#include "ui/widgets/widgets.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace hone::ui::runs {

namespace {

QString armName(const QString& letter, const model::RunResult& run) {
    return letter + QStringLiteral(" · ") + text(run.profile.name.empty() ? run.target : run.profile.name);
}

QFrame* card(QWidget* content, QWidget* parent) {
    QFrame* made = frame("card", parent);
    auto* column = new QVBoxLayout(made);
    column->setContentsMargins(10, 8, 2, 4);
    column->addWidget(content);
    return made;
}

}  // namespace

PairView::PairView(QWidget* parent)
    : QWidget(parent), m_label(new InlineMessage(this)), m_table(new QTreeWidget) {
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setFocusPolicy(Qt::TabFocus);
    m_table->setAccessibleName(tr("Figures of both runs"));
    m_table->setColumnCount(4);
    m_ecdf = new plots::EcdfOverlay;
    m_spectrum = new plots::PercentileSpectrum;
    m_overTime = new plots::P95Overlay;
    auto* charts = new QHBoxLayout;
    charts->setSpacing(space::kGap);
    for (QWidget* part : std::initializer_list<QWidget*>{m_table, m_ecdf, m_spectrum, m_overTime})
        charts->addWidget(card(part, this), part == m_table ? 5 : 4);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGap);
    column->addWidget(m_label);
    column->addLayout(charts, 1);
}

void PairView::addRow(const QString& metric, const QString& a, const QString& b, double valueA,
                      double valueB) {
    auto* item = new QTreeWidgetItem(
        m_table, {metric, a, b, valueA > 0 && valueB > 0 ? change(valueB / valueA) : QStringLiteral("–")});
    item->setForeground(1, color(Role::ArmA));
    item->setForeground(2, color(Role::ArmB));
    for (int column = 1; column < 4; ++column)
        item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
}

void PairView::show(const model::RunResult& a, const model::RunResult& b) {
    m_label->show(
        InlineMessage::Kind::Info,
        tr("Measured one after the other, not in turns: there is no interval, and a difference may be "
           "drift."),
        a.workload.name != b.workload.name
            ? tr("The workloads differ too: %1 and %2.").arg(text(a.workload.name), text(b.workload.name))
            : tr("For an answer with an interval, compare the two profiles in Compare."));
    m_table->clear();
    m_table->setHeaderLabels({tr("Metric"), QStringLiteral("A"), QStringLiteral("B"), tr("Change")});
    m_table->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    for (const auto& [name, q] : {std::pair("p50", 0.50), std::pair("p95", 0.95), std::pair("p99", 0.99)}) {
        const auto va = static_cast<double>(a.latency.quantile(q)),
                   vb = static_cast<double>(b.latency.quantile(q));
        addRow(QLatin1String(name), micros(va), micros(vb), va, vb);
    }
    addRow(tr("Throughput"), rate(a.rps()), rate(b.rps()), a.rps(), b.rps());
    addRow(tr("Bytes each"), bytes(a.bytesPerRequest()), bytes(b.bytesPerRequest()), a.bytesPerRequest(),
           b.bytesPerRequest());
    addRow(tr("Errors"), percent(a.errorRate()), percent(b.errorRate()), a.errorRate(), b.errorRate());
    if (a.engineCpuUsPerRequest > 0 && b.engineCpuUsPerRequest > 0)
        addRow(tr("CPU each"), micros(a.engineCpuUsPerRequest), micros(b.engineCpuUsPerRequest),
               a.engineCpuUsPerRequest, b.engineCpuUsPerRequest);
    const auto curves = plots::armCurves(armName(QStringLiteral("A"), a), a.latency,
                                         armName(QStringLiteral("B"), b), b.latency);
    m_ecdf->setCurves(curves);
    m_spectrum->setCurves(curves);
    m_overTime->setRuns(QStringLiteral("A"), a.series, QStringLiteral("B"), b.series);
}

}  // namespace hone::ui::runs
