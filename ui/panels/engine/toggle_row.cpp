#include "ui/panels/engine/toggle_row.h"

#include "ui/format/format.h"
#include "ui/widgets/widgets.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSignalBlocker>

namespace hone::ui::engine {

ToggleRow::ToggleRow(const hone::engine::ToggleDef& def, QWidget* parent)
    : QFrame(parent),
      m_def(def),
      m_switch(new Switch(this)),
      m_figure(new QLabel(this)),
      m_error(new InlineMessage(this)) {
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(text(def.title));
    setAccessibleDescription(text(def.summary));
    m_switch->setAccessibleName(tr("%1 on or off").arg(text(def.title)));
    m_switch->setToolTip(tr("On: %1\nOff: %2").arg(text(def.summary), text(def.off)));
    auto* title = new QLabel(text(def.title), this);
    QFont strong = ui::font(FontRole::Body);
    strong.setWeight(QFont::Medium);
    title->setFont(strong);
    m_figure->setFont(strong);
    m_figure->setToolTip(tr("Over the last five seconds"));
    auto* summary = mutedLabel(text(def.summary), this);
    summary->setFont([] {
        QFont small = ui::font(FontRole::Body);
        small.setPixelSize(12);
        return small;
    }());
    summary->setWordWrap(true);
    auto* head = new QHBoxLayout;
    head->addWidget(title);
    head->addStretch();
    head->addWidget(m_figure);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addLayout(head);
    words->addWidget(summary);
    words->addWidget(m_error);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 12, 8);
    row->setSpacing(12);
    row->addWidget(m_switch, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    connect(m_switch, &Switch::toggled, this, [this](bool on) {
        m_error->clear();
        emit switched(on);
        emit selected();
    });
}

void ToggleRow::setOn(bool on) {
    const QSignalBlocker quiet(m_switch);
    m_switch->setChecked(on);
    if (!on)
        m_figure->clear();
}

void ToggleRow::setSelected(bool selected) {
    m_selected = selected;
    update();
}

void ToggleRow::showFigure(const MeterReading& reading) {
    const QString figure = m_switch->isChecked() ? figureText(m_def, reading) : QString();
    m_figure->setText(figure.isEmpty() && m_switch->isChecked() ? tr("idle") : figure);
    setLook(m_figure, figure.isEmpty() ? "muted" : "good");
    const auto trouble = reading.troubles.find(std::string(m_def.id));
    const bool isTroubled = m_switch->isChecked() && trouble != reading.troubles.end();
    if (isTroubled)
        m_error->show(InlineMessage::Kind::Warning, text(trouble->second));
    else if (m_isTroubled)
        m_error->clear();
    m_isTroubled = isTroubled;
}

void ToggleRow::showError(const QString& message) { m_error->show(InlineMessage::Kind::Error, message); }

void ToggleRow::mousePressEvent(QMouseEvent*) { emit selected(); }

void ToggleRow::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        emit selected();
    else if (event->key() == Qt::Key_Space)
        m_switch->toggle();
    else if (event->key() == Qt::Key_Down)
        focusNextChild();
    else if (event->key() == Qt::Key_Up)
        focusPreviousChild();
    else
        QFrame::keyPressEvent(event);
}

void ToggleRow::enterEvent(QEnterEvent*) { update(); }

void ToggleRow::leaveEvent(QEvent*) { update(); }

void ToggleRow::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hasFocus() ? QPen(color(Role::Accent), 2) : QPen(Qt::NoPen));
    if (m_selected)
        painter.setBrush(color(Role::Selection));
    else if (underMouse())
        painter.setBrush(color(Role::Hover));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), space::kRadius, space::kRadius);
}

}  // namespace hone::ui::engine
