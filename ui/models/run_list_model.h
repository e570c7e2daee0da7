#pragma once

#include "core/store/store.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <vector>

namespace hone::ui {

/// The kept runs and comparisons, newest first, one row each.
class RunListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Profiles, When, P50, P95, P99, Rate, Errors, Spark, Verdict, Note, ColumnCount };
    enum Role { SortRole = Qt::UserRole, IdRole, SearchRole };
    using QAbstractTableModel::QAbstractTableModel;
    void setRuns(std::vector<store::RunSummary> runs);
    [[nodiscard]] const store::RunSummary& run(int row) const {
        return m_runs.at(static_cast<std::size_t>(row));
    }
    [[nodiscard]] const std::vector<store::RunSummary>& runs() const { return m_runs; }
    [[nodiscard]] int rowOf(const std::string& id) const;  ///< −1: not there.

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QVariant display(const store::RunSummary& run, int column) const;
    std::vector<store::RunSummary> m_runs;
};

/// Sorts by the number behind the text, and keeps rows in which every word of the search occurs.
class RunFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit RunFilter(QObject* parent = nullptr);
    void setSearch(const QString& words);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    QStringList m_words;
};

/// What a row is called: its name, else its workload's.
[[nodiscard]] QString runTitle(const store::RunSummary& run);
/// Earlier and later runs of the same workload and profile, oldest first; they make a trend.
[[nodiscard]] std::vector<store::RunSummary> trendOf(const std::vector<store::RunSummary>& runs,
                                                     const store::RunSummary& run);

}  // namespace hone::ui
