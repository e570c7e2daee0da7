#pragma once

#include "core/model/sweep.h"
#include "ui/plots/chart_base.h"

namespace hone::ui::plots {

/// One metric along the values of a parameter: means, their intervals as a band, and where more stops paying
/// (the knee) marked by a line with its words; the best value is a diamond.
class SweepChart : public ChartBase {
    Q_OBJECT
public:
    explicit SweepChart(QWidget* parent = nullptr);
    /// An unknown metric leaves the chart empty.
    void setSweep(const model::Sweep& sweep, std::string_view metric);
    [[nodiscard]] Table table() const override;

protected:
    void fitAxes() override;
    void restyle() override;
    [[nodiscard]] QString cursorText(double x) const override;

private:
    std::vector<double> m_positions;
    QStringList m_names;
    QString m_what;
    model::SweepCurve m_curve;
    QCPGraph *m_low, *m_high;
    QCPItemStraightLine* m_kneeLine;
    QCPItemText* m_kneeText;
};

}  // namespace hone::ui::plots
