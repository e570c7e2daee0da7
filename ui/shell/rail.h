#pragma once

#include <QFrame>

#include <vector>

class QButtonGroup;
class QToolButton;
class QVBoxLayout;

namespace hone::ui {

/// The left rail: one entry per panel, chosen by click or Ctrl+1…9; below them the theme switch and help.
class Rail : public QFrame {
    Q_OBJECT
public:
    explicit Rail(QWidget* parent = nullptr);
    /// `title` is short enough for the rail; `shortcut` is shown in the tooltip.
    void addPanel(const QString& id, const QString& title, const QString& iconName, const QString& shortcut);
    void setCurrent(const QString& id);

signals:
    void chosen(const QString& id);
    void themeRequested();
    void helpRequested();

private:
    void addFoot();

    QVBoxLayout* m_column;
    QButtonGroup* m_buttons;
    std::vector<QString> m_ids;
};

}  // namespace hone::ui
