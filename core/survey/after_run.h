#pragma once

#include <string_view>

namespace hone::survey {

/// The text of resources/surveys/after_run.json, which the program carries so that it needs no file.
[[nodiscard]] std::string_view afterRunText();

}  // namespace hone::survey
