#include "core/load/tick_board.h"

#include <algorithm>
#include <cmath>

namespace hone::load {

namespace {

constexpr int kTicksPerDistribution = 5;

double seconds(Nanos value) { return static_cast<double>(value.count()) * 1e-9; }

int ceilDivide(Nanos value, Nanos by) {
    return static_cast<int>((value.count() + by.count() - 1) / by.count());
}

model::Interval intervalOf(const Tick& tick, Nanos from, Nanos to, bool warmup) {
    return {.startS = seconds(from),
            .lengthS = seconds(to - from),
            .warmup = warmup,
            .requests = tick.requests,
            .errors = tick.errors,
            .bytes = tick.bytes,
            .p50Us = static_cast<double>(tick.latency.quantile(0.50)),
            .p95Us = static_cast<double>(tick.latency.quantile(0.95)),
            .p99Us = static_cast<double>(tick.latency.quantile(0.99)),
            .maxUs = tick.latency.count() > 0 ? static_cast<double>(tick.latency.max()) : 0,
            .inFlight = tick.inFlight,
            .backlog = tick.backlog,
            .bands = model::LatencyBands::of(tick.latency)};
}

}  // namespace

Timetable::Timetable(Nanos warmup, Nanos duration, Nanos tick)
    : m_warmup(warmup),
      m_duration(duration),
      m_tick(tick),
      m_warmupTicks(ceilDivide(warmup, tick)),
      m_measuredTicks(ceilDivide(duration, tick)) {}

Nanos Timetable::endOf(int tick) const {
    if (isWarmup(tick))
        return std::min((tick + 1) * m_tick, m_warmup);
    return m_warmup + std::min((tick - m_warmupTicks + 1) * m_tick, m_duration);
}

int Timetable::ticksPerSlice() const {
    // At least some ten slices: a chart of two points shows nothing.
    const double wanted = std::min(1.0, seconds(m_duration) / 10);
    return std::max(1, static_cast<int>(std::lround(wanted / seconds(m_tick))));
}

void TickBoard::publish(int index, const Tick& tick) {
    const std::lock_guard lock(m_mutex);
    auto& pending = m_pending[index];
    pending.tick.merge(tick);
    if (++pending.published < m_threads)
        return;
    finish(index, pending.tick);
    m_pending.erase(index);
}

void TickBoard::finish(int index, const Tick& tick) {
    m_requests += tick.requests;
    m_errors += tick.errors;
    m_lastFinished = index;
    if (m_sliceFirst < 0)
        m_sliceFirst = index;
    m_slice.merge(tick);
    // Levels: of several threads they add up, of several ticks the last one holds.
    m_slice.inFlight = tick.inFlight;
    m_slice.backlog = tick.backlog;
    const bool partEnds =
        index + 1 == m_timetable.ticks() || m_timetable.isWarmup(index + 1) != m_timetable.isWarmup(index);
    if (partEnds || index - m_sliceFirst + 1 >= m_timetable.ticksPerSlice())
        closeSlice(index);
    if (!m_onProgress)
        return;
    LoadProgress progress;
    progress.elapsedS = seconds(m_timetable.endOf(index));
    progress.totalS = seconds(m_timetable.total());
    progress.warmup = m_timetable.isWarmup(index);
    progress.requests = m_requests;
    progress.errors = m_errors;
    progress.last = intervalOf(tick, m_timetable.startOf(index), m_timetable.endOf(index), progress.warmup);
    progress.rps = progress.last.rps();
    progress.inFlight = tick.inFlight;
    progress.backlog = tick.backlog;
    if (!progress.warmup) {
        m_measured.merge(tick.latency);
        const bool due = m_measuredTicks++ % kTicksPerDistribution == 0 || index + 1 == m_timetable.ticks();
        if (due && m_measured.count() > 0)
            progress.latency = std::make_shared<const stats::Histogram>(m_measured);
    }
    m_onProgress(progress);
}

void TickBoard::closeSlice(int lastTick) {
    m_series.push_back(intervalOf(m_slice, m_timetable.startOf(m_sliceFirst), m_timetable.endOf(lastTick),
                                  m_timetable.isWarmup(lastTick)));
    m_slice.reset();
    m_sliceFirst = -1;
}

std::vector<model::Interval> TickBoard::takeSeries() {
    const std::lock_guard lock(m_mutex);
    if (m_sliceFirst >= 0)
        closeSlice(m_lastFinished);
    return std::move(m_series);
}

}  // namespace hone::load
