#include "core/engine/exchange.h"

namespace hone::engine {

void Exchange::note(std::string_view name, Nanos duration, std::string text) {
    for (int i = 0; i < timingCount; ++i) {
        auto& timing = timings[static_cast<std::size_t>(i)];
        if (timing.name != name)
            continue;
        timing.duration += duration;
        if (!text.empty())
            timing.note = std::move(text);
        return;
    }
    // Twelve names are more than any profile has stages in one request; a thirteenth would only be left out
    // of the field.
    if (static_cast<std::size_t>(timingCount) == timings.size())
        return;
    timings[static_cast<std::size_t>(timingCount++)] = {name, duration, std::move(text)};
}

}  // namespace hone::engine
