#pragma once

#include "core/model/cost.h"

#include <QDialog>

#include <vector>

class QDoubleSpinBox;
class QLineEdit;

namespace hone::ui::report {

/// The prices kept in the settings of the program; nothing is assumed before somebody gave them.
[[nodiscard]] model::Prices savedPrices();
void savePrices(const model::Prices& prices);

/// What traffic, CPU and electricity cost the reader. 0 leaves a price out.
class PricesDialog : public QDialog {
    Q_OBJECT
public:
    explicit PricesDialog(const model::Prices& prices, QWidget* parent = nullptr);
    [[nodiscard]] model::Prices prices() const;

private:
    QLineEdit* m_currency;
    QDoubleSpinBox *m_perGiB, *m_perCoreHour, *m_gramsPerKwh, *m_wattsPerCore, *m_kwhPerGiB;
};

}  // namespace hone::ui::report
