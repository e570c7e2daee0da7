#pragma once

#include "core/base/clock.h"

#include <QString>

#include <chrono>

/// Numbers → text for the whole GUI: the formatters of core/base/units.h as QString, and a few that only a
/// GUI needs.
namespace hone::ui {

[[nodiscard]] QString micros(double us);         ///< "1.84 ms"
[[nodiscard]] QString rate(double perSecond);    ///< "12.5 k/s"
[[nodiscard]] QString bytes(double value);       ///< "3.20 KiB"
[[nodiscard]] QString count(double value);       ///< "150 k"
[[nodiscard]] QString percent(double fraction);  ///< "94.1 %"
[[nodiscard]] QString change(double ratio);      ///< "−31 %"
[[nodiscard]] QString number(double value);
/// "today 14:02", "Mon 14:02", "24 Nov 2026"
[[nodiscard]] QString when(std::chrono::system_clock::time_point time);
/// "1:05" left.
[[nodiscard]] QString clockTime(double seconds);
/// All digits, for hover and copy: "1 843.250 µs".
[[nodiscard]] QString exactMicros(double us);
[[nodiscard]] inline QString text(std::string_view s) {
    return QString::fromUtf8(s.data(), static_cast<qsizetype>(s.size()));
}
[[nodiscard]] inline std::string utf8(const QString& s) { return s.toStdString(); }

}  // namespace hone::ui
