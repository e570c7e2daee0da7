#include "ui/report/cost_view.h"

#include "ui/format/format.h"
#include "ui/report/prices_dialog.h"
#include "ui/widgets/widgets.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTreeWidget>

namespace hone::ui::report {

CostView::CostView(QWidget* parent)
    : QWidget(parent), m_words(mutedLabel({}, this)), m_table(new QTreeWidget(this)) {
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_table->setHeaderLabels({tr("Per million"), QStringLiteral("A"), QStringLiteral("B"), tr("Change")});
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setFont(ui::font(FontRole::Small));  // Four columns in a narrow card.
    m_table->setAccessibleName(tr("What a million requests cost"));
    m_table->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->header()->setStretchLastSection(true);
    m_table->header()->setMinimumSectionSize(40);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* prices = plainButton(tr("Prices…"), {}, this);
    prices->setToolTip(tr("What traffic, CPU and electricity cost you"));
    connect(prices, &QPushButton::clicked, this, &CostView::askPrices);
    auto* foot = new QHBoxLayout;
    foot->setSpacing(space::kGap);
    foot->addWidget(m_words, 1);
    foot->addWidget(prices, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGrid);
    column->addWidget(m_table, 1);
    column->addLayout(foot);
}

void CostView::addRow(const QString& name, const QString& a, const QString& b, double valueA, double valueB) {
    auto* item = new QTreeWidgetItem(
        m_table, {name, a, b, valueA > 0 && valueB > 0 ? change(valueB / valueA) : QStringLiteral("–")});
    item->setForeground(1, color(Role::ArmA));
    item->setForeground(2, color(Role::ArmB));
    for (int column = 1; column < 3;
         ++column)  // The change stays left: the card may end before its right edge.
        item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
}

void CostView::show(const model::Comparison& comparison) {
    m_shown = {};
    m_shown.blocks = comparison.blocks;
    for (auto [into, from] : {std::pair(&m_shown.a, &comparison.a), std::pair(&m_shown.b, &comparison.b)}) {
        into->requests = from->requests;
        into->wireBytes = from->wireBytes;
        into->engineCpuUsPerRequest = from->engineCpuUsPerRequest;
    }
    refresh();
}

void CostView::refresh() {
    const model::Prices prices = savedPrices();
    const model::CostComparison cost = model::compareCost(m_shown, prices);
    const auto money = [&](double amount) { return text(model::moneyText(amount, prices)); };
    m_table->clear();
    addRow(tr("Traffic, GiB"), number(cost.a.gib), number(cost.b.gib), cost.a.gib, cost.b.gib);
    if (cost.cpuMeasured)
        addRow(tr("CPU, core-h"), number(cost.a.coreHours), number(cost.b.coreHours), cost.a.coreHours,
               cost.b.coreHours);
    if (prices.perGiB > 0)
        addRow(tr("Traffic cost"), money(cost.a.egress), money(cost.b.egress), cost.a.egress, cost.b.egress);
    if (prices.perCoreHour > 0 && cost.cpuMeasured)
        addRow(tr("CPU cost"), money(cost.a.cpu), money(cost.b.cpu), cost.a.cpu, cost.b.cpu);
    if (prices.perGiB > 0 && prices.perCoreHour > 0)
        addRow(tr("Both"), money(cost.a.money()), money(cost.b.money()), cost.a.money(), cost.b.money());
    if (prices.givesCo2())
        addRow(tr("CO₂, g"), number(cost.a.co2Grams), number(cost.b.co2Grams), cost.a.co2Grams,
               cost.b.co2Grams);
    m_words->setText(prices.givesMoney() ? text(model::describeCost(cost, prices))
                                         : tr("Give your prices to see this in money."));
}

void CostView::askPrices() {
    PricesDialog dialog(savedPrices(), this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    savePrices(dialog.prices());
    refresh();
}

}  // namespace hone::ui::report
