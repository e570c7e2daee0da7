#include "ui/report/attribution_view.h"

#include "ui/format/format.h"
#include "ui/models/effect_model.h"
#include "ui/models/toggle_effect_model.h"
#include "ui/plots/interaction_matrix.h"
#include "ui/plots/pareto_chart.h"
#include "ui/plots/waterfall.h"
#include "ui/report/interval_delegate.h"
#include "ui/report/tables.h"
#include "ui/widgets/widgets.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <bit>

namespace hone::ui::report {

namespace {

IntervalDelegate::Rows intervalRows(const ToggleEffectModel& model) {
    IntervalDelegate::Rows all{{}, model.delta()};
    for (const model::FactorEffect& effect : model.metric().effects) {
        const int power =
            effect.isMain() ? 1 : 2;  // Together over the product of each: the coefficient squared.
        const auto raised = [power](double ratio) { return power == 1 ? ratio : ratio * ratio; };
        auto verdict = effect.verdict;
        if (!effect.isMain())
            verdict = !model::stands(effect, model.delta())                ? stats::Verdict::CannotTell
                      : (effect.ratio < 1) == model.metric().lowerIsBetter ? stats::Verdict::Better
                                                                           : stats::Verdict::Worse;
        all.rows.push_back({text(effect.name()), raised(effect.ratio), raised(effect.lo), raised(effect.hi),
                            verdict, effect.isMain(), model.metric().exact});
    }
    return all;
}

QFrame* card(QWidget* parent, std::initializer_list<QWidget*> contents) {
    QFrame* made = frame("card", parent);
    auto* column = new QVBoxLayout(made);
    column->setContentsMargins(10, 8, 10, 6);
    column->setSpacing(space::kGrid);
    for (QWidget* content : contents)
        column->addWidget(content);
    return made;
}

QString settingName(const model::AttributionStage& stage, std::uint32_t setting) {
    QStringList on;
    for (std::size_t i = 0; i < stage.toggles.size(); ++i)
        if (setting >> i & 1U)
            on << text(stage.toggles[i]);
    return on.isEmpty() ? QObject::tr("none") : on.join(QStringLiteral(" + "));
}

}  // namespace

AttributionView::AttributionView(QWidget* parent) : QWidget(parent) {
    m_sentence = titleLabel({}, this);
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_further = new QLabel(this);
    m_further->setWordWrap(true);
    m_further->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_design = new Tag({}, Role::Muted, this);
    m_partial = new Tag(tr("partial"), Role::Warn, this);
    m_partial->setToolTip(tr("Stopped by hand; it holds the whole replicates measured until then"));
    m_confirmed = new Tag({}, Role::Good, this);
    m_warnings = new InlineMessage(this);
    auto* tags = new QHBoxLayout;
    tags->setSpacing(space::kGap);
    for (Tag* tag : {m_design, m_partial, m_confirmed})
        tags->addWidget(tag);
    tags->addStretch();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGap);
    column->addWidget(m_sentence);
    column->addWidget(m_further);
    column->addLayout(tags);
    column->addWidget(m_warnings);
    column->addWidget(makeTop());
    column->addWidget(makeBottom(), 1);
    clear();
}

QWidget* AttributionView::makeTop() {
    m_waterfall = new plots::Waterfall;
    m_matrix = new plots::InteractionMatrix;
    auto* top = new QWidget(this);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    row->addWidget(card(top, {sectionLabel(tr("FROM BASE TO RECOMMENDED"), top), m_waterfall}), 3);
    row->addWidget(card(top, {sectionLabel(tr("ALONE, AND TOGETHER BEYOND THAT"), top), m_matrix}), 2);
    for (int i = 0; i < row->count(); ++i)
        static_cast<QVBoxLayout*>(row->itemAt(i)->widget()->layout())->addStretch();
    return top;
}

QWidget* AttributionView::makeBottom() {
    m_effects = new ToggleEffectModel(this);
    m_table = new QTableView;
    m_table->setModel(m_effects);
    m_table->setAccessibleName(tr("Effects of the toggles"));
    m_table->setItemDelegateForColumn(
        ToggleEffectModel::Interval,
        new IntervalDelegate([this] { return intervalRows(*m_effects); }, m_table));
    styleTable(*m_table, ToggleEffectModel::Interval);
    m_metric = new QComboBox;
    m_metric->setAccessibleName(tr("Metric of the effects"));
    m_cost = new QComboBox;
    m_cost->setAccessibleName(tr("What the settings cost"));
    m_cost->addItem(tr("CPU per request"), QStringLiteral("cpu"));
    m_cost->addItem(tr("Bytes per request"), QStringLiteral("bytes"));
    m_pareto = new plots::ParetoChart;
    connect(m_metric, &QComboBox::currentIndexChanged, this, &AttributionView::showMetric);
    connect(m_cost, &QComboBox::currentIndexChanged, this, [this] { showPareto(m_shown); });

    auto* bottom = new QWidget(this);
    auto* row = new QHBoxLayout(bottom);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    QFrame* left = card(bottom, {m_metric, m_table});
    QFrame* right = card(bottom, {m_cost, m_pareto});
    for (QComboBox* box : {m_metric, m_cost})
        box->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    left->setMinimumHeight(200);
    row->addWidget(left, 3);
    row->addWidget(right, 2);
    return bottom;
}

void AttributionView::clear() {
    m_shown = {};
    showSentence({});
    for (Tag* tag : {m_design, m_partial, m_confirmed})
        tag->hide();
    m_warnings->clear();
    m_waterfall->clear(tr("Drawn when the runs are done"));
    m_matrix->setCells({}, {}, true);
    m_effects->clear();
    m_pareto->setPoints({}, "cpu", "p95");
}

void AttributionView::advance(const QString& phase, const std::vector<model::AttributionMetric>& metrics,
                              const std::string& metric, double delta) {
    showSentence(phase);
    const auto found = std::ranges::find(metrics, metric, &model::AttributionMetric::metric);
    if (found == metrics.end())
        return;
    m_effects->setMetric(*found, delta);
    showMatrix(*found, delta);
}

void AttributionView::showSentence(const QString& words) {
    static const QRegularExpression kEnd(QStringLiteral("\\. (?=[A-Z])"));
    const qsizetype end = words.indexOf(kEnd);
    m_sentence->setText(end < 0 ? words : words.left(end + 1));
    m_further->setText(end < 0 ? QString() : words.mid(end + 2));
    m_further->setVisible(end >= 0);
}

void AttributionView::showTags(const model::Attribution& attribution) {
    const model::AttributionStage* stage = attribution.decisive();
    m_design->setVisible(stage != nullptr);
    if (stage)
        m_design->setTag(tr("%1 · %2 replicates · %3 runs")
                             .arg(text(stage->design))
                             .arg(stage->replicates)
                             .arg(stage->runs.size()),
                         Role::Muted);
    m_partial->setVisible(attribution.partial);
    m_confirmed->setVisible(attribution.confirmation.has_value());
    if (attribution.confirmation) {
        m_confirmed->setTag(tr("confirmed by %1 pairs").arg(attribution.confirmation->blocks.size() / 2),
                            Role::Good);
        m_confirmed->setToolTip(text(attribution.confirmation->sentence));
    }
}

void AttributionView::show(const model::Attribution& attribution) {
    m_shown = attribution;
    showSentence(text(attribution.sentence.empty() ? model::describe(attribution) : attribution.sentence));
    showTags(attribution);
    QStringList warnings;
    for (const std::string& warning : attribution.warnings)
        warnings << text(warning);
    warnings.isEmpty() ? m_warnings->clear()
                       : m_warnings->show(InlineMessage::Kind::Warning, warnings.join(QLatin1Char('\n')));
    showWaterfall(attribution);
    const QSignalBlocker quiet(m_metric);
    m_metric->clear();
    if (const auto* stage = attribution.decisive())
        for (const model::AttributionMetric& metric : stage->metrics)
            m_metric->addItem(text(metric.title), text(metric.metric));
    m_metric->setCurrentIndex(std::max(0, m_metric->findData(text(attribution.metric))));
    showMetric();
    showPareto(attribution);
}

void AttributionView::showMetric() {
    const auto* stage = m_shown.decisive();
    const auto* metric = stage ? stage->metric(utf8(m_metric->currentData().toString())) : nullptr;
    if (!metric)
        return;
    m_effects->setMetric(*metric, m_shown.delta);
    showMatrix(*metric, m_shown.delta);
}

void AttributionView::showWaterfall(const model::Attribution& attribution) {
    const auto* stage = attribution.decisive();
    const auto* metric = stage ? stage->metric(attribution.metric) : nullptr;
    const auto predicted =
        std::ranges::find(attribution.predicted, attribution.metric, &model::PredictedChange::metric);
    if (!metric || predicted == attribution.predicted.end())
        return m_waterfall->clear(tr("No toggle earned its place"));
    std::vector<plots::WaterfallStep> steps;
    for (const model::ToggleShare& share : attribution.waterfall)
        steps.push_back(
            {text(share.toggle), share.amount,
             QStringLiteral("%1 · %2").arg(change(share.ratio), percent(share.part)),
             tr("%1, 95 % interval %2 … %3; its share of the whole way is %4")
                 .arg(text(share.toggle), change(share.lo), change(share.hi), percent(share.part))});
    m_waterfall->setSteps(text(attribution.base.name), predicted->from,
                          metricText(attribution.metric, predicted->from), std::move(steps),
                          tr("recommended"), metricText(attribution.metric, predicted->to),
                          metric->lowerIsBetter);
}

void AttributionView::showMatrix(const model::AttributionMetric& metric, double delta) {
    QStringList names;
    for (const model::FactorEffect& effect : metric.effects)
        if (effect.isMain())
            names << text(effect.toggles.front());
    const auto count = static_cast<std::size_t>(names.size());
    std::vector<plots::InteractionCell> cells(count * count);
    for (const model::FactorEffect& effect : metric.effects) {
        if (effect.toggles.size() > 2)
            continue;
        const auto a =
            static_cast<std::size_t>(std::max<qsizetype>(0, names.indexOf(text(effect.toggles.front()))));
        const auto b =
            static_cast<std::size_t>(std::max<qsizetype>(0, names.indexOf(text(effect.toggles.back()))));
        cells[std::min(a, b) * count + std::max(a, b)] = {
            effect.isMain() ? effect.ratio : effect.togetherRatio(), model::stands(effect, delta), true,
            effect.isMain() ? tr("%1 alone: %2").arg(text(effect.name()), change(effect.ratio))
                            : text(model::describeInteraction(metric, effect))};
    }
    m_matrix->setCells(std::move(names), std::move(cells), metric.lowerIsBetter);
}

void AttributionView::showPareto(const model::Attribution& attribution) {
    const auto* stage = attribution.decisive();
    const std::string cost = utf8(m_cost->currentData().toString());
    const std::string value = attribution.metric == "rps" ? "p95" : attribution.metric;
    struct Sum {
        double cost = 0, value = 0;
        int runs = 0;
    };
    std::map<std::uint32_t, Sum> sums;
    if (stage)
        for (const model::DesignRun& run : stage->runs) {
            const auto spent = run.metrics.find(cost), got = run.metrics.find(value);
            if (spent == run.metrics.end() || got == run.metrics.end())
                continue;
            Sum& sum = sums[run.setting];
            sum.cost += spent->second;
            sum.value += got->second;
            ++sum.runs;
        }
    std::vector<plots::ParetoPoint> points;
    for (const auto& [setting, sum] : sums)
        points.push_back({settingName(*stage, setting), sum.cost / sum.runs, sum.value / sum.runs});
    m_pareto->setPoints(std::move(points), cost, value);
}

}  // namespace hone::ui::report
