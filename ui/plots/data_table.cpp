#include "ui/plots/data_table.h"

#include "ui/plots/chart_export.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <cmath>

namespace hone::ui::plots {

namespace {

QString cellText(const ChartBase::Table& table, qsizetype column, double value) {
    if (std::isnan(value))
        return QStringLiteral("–");
    if (column < table.quantities.size())
        return quantityText(table.quantities[column], value);
    return QString::number(value, 'g', 6);
}

QPushButton* copyButton(const QString& words, const std::function<QString()>& make, QWidget* parent) {
    auto* button = new QPushButton(icon(QStringLiteral("edit-copy")), words, parent);
    QObject::connect(button, &QPushButton::clicked, button,
                     [make] { QGuiApplication::clipboard()->setText(make()); });
    return button;
}

}  // namespace

void DataTableModel::setTable(ChartBase::Table table) {
    beginResetModel();
    m_table = std::move(table);
    endResetModel();
}

int DataTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_table.rows.size());
}

int DataTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_table.columns.size());
}

QVariant DataTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QList<double>& row = m_table.rows[index.row()];
    const double value = index.column() < row.size() ? row[index.column()] : std::nan("");
    switch (role) {
        case Qt::DisplayRole: return cellText(m_table, index.column(), value);
        case Qt::EditRole: return value;
        case Qt::ToolTipRole: return std::isnan(value) ? QVariant() : QString::number(value, 'g', 15);
        case Qt::TextAlignmentRole: return QVariant(Qt::AlignRight | Qt::AlignVCenter);
        default: return {};
    }
}

QVariant DataTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole)
        return {};
    if (orientation == Qt::Vertical)
        return section < m_table.names.size() ? QVariant(m_table.names[section]) : QVariant(section + 1);
    return section >= 0 && section < m_table.columns.size() ? QVariant(m_table.columns[section]) : QVariant();
}

QWidget* showDataTable(const QString& title, ChartBase::Table table, QWidget* parent) {
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(QObject::tr("Data of %1").arg(title));
    auto* model = new DataTableModel(dialog);
    model->setTable(std::move(table));
    auto* view = new QTableView(dialog);
    view->setModel(model);
    view->setAccessibleName(dialog->windowTitle());
    view->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    view->verticalHeader()->setVisible(!model->table().names.isEmpty());
    view->setShowGrid(false);
    view->setAlternatingRowColors(true);
    auto* size =
        new QLabel(QObject::tr("%n row(s)", nullptr, static_cast<int>(model->table().rows.size())), dialog);
    auto* close = new QPushButton(QObject::tr("Close"), dialog);
    QObject::connect(close, &QPushButton::clicked, dialog, &QDialog::close);
    auto* foot = new QHBoxLayout;
    foot->addWidget(size, 1);
    foot->addWidget(
        copyButton(QObject::tr("Copy CSV"), [model] { return tableCsv(model->table()); }, dialog));
    foot->addWidget(
        copyButton(QObject::tr("Copy Markdown"), [model] { return tableMarkdown(model->table()); }, dialog));
    foot->addWidget(close);
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(space::kPadding, space::kPadding, space::kPadding, space::kPadding);
    column->setSpacing(space::kGap);
    column->addWidget(view, 1);
    column->addLayout(foot);
    dialog->resize(560, 420);
    dialog->show();
    view->setFocus();
    return dialog;
}

QString tableMarkdown(const ChartBase::Table& table) {
    QString head = QStringLiteral("|"), rule = QStringLiteral("|"), rows;
    for (QString name : table.columns) {
        name.replace(QLatin1Char('\\'), QStringLiteral("\\\\"))
            .replace(QLatin1Char('|'), QStringLiteral("\\|"));
        head += QLatin1Char(' ') + name.simplified() + QStringLiteral(" |");
        rule += QStringLiteral(" ---: |");
    }
    for (const QList<double>& row : table.rows) {
        rows += QLatin1Char('|');
        for (qsizetype i = 0; i < table.columns.size(); ++i)
            rows += QLatin1Char(' ') + cellText(table, i, i < row.size() ? row[i] : std::nan("")) +
                    QStringLiteral(" |");
        rows += QLatin1Char('\n');
    }
    return head + QLatin1Char('\n') + rule + QLatin1Char('\n') + rows;
}

}  // namespace hone::ui::plots
