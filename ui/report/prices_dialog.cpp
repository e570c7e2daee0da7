#include "ui/report/prices_dialog.h"

#include "ui/format/format.h"
#include "ui/widgets/widgets.h"

#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSettings>
#include <QVBoxLayout>

namespace hone::ui::report {

namespace {

struct Entry {
    const char* key;
    double model::Prices::* member;
};
/// Where each price is kept; the dialog shows them in this order.
constexpr Entry kEntries[] = {{"prices/perGiB", &model::Prices::perGiB},
                              {"prices/perCoreHour", &model::Prices::perCoreHour},
                              {"prices/gramsPerKwh", &model::Prices::gramsPerKwh},
                              {"prices/wattsPerCore", &model::Prices::wattsPerCore},
                              {"prices/kwhPerGiB", &model::Prices::kwhPerGiB}};

QDoubleSpinBox* priceBox(double value, const QString& unit, const QString& name, const QString& toolTip,
                         QWidget* parent) {
    auto* box = new QDoubleSpinBox(parent);
    box->setDecimals(4);
    box->setRange(0, 1e6);
    box->setValue(value);
    box->setSuffix(QLatin1Char(' ') + unit);
    box->setSpecialValueText(PricesDialog::tr("not given"));
    box->setAccessibleName(name);
    box->setToolTip(toolTip);
    return box;
}

}  // namespace

model::Prices savedPrices() {
    model::Prices prices;
    const QSettings settings;
    prices.currency = utf8(settings.value("prices/currency", text(prices.currency)).toString());
    for (const Entry& entry : kEntries)
        prices.*entry.member = std::max(0.0, settings.value(QLatin1String(entry.key)).toDouble());
    return prices;
}

void savePrices(const model::Prices& prices) {
    QSettings settings;
    settings.setValue("prices/currency", text(prices.currency));
    for (const Entry& entry : kEntries)
        settings.setValue(QLatin1String(entry.key), prices.*entry.member);
}

PricesDialog::PricesDialog(const model::Prices& prices, QWidget* parent)
    : QDialog(parent), m_currency(new QLineEdit(text(prices.currency), this)) {
    setWindowTitle(tr("Prices"));
    m_currency->setMaxLength(4);
    m_currency->setAccessibleName(tr("Currency"));
    m_perGiB = priceBox(prices.perGiB, tr("per GiB"), tr("Traffic"),
                        tr("What your provider bills for traffic out"), this);
    m_perCoreHour = priceBox(prices.perCoreHour, tr("per core-hour"), tr("CPU"),
                             tr("An instance's price over its cores"), this);
    m_gramsPerKwh = priceBox(prices.gramsPerKwh, tr("g per kWh"), tr("CO₂ of electricity"),
                             tr("Your grid's or provider's factor"), this);
    m_wattsPerCore = priceBox(prices.wattsPerCore, tr("W per core"), tr("Power of a busy core"),
                              tr("Turns CPU time into energy"), this);
    m_kwhPerGiB = priceBox(prices.kwhPerGiB, tr("kWh per GiB"), tr("Energy of traffic"),
                           tr("Turns bytes into energy"), this);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(space::kSection);
    form->setVerticalSpacing(space::kGap);
    form->addRow(tr("Currency"), m_currency);
    for (QDoubleSpinBox* box : {m_perGiB, m_perCoreHour, m_gramsPerKwh, m_wattsPerCore, m_kwhPerGiB})
        form->addRow(box->accessibleName(), box);
    auto* note =
        mutedLabel(tr("Kept in this program's settings. CO₂ is of operation alone and needs the factor "
                      "and power or energy."),
                   this);
    note->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(this);
    buttons->addButton(primaryButton(tr("Save"), {}, this), QDialogButtonBox::AcceptRole);
    buttons->addButton(plainButton(tr("Cancel"), {}, this), QDialogButtonBox::RejectRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::kPadding, space::kPadding, space::kPadding, space::kPadding);
    column->setSpacing(space::kSection);
    column->addLayout(form);
    column->addWidget(note);
    column->addWidget(buttons);
}

model::Prices PricesDialog::prices() const {
    model::Prices prices;
    prices.currency = utf8(m_currency->text().trimmed());
    prices.perGiB = m_perGiB->value();
    prices.perCoreHour = m_perCoreHour->value();
    prices.gramsPerKwh = m_gramsPerKwh->value();
    prices.wattsPerCore = m_wattsPerCore->value();
    prices.kwhPerGiB = m_kwhPerGiB->value();
    return prices;
}

}  // namespace hone::ui::report
