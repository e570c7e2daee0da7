#pragma once

#include <QAbstractListModel>
#include <QFrame>

#include <functional>
#include <vector>

class QLineEdit;
class QListView;

namespace hone::ui {

/// Something the palette can do.
struct Command {
    QString title;     ///< "Switch to profile tuned"
    QString section;   ///< "Profile"
    QString shortcut;  ///< "Ctrl+3", may be empty.
    QString iconName;
    std::function<void()> run;
};

/// The commands that match what was typed, best first: every typed character in order; starts of words count
/// more.
class CommandModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Roles { SectionRole = Qt::UserRole + 1, ShortcutRole };
    using QAbstractListModel::QAbstractListModel;
    void setCommands(std::vector<Command> commands);
    void setFilter(const QString& typed);
    [[nodiscard]] const Command* at(int row) const;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    /// Higher is better; < 0: does not match.
    [[nodiscard]] static int score(const QString& typed, const QString& title);

private:
    std::vector<Command> m_commands;
    std::vector<int> m_shown;
};

/// Ctrl+K: type a few letters, Enter runs. Lies over the window; Escape or a click elsewhere closes it.
class CommandPalette : public QFrame {
    Q_OBJECT
public:
    explicit CommandPalette(QWidget* window);
    void open(std::vector<Command> commands);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void runCurrent();
    void place();

    CommandModel m_model;
    QLineEdit* m_line;
    QListView* m_list;
};

}  // namespace hone::ui
