#include "ui/widgets/widgets.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace hone::ui {

namespace {

constexpr int kStarSide = 24;

void drawFocusRing(QPainter& painter, const QRectF& around, double radius) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color(Role::Accent), 2));
    painter.drawRoundedRect(around.adjusted(1, 1, -1, -1), radius, radius);
}

}  // namespace

Switch::Switch(QWidget* parent) : QAbstractButton(parent) {
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize Switch::sizeHint() const {
    return {40, 24};  // 36 × 20 and room for the focus ring.
}

void Switch::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(isEnabled() ? 1.0 : 0.45);
    const QRectF track((width() - 32) / 2.0, (height() - 18) / 2.0, 32, 18);
    const bool on = isChecked();
    painter.setPen(on ? QPen(Qt::NoPen) : QPen(color(Role::Muted), 1));
    painter.setBrush(on ? color(Role::Accent) : QColor(Qt::transparent));
    painter.drawRoundedRect(on ? track : track.adjusted(0.5, 0.5, -0.5, -0.5), 9, 9);
    if (underMouse() && isEnabled()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color(isDown() ? Role::Pressed : Role::Hover));
        painter.drawRoundedRect(track, 9, 9);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(color(on ? Role::OnAccent : Role::Muted));
    const double radius = on ? 6 : 5;  // The knob grows when on: not told by colour and side alone.
    painter.drawEllipse(QPointF(on ? track.right() - 9 : track.left() + 9, track.center().y()), radius,
                        radius);
    if (hasFocus())
        drawFocusRing(painter, QRectF(rect()), 12);
}

Segmented::Segmented(const QStringList& options, QWidget* parent)
    : QWidget(parent), m_buttons(new QButtonGroup(this)) {
    auto* box = frame("segments", this);
    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(box);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(2, 2, 2, 2);
    row->setSpacing(2);
    m_buttons->setExclusive(true);
    for (int i = 0; i < options.size(); ++i) {
        auto* option = new QPushButton(options[i], box);
        option->setProperty("kind", "segment");
        option->setCheckable(true);
        option->setChecked(i == 0);
        option->setFocusPolicy(
            Qt::TabFocus);  // Exclusive groups move with the arrow keys and take one Tab stop.
        m_buttons->addButton(option, i);
        row->addWidget(option);
    }
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(m_buttons, &QButtonGroup::idToggled, this, [this](int id, bool checked) {
        if (checked)
            emit currentChanged(id);
    });
}

int Segmented::current() const { return m_buttons->checkedId(); }

void Segmented::setCurrent(int index) {
    if (auto* option = m_buttons->button(index))
        option->setChecked(true);
}

Stars::Stars(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(tr("Rating, one to five stars"));
    setToolTip(tr("Keys 1 to 5"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Stars::setValue(int value) {
    value = std::clamp(value, 0, 5);
    if (value == m_value)
        return;
    m_value = value;
    setAccessibleDescription(tr("%n star(s)", nullptr, value));
    update();
    emit valueChanged(value);
}

QSize Stars::sizeHint() const { return {5 * kStarSide + 8, kStarSide + 4}; }

void Stars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const int lit = m_hover > 0 ? m_hover : m_value;
    for (int i = 0; i < 5; ++i) {
        const QRect box(4 + i * kStarSide + 2, 4, kStarSide - 4, kStarSide - 4);
        icon(i < lit ? QStringLiteral("hone-star") : QStringLiteral("draw-star"),
             i < lit ? Role::Warn : Role::Muted)
            .paint(&painter, box);
    }
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        drawFocusRing(painter, QRectF(rect()), 6);
    }
}

void Stars::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton)
        setValue(std::clamp((event->pos().x() - 4) / kStarSide + 1, 1, 5));
}

void Stars::mouseMoveEvent(QMouseEvent* event) {
    m_hover = std::clamp((event->pos().x() - 4) / kStarSide + 1, 1, 5);
    update();
}

void Stars::leaveEvent(QEvent*) {
    m_hover = 0;
    update();
}

void Stars::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    if (key >= Qt::Key_1 && key <= Qt::Key_5)
        setValue(key - Qt::Key_0);
    else if (key == Qt::Key_Right || key == Qt::Key_Up)
        setValue(m_value + 1);
    else if (key == Qt::Key_Left || key == Qt::Key_Down)
        setValue(std::max(1, m_value - 1));
    else
        QWidget::keyPressEvent(event);
}

}  // namespace hone::ui
