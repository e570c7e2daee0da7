#include "ui/shell/rail.h"

#include "ui/widgets/widgets.h"

#include <QButtonGroup>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace hone::ui {

Rail::Rail(QWidget* parent)
    : QFrame(parent), m_column(new QVBoxLayout(this)), m_buttons(new QButtonGroup(this)) {
    setProperty("kind", "rail");
    setFixedWidth(space::kRail + 16);
    setAccessibleName(tr("Panels"));
    m_column->setContentsMargins(5, 8, 5, 8);
    m_column->setSpacing(4);
    m_buttons->setExclusive(true);
    addFoot();
    connect(m_buttons, &QButtonGroup::idClicked, this,
            [this](int index) { emit chosen(m_ids[static_cast<std::size_t>(index)]); });
}

void Rail::addFoot() {
    m_column->addStretch();
    auto* theme = iconButton(Theme::instance().isDark() ? "hone-light" : "hone-dark",
                             tr("Switch between light and dark (Ctrl+Shift+L)"), this);
    connect(&Theme::instance(), &Theme::changed, theme,
            [theme] { theme->setIcon(icon(Theme::instance().isDark() ? "hone-light" : "hone-dark")); });
    connect(theme, &QToolButton::clicked, this, &Rail::themeRequested);
    auto* help = iconButton("help-about", tr("Help (F1)"), this);
    connect(help, &QToolButton::clicked, this, &Rail::helpRequested);
    m_column->addWidget(theme, 0, Qt::AlignHCenter);
    m_column->addWidget(help, 0, Qt::AlignHCenter);
}

void Rail::addPanel(const QString& id, const QString& title, const QString& iconName,
                    const QString& shortcut) {
    auto* button = new QToolButton(this);
    button->setProperty("kind", "rail");
    button->setCheckable(true);
    button->setText(title);
    button->setIcon(icon(iconName));
    button->setIconSize({20, 20});
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(QStringLiteral("%1 (%2)").arg(title, shortcut));
    button->setAccessibleName(title);
    m_buttons->addButton(button, static_cast<int>(m_ids.size()));
    m_column->insertWidget(static_cast<int>(m_ids.size()), button, 0, Qt::AlignHCenter);
    m_ids.push_back(id);
}

void Rail::setCurrent(const QString& id) {
    const auto at = std::ranges::find(m_ids, id);
    if (at != m_ids.end())
        m_buttons->button(static_cast<int>(at - m_ids.begin()))->setChecked(true);
}

}  // namespace hone::ui
