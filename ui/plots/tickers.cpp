#include "ui/plots/tickers.h"

#include <cmath>
#include <initializer_list>

namespace hone::ui::plots {

namespace {

QVector<double> mantissaTicks(double lower, double upper, std::initializer_list<double> mantissas) {
    QVector<double> ticks;
    for (double decade = std::pow(10, std::floor(std::log10(lower))); decade <= upper; decade *= 10)
        for (const double mantissa : mantissas)
            if (const double tick = mantissa * decade;
                tick >= lower * (1 - 1e-9) && tick <= upper * (1 + 1e-9))
                ticks << tick;
    return ticks;
}

QVector<double> linearTicks(double lower, double upper, int wanted) {
    const double rough = (upper - lower) / std::max(1, wanted);
    const double decade = std::pow(10, std::floor(std::log10(rough)));
    double step = 10 * decade;
    for (const double mantissa : {1.0, 2.0, 5.0})
        if (rough <= mantissa * decade) {
            step = mantissa * decade;
            break;
        }
    QVector<double> ticks;
    for (double tick = std::ceil(lower / step) * step; tick <= upper * (1 + 1e-9); tick += step)
        ticks << tick;
    return ticks;
}

/// A label in the unit that fits its own size: neighbours on a logarithmic axis may differ in it.
QString ownText(Quantity quantity, double value) {
    const AxisUnit unit = axisUnit(quantity, value);
    const double digit = std::pow(10, std::floor(std::log10(value) + 1e-9));
    const double mantissa = value / digit;
    const bool isWhole = std::abs(mantissa - std::round(mantissa)) < 1e-6;
    return axisText(unit, value, isWhole ? digit : digit / 100);
}

}  // namespace

QVector<double> logTicks(double lower, double upper, int wanted) {
    if (!(lower > 0) || upper <= lower)
        return {};
    const double decades = std::log10(upper / lower);
    if (decades < 0.6)
        return linearTicks(lower, upper, wanted);
    const double perDecade = wanted / decades;
    if (perDecade >= 3)
        return mantissaTicks(lower, upper, {1, 2, 5});
    if (perDecade >= 2)
        return mantissaTicks(lower, upper, {1, 3});
    return mantissaTicks(lower, upper, {1});
}

UnitTicker::UnitTicker(Quantity quantity, bool logarithmic)
    : m_quantity(quantity), m_logarithmic(logarithmic) {
    setTickCount(5);
}

QVector<double> UnitTicker::createTickVector(double tickStep, const QCPRange& range) {
    if (m_logarithmic)
        return logTicks(range.lower, range.upper, tickCount() + 2);
    if (m_quantity == Quantity::Bytes) {  // Round in KiB, not in thousands of bytes.
        const double factor = axisUnit(m_quantity, range.upper).factor;
        QVector<double> ticks = linearTicks(range.lower / factor, range.upper / factor, tickCount());
        for (double& tick : ticks)
            tick *= factor;
        return ticks;
    }
    if (m_quantity == Quantity::Count) {
        QVector<double> ticks = linearTicks(range.lower, range.upper, tickCount());
        if (ticks.size() > 1 && ticks[1] - ticks[0] < 1)  // There is no half of a request.
            ticks = linearTicks(range.lower, range.upper, std::max(1, static_cast<int>(range.size())));
        return ticks;
    }
    return QCPAxisTicker::createTickVector(tickStep, range);
}

QVector<double> UnitTicker::createSubTickVector(int, const QVector<double>&) { return {}; }

QVector<QString> UnitTicker::createLabelVector(const QVector<double>& ticks, const QLocale&, QChar, int) {
    QVector<QString> labels;
    double largest = 0;
    for (const double tick : ticks)
        largest = std::max(largest, std::abs(tick));
    const AxisUnit unit = axisUnit(m_quantity, largest);
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : largest;
    const bool wide = m_logarithmic && ticks.size() > 1 && ticks.last() / ticks.first() >= 10;
    for (const double tick : ticks)
        labels << (wide ? ownText(m_quantity, tick)
                        : axisText(unit, std::abs(tick) < step * 1e-9 ? 0 : tick, step));
    return labels;
}

QVector<double> NinesTicker::createTickVector(double, const QCPRange& range) {
    QVector<double> ticks;
    for (const double tick : {2.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e7})
        if (tick >= range.lower * (1 - 1e-9) && tick <= range.upper * (1 + 1e-9))
            ticks << tick;
    return ticks;
}

QVector<double> NinesTicker::createSubTickVector(int, const QVector<double>&) { return {}; }

QVector<QString> NinesTicker::createLabelVector(const QVector<double>& ticks, const QLocale&, QChar, int) {
    QVector<QString> labels;
    for (const double tick : ticks)
        labels << ninesText(1 - 1 / tick);
    return labels;
}

}  // namespace hone::ui::plots
