#pragma once

#include "core/model/comparison.h"

#include <QWidget>

class QLabel;
class QStackedWidget;
class QTreeWidget;

namespace hone::ui {
class Segmented;
}

namespace hone::ui::report {

class CostView;

/// What the two arms differ in: their settings, their counters, the answers that were not the same, and what
/// it costs. Answers that differ without a reason come to the front by themselves.
class DifferencesList : public QWidget {
    Q_OBJECT
public:
    enum Page { Settings, Counters, Answers, Costs };
    explicit DifferencesList(QWidget* parent = nullptr);
    void show(const model::Comparison& comparison);
    void setPage(Page page);

private:
    QWidget* makeAnswers();
    void showProfiles(const model::Profile& a, const model::Profile& b);
    void showCounters(const model::RunResult& a, const model::RunResult& b);
    void showAnswers(const model::Comparison& comparison);

    Segmented* m_choice;
    QStackedWidget* m_pages;
    QLabel* m_answersNote;
    QTreeWidget *m_settings, *m_counters, *m_answers;
    CostView* m_cost;
};

}  // namespace hone::ui::report
