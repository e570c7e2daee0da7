#pragma once

#include "core/survey/scores.h"
#include "ui/widgets/panel.h"

class QComboBox;
class QLabel;
class QStackedWidget;
class QTableWidget;

namespace hone::ui {
class EmptyState;
class Figure;
class InlineMessage;
}  // namespace hone::ui

namespace hone::ui::feedback {

class RatingChart;
class SurveyForm;

/// Feedback: scores and answers at the left, the form as a person sees it at the right, about a chosen
/// result.
class FeedbackPanel : public Panel {
    Q_OBJECT
public:
    FeedbackPanel(Workspace& workspace, QWidget* parent);
    [[nodiscard]] QString title() const override { return tr("Feedback"); }
    [[nodiscard]] QString iconName() const override { return "edit-comment"; }
    void activated() override;
    bool demonstrate(const QString& state) override;
    void open(const QString& argument) override;  ///< The id of the result to ask about.

private:
    [[nodiscard]] QWidget* makeResults();
    [[nodiscard]] QWidget* makeAsking();
    void refreshRuns();
    void refreshAnswers();
    void submit();
    Result<> keep(const nlohmann::json& values, const std::string& runId);

    Figure* m_stars = nullptr;
    Figure* m_satisfied = nullptr;
    Figure* m_nps = nullptr;
    QLabel* m_warning = nullptr;
    RatingChart* m_chart = nullptr;
    QTableWidget* m_table = nullptr;
    EmptyState* m_empty = nullptr;
    QStackedWidget* m_results = nullptr;
    QComboBox* m_about = nullptr;
    SurveyForm* m_form = nullptr;
    InlineMessage* m_message = nullptr;
    std::vector<store::RunSummary> m_runs;
};

}  // namespace hone::ui::feedback
