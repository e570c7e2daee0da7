#include "ui/report/matrix_view.h"

#include "ui/format/format.h"
#include "ui/models/effect_model.h"
#include "ui/plots/interval_bars.h"
#include "ui/widgets/widgets.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace hone::ui::report {

namespace {

QString profileName(const model::Matrix& matrix, int arm) {
    return text(matrix.arms[static_cast<std::size_t>(arm)].profile.name);
}

/// What the pair says about the profile in row `arm`, for its tooltip.
QString againstFirst(const model::Matrix& matrix, const model::MatrixMetric& metric, int arm) {
    const model::MatrixPair* pair = metric.pair(0, arm);
    if (!pair || pair->paired.pairs < 2)
        return {};
    return MatrixView::tr("%1 against %2: %3 … %4")
        .arg(change(pair->paired.ratio), profileName(matrix, 0), change(pair->paired.lo),
             change(pair->paired.hi));
}

}  // namespace

MatrixView::MatrixView(QWidget* parent) : QWidget(parent) {
    m_sentence = titleLabel({}, this);
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_rounds = new Tag({}, Role::Muted, this);
    m_partial = new Tag(tr("partial"), Role::Warn, this);
    m_partial->setToolTip(tr("Stopped by hand; it holds the whole rounds measured until then"));
    m_warnings = new InlineMessage(this);
    m_table = new QTreeWidget;
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Metrics of every profile"));
    m_metric = new QComboBox;
    m_metric->setAccessibleName(tr("Metric of the pairs"));
    m_metric->setToolTip(tr("Which metric the pairs below are compared in"));
    m_note = mutedLabel(tr(
        "Simultaneous 95 % intervals (Bonferroni over the pairs); verdicts also survive Holm over all pairs "
        "and headline metrics."));
    m_note->setWordWrap(true);
    m_bars = new plots::IntervalBars;
    auto* tags = new QHBoxLayout;
    tags->setSpacing(space::kGap);
    tags->addWidget(m_rounds);
    tags->addWidget(m_partial);
    tags->addStretch();
    QFrame* upper = frame("card", this);
    auto* upperColumn = new QVBoxLayout(upper);
    upperColumn->setContentsMargins(2, 2, 2, 2);
    upperColumn->addWidget(m_table);
    QFrame* lower = frame("card", this);
    auto* head = new QHBoxLayout;
    head->addWidget(sectionLabel(tr("Every pair"), lower));
    head->addWidget(m_metric);
    head->addWidget(m_note, 1);
    auto* lowerColumn = new QVBoxLayout(lower);
    lowerColumn->setContentsMargins(12, 8, 12, 8);
    lowerColumn->addLayout(head);
    lowerColumn->addWidget(m_bars);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGap);
    column->addWidget(m_sentence);
    column->addLayout(tags);
    column->addWidget(m_warnings);
    column->addWidget(upper);
    column->addWidget(lower);
    column->addStretch();
    connect(m_metric, &QComboBox::currentIndexChanged, this, &MatrixView::showPairs);
}

void MatrixView::fillTable() {
    m_table->clear();
    QStringList columns{tr("Profile")};
    for (const auto& metric : m_shown.metrics)
        columns << text(metric.title);
    m_table->setHeaderLabels(columns);
    for (int arm = 0; arm < static_cast<int>(m_shown.arms.size()); ++arm) {
        const auto at = static_cast<std::size_t>(arm);
        auto* item = new QTreeWidgetItem(m_table, {profileName(m_shown, arm)});
        const bool isValid = m_shown.invalid[at].empty();
        if (!isValid) {
            item->setText(0, profileName(m_shown, arm) + tr(" (other work)"));
            item->setToolTip(0, text(m_shown.invalid[at]));
            item->setForeground(0, color(Role::Warn));
        }
        int column = 0;
        for (const auto& metric : m_shown.metrics) {
            ++column;
            const bool isBest = std::ranges::find(metric.best, arm) != metric.best.end();
            // A sign as well as weight and colour: "★" alone at the top, "≈" for those that share the place.
            const QString sign = !isBest                   ? QString()
                                 : metric.best.size() == 1 ? QStringLiteral("★ ")
                                                           : QStringLiteral("≈ ");
            item->setText(column, sign + metricText(metric.metric, metric.values[at]));
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
            item->setToolTip(column, againstFirst(m_shown, metric, arm));
            if (!isBest)
                continue;
            QFont strong = m_table->font();
            strong.setWeight(QFont::DemiBold);
            item->setFont(column, strong);
            if (metric.best.size() == 1)
                item->setForeground(column, color(Role::Good));
        }
    }
    m_table->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->header()->setStretchLastSection(false);
    m_table->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int column = 1; column < columns.size(); ++column)
        m_table->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    m_table->setFixedHeight(m_table->header()->sizeHint().height() +
                            static_cast<int>(m_shown.arms.size()) * space::kRow + 8);
}

void MatrixView::showPairs() {
    const model::MatrixMetric* metric = m_shown.of(utf8(m_metric->currentData().toString()));
    std::vector<plots::IntervalRow> rows;
    if (metric)
        for (const model::MatrixPair& pair : metric->pairs) {
            const auto& paired = pair.paired;
            rows.push_back(
                {.label = tr("%1 against %2").arg(profileName(m_shown, pair.b), profileName(m_shown, pair.a)),
                 .ratio = paired.ratio,
                 .lo = paired.pairs < 2 ? 0 : paired.lo,
                 .hi = paired.hi,
                 .verdict = pair.verdict,
                 .strong = pair.a == 0,
                 .exact = paired.exact});
        }
    m_bars->setRows(std::move(rows), m_shown.delta);
    m_bars->updateGeometry();
}

void MatrixView::show(const model::Matrix& matrix) {
    m_shown = matrix;
    m_sentence->setText(text(matrix.sentence));
    m_rounds->setTag(tr("%1 of %2 rounds · %3 profiles · band ±%4 %")
                         .arg(matrix.rounds)
                         .arg(matrix.plannedRounds)
                         .arg(matrix.arms.size())
                         .arg(QString::number(matrix.delta * 100, 'g', 3)),
                     Role::Muted);
    m_partial->setVisible(matrix.partial);
    QStringList warnings;
    for (const std::string& warning : matrix.warnings)
        warnings << text(warning);
    warnings.isEmpty() ? m_warnings->clear()
                       : m_warnings->show(InlineMessage::Kind::Warning, warnings.join(QLatin1Char('\n')));
    fillTable();
    m_metric->clear();
    for (const auto& metric : matrix.metrics)
        m_metric->addItem(text(metric.title), text(metric.metric));
    m_metric->setCurrentIndex(std::max(0, m_metric->findData(text(matrix.metric))));
    showPairs();
}

}  // namespace hone::ui::report
