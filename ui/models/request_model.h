#pragma once

#include "core/model/run.h"

#include <QAbstractTableModel>

#include <vector>

namespace hone::ui {

/// What each request of a workload contributed to a run, as a table.
class RequestModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Requests, P50, P95, P99, Errors, BytesEach, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setRequests(std::vector<model::RequestResult> requests);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<model::RequestResult> m_requests;
};

}  // namespace hone::ui
