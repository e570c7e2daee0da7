#pragma once

#include "ui/widgets/panel.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace hone::ui {
class EmptyState;
class InlineMessage;
class RunFilter;
class RunListModel;
}  // namespace hone::ui

namespace hone::ui::runs {

class RunDetails;
class TrendCard;

/// Everything that was measured: search, sort, open, put two side by side, annotate, export, delete and undo.
///
/// Thread: GUI; lists are read at once (a few milliseconds), whole results in jobs. Owner: the shell.
class RunsPanel : public Panel {
    Q_OBJECT
public:
    explicit RunsPanel(Workspace& workspace, QWidget* parent = nullptr);
    [[nodiscard]] QString title() const override { return tr("Runs"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("view-history"); }
    void activated() override;
    bool demonstrate(const QString& state) override;
    void open(const QString& id) override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeBar();
    QWidget* makeList();
    void addKeys();
    void reload();
    void showWhatIs();
    void selectionChanged();
    void showTrend();
    [[nodiscard]] std::vector<store::RunSummary> selected() const;
    void select(const std::vector<std::string>& ids);

    void openSelected();
    void compareSelected();
    void annotateSelected();
    void removeSelected();
    void undoRemove();
    void exportSelected(const std::string& format);
    void contextMenu(const QPoint& position);
    void showDetails();
    void closeDetails();
    void makeRuns();

    QLineEdit* m_search;
    QLabel* m_sum;
    QPushButton *m_open, *m_compare, *m_annotate, *m_export, *m_remove;
    InlineMessage* m_message;
    QStackedWidget* m_stack;
    EmptyState *m_empty, *m_noMatch;
    QSplitter* m_split;
    TrendCard* m_trend;
    QTableView* m_table;
    RunDetails* m_details;
    RunListModel* m_model;
    RunFilter* m_filter;
    std::vector<std::vector<std::string>> m_removed;  ///< Ids per deletion, for undo; newest last.
};

}  // namespace hone::ui::runs
