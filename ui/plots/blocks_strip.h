#pragma once

#include "core/model/comparison.h"
#include "ui/plots/chart_base.h"

namespace hone::ui::plots {

/// What the numbers of a metric ("p95", "rps", "bytes", "cpu", "errors") are.
[[nodiscard]] Quantity quantityOf(std::string_view metric);

/// The value of one metric in every block, in the order they were measured: the coin flips, drift and
/// outliers are visible. A is a dot, B a diamond.
class BlocksStrip : public ChartBase {
    Q_OBJECT
public:
    explicit BlocksStrip(QWidget* parent = nullptr);
    void setBlocks(const std::vector<model::Block>& blocks, const std::string& metric, int plannedBlocks = 0);

protected:
    void fitAxes() override;
    [[nodiscard]] QString cursorText(double x) const override;

private:
    int m_blocks = 1;
    std::size_t m_shown = 0;  ///< Blocks, of both arms.
    double m_top = 0;
    std::string m_metric;
};

/// One figure of several runs in the order they were made (newest right).
class TrendChart : public ChartBase {
    Q_OBJECT
public:
    struct Entry {
        QString label;  ///< "today 14:02 · baseline"
        double p95Us = 0;
    };
    explicit TrendChart(QWidget* parent = nullptr);
    void setEntries(const std::vector<Entry>& entries);
    /// Lines before these entries: where the level changed (solid), where the machine did (dotted).
    void setMarks(const std::vector<std::size_t>& levels, const std::vector<std::size_t>& machines);

protected:
    void fitAxes() override;
    void restyle() override;
    [[nodiscard]] QString cursorText(double x) const override;
    [[nodiscard]] QString idleText(const Series& series) const override;

private:
    void addMark(std::size_t index, Qt::PenStyle dash);

    std::vector<Entry> m_entries;
    std::vector<QCPItemStraightLine*> m_marks;  ///< Owned by the plot.
};

}  // namespace hone::ui::plots
