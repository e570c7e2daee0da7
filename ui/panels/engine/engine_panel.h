#pragma once

#include "ui/models/engine_meter.h"
#include "ui/panels/engine/journal_model.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/widgets.h"

class QSplitter;
class QStackedWidget;
class QTableView;

namespace hone::ui {
class Sparkline;
}

namespace hone::ui::engine {

class JournalView;
class ToggleInspector;
class ToggleRow;

/// Engine: the toggles as rows with a live figure each, the settings of one at the right, and what the engine
/// does right now in between. Every change applies at once; what is refused is said where it was asked for.
class EnginePanel : public Panel {
    Q_OBJECT
public:
    EnginePanel(Workspace& workspace, QWidget* parent);
    [[nodiscard]] QString title() const override { return tr("Engine"); }
    [[nodiscard]] QString iconName() const override { return "configure"; }
    void activated() override;
    bool demonstrate(const QString& state) override;
    /// `argument` is a toggle's id: shows its settings.
    void open(const QString& argument) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] QWidget* makeHeader();
    [[nodiscard]] QWidget* makeToggles();
    [[nodiscard]] QWidget* makeLive();
    [[nodiscard]] QTableView* makeTable(QAbstractItemModel* model, const QString& name);
    void fitColumns();
    void showProfile();
    void showLive();
    void showEngineState();
    void select(const hone::engine::ToggleDef& def);
    void switchToggle(ToggleRow& row, bool on);
    void changeParam(const QString& paramId, const QString& valueText);
    void save(bool underNewName);
    void driveTraffic();

    QLabel* m_name;
    Tag* m_edited;
    QPushButton* m_save;
    QPushButton* m_revert;
    QPushButton* m_compare;
    InlineMessage* m_problem;
    std::vector<ToggleRow*> m_rows;
    ToggleInspector* m_inspector;
    QStackedWidget* m_live;
    Figure* m_rate;
    Figure* m_p95;
    Figure* m_hit;
    Sparkline* m_rateLine;
    Sparkline* m_hitLine;
    EndpointModel m_endpoints;
    QTableView* m_endpointView;
    JournalView* m_journal;
};

}  // namespace hone::ui::engine
