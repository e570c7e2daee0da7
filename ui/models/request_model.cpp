#include "ui/models/request_model.h"

#include "ui/format/format.h"

namespace hone::ui {

namespace {

double quantile(const model::RequestResult& request, int column) {
    return static_cast<double>(request.latency.quantile(column == RequestModel::P50   ? 0.50
                                                        : column == RequestModel::P95 ? 0.95
                                                                                      : 0.99));
}

}  // namespace

void RequestModel::setRequests(std::vector<model::RequestResult> requests) {
    beginResetModel();
    m_requests = std::move(requests);
    endResetModel();
}

int RequestModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_requests.size());
}

int RequestModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant RequestModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const model::RequestResult& request = m_requests[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((column == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && column >= P50 && column <= P99)
        return exactMicros(quantile(request, column));
    if (role == Qt::ToolTipRole && column == Name)
        return text(request.name);
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
        case Name: return text(request.name);
        case Requests: return count(static_cast<double>(request.requests));
        case P50:
        case P95:
        case P99:
            return request.latency.count() > 0 ? micros(quantile(request, column)) : QStringLiteral("–");
        case Errors: return count(static_cast<double>(request.errors));
        case BytesEach:
            return request.requests > 0
                       ? bytes(static_cast<double>(request.bytes) / static_cast<double>(request.requests))
                       : QStringLiteral("–");
        default: return {};
    }
}

QVariant RequestModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Request"),         tr("Requests"),        QStringLiteral("p50"),
                             QStringLiteral("p95"), QStringLiteral("p99"), tr("Errors"),
                             tr("Bytes each")};
    return section >= 0 && section < ColumnCount ? names[section] : QVariant();
}

}  // namespace hone::ui
