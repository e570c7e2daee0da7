#pragma once

#include "core/engine/engine.h"

#include <QAbstractTableModel>

#include <vector>

namespace hone::ui::engine {

/// The newest finished exchanges, newest first. Only what is new is inserted, so that a selection stays on
/// its row.
class JournalModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, Method, Target, Status, Duration, Bytes, Timing, ColumnCount };
    static constexpr int kKept = 500;

    using QAbstractTableModel::QAbstractTableModel;
    /// `entries` newest first, as Engine::journal gives them.
    void update(const std::vector<hone::engine::JournalEntry>& entries);
    void clear();
    [[nodiscard]] const hone::engine::JournalEntry& at(int row) const {
        return m_entries[static_cast<std::size_t>(row)];
    }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<hone::engine::JournalEntry> m_entries;  ///< Newest first.
};

/// What each endpoint did since the engine started, with the rate of the last moments.
class EndpointModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Rate, Requests, Errors, P50, P99, Bytes, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void update(const hone::engine::Snapshot& snapshot);
    void clear();
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        hone::engine::EndpointStats stats;
        double perSecond = 0;
    };
    std::vector<Row> m_rows;  ///< In order of first appearance.
    Nanos m_taken{0};
};

}  // namespace hone::ui::engine
