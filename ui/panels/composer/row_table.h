#pragma once

#include "core/compose/request.h"

#include <QAbstractTableModel>
#include <QTableView>

namespace hone::ui::composer {

/// Rows of name and value that can be switched off. The last row is always empty: typing there adds one.
class RowModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { On, Name, Value, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setRows(const QList<compose::Row>& rows);
    [[nodiscard]] QList<compose::Row> rows() const { return m_rows; }  ///< Without the empty last one.
    void removeAt(int row);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void edited();

private:
    QList<compose::Row> m_rows;
};

/// The grid over a RowModel; Delete removes the row.
class RowTable : public QTableView {
    Q_OBJECT
public:
    RowTable(const QString& accessibleName, QWidget* parent = nullptr);
    [[nodiscard]] RowModel& rowModel() { return *m_model; }

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    RowModel* m_model;
};

}  // namespace hone::ui::composer
