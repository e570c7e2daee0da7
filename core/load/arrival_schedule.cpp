#include "core/base/random.h"
#include "core/load/load.h"

#include <cmath>

namespace hone::load {

ArrivalSchedule::ArrivalSchedule(model::Arrival arrival, double ratePerSecond, std::uint64_t seed)
    : m_arrival(arrival), m_rate(ratePerSecond), m_state(seed) {}

Nanos ArrivalSchedule::next() {
    if (m_arrival == model::Arrival::Constant) {
        // From the count, not by adding gaps: an hour of additions would drift.
        m_seconds = static_cast<double>(m_count++) / m_rate;
    } else {
        SplitMix64 random(m_state);
        m_seconds += -std::log1p(-random.uniform()) / m_rate;
        m_state += 0x9e3779b97f4a7c15ULL;  // What one draw of splitmix64 adds to its state.
        ++m_count;
    }
    return Nanos(std::llround(m_seconds * 1e9));
}

}  // namespace hone::load
