#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

#include <vector>

namespace hone::ui {

/// A line without axes for a value over the last moments: rate in the status bar, hit ratio beside a toggle.
/// The newest value is at the right edge; the scale starts at zero.
class Sparkline : public QWidget {
    Q_OBJECT
public:
    /// `capacity` values are shown; `maximum` > 0 fixes the scale (1 for a ratio).
    explicit Sparkline(int capacity, double maximum = 0, Role role = Role::Accent, QWidget* parent = nullptr);
    void append(double value);
    void setValues(const std::vector<double>& values);
    void clear();
    [[nodiscard]] const std::vector<double>& values() const { return m_values; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;

private:
    int m_capacity;
    double m_maximum;
    Role m_role;
    std::vector<double> m_values;
};

}  // namespace hone::ui
