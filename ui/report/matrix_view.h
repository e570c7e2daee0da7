#pragma once

#include "core/model/matrix.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QTreeWidget;

namespace hone::ui {
class InlineMessage;
class Tag;
namespace plots {
class IntervalBars;
}
}  // namespace hone::ui

namespace hone::ui::report {

/// Several profiles beside each other: the sentence, a row per profile and a column per metric with the best
/// marked, and every pair's interval of one metric.
class MatrixView : public QWidget {
    Q_OBJECT
public:
    explicit MatrixView(QWidget* parent = nullptr);
    void show(const model::Matrix& matrix);

private:
    void fillTable();
    void showPairs();

    model::Matrix m_shown;
    QLabel* m_sentence;
    Tag *m_rounds, *m_partial;
    InlineMessage* m_warnings;
    QTreeWidget* m_table;
    QComboBox* m_metric;
    QLabel* m_note;
    plots::IntervalBars* m_bars;
};

}  // namespace hone::ui::report
