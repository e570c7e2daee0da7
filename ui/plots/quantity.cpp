#include "ui/plots/quantity.h"

#include "ui/format/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace hone::ui::plots {

namespace {

// A no-break space, as the formatters of core/base/units.h print it.
const QString kGap = QStringLiteral("\u00a0");

struct Step {
    double factor;
    const char* suffix;
};
constexpr std::array kMicros{Step{1e6, "s"}, Step{1e3, "ms"}, Step{1, "µs"}, Step{1e-3, "ns"}};
constexpr std::array kBytes{Step{1073741824, "GiB"}, Step{1048576, "MiB"}, Step{1024, "KiB"}, Step{1, "B"}};
constexpr std::array kCounts{Step{1e9, "G"}, Step{1e6, "M"}, Step{1e3, "k"}, Step{1, ""}};

Step pick(std::span<const Step> steps, double largest) {
    for (const Step& step : steps)
        if (std::abs(largest) >= step.factor * 0.9999)
            return step;
    return steps.back();
}

QString trimmed(double value, int decimals) {
    QString text = QString::number(value, 'f', std::clamp(decimals, 0, 6));
    text.replace(QLatin1Char('-'), QChar(0x2212));
    return text;
}

}  // namespace

QString quantityText(Quantity quantity, double value) {
    if (!std::isfinite(value))
        return QStringLiteral("–");
    switch (quantity) {
        case Quantity::Micros: return micros(value);
        case Quantity::PerSecond: return rate(value);
        case Quantity::Count: return count(value);
        case Quantity::Bytes: return bytes(value);
        case Quantity::Share: return percent(value);
        case Quantity::Seconds: return trimmed(value, value < 10 ? 2 : 1) + kGap + QStringLiteral("s");
        case Quantity::Nines: return ninesText(1 - 1 / std::max(1.0, value));
    }
    return {};
}

AxisUnit axisUnit(Quantity quantity, double largest) {
    switch (quantity) {
        case Quantity::Micros: {
            const Step step = pick(kMicros, largest);
            return {step.factor, kGap + QString::fromUtf8(step.suffix)};
        }
        case Quantity::PerSecond: {
            const Step step = pick(kCounts, largest);
            return {step.factor, kGap + QString::fromUtf8(step.suffix) + QStringLiteral("/s")};
        }
        case Quantity::Count: {
            const Step step = pick(kCounts, largest);
            const QString suffix = QString::fromUtf8(step.suffix);
            return {step.factor, suffix.isEmpty() ? QString() : kGap + suffix};
        }
        case Quantity::Bytes: {
            const Step step = pick(kBytes, largest);
            return {step.factor, kGap + QString::fromUtf8(step.suffix)};
        }
        case Quantity::Share: return {0.01, kGap + QStringLiteral("%")};
        case Quantity::Seconds: return {1, kGap + QStringLiteral("s")};
        case Quantity::Nines: return {};
    }
    return {};
}

QString axisText(const AxisUnit& unit, double value, double step) {
    if (value == 0)
        return QStringLiteral("0");
    const double scaled = value / unit.factor, scaledStep = std::abs(step / unit.factor);
    int decimals = 0;
    // 1e-6 of a step is the rounding of repeated addition, not a digit.
    while (decimals < 6 &&
           std::abs(std::round(scaledStep * std::pow(10, decimals)) - scaledStep * std::pow(10, decimals)) >
               1e-6 * std::pow(10, decimals) * scaledStep)
        ++decimals;
    return trimmed(scaled, decimals) + unit.suffix;
}

QString ninesText(double quantile) {
    if (quantile <= 0)
        return QStringLiteral("0") + kGap + QStringLiteral("%");
    const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(1 - quantile) - 2 - 1e-9)));
    return trimmed(quantile * 100, decimals) + kGap + QStringLiteral("%");
}

double roundUp(double value) {
    if (!(value > 0) || !std::isfinite(value))
        return 1;
    const double decade = std::pow(10, std::floor(std::log10(value)));
    for (const double mantissa : {1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0})
        if (value <= mantissa * decade * (1 + 1e-9))
            return mantissa * decade;
    return 10 * decade;
}

}  // namespace hone::ui::plots
