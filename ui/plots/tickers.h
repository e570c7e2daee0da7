#pragma once

#include "ui/plots/quantity.h"

#include <qcustomplot.h>

namespace hone::ui::plots {

/// Ticks with units on a linear or logarithmic axis. All linear labels share one unit; logarithmic ones each
/// have the unit that fits ("100 µs · 1 ms · 10 ms"). Thread: GUI. Owner: the axis (shared pointer).
class UnitTicker : public QCPAxisTicker {
public:
    UnitTicker(Quantity quantity, bool logarithmic);

protected:
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
    QVector<double> createSubTickVector(int subTickCount, const QVector<double>& ticks) override;
    QVector<QString> createLabelVector(const QVector<double>& ticks, const QLocale& locale, QChar formatChar,
                                       int precision) override;

private:
    Quantity m_quantity;
    bool m_logarithmic;
};

/// Ticks of a percentile spectrum: 50, 90, 99, 99.9 … % at 1 / (1 − p).
class NinesTicker : public QCPAxisTicker {
protected:
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
    QVector<double> createSubTickVector(int subTickCount, const QVector<double>& ticks) override;
    QVector<QString> createLabelVector(const QVector<double>& ticks, const QLocale& locale, QChar formatChar,
                                       int precision) override;
};

/// Where a logarithmic axis has labels: 1 per decade, 1-2-5 or 1-3 when there is room, and round steps inside
/// less than half a decade.
[[nodiscard]] QVector<double> logTicks(double lower, double upper, int wanted);

}  // namespace hone::ui::plots
