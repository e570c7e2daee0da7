#pragma once

#include "core/base/clock.h"

namespace hone::toggles::ratelimit {

/// What a bucket said, and what a client may be told about it.
struct Decision {
    bool allowed = true;
    int remaining = 0;   ///< Whole permits left.
    Nanos untilNext{0};  ///< Until one permit is there; 0 when one is there now.
    Nanos untilFull{0};  ///< Until the whole burst is there again.
};

/// Hands out at most `ratePerSecond` permits, refilled continuously up to `burst`.
///
/// Thread: one at a time; KeyedLimiter's shard lock guards it (a lock per bucket would be a second one per
/// request). Invariant: 0 <= tokens <= burst. Time comes from the Clock it is given, so tests can move it.
/// Source: Turner 1986 ("leaky bucket as a meter"), as in RFC 2697 section 3.
class TokenBucket {
public:
    TokenBucket(const Clock& clock, double ratePerSecond, int burst);

    [[nodiscard]] bool tryTake() { return take().allowed; }
    /// Takes a permit when there is one.
    Decision take();
    /// True when it cannot be told from a new one: forgetting it changes nothing for its key.
    [[nodiscard]] bool isFull() const;

private:
    [[nodiscard]] double tokensAt(Nanos now) const;

    const Clock*
        m_clock;  ///< Outlives us: owned by the engine. A pointer, so that buckets can move in a map.
    double m_rate;
    double m_burst;
    double m_tokens;   ///< Fractional, so slow rates still refill.
    Nanos m_refilled;  ///< When m_tokens was right.
};

}  // namespace hone::toggles::ratelimit
