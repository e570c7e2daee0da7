#pragma once

#include <QString>

namespace hone::ui::plots {

/// What the numbers of an axis or series are; decides their text.
enum class Quantity {
    Micros,
    PerSecond,
    Count,
    Bytes,
    Share,    ///< 0 … 1, shown in percent.
    Seconds,  ///< Since the start of a run.
    Nines,    ///< 1 / (1 − p): the axis of a percentile spectrum; 100 reads "99 %".
};

/// A value as everywhere in the program: three significant digits and a unit.
[[nodiscard]] QString quantityText(Quantity quantity, double value);

/// The unit all labels of one axis share: 12 500 µs with steps of 2 500 reads "12.5 ms".
struct AxisUnit {
    double factor = 1;
    QString suffix;
};
[[nodiscard]] AxisUnit axisUnit(Quantity quantity, double largest);
/// `step` decides the decimals, so that neighbouring labels differ and none has digits it does not need.
[[nodiscard]] QString axisText(const AxisUnit& unit, double value, double step);

/// 99.9 % for 0.999: as many nines as there are, none invented.
[[nodiscard]] QString ninesText(double quantile);

/// The next "round" number (1, 1.5, 2, 3, 5, 7.5 × 10^k) at or above a positive value: where a live axis
/// settles.
[[nodiscard]] double roundUp(double value);

}  // namespace hone::ui::plots
