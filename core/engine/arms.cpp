#include "core/engine/arms.h"

#include "core/base/assert.h"

#include <algorithm>

namespace hone::engine {
namespace {

Connections otherwise(Catalogue catalogue) {
    return std::ranges::any_of(catalogue, &ToggleDef::governsConnections) ? kNaiveConnections : Connections();
}

}  // namespace

Arms::Arms(Catalogue catalogue, std::vector<std::shared_ptr<data::Dataset>> datasets, const Clock& clock,
           int workers)
    : m_catalogue(catalogue),
      m_datasets(std::move(datasets)),
      m_clock(clock),
      m_workers(workers),
      m_otherwise(otherwise(catalogue)) {
    for (auto& side : m_sides) {
        auto baseline = compile({}, nullptr);
        HONE_ASSERT(baseline.has_value(), "without toggles there is nothing that could be refused");
        side.pipeline = std::move(*baseline);
    }
}

Result<> Arms::apply(Arm arm, const model::Profile& profile) {
    const std::lock_guard oneAtATime(m_applyMutex);
    auto toggles = resolve(profile, m_catalogue);
    if (!toggles)
        return fail(std::move(toggles.error()));
    const auto previous = pipeline(arm);
    auto compiled = compile(std::move(*toggles), previous.get());
    if (!compiled)
        return fail(std::move(compiled.error()));
    const std::lock_guard lock(m_mutex);
    auto& side = of(arm);
    side.profile = profile;
    side.pipeline = std::move(*compiled);
    side.generation.fetch_add(1, std::memory_order_release);
    return {};
}

Result<std::shared_ptr<const Pipeline>> Arms::compile(std::vector<ResolvedToggle> toggles,
                                                      const Pipeline* previous) const {
    return Pipeline::compile(std::move(toggles), m_clock, m_datasets, m_workers, previous, m_otherwise);
}

net::Offer Arms::offer() const {
    return eitherOf(pipeline(Arm::A)->connections().offer, pipeline(Arm::B)->connections().offer);
}

model::Profile Arms::profile(Arm arm) const {
    const std::lock_guard lock(m_mutex);
    return of(arm).profile;
}

std::shared_ptr<const Pipeline> Arms::pipeline(Arm arm) const {
    const std::lock_guard lock(m_mutex);
    return of(arm).pipeline;
}

std::map<std::string, double> Arms::counters(Arm arm) const {
    std::map<std::string, double> all;
    const auto running = pipeline(arm);
    for (const auto& toggle : running->toggles()) {
        std::vector<double> values(toggle->def->counters.size());
        toggle->state->readCounters(values);
        for (std::size_t i = 0; i < values.size(); ++i)
            all[fmt::format("{}.{}", toggle->def->id, toggle->def->counters[i].id)] = values[i];
    }
    return all;
}

std::map<std::string, std::string> Arms::troubles(Arm arm) const {
    std::map<std::string, std::string> all;
    const auto running = pipeline(arm);
    for (const auto& toggle : running->toggles())
        if (auto trouble = toggle->state->trouble(); !trouble.empty())
            all.emplace(toggle->def->id, std::move(trouble));
    return all;
}

std::map<std::string, Nanos> Arms::stageTimes(Arm arm) const {
    std::map<std::string, Nanos> all;
    const auto running = pipeline(arm);
    for (const auto& toggle : running->toggles())
        all.emplace(toggle->def->id, running->passed(toggle->def->id).time);
    return all;
}

}  // namespace hone::engine
