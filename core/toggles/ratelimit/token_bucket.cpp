#include "core/toggles/ratelimit/token_bucket.h"

#include "core/base/assert.h"

#include <algorithm>
#include <cmath>

namespace hone::toggles::ratelimit {
namespace {

// A refill that comes a rounding error too early still counts: 100 ms at 10/s is one permit.
constexpr double kEpsilon = 1e-6;
constexpr double kNanosPerSecond = 1e9;
// A wait nobody sits out anyway; keeps the conversion to nanoseconds defined.
constexpr double kLongestWaitSeconds = 1e9;

Nanos secondsToNanos(double seconds) {
    return Nanos(std::llround(std::clamp(seconds, 0.0, kLongestWaitSeconds) * kNanosPerSecond));
}

}  // namespace

TokenBucket::TokenBucket(const Clock& clock, double ratePerSecond, int burst)
    : m_clock(&clock), m_rate(ratePerSecond), m_burst(burst), m_tokens(burst), m_refilled(clock.now()) {
    HONE_ASSERT(ratePerSecond > 0 && burst >= 1, "the toggle's parameters are bounded so");
}

Decision TokenBucket::take() {
    const Nanos now = m_clock->now();
    m_tokens = tokensAt(now);
    m_refilled = std::max(m_refilled, now);
    Decision decision;
    decision.allowed = m_tokens + kEpsilon >= 1;
    if (decision.allowed)
        m_tokens = std::max(0.0, m_tokens - 1);
    decision.remaining = static_cast<int>(m_tokens + kEpsilon);
    decision.untilNext = secondsToNanos((1 - m_tokens) / m_rate);
    decision.untilFull = secondsToNanos((m_burst - m_tokens) / m_rate);
    return decision;
}

bool TokenBucket::isFull() const { return tokensAt(m_clock->now()) + kEpsilon >= m_burst; }

double TokenBucket::tokensAt(Nanos now) const {
    // Another thread may have read the clock later and locked earlier: time never runs backwards here.
    const double elapsed = std::max(0.0, static_cast<double>((now - m_refilled).count()) / kNanosPerSecond);
    return std::min(m_burst, m_tokens + elapsed * m_rate);
}

}  // namespace hone::toggles::ratelimit
