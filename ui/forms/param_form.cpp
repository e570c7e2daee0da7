#include "ui/forms/param_form.h"

#include "ui/format/format.h"
#include "ui/forms/unit_spin_box.h"
#include "ui/widgets/widgets.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStyle>
#include <QVBoxLayout>
#include <QWheelEvent>

namespace hone::ui {

namespace {

/// A choice box that leaves the wheel to the page it lies on, unless it has the focus.
class ChoiceBox : public QComboBox {
public:
    using QComboBox::QComboBox;

protected:
    void wheelEvent(QWheelEvent* event) override {
        if (hasFocus())
            QComboBox::wheelEvent(event);
        else
            event->ignore();
    }
};

void setInvalid(QWidget* control, bool invalid) {
    if (control->property("invalid").toBool() == invalid)
        return;
    control->setProperty("invalid", invalid);
    control->style()->unpolish(control);
    control->style()->polish(control);
}

}  // namespace

/// One parameter's label, control, help and message.
struct ParamForm::Field : QWidget {
    Field(const Param& described, QWidget* parent) : QWidget(parent), param(described) {}
    const Param& param;
    QWidget* control = nullptr;
    InlineMessage* message = nullptr;
};

ParamForm::ParamForm(const ParamSet& values, QWidget* parent) : QWidget(parent), m_values(values) {
    build();
    updateVisibility();
}

void ParamForm::build() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    bool hasAdvanced = false;
    for (const Param& param : m_values.params()) {
        if (!param.advanced)
            column->addWidget(addField(param, this));
        hasAdvanced |= param.advanced;
    }
    if (!hasAdvanced)
        return;
    m_more = plainButton(tr("More settings"), "chevron-right", this);
    m_more->setProperty("kind", "quiet");
    m_more->setCheckable(true);
    connect(m_more, &QPushButton::toggled, this, [this](bool open) {
        m_more->setIcon(icon(open ? "chevron-down" : "chevron-right"));
        updateVisibility();
    });
    column->addWidget(m_more, 0, Qt::AlignLeft);
    for (const Param& param : m_values.params())
        if (param.advanced)
            column->addWidget(addField(param, this));
}

ParamForm::Field* ParamForm::addField(const Param& param, QWidget* parent) {
    auto* field = new Field(param, parent);
    field->setObjectName(text(param.id));
    auto* label = new QLabel(text(param.label), field);
    label->setWordWrap(true);
    field->control = makeControl(*field, field);
    field->control->setAccessibleName(label->text());
    field->control->setAccessibleDescription(text(param.help));
    field->control->setToolTip(QStringLiteral("%1\n%2").arg(text(param.help), text(describeRange(param))));
    label->setToolTip(field->control->toolTip());
    label->setBuddy(field->control);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kGap);
    row->addWidget(label, 5);
    row->addWidget(field->control, 4, Qt::AlignRight | Qt::AlignVCenter);
    auto* column = new QVBoxLayout(field);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);
    column->addLayout(row);
    auto* help = mutedLabel(text(param.help), field);
    help->setFont(ui::font(FontRole::Small));
    help->setWordWrap(true);
    column->addWidget(help);
    field->message = new InlineMessage(field);
    column->addWidget(field->message);
    m_fields.push_back(field);
    return field;
}

QWidget* ParamForm::makeControl(Field& field, QWidget* parent) {
    const Param& param = field.param;
    const ParamValue value = m_values.value(param.id);
    if (std::holds_alternative<bool>(param.initial)) {
        auto* box = new Switch(parent);
        box->setChecked(std::get<bool>(value));
        connect(box, &Switch::toggled, this, [this, &field](bool on) {
            edited(field, on ? QStringLiteral("true") : QStringLiteral("false"));
        });
        return box;
    }
    if (!param.choices.empty()) {
        auto* box = new ChoiceBox(parent);
        box->setFocusPolicy(Qt::StrongFocus);
        for (const Choice& choice : param.choices) {
            box->addItem(text(choice.label.empty() ? choice.id : choice.label), text(choice.id));
            box->setItemData(box->count() - 1, text(choice.help), Qt::ToolTipRole);
        }
        box->setCurrentIndex(box->findData(QString::fromStdString(std::get<std::string>(value))));
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        box->setMinimumWidth(132);
        connect(box, &QComboBox::currentIndexChanged, this,
                [this, &field, box](int) { edited(field, box->currentData().toString()); });
        return box;
    }
    if (const auto* words = std::get_if<std::string>(&value)) {
        auto* line = new QLineEdit(QString::fromStdString(*words), parent);
        line->setMinimumWidth(160);
        connect(line, &QLineEdit::editingFinished, this, [this, &field, line] {
            if (line->text() != text(m_values.text(field.param.id)))
                edited(field, line->text());
        });
        return line;
    }
    auto* box = new UnitSpinBox(param, parent);
    box->setValue(value);
    box->setFixedWidth(132);
    connect(box, &UnitSpinBox::edited, this,
            [this, &field](const QString& valueText) { edited(field, valueText); });
    connect(box, &UnitSpinBox::refused, this, [&field](const QString& message, const QString& hint) {
        setInvalid(field.control, true);
        field.message->show(InlineMessage::Kind::Error, message, hint);
    });
    return box;
}

void ParamForm::edited(Field& field, const QString& valueText) {
    if (const auto set = m_values.setText(field.param.id, utf8(valueText)); !set) {
        setInvalid(field.control, true);
        field.message->show(InlineMessage::Kind::Error, text(set.error().what), text(set.error().hint));
        return;
    }
    setInvalid(field.control, false);
    field.message->clear();
    updateVisibility();
    emit changed(text(field.param.id), valueText);
}

void ParamForm::setValues(const ParamSet& values) {
    m_values = values;
    for (Field* field : m_fields)
        showValue(*field);
    updateVisibility();
}

void ParamForm::showValue(Field& field) {
    const ParamValue value = m_values.value(field.param.id);
    const QSignalBlocker quiet(field.control);
    if (auto* box = qobject_cast<Switch*>(field.control))
        box->setChecked(std::get<bool>(value));
    else if (auto* choice = qobject_cast<QComboBox*>(field.control))
        choice->setCurrentIndex(choice->findData(QString::fromStdString(std::get<std::string>(value))));
    else if (auto* line = qobject_cast<QLineEdit*>(field.control))
        line->setText(QString::fromStdString(std::get<std::string>(value)));
    else if (auto* number = qobject_cast<UnitSpinBox*>(field.control))
        number->setValue(value);
    field.control->update();
    setInvalid(field.control, false);
    field.message->clear();
}

void ParamForm::showError(const QString& paramId, const QString& message) {
    for (Field* field : m_fields)
        if (text(field->param.id) == paramId) {
            setInvalid(field->control, true);
            field->message->show(InlineMessage::Kind::Error, message);
            if (field->param.advanced && m_more)
                m_more->setChecked(true);
        }
}

void ParamForm::updateVisibility() {
    const bool unfolded = m_more && m_more->isChecked();
    for (Field* field : m_fields) {
        const Param& param = field->param;
        bool wanted = !param.advanced || unfolded;
        if (const Param* other = m_values.find(param.onlyWhenParam); other && !param.onlyWhenParam.empty())
            wanted = wanted && valueText(*other, m_values.value(other->id)) == param.onlyWhenValue;
        field->setVisible(wanted);
    }
}

}  // namespace hone::ui
