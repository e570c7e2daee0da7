#include "ui/theme/style_sheet.h"

#include "ui/theme/theme.h"

#include <algorithm>
#include <vector>

namespace hone::ui {

namespace {

const char* const kFrames = R"(
* { outline: none; }
QMainWindow, QDialog, QWidget#canvas, QStackedWidget#canvas { background: ${canvas}; }
QWidget { color: ${text}; }
QToolTip { background: ${raised}; color: ${text}; border: 1px solid ${line}; padding: 4px 6px; }
QFrame[kind="surface"] { background: ${surface}; border: none; }
QFrame[kind="bar"] { background: ${surface}; border: none; border-bottom: 1px solid ${line}; }
QFrame[kind="foot"] { background: ${surface}; border: none; border-top: 1px solid ${line}; }
QFrame[kind="rail"] { background: ${surface}; border: none; border-right: 1px solid ${line}; }
QFrame[kind="side"] { background: ${surface}; border: none; border-left: 1px solid ${line}; }
QFrame[kind="raised"] { background: ${raised}; border: 1px solid ${line}; border-radius: 6px; }
QFrame[kind="card"] { background: ${surface}; border: 1px solid ${line}; border-radius: 6px; }
QFrame[kind="hairline"] { background: ${line}; border: none; }
QFrame[kind="error"] { background: ${badTint}; border: 1px solid ${badLine}; border-radius: 6px; }
QFrame[kind="warning"] { background: ${warnTint}; border: 1px solid ${warnLine}; border-radius: 6px; }
QFrame[kind="info"] { background: ${accentTint}; border: 1px solid ${accentLine}; border-radius: 6px; }
QLabel { background: transparent; }
QLabel[look="muted"], QLabel[look="section"], QLabel[look="small"] { color: ${muted}; }
QLabel[look="good"] { color: ${good}; }
QLabel[look="bad"] { color: ${bad}; }
QLabel[look="warn"] { color: ${warn}; }
QScrollArea, QScrollArea > QWidget > QWidget#scrolled { background: transparent; border: none; }
QSplitter::handle { background: ${line}; }
QSplitter::handle:hover { background: ${accent}; }
QGroupBox { border: 1px solid ${line}; border-radius: 6px; margin-top: 8px; padding-top: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 12px; color: ${muted}; }
)";

const char* const kButtons = R"(
QPushButton { background: ${raised}; border: 1px solid ${line}; border-radius: 6px; padding: 0 11px; min-height: 26px;
              max-height: 26px; }
QPushButton:hover { background: ${raisedHover}; }
QPushButton:pressed { background: ${raisedPressed}; }
QPushButton:checked { background: ${selection}; border-color: ${accent}; }
QPushButton:focus { border: 2px solid ${accent}; padding: 0 10px; min-height: 24px; max-height: 24px; }
QPushButton:disabled { color: ${faint}; }
QPushButton::menu-indicator { image: url(:/theme/${mode}-chevron-down.svg); width: 12px; height: 12px;
              subcontrol-position: right center; subcontrol-origin: padding; right: 6px; }
QPushButton[kind="primary"] { background: ${accent}; border: 1px solid ${accent}; color: ${onAccent}; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: ${accentHover}; border-color: ${accentHover}; }
QPushButton[kind="primary"]:pressed { background: ${accentPressed}; border-color: ${accentPressed}; }
QPushButton[kind="primary"]:focus { border: 2px solid ${text}; }
QPushButton[kind="primary"]:disabled { background: ${raised}; border-color: ${line}; color: ${faint}; }
QPushButton[kind="danger"] { color: ${bad}; }
QPushButton[kind="quiet"], QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; }
QPushButton[kind="quiet"]:hover, QToolButton:hover { background: ${hover}; }
QPushButton[kind="quiet"]:pressed, QToolButton:pressed { background: ${pressed}; }
QPushButton[kind="quiet"]:focus, QToolButton:focus { border: 2px solid ${accent}; }
QPushButton[kind="link"] { background: transparent; border: none; color: ${accent}; padding: 0; }
QPushButton[kind="link"]:focus { border-bottom: 2px solid ${accent}; }
QToolButton { padding: 3px; min-height: 20px; min-width: 20px; }
QToolButton:focus { padding: 2px; }
QToolButton:checked { background: ${selection}; }
QToolButton:disabled { color: ${faint}; }
QToolButton::menu-indicator { image: none; }
QToolButton[kind="rail"] { border-radius: 6px; padding: 5px 0 3px 0; color: ${muted}; font-size: 11px; min-width: 60px;
              max-width: 60px; }
QToolButton[kind="rail"]:checked { background: ${selection}; color: ${text}; }
QToolButton[kind="rail"]:focus { padding: 4px 0 2px 0; }
QToolButton[kind="chooser"] { padding: 0 12px 0 6px; min-height: 24px; }
QToolButton[kind="status"] { padding: 0 6px; min-height: 24px; }
QToolButton[kind="chooser"]::menu-indicator { image: url(:/theme/${mode}-chevron-down.svg); width: 12px; height: 12px;
              subcontrol-position: right center; subcontrol-origin: padding; right: 6px; }
QPushButton[kind="search"] { background: ${field}; color: ${muted}; text-align: left; font-weight: 400; }
QPushButton[kind="search"]:hover { background: ${raisedHover}; }
QPushButton[kind="segment"] { background: transparent; border: none; border-radius: 4px; padding: 0 10px; min-height: 22px;
              max-height: 22px; color: ${muted}; }
QPushButton[kind="segment"]:hover { color: ${text}; background: ${hover}; }
QPushButton[kind="segment"]:checked { background: ${segment}; color: ${text}; border: 1px solid ${line}; }
QPushButton[kind="segment"]:focus { border: 2px solid ${accent}; padding: 0 8px; min-height: 20px; max-height: 20px; }
QFrame[kind="segments"] { background: ${field}; border: 1px solid ${line}; border-radius: 6px; }
)";

const char* const kFields = R"(
QLineEdit, QAbstractSpinBox, QComboBox { background: ${field}; border: 1px solid ${line};
              border-radius: 6px; padding: 0 8px; min-height: 26px; max-height: 26px; selection-background-color: ${accent};
              selection-color: ${onAccent}; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: ${lineStrong}; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border: 2px solid ${accent};
              padding: 0 7px; min-height: 24px; max-height: 24px; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"], QComboBox[invalid="true"] {
              border: 1px solid ${bad}; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: ${faint}; }
QLineEdit[look="bare"], QLineEdit[look="bare"]:focus { background: transparent; border: none; border-radius: 0;
              min-height: 0; max-height: 400px; }
QLineEdit[look="palette"], QLineEdit[look="palette"]:focus { background: transparent; border: none; padding: 0 6px;
              min-height: 38px; max-height: 38px; }
QLineEdit > QToolButton, QLineEdit > QToolButton:hover { min-width: 0; min-height: 0; padding: 0; border: none;
              background: transparent; }
QAbstractSpinBox { padding-right: 20px; }
QAbstractSpinBox::up-button { subcontrol-origin: border; subcontrol-position: top right; width: 18px;
              border: none; }
QAbstractSpinBox::down-button { subcontrol-origin: border; subcontrol-position: bottom right;
              width: 18px; border: none; }
QAbstractSpinBox::up-arrow { image: url(:/theme/${mode}-chevron-up.svg); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url(:/theme/${mode}-chevron-down.svg); width: 10px; height: 10px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url(:/theme/${mode}-chevron-down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: ${raised}; border: 1px solid ${line}; padding: 4px; outline: none; }
QComboBox QAbstractItemView::item { height: 26px; border-radius: 4px; padding: 0 6px; }
QPlainTextEdit, QTextEdit, QTextBrowser { background: ${field}; border: 1px solid ${line}; border-radius: 6px;
              selection-background-color: ${accent}; selection-color: ${onAccent}; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid ${accent}; }
QTextBrowser, QTextBrowser:focus { background: transparent; border: none; }
QPlainTextEdit[look="bare"], QPlainTextEdit[look="bare"]:focus { border: none; background: transparent; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; min-height: 22px; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid ${lineStrong};
              background: ${field}; border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked { background: ${accent}; border-color: ${accent}; }
QCheckBox::indicator:checked { image: url(:/theme/${mode}-check.svg); }
QRadioButton::indicator:checked { image: url(:/theme/${mode}-dot.svg); }
QCheckBox:focus, QRadioButton:focus { color: ${accent}; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid ${accent}; width: 12px; height: 12px; }
QSlider::groove:horizontal { height: 4px; background: ${line}; border-radius: 2px; }
QSlider::sub-page:horizontal { background: ${accent}; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: ${text}; }
QProgressBar { background: ${line}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: ${accent}; border-radius: 2px; }
)";

const char* const kViews = R"(
QAbstractItemView { background: ${surface}; alternate-background-color: ${surface}; border: none; outline: none;
              selection-background-color: transparent; selection-color: ${text}; gridline-color: ${line}; }
QTableView::item { padding: 0 5px; border: none; border-bottom: 1px solid ${hairline}; }
QTreeView::item, QListView::item { height: 26px; padding: 0 4px; border: none; }
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover { background: ${hover}; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: ${selection}; color: ${text}; }
QTreeView::branch:selected { background: ${selection}; }
QTreeView::branch:hover { background: ${hover}; }
QHeaderView { background: ${surface}; border: none; qproperty-defaultAlignment: 'AlignLeft | AlignVCenter'; }
QHeaderView::section { background: ${surface}; color: ${muted}; border: none; border-bottom: 1px solid ${line};
              padding: 0 8px; min-height: 26px; font-size: 11px; font-weight: 600; }
QHeaderView::section:hover { color: ${text}; }
QHeaderView::down-arrow { image: url(:/theme/${mode}-chevron-down.svg); width: 10px; height: 10px;
              subcontrol-position: center right; right: 4px; }
QHeaderView::up-arrow { image: url(:/theme/${mode}-chevron-up.svg); width: 10px; height: 10px;
              subcontrol-position: center right; right: 4px; }
QTableCornerButton::section { background: ${surface}; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid ${line}; top: -1px; }
QTabBar { background: transparent; border: none; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: ${muted}; border: none; border-bottom: 2px solid transparent;
              padding: 0 10px; min-height: 28px; margin-right: 2px; }
QTabBar::tab:hover { color: ${text}; }
QTabBar::tab:selected { color: ${text}; border-bottom: 2px solid ${accent}; }
QTabBar::tab:focus { color: ${accent}; }
QTabBar::close-button { image: none; }
QMenu { background: ${raised}; border: 1px solid ${line}; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 10px; border-radius: 4px; background: transparent; }
QMenu::item:selected { background: ${selection}; }
QMenu::item:disabled { color: ${faint}; }
QMenu::separator { height: 1px; background: ${line}; margin: 4px 6px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 6px; }
QMenuBar { background: ${surface}; }
QStatusBar { background: ${surface}; border: none; }
QStatusBar::item { border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: ${scroll}; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: ${scrollHover}; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
)";

QString css(const QColor& c) {
    return QStringLiteral("rgba(%1,%2,%3,%4)").arg(c.red()).arg(c.green()).arg(c.blue()).arg(c.alpha());
}

QColor faded(QColor c, double alpha) {
    c.setAlphaF(static_cast<float>(alpha));
    return c;
}

/// `top` at `alpha` over the opaque `under`: opaque again, so that nested frames do not add up.
QColor over(const QColor& under, const QColor& top, double alpha) {
    const auto mix = [alpha](int a, int b) { return static_cast<int>(a + (b - a) * alpha + 0.5); };
    return {mix(under.red(), top.red()), mix(under.green(), top.green()), mix(under.blue(), top.blue())};
}

}  // namespace

QString styleSheet(const Theme& theme) {
    const auto c = [&theme](Role role) { return theme.color(role); };
    const QColor text = c(Role::Text), surface = c(Role::Surface), raised = c(Role::Raised),
                 accent = c(Role::Accent);
    const QColor shade = theme.isDark() ? Qt::white : Qt::black;
    const std::vector<std::pair<QString, QString>> tokens = {
        {"mode", theme.isDark() ? "dark" : "light"},
        {"canvas", css(c(Role::Canvas))},
        {"surface", css(surface)},
        {"raised", css(raised)},
        {"raisedHover", css(over(raised, text, 0.06))},
        {"raisedPressed", css(over(raised, text, 0.10))},
        {"field", css(theme.isDark() ? c(Role::Canvas) : surface)},
        {"segment", css(theme.isDark() ? over(raised, text, 0.08) : c(Role::Canvas))},
        {"line", css(c(Role::Line))},
        {"lineStrong", css(over(c(Role::Line), text, 0.30))},
        {"hairline", css(over(surface, c(Role::Line), 0.55))},
        {"text", css(text)},
        {"muted", css(c(Role::Muted))},
        {"faint", css(faded(c(Role::Muted), 0.55))},
        {"accent", css(accent)},
        {"accentHover", css(over(accent, shade, 0.10))},
        {"accentPressed", css(over(accent, shade, 0.18))},
        {"accentTint", css(over(surface, accent, 0.10))},
        {"accentLine", css(over(surface, accent, 0.40))},
        {"onAccent", css(c(Role::OnAccent))},
        {"good", css(c(Role::Good))},
        {"bad", css(c(Role::Bad))},
        {"badTint", css(over(surface, c(Role::Bad), 0.10))},
        {"badLine", css(over(surface, c(Role::Bad), 0.45))},
        {"warn", css(c(Role::Warn))},
        {"warnTint", css(over(surface, c(Role::Warn), 0.10))},
        {"warnLine", css(over(surface, c(Role::Warn), 0.45))},
        {"hover", css(c(Role::Hover))},
        {"pressed", css(c(Role::Pressed))},
        {"selection", css(c(Role::Selection))},
        {"scroll", css(faded(c(Role::Muted), 0.35))},
        {"scrollHover", css(faded(c(Role::Muted), 0.60))},
    };
    QString sheet = QString::fromLatin1(kFrames) + QString::fromLatin1(kButtons) +
                    QString::fromLatin1(kFields) + QString::fromLatin1(kViews);
    for (const auto& [name, value] : tokens)
        sheet.replace(QStringLiteral("${%1}").arg(name), value);
    return sheet;
}

}  // namespace hone::ui
