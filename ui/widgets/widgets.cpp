#include "ui/widgets/widgets.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace hone::ui {

namespace {

constexpr int kEmptyWidth = 360;

QPushButton* button(const QString& text, const QString& iconName, Role role, QWidget* parent) {
    auto* made = new QPushButton(text, parent);
    if (!iconName.isEmpty())
        made->setIcon(icon(iconName, role));
    made->setFocusPolicy(
        Qt::TabFocus);  // The ring is for the keyboard; a click needs no proof of where it was.
    made->setCursor(Qt::ArrowCursor);
    return made;
}

QLabel* label(const QString& text, FontRole role, const char* look, QWidget* parent) {
    auto* made = new QLabel(text, parent);
    made->setFont(font(role));
    made->setTextFormat(Qt::PlainText);
    setLook(made, look);
    return made;
}

const char* lookOf(Role role) {
    switch (role) {
        case Role::Good: return "good";
        case Role::Bad: return "bad";
        case Role::Warn: return "warn";
        case Role::Text: return "";
        default: return "muted";
    }
}

}  // namespace

void setLook(QLabel* made, const char* look) {
    if (made->property("look").toByteArray() == look)
        return;
    made->setProperty("look", look);
    made->style()->unpolish(made);
    made->style()->polish(made);
}

QPushButton* primaryButton(const QString& text, const QString& iconName, QWidget* parent) {
    auto* made = button(text, iconName, Role::OnAccent, parent);
    made->setProperty("kind", "primary");
    return made;
}

QPushButton* plainButton(const QString& text, const QString& iconName, QWidget* parent) {
    return button(text, iconName, Role::Text, parent);
}

QLabel* sectionLabel(const QString& text, QWidget* parent) {
    return label(text, FontRole::Label, "section", parent);
}

QLabel* titleLabel(const QString& text, QWidget* parent) {
    return label(text, FontRole::Title, "title", parent);
}

QLabel* mutedLabel(const QString& text, QWidget* parent) {
    return label(text, FontRole::Body, "muted", parent);
}

QFrame* hairline(Qt::Orientation orientation, QWidget* parent) {
    auto* line = frame("hairline", parent);
    if (orientation == Qt::Horizontal)
        line->setFixedHeight(1);
    else
        line->setFixedWidth(1);
    return line;
}

QFrame* frame(const char* kind, QWidget* parent) {
    auto* made = new QFrame(parent);
    made->setProperty("kind", kind);
    return made;
}

QToolButton* iconButton(const QString& iconName, const QString& toolTip, QWidget* parent) {
    auto* made = new QToolButton(parent);
    made->setIcon(icon(iconName));
    made->setIconSize({16, 16});
    made->setToolTip(toolTip);
    made->setAccessibleName(toolTip);
    made->setFocusPolicy(Qt::TabFocus);
    made->setFixedSize(space::kControl, space::kControl);
    return made;
}

Figure::Figure(const QString& labelText, QWidget* parent)
    : QWidget(parent),
      m_label(sectionLabel(labelText, this)),
      m_value(new QLabel(QStringLiteral("–"), this)),
      m_unit(label({}, FontRole::Body, "muted", this)),
      m_note(label({}, FontRole::Small, "muted", this)) {
    m_value->setFont(ui::font(FontRole::Headline));
    m_value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_value->setFocusPolicy(Qt::NoFocus);
    auto* line = new QHBoxLayout;
    line->setSpacing(space::kGrid);
    line->addWidget(m_value, 0, Qt::AlignBaseline);
    line->addWidget(m_unit, 0, Qt::AlignBaseline);
    line->addStretch();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(m_label);
    column->addLayout(line);
    column->addWidget(m_note);
    column->addStretch();
    setAccessibleName(labelText);
}

void Figure::setValue(const QString& value, const QString& exact) {
    // The formatters put a no-break space before the unit; digits are grouped by a narrow one, which stays.
    const auto split = std::max(value.lastIndexOf(QChar(QChar::Nbsp)), value.lastIndexOf(QLatin1Char(' ')));
    m_value->setText(value.isEmpty() ? QStringLiteral("–") : value.left(split));
    m_unit->setText(split < 0 ? QString() : value.mid(split + 1));
    setToolTip(exact);
    setAccessibleDescription(value);
}

void Figure::setNote(const QString& note, Role role) {
    m_note->setText(note);
    setLook(m_note, lookOf(role));
}

EmptyState::EmptyState(const QString& iconName, const QString& sentence, const QString& actionText,
                       const QString& example, QWidget* parent)
    : QWidget(parent),
      m_action(primaryButton(actionText, {}, this)),
      m_words(new QLabel(sentence, this)),
      m_example(label(example, FontRole::Body, "muted", this)) {
    auto* picture = new QLabel(this);
    picture->setPixmap(icon(iconName, Role::Muted).pixmap(32, 32));
    picture->setAlignment(Qt::AlignCenter);
    connect(&Theme::instance(), &Theme::changed, picture,
            [picture, iconName] { picture->setPixmap(icon(iconName, Role::Muted).pixmap(32, 32)); });
    for (QLabel* wrapped : {m_words, m_example}) {
        wrapped->setWordWrap(true);
        wrapped->setAlignment(Qt::AlignCenter);
    }
    m_example->setVisible(!example.isEmpty());
    m_action->setVisible(!actionText.isEmpty());
    fitText();
    auto* column = new QVBoxLayout(this);
    column->setSpacing(12);
    column->addStretch(2);
    for (QWidget* part : std::initializer_list<QWidget*>{picture, m_words, m_action, m_example})
        column->addWidget(part, 0, Qt::AlignHCenter);
    column->addStretch(3);
}

/// A wrapped label in a centred column asks for one line only: its height follows from our width, and from a
/// font that the style sheet sets later.
void EmptyState::fitText() {
    for (QLabel* wrapped : {m_words, m_example}) {
        wrapped->ensurePolished();
        wrapped->setFixedSize(kEmptyWidth, std::max(0, wrapped->heightForWidth(kEmptyWidth)));
    }
}

bool EmptyState::event(QEvent* event) {
    const bool handled = QWidget::event(event);
    switch (event->type()) {
        case QEvent::Polish:
        case QEvent::Show:
        case QEvent::FontChange:
        case QEvent::StyleChange: fitText(); break;
        default: break;
    }
    return handled;
}

InlineMessage::InlineMessage(QWidget* parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)) {
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(10, 7, 10, 7);
    row->setSpacing(space::kGap);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
    QFrame::hide();
}

void InlineMessage::show(Kind kind, const QString& message, const QString& hint) {
    const char* const kinds[] = {"error", "warning", "info"};
    const char* const icons[] = {"hone-error", "hone-warning", "dialog-information"};
    const Role roles[] = {Role::Bad, Role::Warn, Role::Accent};
    const auto index = static_cast<std::size_t>(kind);
    setProperty("kind", kinds[index]);
    style()->unpolish(this);
    style()->polish(this);
    m_icon->setPixmap(icon(QLatin1String(icons[index]), roles[index]).pixmap(16, 16));
    m_text->setText(hint.isEmpty() ? message : message + QLatin1Char('\n') + hint);
    setAccessibleName(m_text->text());
    QFrame::show();
}

void InlineMessage::clear() {
    m_text->clear();
    QFrame::hide();
}

Tag::Tag(const QString& text, Role role, QWidget* parent) : QLabel(text, parent), m_role(role) {
    setFont(ui::font(FontRole::Small));
    setTextFormat(Qt::PlainText);
    setContentsMargins(6, 1, 6, 1);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

void Tag::setTag(const QString& text, Role role) {
    m_role = role;
    setText(text);
    update();
}

void Tag::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor edge = color(m_role);
    edge.setAlphaF(0.55F);
    painter.setPen(edge);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setPen(color(m_role));
    painter.drawText(rect(), Qt::AlignCenter, text());
}

}  // namespace hone::ui
