#include "ui/panels/runs/trend_card.h"

#include "ui/format/format.h"
#include "ui/models/run_list_model.h"
#include "ui/plots/blocks_strip.h"
#include "ui/widgets/widgets.h"

#include <QVBoxLayout>

#include <algorithm>

namespace hone::ui::runs {

namespace {

constexpr std::size_t kMost = 200;  ///< Runs in a trend: the test is quadratic, and older ones tell little.

QString labelOf(const store::RunSummary& run) {
    return when(run.startedAt) + QStringLiteral(" · ") + runTitle(run);
}

}  // namespace

TrendCard::TrendCard(Workspace& workspace, QWidget* parent)
    : QFrame(parent),
      m_workspace(workspace),
      m_chart(new plots::TrendChart(this)),
      m_words(mutedLabel({}, this)) {
    setProperty("kind", "card");
    setFixedHeight(158);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 2, 6);
    column->setSpacing(space::kGrid);
    column->addWidget(m_chart, 1);
    column->addWidget(m_words);
}

void TrendCard::show(std::vector<store::RunSummary> runs) {
    std::erase_if(runs, [](const auto& run) { return run.p95Us <= 0; });  // Nothing was answered.
    if (runs.size() > kMost)
        runs.erase(runs.begin(), runs.end() - kMost);
    if (std::ranges::equal(runs, m_runs, {}, &store::RunSummary::id, &store::RunSummary::id))
        return;  // The same story.
    m_runs = std::move(runs);
    std::vector<plots::TrendChart::Entry> entries;
    for (const store::RunSummary& run : m_runs)
        entries.push_back({labelOf(run), run.p95Us});
    m_chart->setMarks({}, {});
    m_chart->setEntries(entries);
    m_words->clear();
    if (!hasTrend())
        return;
    m_chart->setToolTip(
        tr("p95 of %1 with %2, oldest left; a solid line is a change of level, a dotted one another machine")
            .arg(text(m_runs.back().workload), text(m_runs.back().profile)));
    tellStory();
}

void TrendCard::tellStory() {
    struct Read {
        TrendStory story;
        Environments environments;
    };
    store::Store& store = m_workspace.store();
    const std::string newest = m_runs.back().id;
    m_workspace.jobs().start(
        tr("Reading a trend"), this,
        [&store, runs = m_runs, known = m_environments](std::stop_token stop, JobReporter& reporter) {
            Read read{{}, known};
            for (std::size_t i = 0; i < runs.size() && !stop.stop_requested(); ++i) {
                if (read.environments.contains(runs[i].id))
                    continue;
                reporter.progress(static_cast<double>(i) / static_cast<double>(runs.size()));
                if (auto run = store.run(runs[i].id))
                    read.environments[runs[i].id] = std::move(run->environment);
            }
            read.story = tellTrend(runs, read.environments);
            return read;
        },
        [this, newest, count = m_runs.size()](Read read) {
            m_environments.merge(read.environments);
            if (m_runs.size() != count || m_runs.back().id != newest)
                return;  // Another trend is shown meanwhile.
            std::vector<std::size_t> levels;
            for (const auto& change : read.story.levels)
                levels.push_back(change.index);
            m_chart->setMarks(levels, read.story.machines);
            m_words->setText(read.story.words);
            m_words->setToolTip(read.story.words);
        });
}

}  // namespace hone::ui::runs
