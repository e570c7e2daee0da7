#pragma once

#include "core/model/json_path.h"
#include "core/model/run.h"
#include "core/model/workload_check.h"
#include "core/net/client.h"

#include <optional>

namespace hone::load {

/// The checks of one request of a workload, ready to be put to its answers.
///
/// Immutable once made; shared by the generator's threads. A body is read as it came: an answer with a
/// content coding fails the checks of its body (the request set does not let a workload ask for one). An
/// answer that never came is an error, not a failed check.
class AnswerChecks {
public:
    explicit AnswerChecks(const std::vector<model::WorkloadCheck>& checks = {});

    [[nodiscard]] bool empty() const { return m_checks.empty(); }
    [[nodiscard]] bool readBody() const { return m_readBody; }
    /// What each is called, with nothing counted yet.
    [[nodiscard]] std::vector<model::CheckResult> results() const;
    /// Counts into `results`, one for each check.
    void count(const net::Answer& answer, std::vector<model::CheckResult>& results) const;

private:
    struct Check {
        model::WorkloadCheck source;
        std::string text;  ///< Of `expected` when it is one.
        std::optional<model::JsonPath> path;
    };
    std::vector<Check> m_checks;
    bool m_readBody = false, m_readJson = false;
};

}  // namespace hone::load
