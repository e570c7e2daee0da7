#include "core/base/random.h"
#include "core/load/load.h"

#include <cmath>

namespace hone::load {

namespace {

// Beyond any run, and far enough from the end of the type to be added to.
constexpr Nanos kNever{std::int64_t{100} * 365 * 86'400 * 1'000'000'000};

double secondsOf(const model::RateStage& stage) { return static_cast<double>(stage.duration.count()) / 1000; }

double arrivalsIn(const model::RateStage& stage) { return (stage.from + stage.to) / 2 * secondsOf(stage); }

}  // namespace

ArrivalSchedule::ArrivalSchedule(model::Arrival arrival, double ratePerSecond, std::uint64_t seed)
    : m_arrival(arrival), m_rate(ratePerSecond), m_state(seed) {}

ArrivalSchedule::ArrivalSchedule(model::Arrival arrival, std::vector<model::RateStage> stages,
                                 std::uint64_t seed)
    : m_arrival(arrival),
      m_rate(stages.back().to),
      m_state(seed),
      m_stages(std::make_shared<const std::vector<model::RateStage>>(std::move(stages))) {}

ArrivalSchedule::ArrivalSchedule(std::shared_ptr<const std::vector<Nanos>> recorded, double speed)
    : m_arrival(model::Arrival::Constant), m_rate(speed), m_state(0), m_recorded(std::move(recorded)) {}

Nanos ArrivalSchedule::next() {
    if (m_recorded) {
        if (m_count >= m_recorded->size())
            return kNever;
        return Nanos(std::llround(static_cast<double>((*m_recorded)[m_count++].count()) / m_rate));
    }
    if (m_stages)
        return nextOfStages();
    if (!(m_rate > 0))
        return kNever;
    if (m_arrival == model::Arrival::Constant) {
        // From the count, not by adding gaps: an hour of additions would drift.
        m_seconds = static_cast<double>(m_count++) / m_rate;
    } else {
        m_seconds += exponential() / m_rate;
        ++m_count;
    }
    return Nanos(std::llround(m_seconds * 1e9));
}

double ArrivalSchedule::exponential() {
    SplitMix64 random(m_state);
    m_state += 0x9e3779b97f4a7c15ULL;  // What one draw of splitmix64 adds to its state.
    return -std::log1p(-random.uniform());
}

/// METHOD section 1: arrival k is where the integral of the rate reaches k, or a sum of k exponential gaps
/// for Poisson (Çinlar's inversion), so that both follow the rate exactly however it moves.
Nanos ArrivalSchedule::nextOfStages() {
    m_area = m_arrival == model::Arrival::Constant ? static_cast<double>(m_count) : m_area + exponential();
    ++m_count;
    for (; m_stage < m_stages->size(); ++m_stage) {
        const auto& stage = (*m_stages)[m_stage];
        const double area = arrivalsIn(stage), rest = m_area - m_stageArea;
        if (area > 0 && rest <= area) {
            // from·t + slope·t²/2 = rest, solved without cancellation.
            const double slope = (stage.to - stage.from) / secondsOf(stage);
            const double root = std::sqrt(std::max(stage.from * stage.from + 2 * slope * rest, 0.0));
            const double inStage = rest > 0 ? 2 * rest / (stage.from + root) : 0;
            return Nanos(std::llround((m_stageStart + std::min(inStage, secondsOf(stage))) * 1e9));
        }
        m_stageArea += area;
        m_stageStart += secondsOf(stage);
    }
    // After the last stage its rate stays.
    return m_rate > 0 ? Nanos(std::llround((m_stageStart + (m_area - m_stageArea) / m_rate) * 1e9)) : kNever;
}

}  // namespace hone::load
