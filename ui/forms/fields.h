#pragma once

#include "core/base/error.h"

#include <QString>

#include <chrono>
#include <string>

class QBoxLayout;
class QLineEdit;
class QWidget;

namespace hone::ui {

/// A control with its small label above, added to a row; the label is the control's buddy.
QWidget* addField(QBoxLayout& row, const QString& label, QWidget* control, int stretch = 0);

/// An error as a sentence on screen: the core writes them to follow "error: ".
QString sentence(const std::string& what);

/// A narrow field for a value with a unit.
QLineEdit* valueField(const QString& name, const QString& toolTip, QWidget* parent);

/// Marks a field as refused (or not), so that the style shows which one an error is about.
void markRefused(QWidget& field, bool refused);

/// Reads a duration field ("10s"); errors name the field. `least` and more.
Result<std::chrono::milliseconds> readDuration(QLineEdit& field, std::chrono::milliseconds least);
/// Reads a whole number within bounds; errors name the field.
Result<int> readCount(QLineEdit& field, int least, int most);

}  // namespace hone::ui
