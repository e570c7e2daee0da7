#include "core/base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace hone::log {

void init(spdlog::level::level_enum level) {
    auto logger = spdlog::stderr_color_mt("hone");
    logger->set_pattern("hone: %^%l%$: %v");
    logger->set_level(level);
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace hone::log
