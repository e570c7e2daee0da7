#include "ui/panels/composer/row_table.h"

#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QKeyEvent>

namespace hone::ui::composer {

void RowModel::setRows(const QList<compose::Row>& rows) {
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

void RowModel::removeAt(int row) {
    if (row < 0 || row >= m_rows.size())
        return;
    beginRemoveRows({}, row, row);
    m_rows.removeAt(row);
    endRemoveRows();
    emit edited();
}

int RowModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size()) + 1;
}

int RowModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant RowModel::data(const QModelIndex& index, int role) const {
    const bool last = index.row() >= m_rows.size();
    if (role == Qt::CheckStateRole && index.column() == On && !last)
        return m_rows[index.row()].on ? Qt::Checked : Qt::Unchecked;
    if (role == Qt::ForegroundRole && (last || !m_rows[index.row()].on))
        return ui::color(Role::Muted);
    if (role != Qt::DisplayRole && role != Qt::EditRole)
        return {};
    if (last)
        return role == Qt::DisplayRole && index.column() == Name ? tr("Add…") : QString();
    const auto& row = m_rows[index.row()];
    return index.column() == Name ? row.name : index.column() == Value ? row.value : QVariant();
}

bool RowModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (index.row() >= m_rows.size()) {
        if (role != Qt::EditRole || value.toString().isEmpty())
            return false;
        beginInsertRows({}, index.row() + 1, index.row() + 1);
        m_rows.append(compose::Row{});
        endInsertRows();
    }
    auto& row = m_rows[index.row()];
    if (role == Qt::CheckStateRole)
        row.on = value.toInt() == Qt::Checked;
    else if (index.column() == Name)
        row.name = value.toString();
    else if (index.column() == Value)
        row.value = value.toString();
    emit dataChanged(this->index(index.row(), 0), this->index(index.row(), ColumnCount - 1));
    emit edited();
    return true;
}

Qt::ItemFlags RowModel::flags(const QModelIndex& index) const {
    if (!index.isValid())
        return Qt::NoItemFlags;
    const auto base = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    return index.column() == On ? (index.row() < m_rows.size() ? base | Qt::ItemIsUserCheckable : base)
                                : base | Qt::ItemIsEditable;
}

QVariant RowModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Name") : section == Value ? tr("Value") : QString();
}

RowTable::RowTable(const QString& accessibleName, QWidget* parent)
    : QTableView(parent), m_model(new RowModel(this)) {
    setModel(m_model);
    setAccessibleName(accessibleName);
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setEditTriggers(AllEditTriggers);
    setSelectionBehavior(SelectRows);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(space::kRow);
    horizontalHeader()->setSectionResizeMode(RowModel::On, QHeaderView::Fixed);
    horizontalHeader()->setSectionResizeMode(RowModel::Name, QHeaderView::Interactive);
    horizontalHeader()->setSectionResizeMode(RowModel::Value, QHeaderView::Stretch);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setColumnWidth(RowModel::On, 32);
    setColumnWidth(RowModel::Name, 240);
    setToolTip(tr("The tick sends a row or leaves it out; Delete removes it."));
}

void RowTable::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Delete && state() != EditingState)
        m_model->removeAt(currentIndex().row());
    else
        QTableView::keyPressEvent(event);
}

}  // namespace hone::ui::composer
