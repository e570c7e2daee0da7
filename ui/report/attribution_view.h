#pragma once

#include "core/model/attribution.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QTableView;

namespace hone::ui {
class InlineMessage;
class Tag;
class ToggleEffectModel;
namespace plots {
class InteractionMatrix;
class ParetoChart;
class Waterfall;
}  // namespace plots
}  // namespace hone::ui

namespace hone::ui::report {

/// Which toggle earned what: the sentence first, then the waterfall from base to the recommended profile,
/// effects with intervals, interactions, and what each setting costs for what it brings. While an attribution
/// runs, the effects of whole replicates are shown as they settle.
class AttributionView : public QWidget {
    Q_OBJECT
public:
    explicit AttributionView(QWidget* parent = nullptr);
    /// While it runs: the phase in words and what is known so far.
    void advance(const QString& phase, const std::vector<model::AttributionMetric>& metrics,
                 const std::string& metric, double delta);
    void show(const model::Attribution& attribution);
    void clear();

private:
    QWidget* makeTop();
    QWidget* makeBottom();
    void showSentence(const QString& words);
    void showTags(const model::Attribution& attribution);
    void showMetric();
    void showWaterfall(const model::Attribution& attribution);
    void showMatrix(const model::AttributionMetric& metric, double delta);
    void showPareto(const model::Attribution& attribution);

    model::Attribution m_shown;
    QLabel *m_sentence, *m_further;  ///< The answer, and what else there is to say.
    Tag *m_design, *m_partial, *m_confirmed;
    InlineMessage* m_warnings;
    plots::Waterfall* m_waterfall;
    plots::InteractionMatrix* m_matrix;
    plots::ParetoChart* m_pareto;
    QComboBox *m_metric, *m_cost;
    ToggleEffectModel* m_effects;
    QTableView* m_table;
};

}  // namespace hone::ui::report
