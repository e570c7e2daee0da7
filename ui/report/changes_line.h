#pragma once

#include "core/model/run_changes.h"
#include "ui/models/workspace.h"

#include <QFrame>

#include <optional>

class QLabel;

namespace hone::ui::report {

/// "Since the run before (today 14:02, p95 −12 %): cache: off → on and 2 more": what changed between a run
/// and the last one of the same workload. Hidden where there is none before it. A machine that changed is
/// marked.
///
/// Thread: GUI; the earlier run is found and read in a job.
class ChangesLine : public QFrame {
    Q_OBJECT
public:
    explicit ChangesLine(Workspace& workspace, QWidget* parent = nullptr);
    void show(const model::RunResult& run);
    void clear();

private:
    struct Found {
        std::optional<store::RunSummary> earlier;
        std::vector<model::RunChange> changes;
    };
    void tell(const Found& found, double p95Us);

    Workspace& m_workspace;
    QLabel *m_words, *m_details;
    std::string m_id;  ///< Of the run it is about.
};

/// The run before `run` of the same workload, by start; nothing for the first.
[[nodiscard]] std::optional<store::RunSummary> runBefore(const std::vector<store::RunSummary>& runs,
                                                         const model::RunResult& run);

}  // namespace hone::ui::report
