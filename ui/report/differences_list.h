#pragma once

#include "core/model/comparison.h"

#include <QWidget>

class QLabel;
class QTreeWidget;

namespace hone::ui::report {

/// What the two arms differ in: their parameters, and the answers that were not the same.
class DifferencesList : public QWidget {
    Q_OBJECT
public:
    explicit DifferencesList(QWidget* parent = nullptr);
    void show(const model::Comparison& comparison);
    void showProfiles(const model::Profile& a, const model::Profile& b);

private:
    QLabel* m_answersNote;
    QTreeWidget* m_tree;
    QTreeWidget* m_answers;
};

}  // namespace hone::ui::report
