#pragma once

#include "core/model/comparison.h"
#include "ui/theme/theme.h"

#include <QWidget>

#include <vector>

class QPainter;

namespace hone::ui::plots {

/// One ratio with its interval.
struct IntervalRow {
    QString label;
    double ratio = 1, lo = 0, hi = 0;  ///< lo = 0 and hi = infinity: not bounded yet.
    stats::Verdict verdict = stats::Verdict::CannotTell;
    bool strong = false;  ///< What the comparison is about.
    bool exact = false;   ///< A deterministic metric: a point without an interval.
};
/// With the anytime-valid interval (while one looks) or the planned one.
[[nodiscard]] IntervalRow intervalRow(const model::Effect& effect, bool anytime, double delta);

/// Good for better, Bad for worse, Muted else. Words and shape say the same.
[[nodiscard]] Role verdictRole(stats::Verdict verdict);
/// "−31 % (−34 … −28)"; "not bounded yet" says so.
[[nodiscard]] QString intervalText(const IntervalRow& row);

/// Half the width of a common scale, as |ln ratio|: a round change that holds all intervals and the band.
[[nodiscard]] double intervalExtent(const std::vector<IntervalRow>& rows, double delta);
/// The bar, its point and the ±δ band inside `area`; ln ratio from −extent to +extent. A disc is a decided
/// point, a ring an undecided one; arrows say that the interval goes on.
void paintInterval(QPainter& painter, const QRectF& area, const IntervalRow& row, double extent,
                   double delta);

/// Rows of effects against the band of no practical difference, with a common scale below.
///
/// Thread: GUI. While it is live the scale only changes in round steps.
class IntervalBars : public QWidget {
    Q_OBJECT
public:
    explicit IntervalBars(QWidget* parent = nullptr);
    void setRows(std::vector<IntervalRow> rows, double delta);
    [[nodiscard]] const std::vector<IntervalRow>& rows() const { return m_rows; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;

private:
    std::vector<IntervalRow> m_rows;
    double m_delta = 0.02, m_extent = 0;
};

}  // namespace hone::ui::plots
