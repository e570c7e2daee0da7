#include "ui/report/differences_list.h"

#include "ui/format/format.h"
#include "ui/report/cost_view.h"
#include "ui/widgets/widgets.h"

#include <QHeaderView>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <set>

namespace hone::ui::report {

namespace {

QTreeWidget* makeList(const QStringList& columns, const QString& name) {
    auto* list = new QTreeWidget;
    list->setHeaderLabels(columns);
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->setAccessibleName(name);
    list->setFrameShape(QFrame::NoFrame);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);  // What is cut is in the tooltip.
    list->header()->setMinimumSectionSize(40);
    list->header()->setStretchLastSection(true);
    list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    list->header()->setSectionResizeMode(columns.size() - 1, QHeaderView::Stretch);
    return list;
}

QTreeWidgetItem* addPair(QTreeWidget* list, const QString& name, const QString& a, const QString& b) {
    auto* item = new QTreeWidgetItem(list, {name, a, b});
    item->setForeground(1, color(Role::ArmA));
    item->setForeground(2, color(Role::ArmB));
    item->setToolTip(0, name);
    return item;
}

/// How far apart two counts are, so that the telling ones come first; only one of them 0 is furthest.
double distance(double a, double b) {
    return a > 0 && b > 0 ? std::abs(std::log(b / a)) : std::numeric_limits<double>::infinity();
}

QString perRequest(double value, const model::RunResult& run) {
    return run.requests > 0 ? number(value / static_cast<double>(run.requests)) : QStringLiteral("–");
}

}  // namespace

DifferencesList::DifferencesList(QWidget* parent)
    : QWidget(parent),
      m_choice(new Segmented({tr("Settings"), tr("Counters"), tr("Answers"), tr("Cost")}, this)),
      m_pages(new QStackedWidget(this)),
      m_answersNote(mutedLabel({})),
      m_settings(
          makeList({tr("Setting"), QStringLiteral("A"), QStringLiteral("B")}, tr("Settings that differ"))),
      m_counters(
          makeList({tr("Counter"), QStringLiteral("A"), QStringLiteral("B")}, tr("Counters that differ"))),
      m_answers(makeList({tr("Request"), tr("What differed")}, tr("Answers that differ"))),
      m_cost(new CostView) {
    m_choice->setAccessibleName(tr("What differs"));
    m_pages->addWidget(m_settings);
    m_pages->addWidget(m_counters);
    m_pages->addWidget(makeAnswers());
    m_pages->addWidget(m_cost);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGap);
    column->addWidget(m_choice, 0, Qt::AlignLeft);
    column->addWidget(m_pages, 1);
    connect(m_choice, &Segmented::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
}

QWidget* DifferencesList::makeAnswers() {
    auto* page = new QWidget;
    m_answersNote->setWordWrap(true);
    m_answers->header()->setSectionResizeMode(0, QHeaderView::Interactive);
    m_answers->header()->resizeSection(0, 110);
    m_answers->setTextElideMode(Qt::ElideMiddle);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGrid);
    column->addWidget(m_answersNote);
    column->addWidget(m_answers, 1);
    column->addStretch();
    return page;
}

void DifferencesList::setPage(Page page) {
    m_choice->setCurrent(page);
    m_pages->setCurrentIndex(page);
}

void DifferencesList::showProfiles(const model::Profile& a, const model::Profile& b) {
    m_settings->clear();
    for (const model::ProfileDifference& d : model::differences(a, b)) {
        const QString name =
            d.param.empty() ? text(d.toggle) : text(d.toggle) + QLatin1Char('.') + text(d.param);
        auto* item = addPair(m_settings, name, d.a.empty() ? QStringLiteral("–") : text(d.a),
                             d.b.empty() ? QStringLiteral("–") : text(d.b));
        for (int column = 1; column < 3; ++column)
            item->setToolTip(column, item->text(column));
    }
    if (m_settings->topLevelItemCount() == 0)
        new QTreeWidgetItem(m_settings, {tr("None: this is an A/A comparison")});
}

void DifferencesList::showCounters(const model::RunResult& a, const model::RunResult& b) {
    m_counters->clear();
    struct Row {
        std::string id;
        double a = 0, b = 0;
    };
    std::vector<Row> rows;
    std::set<std::string> ids;
    for (const auto* run : {&a, &b})
        for (const auto& [id, value] : run->counters)
            ids.insert(id);
    const auto valueOf = [](const model::RunResult& run, const std::string& id) {
        const auto found = run.counters.find(id);
        return found == run.counters.end() ? 0.0 : found->second;
    };
    for (const std::string& id : ids)
        if (const Row row{id, valueOf(a, id), valueOf(b, id)}; row.a != row.b)
            rows.push_back(row);
    std::ranges::stable_sort(rows, std::greater{}, [](const Row& row) { return distance(row.a, row.b); });
    for (const Row& row : rows) {
        auto* item = addPair(m_counters, text(row.id), count(row.a), count(row.b));
        const QString each =
            tr("%1\nA: %2 (%3 per request)\nB: %4 (%5 per request)")
                .arg(text(row.id), number(row.a), perRequest(row.a, a), number(row.b), perRequest(row.b, b));
        for (int column = 0; column < 3; ++column)
            item->setToolTip(column, each);
    }
    if (rows.empty())
        new QTreeWidgetItem(m_counters, {tr("None differ")});
}

void DifferencesList::showAnswers(const model::Comparison& comparison) {
    m_answers->clear();
    const auto unexplained =
        std::ranges::count_if(comparison.answerDifferences, [](const auto& d) { return !d.expected; });
    if (comparison.answersCompared == 0)
        m_answersNote->setText(tr("No answers were compared."));
    else if (comparison.answerDifferences.empty())
        m_answersNote->setText(tr("%1 answers compared, all the same.").arg(comparison.answersCompared));
    else
        m_answersNote->setText(tr("%1 answers compared: %2 differ, %3 of them unexplained.")
                                   .arg(comparison.answersCompared)
                                   .arg(comparison.answerDifferences.size())
                                   .arg(unexplained));
    setLook(m_answersNote, unexplained > 0 ? "bad" : "muted");
    m_answers->setVisible(!comparison.answerDifferences.empty());
    for (const model::AnswerDifference& d : comparison.answerDifferences) {
        const QString sign = d.expected ? QStringLiteral("✓ ") : QStringLiteral("≠ ");
        auto* item = new QTreeWidgetItem(m_answers, {text(d.request), sign + text(d.explanation)});
        item->setForeground(1, color(d.expected ? Role::Muted : Role::Bad));
        item->setToolTip(1, tr("%1\nA: %2\nB: %3").arg(text(d.explanation), text(d.a), text(d.b)));
    }
    if (unexplained > 0)
        setPage(Answers);
}

void DifferencesList::show(const model::Comparison& comparison) {
    showProfiles(comparison.a.profile, comparison.b.profile);
    showCounters(comparison.a, comparison.b);
    m_cost->show(comparison);
    showAnswers(comparison);
}

}  // namespace hone::ui::report
