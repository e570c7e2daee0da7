#pragma once

#include "core/load/load.h"
#include "core/model/comparison.h"

namespace hone::experiment {

/// Do both arms say the same? Bodies are decoded and parsed before they are compared, since coding and layout
/// may differ.
struct AnswerCheck {
    int compared = 0;
    std::vector<model::AnswerDifference> differences;  ///< At most 20; unexplained ones first.
};

/// `a` and `b` answer the same targets in the same order. A difference is expected when a toggle that is on
/// declares it: a page or projection of the same list (shaping), a refusal (429, 503), staleness where the
/// workload writes. Pure.
[[nodiscard]] AnswerCheck compareAnswers(const std::vector<load::SampledAnswer>& a,
                                         const std::vector<load::SampledAnswer>& b,
                                         const model::Workload& workload, const model::Profile& profileA,
                                         const model::Profile& profileB);

}  // namespace hone::experiment
