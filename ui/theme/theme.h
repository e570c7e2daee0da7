#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>

class QApplication;

namespace hone::ui {

/// What a colour is for; widgets and charts never hold raw values.
enum class Role {
    Canvas,
    Surface,
    Raised,
    Line,
    Text,
    Muted,
    Accent,
    OnAccent,
    Good,
    Bad,
    Warn,
    ArmA,
    ArmB,  ///< The same everywhere; A solid, B long dash.
    P50,
    P95,
    P99,  ///< One hue, three weights.
    Series1,
    Series2,
    Series3,
    Series4,
    Series5,
    Series6,  ///< Okabe–Ito.
    Hover,
    Pressed,
    Selection,
    WarmupShade,
    Band,
};

enum class FontRole { Body, Label, Title, Headline, Mono, Small };

/// Spacing in pixels (LOOK.md, Tokens).
namespace space {
inline constexpr int kGrid = 4, kGap = 8, kSection = 16, kPadding = 16, kControl = 28, kToolbar = 40,
                     kRow = 26, kRowTall = 32, kRadius = 6, kRail = 56;
}

/// Roles → colours and fonts, and the application's style sheet. Emits changed() after light/dark switched,
/// so that charts re-pen themselves.
///
/// Thread: GUI. Owner: process-wide, made on first use after QApplication.
class Theme : public QObject {
    Q_OBJECT
public:
    enum class Mode { System, Light, Dark };
    static Theme& instance();

    void apply(Mode mode);
    [[nodiscard]] Mode mode() const { return m_mode; }
    [[nodiscard]] bool isDark() const { return m_dark; }
    [[nodiscard]] QColor color(Role role) const;
    /// Fonts come from the program itself; figures are tabular.
    [[nodiscard]] QFont font(FontRole role) const;
    /// An outlined icon from resources/icons, tinted to a role: icon("media-playback-start").
    [[nodiscard]] QIcon icon(const QString& name, Role role = Role::Text) const;

signals:
    void changed();

private:
    Theme();
    Mode m_mode = Mode::System;
    bool m_dark = true;
};

/// Shorthands.
[[nodiscard]] inline QColor color(Role role) { return Theme::instance().color(role); }
[[nodiscard]] inline QFont font(FontRole role) { return Theme::instance().font(role); }
[[nodiscard]] inline QIcon icon(const QString& name, Role role = Role::Text) {
    return Theme::instance().icon(name, role);
}

}  // namespace hone::ui
