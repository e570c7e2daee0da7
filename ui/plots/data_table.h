#pragma once

#include "ui/plots/chart_base.h"

#include <QAbstractTableModel>

namespace hone::ui::plots {

/// A chart's numbers as a table: what a screen reader reads and what is copied. Shown with units; the edit
/// role has all digits. Thread: GUI.
class DataTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;
    void setTable(ChartBase::Table table);
    [[nodiscard]] const ChartBase::Table& table() const { return m_table; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    ChartBase::Table m_table;
};

/// Opens the table beside the chart, not modal, with buttons to copy it as CSV or Markdown; Esc closes. The
/// window belongs to `parent` and shows the numbers of this moment.
QWidget* showDataTable(const QString& title, ChartBase::Table table, QWidget* parent);

/// GitHub's table; values with units, pipes in names escaped.
[[nodiscard]] QString tableMarkdown(const ChartBase::Table& table);

}  // namespace hone::ui::plots
