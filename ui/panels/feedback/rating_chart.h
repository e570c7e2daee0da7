#pragma once

#include <QList>
#include <QWidget>

namespace hone::ui::feedback {

/// Stars against the p95 the person had, on a log axis: does slower feel worse?
class RatingChart : public QWidget {
    Q_OBJECT
public:
    struct Point {
        double p95Us = 0;
        int stars = 0;
        QString profile;
    };
    explicit RatingChart(QWidget* parent = nullptr);
    void setPoints(const QList<Point>& points);
    [[nodiscard]] QSize sizeHint() const override { return {420, 180}; }

protected:
    void paintEvent(QPaintEvent*) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QPointF place(const Point& point) const;
    [[nodiscard]] QRectF plotArea() const;
    QList<Point> m_points;
    double m_min = 1, m_max = 10;
};

}  // namespace hone::ui::feedback
