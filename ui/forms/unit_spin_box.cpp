#include "ui/forms/unit_spin_box.h"

#include "ui/format/format.h"

#include <QLineEdit>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace hone::ui {

namespace {

/// The neighbour of a positive number in 1, 2, 5, 10, 20, …
double roundNeighbour(double from, bool up) {
    const double decade = std::pow(10.0, std::floor(std::log10(from) + 1e-9));
    const double mantissa = from / decade;
    constexpr double kSteps[] = {0.5, 1, 2, 5, 10};
    if (up)
        return decade * *std::ranges::upper_bound(kSteps, mantissa + 1e-9);
    return decade * *std::prev(std::ranges::lower_bound(kSteps, mantissa - 1e-9));
}

/// As people write it: "200000/s", never "2e+05/s".
QString shown(const Param& param, const ParamValue& value) {
    const QString exact = text(valueText(param, value));
    const auto* real = std::get_if<double>(&value);
    if (real == nullptr || !exact.contains(QLatin1String("e+")) || std::abs(*real) >= 1e15)
        return exact;
    const auto unit = exact.indexOf(QLatin1Char('/'));
    return QString::number(*real, 'f', 0) + (unit < 0 ? QString() : exact.mid(unit));
}

}  // namespace

UnitSpinBox::UnitSpinBox(const Param& param, QWidget* parent)
    : QAbstractSpinBox(parent), m_param(param), m_value(param.initial) {
    setKeyboardTracking(false);
    setFocusPolicy(Qt::StrongFocus);
    setAccelerated(true);
    lineEdit()->setText(shown(m_param, m_value));
    connect(lineEdit(), &QLineEdit::editingFinished, this, &UnitSpinBox::commit);
}

void UnitSpinBox::setValue(const ParamValue& value) {
    m_value = value;
    lineEdit()->setText(shown(m_param, m_value));
}

void UnitSpinBox::commit() {
    const auto read = parseValue(m_param, utf8(lineEdit()->text().trimmed()));
    if (!read) {
        emit refused(ui::text(read.error().what), ui::text(read.error().hint));
        return;
    }
    if (*read == m_value) {
        lineEdit()->setText(shown(m_param, m_value));
        return;
    }
    setValue(*read);
    emit edited(lineEdit()->text());
}

double UnitSpinBox::number() const {
    if (const auto* whole = std::get_if<std::int64_t>(&m_value))
        return static_cast<double>(*whole);
    const auto* real = std::get_if<double>(&m_value);
    return real ? *real : 0.0;
}

double UnitSpinBox::next(double from, bool up) const {
    const bool whole = std::holds_alternative<std::int64_t>(m_param.initial);
    const double range = m_param.max - m_param.min;
    if (whole && m_param.unit != Unit::Bytes && range <= 1000)
        return from + (up ? 1 : -1);
    if (!whole && range <= 1)
        return std::round((from + (up ? 0.05 : -0.05)) * 100) / 100;
    if (from <= 0)
        return up ? 1 : m_param.min;
    const double stepped =
        m_param.unit == Unit::Bytes ? (up ? from * 2 : from / 2) : roundNeighbour(from, up);
    return whole ? std::floor(stepped) : stepped;
}

void UnitSpinBox::stepBy(int steps) {
    double value = number();
    for (int i = 0; i < std::abs(steps) && i < 10; ++i)
        value = std::clamp(next(value, steps > 0), m_param.min, m_param.max);
    ParamValue stepped = value;
    if (std::holds_alternative<std::int64_t>(m_param.initial))
        stepped = static_cast<std::int64_t>(value);
    if (stepped == m_value)
        return;
    setValue(stepped);
    selectAll();
    emit edited(lineEdit()->text());
}

QAbstractSpinBox::StepEnabled UnitSpinBox::stepEnabled() const {
    StepEnabled enabled;
    enabled.setFlag(StepUpEnabled, number() < m_param.max);
    enabled.setFlag(StepDownEnabled, number() > m_param.min);
    return enabled;
}

void UnitSpinBox::wheelEvent(QWheelEvent* event) {
    if (hasFocus())
        QAbstractSpinBox::wheelEvent(event);
    else
        event->ignore();  // Scrolling a form must not change what the pointer happens to cross.
}

}  // namespace hone::ui
