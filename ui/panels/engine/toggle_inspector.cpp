#include "ui/panels/engine/toggle_inspector.h"

#include "ui/format/format.h"
#include "ui/forms/param_form.h"
#include "ui/models/help_pages.h"
#include "ui/panels/engine/edge_map.h"
#include "ui/widgets/markdown_view.h"
#include "ui/widgets/widgets.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace hone::ui::engine {

namespace {

/// A browser as tall as its text, because the inspector scrolls as one.
class FullHeightDoc : public MarkdownView {
public:
    explicit FullHeightDoc(QWidget* parent) : MarkdownView(parent) {
        setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        connect(
            document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
            [this](const QSizeF& size) { setFixedHeight(static_cast<int>(std::ceil(size.height())) + 2); });
    }
};

}  // namespace

ParamSet settingsOf(const hone::engine::ToggleDef& def, const model::Profile& profile) {
    ParamSet values(def.params);
    const auto setting = profile.toggles.find(def.id);
    if (setting == profile.toggles.end())
        return values;
    for (const auto& [id, value] : setting->second.params) {
        const auto* words = std::get_if<std::string>(&value);
        const auto set = words != nullptr ? values.setText(id, *words) : values.set(id, value);
        static_cast<void>(
            set);  // The engine has already refused what does not fit, where the user could see it.
    }
    return values;
}

ToggleInspector::ToggleInspector(QWidget* parent)
    : QFrame(parent),
      m_title(new QLabel(this)),
      m_effect(mutedLabel({}, this)),
      m_edge(new EdgeView(this)),
      m_doc(new FullHeightDoc(this)) {
    setProperty("kind", "side");
    setMinimumWidth(280);
    setAccessibleName(tr("Settings of a toggle"));
    QFont strong = ui::font(FontRole::Body);
    strong.setPixelSize(15);
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_title->setWordWrap(true);
    m_effect->setWordWrap(true);
    auto* close = iconButton("window-close", tr("Close the settings"), this);
    connect(close, &QToolButton::clicked, this, &ToggleInspector::closed);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(close, 0, Qt::AlignTop);
    auto* inside = new QWidget;
    inside->setObjectName("scrolled");
    m_formPlace = new QVBoxLayout;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(space::kPadding, 12, space::kPadding, space::kPadding);
    column->setSpacing(12);
    column->addLayout(head);
    column->addWidget(m_effect);
    column->addLayout(m_formPlace);
    column->addWidget(m_edge);
    m_edge->hide();
    column->addWidget(hairline(Qt::Horizontal, inside));
    column->addWidget(m_doc);
    column->addStretch();
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(inside);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(1, 0, 0, 0);
    outer->addWidget(scroll);
    connect(m_doc, &QTextBrowser::anchorClicked, this, [](const QUrl& url) {
        if (url.scheme().startsWith("http"))
            QDesktopServices::openUrl(url);
    });
}

void ToggleInspector::show(const hone::engine::ToggleDef& def, const ParamSet& values) {
    if (m_def != &def) {
        m_def = &def;
        delete m_form;
        m_form = new ParamForm(values, this);
        m_formPlace->addWidget(m_form);
        connect(m_form, &ParamForm::changed, this, &ToggleInspector::changed);
        m_title->setText(text(def.title));
        QStringList effect;
        if (!def.moves.empty())
            effect << tr("Moves: %1").arg(text(def.moves));
        if (!def.costs.empty())
            effect << tr("Costs: %1").arg(text(def.costs));
        m_effect->setText(effect.join('\n'));
        m_edge->setVisible(def.id == "edge");
        QString body = text(def.doc).trimmed();
        if (body.startsWith("# "))
            body = body.section('\n', 1).trimmed();
        m_doc->showMarkdown(body);
    } else {
        m_form->setValues(values);
    }
    QFrame::show();
}

void ToggleInspector::setValues(const ParamSet& values) {
    if (m_form != nullptr)
        m_form->setValues(values);
}

void ToggleInspector::showCounters(const std::map<std::string, double>& counters,
                                   const model::Profile& profile) {
    if (m_def != nullptr && !m_edge->isHidden())
        m_edge->showCounters(counters, text(settingsOf(*m_def, profile).text("origin")));
}

void ToggleInspector::showError(const QString& paramId, const QString& message) {
    if (m_form != nullptr)
        m_form->showError(paramId, message);
}

}  // namespace hone::ui::engine
