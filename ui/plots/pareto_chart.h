#pragma once

#include "ui/plots/chart_base.h"

#include <string>
#include <vector>

namespace hone::ui::plots {

/// One setting of the toggles: what it costs and what it brings.
struct ParetoPoint {
    QString name;
    double cost = 0, value = 0;
};

/// Which of the points no other one beats in both directions (less is better in both), by cost.
[[nodiscard]] std::vector<std::size_t> paretoFront(const std::vector<ParetoPoint>& points);

/// Latency against what it costs: a dot per setting, the ones worth having joined and named.
class ParetoChart : public ChartBase {
    Q_OBJECT
public:
    explicit ParetoChart(QWidget* parent = nullptr);
    void setPoints(std::vector<ParetoPoint> points, const std::string& costMetric,
                   const std::string& valueMetric);
    [[nodiscard]] Table table() const override;

protected:
    void fitAxes() override;
    void restyle() override;
    [[nodiscard]] QString cursorText(double x) const override;
    [[nodiscard]] QString idleText(const Series& series) const override;

private:
    [[nodiscard]] std::vector<std::size_t> worthNaming() const;
    std::vector<ParetoPoint> m_points;
    std::vector<std::size_t> m_front;
    std::vector<QCPItemText*> m_labels;
};

}  // namespace hone::ui::plots
