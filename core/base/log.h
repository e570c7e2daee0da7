#pragma once

#include <spdlog/spdlog.h>

namespace hone::log {

/// Messages for the person running the program go to stderr; `level` as in spdlog ("warn" by default).
void init(spdlog::level::level_enum level = spdlog::level::warn);

using spdlog::debug;
using spdlog::error;
using spdlog::info;
using spdlog::warn;

}  // namespace hone::log
