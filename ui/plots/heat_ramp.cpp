#include "ui/plots/heat_ramp.h"

#include "ui/theme/theme.h"

#include <algorithm>

namespace hone::ui::plots {

namespace {

QColor blend(const QColor& from, const QColor& to, double share) {
    const auto mix = [share](int a, int b) { return static_cast<int>(a + (b - a) * share + 0.5); };
    return {mix(from.red(), to.red()), mix(from.green(), to.green()), mix(from.blue(), to.blue())};
}

constexpr double kMiddle = 0.65, kLeast = 0.16;  ///< A single request must be seen.

}  // namespace

QColor heatColor(double share) {
    share = std::clamp(share, 0.0, 1.0);
    const QColor low = blend(color(Role::Surface), color(Role::P95), kLeast);
    return share < kMiddle ? blend(low, color(Role::P95), share / kMiddle)
                           : blend(color(Role::P95), color(Role::P99), (share - kMiddle) / (1 - kMiddle));
}

}  // namespace hone::ui::plots
