#pragma once

#include "core/model/cost.h"

#include <QWidget>

class QLabel;
class QTreeWidget;

namespace hone::ui::report {

/// The cost lens: what a million requests use in both arms, and what that costs at the reader's own prices.
class CostView : public QWidget {
    Q_OBJECT
public:
    explicit CostView(QWidget* parent = nullptr);
    void show(const model::Comparison& comparison);

private:
    void refresh();
    void askPrices();
    void addRow(const QString& name, const QString& a, const QString& b, double valueA, double valueB);

    QLabel* m_words;
    QTreeWidget* m_table;
    model::Comparison m_shown;  ///< Only what costs are made of: blocks, bytes and CPU.
};

}  // namespace hone::ui::report
