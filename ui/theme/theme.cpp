#include "ui/theme/theme.h"

#include "ui/theme/hone_style.h"
#include "ui/theme/style_sheet.h"
#include "ui/theme/tinted_icon.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QPalette>
#include <QScreen>
#include <QStyleFactory>

#include <array>
#include <memory>

namespace hone {
void linkResources();
}

namespace hone::ui {

namespace {

struct Pair {
    QRgb dark, light;
};

/// In the order of Role. Values: LOOK.md; contrast with the surface is AA for everything that is text.
constexpr std::array<Pair, 26> kColors{{
    {0xff14161a, 0xfff6f7f9},  // Canvas
    {0xff1b1e24, 0xffffffff},  // Surface
    {0xff23272f, 0xffffffff},  // Raised
    {0xff2e333d, 0xffdfe3ea},  // Line
    {0xffe6e9ef, 0xff1a1d23},  // Text
    {0xff9aa3b2, 0xff5b6472},  // Muted
    {0xff4c8dff, 0xff1f6feb},  // Accent
    {0xff14161a, 0xffffffff},  // OnAccent
    {0xff2ea66a, 0xff1a7f4b},  // Good
    {0xffe5534b, 0xffc93c37},  // Bad
    {0xffd9a03f, 0xff9a6700},  // Warn
    {0xff4c8dff, 0xff1f6feb},  // ArmA
    {0xfff28e2b, 0xffc2620e},  // ArmB
    {0xff5c80bd, 0xff5b8ad6},  // P50: the faintest of one hue; the tail is what matters
    {0xff82adf7, 0xff1f6feb},  // P95
    {0xffcfe0ff, 0xff0b3f94},  // P99
    {0xff56b4e9, 0xff0072b2},  // Series1: Okabe–Ito, darkened on white where needed
    {0xffe69f00, 0xffb87900},  // Series2
    {0xff22b08a, 0xff007a59},  // Series3
    {0xffcc79a7, 0xffa8517f},  // Series4
    {0xfff0e442, 0xff857a00},  // Series5
    {0xffe8743b, 0xffc24e00},  // Series6
    {0x0fe6e9ef, 0x0f1a1d23},  // Hover: 6 % of the text
    {0x1ae6e9ef, 0x1a1a1d23},  // Pressed: 10 %
    {0x2b4c8dff, 0x1a1f6feb},  // Selection: painted under rows and cells, so it adds up
    {0x0f9aa3b2, 0x125b6472},  // WarmupShade
}};
constexpr Pair kBand{0x1e9aa3b2, 0x1e5b6472};

/// What the desktop uses: the palette before ours was set, or the style's own afterwards.
bool systemIsDark() {
    static const QPalette kAtStart = QGuiApplication::palette();
    const auto isDark = [](const QPalette& palette) {
        return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
    };
    return isDark(kAtStart);
}

void loadFonts() {
    linkResources();
    for (const char* file :
         {"HoneInter-Regular.otf", "HoneInter-Medium.otf", "HoneInter-SemiBold.otf", "HoneMono-Regular.ttf"})
        if (QFontDatabase::addApplicationFont(QStringLiteral(":/fonts/%1").arg(QLatin1String(file))) < 0)
            qWarning("font %s could not be loaded from the resources", file);
}

QPalette paletteOf(const Theme& theme) {
    QPalette p;
    const auto set = [&](QPalette::ColorRole target, Role role) { p.setColor(target, theme.color(role)); };
    set(QPalette::Window, Role::Canvas);
    set(QPalette::WindowText, Role::Text);
    set(QPalette::Base, Role::Surface);
    set(QPalette::AlternateBase, Role::Canvas);
    set(QPalette::Text, Role::Text);
    set(QPalette::Button, Role::Raised);
    set(QPalette::ButtonText, Role::Text);
    set(QPalette::BrightText, Role::Text);
    set(QPalette::ToolTipBase, Role::Raised);
    set(QPalette::ToolTipText, Role::Text);
    set(QPalette::PlaceholderText, Role::Muted);
    set(QPalette::Highlight, Role::Accent);
    set(QPalette::HighlightedText, Role::OnAccent);
    set(QPalette::Link, Role::Accent);
    set(QPalette::LinkVisited, Role::Accent);
    set(QPalette::Light, Role::Raised);
    set(QPalette::Midlight, Role::Raised);
    set(QPalette::Mid, Role::Line);
    set(QPalette::Dark, Role::Line);
    set(QPalette::Shadow, Role::Canvas);
    QColor faint = theme.color(Role::Muted);
    faint.setAlphaF(0.55F);
    for (const auto target : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, target, faint);
    return p;
}

}  // namespace

Theme& Theme::instance() {
    static Theme* theme =
        new Theme;  // Lives as long as the process: static widgets may still ask on the way down.
    return *theme;
}

Theme::Theme() {
    m_dark = systemIsDark();
    loadFonts();
}

void Theme::apply(Mode mode) {
    const bool wasApplied = qApp->property("honeThemed").toBool();
    const bool wasDark = m_dark;
    m_mode = mode;
    m_dark = mode == Mode::System ? systemIsDark() : mode == Mode::Dark;
    if (wasApplied && wasDark == m_dark)
        return;
    if (!wasApplied) {
        QApplication::setStyle(new HoneStyle);
        QApplication::setFont(font(FontRole::Body));
    }
    qApp->setProperty("honeThemed", true);
    QApplication::setPalette(paletteOf(*this));
    qApp->setStyleSheet(styleSheet(*this));
    emit changed();
}

QColor Theme::color(Role role) const {
    const auto index = static_cast<std::size_t>(role);
    const Pair& pair = index < kColors.size() ? kColors[index] : kBand;
    return QColor::fromRgba(m_dark ? pair.dark : pair.light);
}

QFont Theme::font(FontRole role) const {
    QFont f(QStringList{"Hone Inter", "Inter", "Noto Sans", "sans-serif"});
    f.setPixelSize(13);
    f.setHintingPreference(QFont::PreferVerticalHinting);
    switch (role) {
        case FontRole::Body: break;
        case FontRole::Small: f.setPixelSize(11); break;
        case FontRole::Label:
            f.setPixelSize(11);
            f.setWeight(QFont::DemiBold);
            f.setLetterSpacing(QFont::AbsoluteSpacing, 0.4);
            break;
        case FontRole::Title:
            f.setPixelSize(20);
            f.setWeight(QFont::DemiBold);
            f.setLetterSpacing(QFont::AbsoluteSpacing, -0.2);
            break;
        case FontRole::Headline:
            f.setPixelSize(30);
            f.setWeight(QFont::DemiBold);
            f.setLetterSpacing(QFont::AbsoluteSpacing, -0.5);
            break;
        case FontRole::Mono: {
            f.setFamilies({"Hone Mono", "JetBrains Mono", "monospace"});
            f.setStyleHint(QFont::Monospace);
            // 12.5 px: only points may be fractional.
            const QScreen* screen = QGuiApplication::primaryScreen();
            f.setPointSizeF(12.5 * 72.0 / (screen ? screen->logicalDotsPerInchY() : 96.0));
            break;
        }
    }
    return f;
}

QIcon Theme::icon(const QString& name, Role role) const { return QIcon(new TintedIcon(name, role)); }

}  // namespace hone::ui
