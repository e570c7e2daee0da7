#pragma once

#include "core/model/run.h"
#include "ui/plots/chart_base.h"

namespace hone::ui::plots {

/// What charts of one run over its time share: seconds along x from 0 to the planned end, the warm-up shaded,
/// new intervals appended while it runs, annotations, an earlier run drawn faintly behind it. The x axis
/// never moves while it runs; the y axis only grows, by round steps.
///
/// Memory is bounded: beyond kMaxPoints neighbours are joined two by two, keeping the higher latency (a spike
/// is never averaged away) and the mean of everything else.
class TimeChart : public ChartBase {
    Q_OBJECT
public:
    static constexpr int kMaxPoints = 20'000;

    /// A run begins: empty, with room for its planned length.
    void begin(double warmupS, double measuredS);
    void append(const model::Interval& interval);
    /// A finished run.
    void setIntervals(const std::vector<model::Interval>& intervals);
    void clear();
    /// Marked by a line with its words; they belong to the run, so whoever shows it gives them.
    void setAnnotations(const std::vector<model::Annotation>& annotations);
    /// An earlier run to look at beside this one; an empty name takes it away.
    virtual void setEarlier(const QString& name, const std::vector<model::Interval>& intervals);

signals:
    /// Somebody wants to write something at this second.
    void annotationWanted(double atS);

protected:
    TimeChart(const QString& title, Quantity y, bool offersLogarithm, QWidget* parent);
    /// Adds the interval's values at x, without repainting.
    virtual void add(double x, const model::Interval& interval) = 0;
    /// What an earlier run's line shows; NaN leaves the interval out.
    [[nodiscard]] virtual double earlierValue(const model::Interval& interval) const;
    virtual void cleared() {}
    void fitAxes() override;
    void restyle() override;
    [[nodiscard]] QString idleText(const Series& series) const override;
    [[nodiscard]] std::vector<ChartHeader::Entry> furtherEntries() const override;
    void addToMenu(QMenu& menu, double x) override;
    void keyPressEvent(QKeyEvent* event) override;
    [[nodiscard]] double endS() const { return m_endS; }

private:
    void shade(double untilS);
    void thinOut();

    QCPItemRect* m_shade;
    QCPGraph* m_earlier = nullptr;  ///< No series: it never counts as data of this run.
    QString m_earlierName;
    std::vector<QCPItemStraightLine*> m_noteLines;
    std::vector<QCPItemText*> m_noteTexts;
    double m_endS = 1, m_warmupS = 0, m_top = 0;
};

/// Where an interval is drawn: its middle.
[[nodiscard]] inline double middle(const model::Interval& interval) {
    return interval.startS + interval.lengthS / 2;
}

/// The largest value of the visible graphs, at least `least`; the smallest positive one, at most `most`.
[[nodiscard]] double largest(const QCustomPlot& plot, double least);
[[nodiscard]] double smallest(const QCustomPlot& plot, double most);

}  // namespace hone::ui::plots
