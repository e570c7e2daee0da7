#pragma once

#include "core/base/clock.h"

#include <algorithm>

namespace hone::net {

/// How much a client may ask of one HTTP/2 connection that costs it less than us: two budgets that refill
/// with time and useful work.
///
/// *Cancels* are streams that end before their answer did, whoever reset them: a client that opens and
/// cancels makes the server work for nothing and is not held by the limit of concurrent streams
/// (CVE-2023-44487), nor is one that provokes the resets (CVE-2025-8671). *Chores* are frames that carry no
/// request: SETTINGS, PING, PRIORITY, WINDOW_UPDATE, empty DATA (CVE-2019-9511 to 9518). Requests and sent
/// content earn chores back, since clients answer them with window updates.
///
/// Thread: its connection's. Owner: Http2Protocol. Time is what turn() is given, so tests can move it.
class Http2Guard {
public:
    static constexpr double kCancelBurst = 200;  ///< A browser leaving a page cancels 100 at once.
    static constexpr double kCancelsPerSecond = 50;
    static constexpr double kChoreBurst = 2'000;
    static constexpr double kChoresPerSecond = 500;

    explicit Http2Guard(Nanos now) : m_last(now) {}

    void advance(Nanos now) {
        if (now <= m_last)
            return;
        const double seconds = std::chrono::duration<double>(now - m_last).count();
        m_last = now;
        m_cancels = std::min(kCancelBurst, m_cancels + seconds * kCancelsPerSecond);
        m_chores = std::min(kChoreBurst, m_chores + seconds * kChoresPerSecond);
    }
    /// False: the client has used up its budget.
    [[nodiscard]] bool cancel() { return --m_cancels >= 0; }
    [[nodiscard]] bool chore() { return --m_chores >= 0; }
    void earn(double chores) { m_chores = std::min(kChoreBurst, m_chores + chores); }

private:
    Nanos m_last;
    double m_cancels = kCancelBurst;
    double m_chores = kChoreBurst;
};

}  // namespace hone::net
