// What `./dev shots` asks of the Engine panel: the calls a user's clicks make, and real traffic.

#include "ui/panels/engine/engine_panel.h"

#include "core/experiment/experiment.h"
#include "core/toggles/catalogue.h"
#include "ui/format/format.h"
#include "ui/panels/engine/journal_view.h"
#include "ui/panels/engine/toggle_inspector.h"
#include "ui/panels/engine/toggle_row.h"

namespace hone::ui::engine {

bool EnginePanel::demonstrate(const QString& state) {
    if (m_rows.empty())
        return false;
    if (state == "empty") {
        m_workspace.selectProfile("baseline");
        return true;
    }
    if (state == "full") {
        m_workspace.selectProfile("tuned");
        open("cache");
        driveTraffic();
        return true;
    }
    if (state == "journal") {
        m_inspector->hide();
        return m_journal->openFirst("status:2xx");
    }
    if (state != "error")
        return false;
    m_journal->setFilter({});
    open("ratelimit");
    if (m_inspector->def() == nullptr || m_inspector->def()->id != "ratelimit")
        return false;
    changeParam("rate", "-5");
    model::Profile broken = m_workspace.current();
    broken.toggles["ratelimit"].params["rate"] = -5.0;
    if (const auto refused = m_workspace.change(broken); !refused)
        for (ToggleRow* row : m_rows)
            if (row->def().id == "ratelimit")
                row->showError(text(refused.error().line()));
    return true;
}

void EnginePanel::driveTraffic() {
    auto* engine = m_workspace.engine();
    if (engine == nullptr || m_workspace.workloads().empty())
        return;
    experiment::BenchPlan plan;
    plan.workload = m_workspace.workloads().front();
    plan.workload.thinkTime = std::chrono::milliseconds(10);
    plan.workload.duration = std::chrono::seconds(4);
    plan.workload.warmup = std::chrono::milliseconds(500);
    plan.profile = m_workspace.current();
    plan.engine = engine;
    plan.keepProfile = true;
    m_workspace.jobs().start(
        tr("Driving traffic"), this,
        [plan, lease = m_workspace.engineLease()](std::stop_token stop, JobReporter&) {
            return experiment::runBench(plan, stop);
        },
        [this](const Result<model::RunResult>& run) {
            if (!run)
                m_problem->show(InlineMessage::Kind::Error, text(run.error().line()));
        });
}

}  // namespace hone::ui::engine
