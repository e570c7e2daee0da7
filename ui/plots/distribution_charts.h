#pragma once

#include "core/stats/histogram.h"
#include "ui/plots/chart_base.h"
#include "ui/plots/curves.h"

namespace hone::ui::plots {

/// One histogram to draw in an overlay.
struct Curve {
    QString name;
    stats::Histogram histogram;
    Role role = Role::Accent;
    Qt::PenStyle dash = Qt::SolidLine;
};
/// The two arms in their colours and dashes.
[[nodiscard]] std::vector<Curve> armCurves(const QString& nameA, const stats::Histogram& a,
                                           const QString& nameB, const stats::Histogram& b);

/// How often each latency happened, with p50, p95 and p99 marked; x logarithmic or linear (then bins are
/// equally wide).
class LatencyHistogram : public ChartBase {
    Q_OBJECT
public:
    explicit LatencyHistogram(QWidget* parent = nullptr);
    void setHistogram(const stats::Histogram& histogram);
    [[nodiscard]] Table table() const override;

protected:
    void fitAxes() override;
    void scaleChanged() override;
    [[nodiscard]] QString idleText(const Series& series) const override;

private:
    void draw();
    stats::Histogram m_histogram;
    std::vector<Bin> m_bins;
};

/// Latency against the share of requests that were faster, with every further nine as far apart as the one
/// before.
class PercentileSpectrum : public ChartBase {
    Q_OBJECT
public:
    explicit PercentileSpectrum(QWidget* parent = nullptr);
    void setCurves(const std::vector<Curve>& curves);

protected:
    void fitAxes() override;
    [[nodiscard]] QString cursorText(double x) const override;
};

/// Share of requests that were at most this slow, for one or two arms.
class EcdfOverlay : public ChartBase {
    Q_OBJECT
public:
    explicit EcdfOverlay(QWidget* parent = nullptr);
    void setCurves(const std::vector<Curve>& curves);

protected:
    void fitAxes() override;
    [[nodiscard]] QString cursorText(double x) const override;

private:
    double m_lowUs = 1, m_highUs = 10;
};

}  // namespace hone::ui::plots
