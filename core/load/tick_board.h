#pragma once

#include "core/load/load.h"
#include "core/load/recorder.h"

#include <mutex>

namespace hone::load {

/// When a run's ticks end, from its start: the warm-up and the measured part are each cut into ticks of equal
/// length, the last of each may be shorter, so that no tick lies in both.
class Timetable {
public:
    Timetable(Nanos warmup, Nanos duration, Nanos tick);
    [[nodiscard]] int ticks() const { return m_warmupTicks + m_measuredTicks; }
    [[nodiscard]] bool isWarmup(int tick) const { return tick < m_warmupTicks; }
    [[nodiscard]] Nanos startOf(int tick) const { return tick == 0 ? Nanos(0) : endOf(tick - 1); }
    [[nodiscard]] Nanos endOf(int tick) const;
    [[nodiscard]] Nanos warmup() const { return m_warmup; }
    [[nodiscard]] Nanos total() const { return m_warmup + m_duration; }
    /// Ticks that make one slice of the series: one second for long runs, less for short ones.
    [[nodiscard]] int ticksPerSlice() const;

private:
    Nanos m_warmup, m_duration, m_tick;
    int m_warmupTicks, m_measuredTicks;
};

/// Where the generator's threads put their ticks; merges them, reports progress, builds the series.
///
/// Thread: publish() from any generator thread (locks, ten times a second); series() when they are joined.
/// Invariant: a tick is reported once, when the last thread has put its part, in order.
class TickBoard {
public:
    TickBoard(const Timetable& timetable, int threads, const OnProgress& onProgress)
        : m_timetable(timetable), m_threads(threads), m_onProgress(onProgress) {}

    void publish(int index, const Tick& tick);
    /// The finished slices, and what a cancelled run had begun.
    [[nodiscard]] std::vector<model::Interval> takeSeries();

private:
    struct Pending {
        Tick tick;
        int published = 0;
    };
    void finish(int index, const Tick& tick);
    void closeSlice(int lastTick);

    const Timetable& m_timetable;
    int m_threads;
    const OnProgress& m_onProgress;
    std::mutex m_mutex;  ///< Guards all below.
    std::map<int, Pending> m_pending;
    std::uint64_t m_requests = 0, m_errors = 0;
    stats::Histogram m_measured;  ///< For the live distribution.
    int m_measuredTicks = 0;
    Tick m_slice;
    int m_sliceFirst = -1, m_lastFinished = -1;
    std::vector<model::Interval> m_series;
};

}  // namespace hone::load
