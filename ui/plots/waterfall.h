#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

#include <vector>

namespace hone::ui::plots {

/// One step of a waterfall: what it adds to the running value.
struct WaterfallStep {
    QString label;
    double amount = 0;  ///< Negative: the value falls.
    QString text;       ///< "−34.7 ms · 85 %"
    QString toolTip;
};

/// From one value to another by named steps that add up: a bar for the start, a floating bar for each step, a
/// bar for the end. Rows, because toggles have names.
///
/// Thread: GUI. Colour says better or worse; the sign in the text and the arrow of the bar say the same.
class Waterfall : public QWidget {
    Q_OBJECT
public:
    explicit Waterfall(QWidget* parent = nullptr);
    /// `lowerIsBetter` decides the colours.
    void setSteps(const QString& from, double fromValue, const QString& fromText,
                  std::vector<WaterfallStep> steps, const QString& to, const QString& toText,
                  bool lowerIsBetter);
    /// No bars but these words.
    void clear(const QString& words);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;
    bool event(QEvent* event) override;

private:
    struct Row {
        QString label, text, toolTip;
        double from = 0, to = 0;
        bool isTotal = false;
    };
    void paintBar(QPainter& painter, const QRectF& area, const Row& row, double low, double high) const;

    QString m_placeholder;
    std::vector<Row> m_rows;
    bool m_lowerIsBetter = true;
};

}  // namespace hone::ui::plots
