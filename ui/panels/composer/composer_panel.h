#pragma once

#include "core/compose/sender.h"
#include "ui/widgets/panel.h"

#include <QHash>

class QTabBar;
class QTreeWidget;
class QTreeWidgetItem;

namespace hone::ui::composer {

class RequestEditor;
class ResponseView;

/// Compose: the collection at the left, request tabs above, the answer beneath.
///
/// A collection is a folder of `*.request.json` in the workspace, so that it diffs well in git.
class ComposerPanel : public Panel {
    Q_OBJECT
public:
    ComposerPanel(Workspace& workspace, QWidget* parent);
    [[nodiscard]] QString title() const override { return tr("Compose"); }
    [[nodiscard]] QString iconName() const override { return "document-send"; }
    void activated() override;
    bool demonstrate(const QString& state) override;
    void open(const QString& argument) override;  ///< A URL or a target of the engine.

private:
    struct Tab {
        compose::Request request;
        compose::Outcome outcome;
        bool hasOutcome = false, modified = false;
        std::filesystem::path file;  ///< Empty: not saved yet.
    };

    [[nodiscard]] QWidget* makeSide();
    void loadCollection();
    void addExamples();
    void openTab(Tab tab);
    void selectTab(int index);
    void closeTab(int index);
    void keepEdits();
    void updateTabText(int index);
    void sendCurrent();
    void sendAndWait();
    void saveCurrent();
    [[nodiscard]] compose::Variables variables() const;
    [[nodiscard]] std::filesystem::path folder() const;

    QTreeWidget* m_tree = nullptr;
    QTabBar* m_tabBar;
    RequestEditor* m_editor;
    ResponseView* m_response;
    compose::Sender m_sender;
    QList<Tab> m_tabs;
    int m_current = -1;
    int m_sending = -1;  ///< The tab whose answer is awaited.
};

}  // namespace hone::ui::composer
