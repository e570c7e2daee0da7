#pragma once

#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QWidget>

#include <functional>

class QButtonGroup;
class QToolButton;

/// The small controls every panel is made of. They paint in theme roles and follow Theme::changed by
/// themselves.
namespace hone::ui {

/// An on/off switch (LOOK: 36 × 20, accent when on), keyboard: Space.
class Switch : public QAbstractButton {
    Q_OBJECT
public:
    explicit Switch(QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;
};

/// A headline number: label above, large tabular value, smaller unit, optional note beneath ("−31 % vs A").
class Figure : public QWidget {
    Q_OBJECT
public:
    explicit Figure(const QString& label, QWidget* parent = nullptr);
    /// "1.84 ms" is split at the space into value and unit. An empty value shows an en dash.
    void setValue(const QString& value, const QString& exact = {});
    void setNote(const QString& note, Role role = Role::Muted);

private:
    QLabel* m_label;
    QLabel* m_value;
    QLabel* m_unit;
    QLabel* m_note;
};

/// One sentence, one primary action, one example: what a panel shows before there is anything.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    EmptyState(const QString& iconName, const QString& sentence, const QString& actionText,
               const QString& example, QWidget* parent = nullptr);
    [[nodiscard]] QPushButton* action() const { return m_action; }

protected:
    bool event(QEvent* event) override;

private:
    void fitText();

    QPushButton* m_action;
    QLabel *m_words, *m_example;
};

/// An inline message next to its cause: what, the value, what to do. Hidden until shown.
class InlineMessage : public QFrame {
    Q_OBJECT
public:
    enum class Kind { Error, Warning, Info };
    explicit InlineMessage(QWidget* parent = nullptr);
    void show(Kind kind, const QString& message, const QString& hint = {});
    void clear();

private:
    QLabel* m_icon;
    QLabel* m_text;
};

/// A small outlined word: "simulated", "partial", a profile's name.
class Tag : public QLabel {
    Q_OBJECT
public:
    explicit Tag(const QString& text, Role role = Role::Muted, QWidget* parent = nullptr);
    void setTag(const QString& text, Role role);

protected:
    void paintEvent(QPaintEvent*) override;

private:
    Role m_role;
};

/// A few exclusive choices side by side; arrow keys move.
class Segmented : public QWidget {
    Q_OBJECT
public:
    explicit Segmented(const QStringList& options, QWidget* parent = nullptr);
    [[nodiscard]] int current() const;
    void setCurrent(int index);
signals:
    void currentChanged(int index);

private:
    QButtonGroup* m_buttons;
};

/// One to five stars; keyboard 1–5 and arrows.
class Stars : public QWidget {
    Q_OBJECT
public:
    explicit Stars(QWidget* parent = nullptr);
    [[nodiscard]] int value() const { return m_value; }
    void setValue(int value);
    [[nodiscard]] QSize sizeHint() const override;
signals:
    void valueChanged(int value);

protected:
    void paintEvent(QPaintEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void leaveEvent(QEvent*) override;
    void keyPressEvent(QKeyEvent*) override;

private:
    int m_value = 0, m_hover = 0;
};

/// Builders that keep panels short: a primary button (one per panel), a plain one, a section label, a title,
/// a hairline.
[[nodiscard]] QPushButton* primaryButton(const QString& text, const QString& iconName = {},
                                         QWidget* parent = nullptr);
[[nodiscard]] QPushButton* plainButton(const QString& text, const QString& iconName = {},
                                       QWidget* parent = nullptr);
[[nodiscard]] QLabel* sectionLabel(const QString& text,
                                   QWidget* parent = nullptr);  ///< 11 px, letter-spaced, muted.
[[nodiscard]] QLabel* titleLabel(const QString& text, QWidget* parent = nullptr);  ///< 20 px semi-bold.
[[nodiscard]] QLabel* mutedLabel(const QString& text, QWidget* parent = nullptr);
[[nodiscard]] QFrame* hairline(Qt::Orientation orientation = Qt::Horizontal, QWidget* parent = nullptr);
/// A frame with one of the sheet's backgrounds: "surface", "bar", "foot", "side", "raised", "card".
[[nodiscard]] QFrame* frame(const char* kind, QWidget* parent = nullptr);
/// A flat icon button; the tooltip is also its accessible name and carries the shortcut: "Copy URL
/// (Ctrl+Shift+C)".
[[nodiscard]] QToolButton* iconButton(const QString& iconName, const QString& toolTip,
                                      QWidget* parent = nullptr);
/// A label's colour: "muted", "good", "bad", "warn", "" (text).
void setLook(QLabel* label, const char* look);

}  // namespace hone::ui
