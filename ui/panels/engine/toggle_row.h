#pragma once

#include "ui/models/engine_meter.h"

#include <QFrame>

class QLabel;

namespace hone::ui {
class InlineMessage;
class Switch;
}  // namespace hone::ui

namespace hone::ui::engine {

/// One toggle: switch, name, what it does, and the live figure that proves it works. A click anywhere else
/// shows its form; what the engine refused stands underneath.
class ToggleRow : public QFrame {
    Q_OBJECT
public:
    ToggleRow(const hone::engine::ToggleDef& def, QWidget* parent);
    [[nodiscard]] const hone::engine::ToggleDef& def() const { return m_def; }
    void setOn(bool on);
    void setSelected(bool selected);
    /// And what keeps the toggle from its work, as long as it does.
    void showFigure(const MeterReading& reading);
    void showError(const QString& message);

signals:
    void switched(bool on);
    void selected();

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    const hone::engine::ToggleDef& m_def;
    Switch* m_switch;
    QLabel* m_figure;
    InlineMessage* m_error;
    bool m_selected = false;
    bool m_isTroubled = false;  ///< The message is what keeps the toggle from its work.
};

}  // namespace hone::ui::engine
