#include "ui/panels/feedback/feedback_panel.h"

#include "core/base/ids.h"
#include "ui/format/format.h"
#include "ui/panels/feedback/make_panel.h"
#include "ui/panels/feedback/rating_chart.h"
#include "ui/panels/feedback/survey_form.h"
#include "ui/widgets/widgets.h"

#include <QComboBox>
#include <QHeaderView>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <cmath>

namespace hone::ui::feedback {
namespace {

/// A minus sign as wide as a plus, not a hyphen.
QString withMinus(QString number) { return number.replace(QLatin1Char('-'), QChar(0x2212)); }

constexpr int kFormWidth = 380;

QString intervalText(const survey::Score& score, bool share) {
    const auto number = [share](double value) {
        return share ? percent(value) : withMinus(QString::number(value, 'f', 1));
    };
    return QObject::tr("n = %1, 95 %: %2 … %3").arg(score.n).arg(number(score.lo), number(score.hi));
}

}  // namespace

Panel* makePanel(Workspace& workspace, QWidget* parent) { return new FeedbackPanel(workspace, parent); }

FeedbackPanel::FeedbackPanel(Workspace& workspace, QWidget* parent) : Panel(workspace, parent) {
    auto* split = new QSplitter(this);
    split->addWidget(makeResults());
    split->addWidget(makeAsking());
    split->setStretchFactor(0, 1);
    split->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);
    connect(&m_workspace, &Workspace::runsChanged, this, &FeedbackPanel::refreshRuns);
    connect(&m_workspace, &Workspace::answersChanged, this, &FeedbackPanel::refreshAnswers);
    refreshRuns();
    refreshAnswers();
}

QWidget* FeedbackPanel::makeResults() {
    m_stars = new Figure(tr("Stars"), this);
    m_satisfied = new Figure(tr("Satisfied"), this);
    m_nps = new Figure(tr("Net promoter score"), this);
    m_satisfied->setToolTip(tr("Share of four and five stars, Wilson interval"));
    m_nps->setToolTip(tr("% of 9–10 less % of 0–6; from −100 to 100"));
    m_warning = mutedLabel(tr("Fewer than 10 answers: read the scores as anecdotes."), this);
    m_chart = new RatingChart(this);
    m_table = new QTableWidget(0, 6, this);
    m_table->setHorizontalHeaderLabels(
        {tr("When"), tr("Profile"), tr("p95"), tr("Stars"), tr("NPS"), tr("Comment")});
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(space::kRow);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setAccessibleName(tr("Answers"));

    auto* figures = new QHBoxLayout;
    figures->setSpacing(space::kSection * 2);
    for (auto* figure : {m_stars, m_satisfied, m_nps})
        figures->addWidget(figure);
    figures->addStretch();
    auto* full = new QWidget(this);
    auto* layout = new QVBoxLayout(full);
    layout->setContentsMargins(space::kPadding, space::kPadding, space::kPadding, space::kPadding);
    layout->setSpacing(space::kGap);
    layout->addWidget(titleLabel(tr("How it felt"), full));
    layout->addLayout(figures);
    layout->addWidget(m_warning);
    layout->addSpacing(space::kGap);
    layout->addWidget(sectionLabel(tr("Rating against latency"), full));
    layout->addWidget(m_chart);
    layout->addSpacing(space::kGap);
    layout->addWidget(sectionLabel(tr("Answers"), full));
    layout->addWidget(m_table, 1);

    m_empty = new EmptyState(
        "draw-star", tr("Numbers say how fast it was; people say whether that is enough."), tr("Run a bench"),
        tr("After a run, answer three short questions at the right."), this);
    connect(m_empty->action(), &QPushButton::clicked, this, [this] { emit openPanel("bench", {}); });
    m_results = new QStackedWidget(this);
    m_results->addWidget(m_empty);
    m_results->addWidget(full);
    return m_results;
}

QWidget* FeedbackPanel::makeAsking() {
    auto* side = new QWidget(this);
    side->setMinimumWidth(kFormWidth);
    m_about = new QComboBox(side);
    m_about->setAccessibleName(tr("The result this is about"));
    m_about->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_form = new SurveyForm(survey::afterRunSurvey(), side);
    m_message = new InlineMessage(side);
    auto* submitButton = primaryButton(tr("Send answer"), {}, side);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(space::kPadding, space::kPadding, space::kPadding, space::kPadding);
    layout->setSpacing(space::kGap);
    layout->addWidget(titleLabel(text(survey::afterRunSurvey().title), side));
    layout->addWidget(sectionLabel(tr("About"), side));
    layout->addWidget(m_about);
    layout->addSpacing(space::kGap);
    layout->addWidget(m_form);
    layout->addWidget(m_message);
    layout->addWidget(submitButton, 0, Qt::AlignLeft);
    layout->addWidget(mutedLabel(tr("Stays in this workspace; nothing is sent anywhere."), side));
    layout->addStretch();
    connect(submitButton, &QPushButton::clicked, this, &FeedbackPanel::submit);
    connect(m_form, &SurveyForm::changed, m_message, &InlineMessage::clear);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(side);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setMinimumWidth(kFormWidth + 16);
    return scroll;
}

void FeedbackPanel::activated() {
    refreshRuns();
    refreshAnswers();
}

void FeedbackPanel::open(const QString& argument) {
    refreshRuns();
    if (const int index = m_about->findData(argument); index >= 0)
        m_about->setCurrentIndex(index);
    m_form->setFocus();
}

void FeedbackPanel::refreshRuns() {
    const auto chosen = m_about->currentData().toString();
    m_about->clear();
    if (auto runs = m_workspace.store().list())
        m_runs = std::move(*runs);
    for (const auto& run : m_runs)
        m_about->addItem(
            QString("%1 · %2 · p95 %3").arg(text(run.name), when(run.startedAt), micros(run.p95Us)),
            text(run.id));
    if (m_runs.empty())
        m_about->addItem(tr("the API in general (no runs yet)"), QString());
    m_about->setCurrentIndex(std::max(0, m_about->findData(chosen)));
}

void FeedbackPanel::refreshAnswers() {
    const auto answers = m_workspace.store().answers(survey::afterRunSurvey().id);
    if (!answers) {
        m_message->show(InlineMessage::Kind::Error, text(answers.error().what), text(answers.error().hint));
        return;
    }
    m_results->setCurrentIndex(answers->empty() ? 0 : 1);
    const auto stars = survey::ratings(*answers, "stars"), nps = survey::ratings(*answers, "nps");
    const auto mean = survey::meanRating(stars), satisfied = survey::satisfaction(stars, 5),
               promoters = survey::netPromoter(nps);
    m_stars->setValue(stars.empty() ? QString() : QString::number(mean.value, 'f', 1) + " / 5");
    m_stars->setNote(stars.empty() ? QString() : intervalText(mean, false));
    m_satisfied->setValue(stars.empty() ? QString() : percent(satisfied.value));
    m_satisfied->setNote(stars.empty() ? QString() : intervalText(satisfied, true));
    m_nps->setValue(nps.empty() ? QString() : withMinus(QString::number(std::lround(promoters.value))));
    m_nps->setNote(nps.empty() ? QString() : intervalText(promoters, false));
    m_warning->setVisible(mean.few || promoters.few);

    QList<RatingChart::Point> points;
    m_table->setRowCount(static_cast<int>(answers->size()));
    int row = static_cast<int>(answers->size());
    for (const auto& answer : *answers) {
        --row;  // newest on top
        const auto cell = [&](int column, const QString& value) {
            m_table->setItem(row, column, new QTableWidgetItem(value));
        };
        const int given = answer.values.value("stars", 0);
        cell(0, when(answer.at));
        cell(1, text(answer.profile));
        cell(2, answer.p95Us > 0 ? micros(answer.p95Us) : QString());
        cell(3, QString("★").repeated(given));
        cell(4, answer.values.contains("nps") ? QString::number(answer.values.value("nps", 0)) : QString());
        cell(5, text(answer.values.value("comment", std::string())));
        points.append({answer.p95Us, given, text(answer.profile)});
    }
    m_chart->setPoints(points);
}

void FeedbackPanel::submit() {
    if (const auto missing = m_form->missing(); !missing.isEmpty())
        return m_message->show(InlineMessage::Kind::Error, tr("“%1” has no answer yet.").arg(missing));
    const auto values = m_form->values();
    if (values.empty())
        return m_message->show(InlineMessage::Kind::Error, tr("Nothing was answered yet."));
    if (auto kept = keep(values, utf8(m_about->currentData().toString())); !kept)
        return m_message->show(InlineMessage::Kind::Error, text(kept.error().what), text(kept.error().hint));
    m_form->clear();
    m_message->show(InlineMessage::Kind::Info, tr("Thank you. The answer is kept with the run."));
    m_workspace.notifyAnswersChanged();
}

Result<> FeedbackPanel::keep(const nlohmann::json& values, const std::string& runId) {
    model::SurveyAnswer answer;
    answer.id = newId();
    answer.surveyId = survey::afterRunSurvey().id;
    answer.at = std::chrono::system_clock::now();
    answer.values = values;
    for (const auto& run : m_runs)
        if (run.id == runId) {
            answer.runId = run.id;
            answer.profile = run.profileB.empty() ? run.profile : run.profileB;
            answer.p95Us = run.p95Us;
        }
    return m_workspace.store().saveAnswer(answer);
}

bool FeedbackPanel::demonstrate(const QString& state) {
    if (state == "error") {
        submit();
        return true;
    }
    activated();
    if (state != "full")
        return state == "empty";
    const auto before = m_workspace.store().answers(survey::afterRunSurvey().id);
    int stars = 5;
    for (const auto& run : m_runs)
        if (before && before->empty() && stars > 1) {
            static_cast<void>(
                keep({{"stars", stars},
                      {"nps", 2 * stars},
                      {"comment", stars > 3 ? "Lists appear at once." : "The first page took a while."}},
                     run.id));
            --stars;
        }
    m_workspace.notifyAnswersChanged();
    return true;
}

}  // namespace hone::ui::feedback
