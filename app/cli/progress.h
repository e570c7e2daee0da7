#pragma once

#include "core/experiment/experiment.h"
#include "core/load/load.h"

#include <string>

namespace hone::cli {

/// One line on stderr that is rewritten in place; says nothing when stderr is not a terminal. Cleared when
/// destroyed. Thread: one at a time.
class ProgressLine {
public:
    ~ProgressLine();
    void show(const std::string& text);

private:
    bool m_shown = false;
};

/// "3.2 s of 12 s · 12.5 k/s · p50 1.20 ms · p99 3.00 ms · 8.8 s left"
[[nodiscard]] std::string progressText(const load::LoadProgress& progress);
/// "pair 3 of 10: B · 12.5 k/s · p95 −31 % (−36 … −25) · 14 s left"
[[nodiscard]] std::string progressText(const experiment::CompareProgress& progress, std::string_view metric);

}  // namespace hone::cli
