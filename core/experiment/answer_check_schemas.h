#pragma once

#include "core/experiment/answer_check.h"

#include <stop_token>
#include <vector>

namespace hone::experiment {

/// Reads schemas where the answers came from, once each: the first of `arms` that has one answers it. (An arm
/// whose profile leaves the format out serves no schema.) The source keeps the plans; what cannot be read is
/// empty, and the check then says that it could not compare.
///
/// Thread: the one that compares; reading blocks it.
[[nodiscard]] SchemaSource schemasFrom(std::vector<load::LoadPlan> arms, std::stop_token stop = {});

}  // namespace hone::experiment
