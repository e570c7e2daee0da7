#include "ui/panels/engine/journal_model.h"

#include "ui/format/format.h"
#include "ui/theme/theme.h"

#include <QDateTime>
#include <QFont>

#include <algorithm>

namespace hone::ui::engine {

namespace {

double micro(Nanos value) { return static_cast<double>(value.count()) / 1e3; }

QString clockWithMillis(std::chrono::system_clock::time_point time) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return QDateTime::fromMSecsSinceEpoch(ms).toString("HH:mm:ss.zzz");
}

QVariant rightAligned() { return QVariant::fromValue(static_cast<int>(Qt::AlignRight | Qt::AlignVCenter)); }

}  // namespace

void JournalModel::update(const std::vector<hone::engine::JournalEntry>& entries) {
    const std::uint64_t known = m_entries.empty() ? 0 : m_entries.front().number;
    const auto end =
        std::ranges::find_if(entries, [known](const auto& entry) { return entry.number <= known; });
    const int fresh = std::min(static_cast<int>(end - entries.begin()), kKept);
    if (fresh == 0)
        return;
    beginInsertRows({}, 0, fresh - 1);
    m_entries.insert(m_entries.begin(), entries.begin(), entries.begin() + fresh);
    endInsertRows();
    if (const int excess = rowCount() - kKept; excess > 0) {
        beginRemoveRows({}, kKept, rowCount() - 1);
        m_entries.resize(kKept);
        endRemoveRows();
    }
}

void JournalModel::clear() {
    beginResetModel();
    m_entries.clear();
    endResetModel();
}

int JournalModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int JournalModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant JournalModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto& entry = at(index.row());
    if (role == Qt::TextAlignmentRole && (index.column() == Duration || index.column() == Bytes))
        return rightAligned();
    if (role == Qt::ForegroundRole) {
        if (index.column() == Status)
            return color(entry.status >= 500 ? Role::Bad : entry.status >= 400 ? Role::Warn : Role::Good);
        if (index.column() == Time || index.column() == Timing)
            return color(Role::Muted);
        return {};
    }
    if (role == Qt::ToolTipRole) {
        switch (index.column()) {
            case Duration: return exactMicros(micro(entry.duration));
            case Bytes: return tr("%1 bytes").arg(entry.bytesOut);
            case Target: return text(entry.endpoint);
            case Timing: return text(entry.serverTiming);
            default: return {};
        }
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
        case Time: return clockWithMillis(entry.at);
        case Method: return text(entry.method);
        case Target: return text(entry.target);
        case Status: return entry.status;
        case Duration: return micros(micro(entry.duration));
        case Bytes: return bytes(static_cast<double>(entry.bytesOut));
        case Timing: return text(entry.serverTiming);
        default: return {};
    }
}

QVariant JournalModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && (section == Duration || section == Bytes))
        return rightAligned();
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("Time"),     tr("Method"), tr("Target"),       tr("Status"),
                              tr("Duration"), tr("Bytes"),  tr("Server-Timing")};
    return section >= 0 && section < ColumnCount ? titles[section] : QVariant();
}

void EndpointModel::update(const hone::engine::Snapshot& snapshot) {
    const double seconds = std::chrono::duration<double>(snapshot.taken - m_taken).count();
    const bool first = m_taken.count() == 0 || seconds <= 0;
    m_taken = snapshot.taken;
    for (const auto& stats : snapshot.endpoints) {
        const auto known =
            std::ranges::find(m_rows, stats.name, [](const Row& row) { return row.stats.name; });
        if (known == m_rows.end()) {
            beginInsertRows({}, rowCount(), rowCount());
            m_rows.push_back({stats, 0});
            endInsertRows();
            continue;
        }
        const bool grew = stats.requests >= known->stats.requests;
        known->perSecond =
            first || !grew ? 0 : static_cast<double>(stats.requests - known->stats.requests) / seconds;
        known->stats = stats;
    }
    if (!m_rows.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void EndpointModel::clear() {
    beginResetModel();
    m_rows.clear();
    m_taken = Nanos(0);
    endResetModel();
}

int EndpointModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int EndpointModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant EndpointModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole)
        return index.column() == Name ? QVariant() : rightAligned();
    if (role == Qt::ForegroundRole && index.column() == Errors && row.stats.errors > 0)
        return color(Role::Bad);
    if (role == Qt::ToolTipRole && index.column() == Requests)
        return QString::number(row.stats.requests);
    if (role == Qt::ToolTipRole && index.column() == Name)
        return text(row.stats.name);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
        case Name: return text(row.stats.name);
        case Rate: return rate(row.perSecond);
        case Requests: return count(static_cast<double>(row.stats.requests));
        case Errors: return count(static_cast<double>(row.stats.errors));
        case P50: return micros(row.stats.p50Us);
        case P99: return micros(row.stats.p99Us);
        case Bytes: return bytes(static_cast<double>(row.stats.bytesOut));
        default: return {};
    }
}

QVariant EndpointModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section != Name)
        return rightAligned();
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("Endpoint"), tr("Rate"), tr("Requests"), tr("Errors"),
                              tr("p50"),      tr("p99"),  tr("Sent")};
    return section >= 0 && section < ColumnCount ? titles[section] : QVariant();
}

}  // namespace hone::ui::engine
