#include "ui/panels/runs/trend_story.h"

#include "ui/format/format.h"

#include <QCoreApplication>

#include <algorithm>

namespace hone::ui::runs {

namespace {

constexpr std::size_t kFewest = 10;  ///< Below, no split can reach the level of the test.

QString tr(const char* words, int n = -1) {
    return QCoreApplication::translate("hone::ui::runs::TrendStory", words, nullptr, n);
}

const model::Environment* environmentOf(const Environments& all, const store::RunSummary& run) {
    const auto found = all.find(run.id);
    return found == all.end() ? nullptr : &found->second;
}

QString levelWords(const stats::ChangePoint& change, const std::vector<store::RunSummary>& runs) {
    return tr("p95 went from %1 to %2 (%3) at %4")
        .arg(micros(change.before), micros(change.after), ui::change(change.ratio()),
             when(runs[change.index].startedAt));
}

}  // namespace

TrendStory tellTrend(const std::vector<store::RunSummary>& runs, const Environments& environments) {
    TrendStory story;
    std::vector<double> series;
    for (const store::RunSummary& run : runs)
        series.push_back(run.p95Us);
    story.levels = stats::changePoints(series);
    QStringList parts, machineWords;
    for (const stats::ChangePoint& change : story.levels)
        parts << levelWords(change, runs);
    const model::Environment* before = nullptr;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const model::Environment* now = environmentOf(environments, runs[i]);
        if (now && before)
            if (const auto changes = model::changesOf(*before, *now); !changes.empty()) {
                story.machines.push_back(i);
                machineWords
                    << tr("%1 at %2").arg(text(model::describe(changes, 2)), when(runs[i].startedAt));
            }
        if (now)
            before = now;
    }
    if (parts.isEmpty())
        parts << (runs.size() < kFewest ? tr("A change of level shows from ten runs on")
                                        : tr("No change of level"));
    if (!machineWords.isEmpty())
        parts << tr("Machine changed: %1").arg(machineWords.last());
    if (machineWords.size() > 1)
        parts << tr("and %1 times before").arg(machineWords.size() - 1);
    story.words = parts.join(QStringLiteral(" · "));
    return story;
}

}  // namespace hone::ui::runs
