#include "ui/report/differences_list.h"

#include "ui/format/format.h"
#include "ui/widgets/widgets.h"

#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace hone::ui::report {

namespace {

QTreeWidget* makeList(const QStringList& columns, const QString& name) {
    auto* list = new QTreeWidget;
    list->setHeaderLabels(columns);
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->setAccessibleName(name);
    list->setFrameShape(QFrame::NoFrame);
    list->header()->setStretchLastSection(true);
    list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    list->header()->setSectionResizeMode(columns.size() - 1, QHeaderView::Stretch);
    return list;
}

}  // namespace

DifferencesList::DifferencesList(QWidget* parent)
    : QWidget(parent),
      m_answersNote(mutedLabel({}, this)),
      m_tree(makeList({tr("Setting"), QStringLiteral("A"), QStringLiteral("B")}, tr("Settings that differ"))),
      m_answers(makeList({tr("Request"), tr("What differed")}, tr("Answers that differ"))) {
    m_answersNote->setWordWrap(true);
    m_answers->header()->setSectionResizeMode(0, QHeaderView::Interactive);
    m_answers->header()->resizeSection(0, 110);
    m_answers->setTextElideMode(Qt::ElideMiddle);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGrid);
    column->addWidget(sectionLabel(tr("Settings that differ"), this));
    column->addWidget(m_tree, 3);
    column->addWidget(sectionLabel(tr("Same answers?"), this));
    column->addWidget(m_answersNote);
    column->addWidget(m_answers, 2);
}

void DifferencesList::showProfiles(const model::Profile& a, const model::Profile& b) {
    m_tree->clear();
    for (const model::ProfileDifference& d : model::differences(a, b)) {
        const QString name =
            d.param.empty() ? text(d.toggle) : text(d.toggle) + QLatin1Char('.') + text(d.param);
        auto* item = new QTreeWidgetItem(m_tree, {name, d.a.empty() ? QStringLiteral("–") : text(d.a),
                                                  d.b.empty() ? QStringLiteral("–") : text(d.b)});
        item->setForeground(1, color(Role::ArmA));
        item->setForeground(2, color(Role::ArmB));
        item->setToolTip(0, name);
    }
    if (m_tree->topLevelItemCount() == 0)
        new QTreeWidgetItem(m_tree, {tr("None: this is an A/A comparison")});
}

void DifferencesList::show(const model::Comparison& comparison) {
    showProfiles(comparison.a.profile, comparison.b.profile);
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
}

}  // namespace hone::ui::report
