#pragma once

#include "core/params/param.h"

#include <QAbstractSpinBox>

namespace hone::ui {

/// A number typed as people write it, with a unit ("64KiB", "250ms", "1.5"); the arrows step through round
/// values. Emits edited() with text its Param accepts, refused() with the reason otherwise.
///
/// Thread: GUI. Invariant: value() satisfies the Param.
class UnitSpinBox : public QAbstractSpinBox {
    Q_OBJECT
public:
    /// `param` must outlive the box (they are static in practice).
    explicit UnitSpinBox(const Param& param, QWidget* parent = nullptr);
    /// Shows it without a signal.
    void setValue(const ParamValue& value);
    [[nodiscard]] const ParamValue& value() const { return m_value; }
    void stepBy(int steps) override;

signals:
    void edited(const QString& valueText);
    void refused(const QString& message, const QString& hint);

protected:
    [[nodiscard]] StepEnabled stepEnabled() const override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void commit();
    [[nodiscard]] double number() const;
    [[nodiscard]] double next(double from, bool up) const;

    const Param& m_param;
    ParamValue m_value;
};

}  // namespace hone::ui
