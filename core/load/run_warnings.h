#pragma once

#include "core/load/recorder.h"

namespace hone::load {

/// What a reader must know before trusting a run, in words; empty when nothing is wrong. Pure; thread: any.
[[nodiscard]] std::vector<std::string> warningsOf(const model::RunResult& run, std::uint64_t backlog,
                                                  std::size_t connections, std::size_t maxConnections);

}  // namespace hone::load
