#include "core/base/clock.h"

namespace hone {

const SystemClock& SystemClock::instance() {
    static const SystemClock kClock;
    return kClock;
}

}  // namespace hone
