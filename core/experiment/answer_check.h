#pragma once

#include "core/load/load.h"
#include "core/model/comparison.h"

#include <functional>

namespace hone::experiment {

/// Do both arms say the same? Bodies are decoded and parsed before they are compared, since coding and layout
/// may differ.
struct AnswerCheck {
    int compared = 0;
    std::vector<model::AnswerDifference> differences;  ///< At most 20; unexplained ones first.
};

/// The text behind a Link with rel="describedby" ("/schema/cities.proto"), without which Protocol Buffers
/// cannot be read; empty when it cannot be had.
using SchemaSource = std::function<std::string(std::string_view link)>;

/// `a` and `b` answer the same targets in the same order. A difference is expected when a toggle that is on
/// declares it: a page or projection of the same list (shaping), a refusal (429, 503), staleness where the
/// workload writes. Pure.
[[nodiscard]] AnswerCheck compareAnswers(const std::vector<load::SampledAnswer>& a,
                                         const std::vector<load::SampledAnswer>& b,
                                         const model::Workload& workload, const model::Profile& profileA,
                                         const model::Profile& profileB, const SchemaSource& schemas = {});

}  // namespace hone::experiment
