#include "ui/models/run_list_model.h"

#include "ui/format/format.h"
#include "ui/theme/theme.h"

#include <algorithm>

namespace hone::ui {

namespace {

QString tagsText(const store::RunSummary& run) {
    QStringList parts;
    for (const std::string& tag : run.tags)
        parts << QLatin1Char('#') + text(tag);
    if (!run.note.empty())
        parts << text(run.note).simplified();
    return parts.join(QLatin1Char(' '));
}

QString verdictOf(const store::RunSummary& run) {
    if (run.kind != "comparison")
        return run.partial ? RunListModel::tr("partial") : QString();
    const auto verdict = stats::verdictFrom(run.verdict);
    const QString words = text(verdict ? model::verdictWords(*verdict) : run.verdict);
    return run.partial ? words + RunListModel::tr(", partial") : words;
}

QColor verdictColor(const store::RunSummary& run) {
    const auto verdict = stats::verdictFrom(run.verdict);
    if (verdict == stats::Verdict::Better || verdict == stats::Verdict::BetterMaybeTrivial)
        return color(ui::Role::Good);
    if (verdict == stats::Verdict::Worse || verdict == stats::Verdict::WorseMaybeTrivial)
        return color(ui::Role::Bad);
    return color(ui::Role::Muted);
}

double latencyOf(const store::RunSummary& run, int column) {
    return column == RunListModel::P50 ? run.p50Us : column == RunListModel::P95 ? run.p95Us : run.p99Us;
}

QVariant sortValue(const store::RunSummary& run, int column) {
    switch (column) {
        case RunListModel::When: return QVariant::fromValue(run.startedAt.time_since_epoch().count());
        case RunListModel::P50:
        case RunListModel::P95:
        case RunListModel::P99: return latencyOf(run, column);
        case RunListModel::Rate: return run.rps;
        case RunListModel::Errors: return run.errorRate;
        case RunListModel::Spark: return run.p95Us;
        case RunListModel::Profiles: return text(run.profile + " " + run.profileB).toLower();
        case RunListModel::Verdict: return verdictOf(run);
        case RunListModel::Note: return tagsText(run).toLower();
        default: return runTitle(run).toLower();
    }
}

bool isNumber(int column) { return column >= RunListModel::P50 && column <= RunListModel::Errors; }

}  // namespace

QString runTitle(const store::RunSummary& run) { return text(run.name.empty() ? run.workload : run.name); }

std::vector<store::RunSummary> trendOf(const std::vector<store::RunSummary>& runs,
                                       const store::RunSummary& run) {
    std::vector<store::RunSummary> same;
    std::ranges::copy_if(runs, std::back_inserter(same), [&](const store::RunSummary& other) {
        return other.kind == "run" && other.workload == run.workload && other.profile == run.profile &&
               other.target == run.target;
    });
    std::ranges::stable_sort(same, {}, &store::RunSummary::startedAt);
    return same;
}

void RunListModel::setRuns(std::vector<store::RunSummary> runs) {
    beginResetModel();
    m_runs = std::move(runs);
    endResetModel();
}

int RunListModel::rowOf(const std::string& id) const {
    const auto at = std::ranges::find(m_runs, id, &store::RunSummary::id);
    return at == m_runs.end() ? -1 : static_cast<int>(at - m_runs.begin());
}

int RunListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int RunListModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant RunListModel::display(const store::RunSummary& run, int column) const {
    switch (column) {
        case Name: return runTitle(run);
        case Profiles: return text(run.profileB.empty() ? run.profile : run.profile + " / " + run.profileB);
        case When: return when(run.startedAt);
        case P50:
        case P95:
        case P99: return latencyOf(run, column) > 0 ? micros(latencyOf(run, column)) : QStringLiteral("–");
        case Rate: return rate(run.rps);
        case Errors: return run.errorRate > 0 ? percent(run.errorRate) : QStringLiteral("0");
        case Verdict: return verdictOf(run);
        case Note: return tagsText(run);
        default: return {};
    }
}

QVariant RunListModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const store::RunSummary& run = m_runs[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    switch (role) {
        case Qt::DisplayRole: return display(run, column);
        case Qt::TextAlignmentRole:
            return static_cast<int>((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        case Qt::ForegroundRole:
            if (column == Verdict)
                return verdictColor(run);
            if (column == Errors && run.errorRate > 0)
                return color(ui::Role::Bad);
            return column == Note || column == When ? color(ui::Role::Muted) : QVariant();
        case Qt::DecorationRole:
            if (column == Name)
                return icon(
                    run.kind == "comparison" ? QStringLiteral("hone-ab") : QStringLiteral("speedometer"),
                    ui::Role::Muted);
            return {};
        case Qt::ToolTipRole:
            if (column >= P50 && column <= P99)
                return exactMicros(latencyOf(run, column));
            if (!run.sentence.empty())
                return text(run.sentence);
            return tr("%1 on %2\n%3 requests in %4 s\n%5")
                .arg(text(run.workload), text(run.dataset.empty() ? run.target : run.dataset),
                     count(static_cast<double>(run.requests)))
                .arg(run.seconds, 0, 'f', 1)
                .arg(text(run.target));
        case SortRole: return sortValue(run, column);
        case IdRole: return text(run.id);
        case SearchRole: {
            QStringList words{runTitle(run), tagsText(run), verdictOf(run)};
            for (const std::string* part : {&run.kind, &run.profile, &run.profileB, &run.workload,
                                            &run.target, &run.dataset, &run.source, &run.sentence, &run.id})
                words << text(*part);
            return words.join(QLatin1Char('\n'));
        }
        default: return {};
    }
}

QVariant RunListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Name"),
                             tr("Profile"),
                             tr("When"),
                             QStringLiteral("p50"),
                             QStringLiteral("p95"),
                             QStringLiteral("p99"),
                             tr("Rate"),
                             tr("Errors"),
                             tr("p95 in the run"),
                             tr("Verdict"),
                             tr("Tags and note")};
    return section >= 0 && section < ColumnCount ? names[section] : QVariant();
}

RunFilter::RunFilter(QObject* parent) : QSortFilterProxyModel(parent) {
    setSortRole(RunListModel::SortRole);
    setDynamicSortFilter(true);
}

void RunFilter::setSearch(const QString& words) {
    m_words = words.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

bool RunFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const QString all = sourceModel()->index(row, 0, parent).data(RunListModel::SearchRole).toString();
    return std::ranges::all_of(m_words,
                               [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

}  // namespace hone::ui
