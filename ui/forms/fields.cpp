#include "ui/forms/fields.h"

#include "core/base/units.h"
#include "ui/format/format.h"
#include "ui/widgets/widgets.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QStyle>

namespace hone::ui {

QWidget* addField(QBoxLayout& row, const QString& label, QWidget* control, int stretch) {
    auto* cell = new QWidget;
    auto* column = new QVBoxLayout(cell);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    auto* name = sectionLabel(label, cell);
    name->setBuddy(control);
    column->addWidget(name);
    column->addWidget(control);
    row.addWidget(cell, stretch);
    return cell;
}

QString sentence(const std::string& what) {
    QString words = text(what);
    if (!words.isEmpty())
        words[0] = words[0].toUpper();
    return words;
}

QLineEdit* valueField(const QString& name, const QString& toolTip, QWidget* parent) {
    auto* field = new QLineEdit(parent);
    field->setAccessibleName(name);
    field->setToolTip(toolTip);
    field->setFixedWidth(84);
    return field;
}

void markRefused(QWidget& field, bool refused) {
    if (field.property("invalid").toBool() == refused)
        return;
    field.setProperty("invalid", refused);
    field.style()->unpolish(&field);
    field.style()->polish(&field);
}

Result<std::chrono::milliseconds> readDuration(QLineEdit& field, std::chrono::milliseconds least) {
    const std::string name = utf8(field.accessibleName());
    auto parsed = parseDuration(utf8(field.text().trimmed()));
    if (!parsed)
        return fail(Error::InvalidArgument, "{}: {}", name, parsed.error().what)
            .hint("{}", parsed.error().hint);
    if (*parsed < least)
        return fail(Error::InvalidArgument, "{} must be at least {}, got {}", name, durationText(least),
                    utf8(field.text()))
            .hint("For example {}.", durationText(std::max<Nanos>(least, std::chrono::seconds(2))));
    return std::chrono::duration_cast<std::chrono::milliseconds>(*parsed);
}

Result<int> readCount(QLineEdit& field, int least, int most) {
    auto parsed = parseCount(utf8(field.text().trimmed()));
    const std::string name = utf8(field.accessibleName());
    if (!parsed)
        return fail(Error::InvalidArgument, "{}: {}", name, parsed.error().what)
            .hint("{}", parsed.error().hint);
    if (*parsed < least || *parsed > most)
        return fail(Error::InvalidArgument, "{} must be {} … {}, got {}", name, least, most, *parsed);
    return static_cast<int>(*parsed);
}

}  // namespace hone::ui
