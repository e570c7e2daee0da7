#include "core/engine/pipeline.h"

#include "core/base/assert.h"

#include <algorithm>

namespace hone::engine {
namespace {

constexpr Phase kHookPhases[] = {Phase::Admission, Phase::Lookup, Phase::Plan,  Phase::Represent,
                                 Phase::Encode,    Phase::Store,  Phase::Finish};

/// The state of `previous` when the toggle is there with the same parameters.
std::shared_ptr<const ActiveToggle> unchanged(const ResolvedToggle& toggle, const Pipeline* previous) {
    if (previous)
        for (const auto& active : previous->toggles())
            if (active->def == toggle.def && active->params == toggle.params)
                return active;
    return nullptr;
}

Result<std::shared_ptr<const ActiveToggle>> activate(
    ResolvedToggle toggle, const Clock& clock, std::span<const std::shared_ptr<data::Dataset>> datasets) {
    HONE_ASSERT(toggle.def->make != nullptr, "the catalogue's contract test checks every definition");
    auto active = std::make_shared<ActiveToggle>();
    active->def = toggle.def;
    active->params = std::move(toggle.params);
    // The context points at the copy that lives as long as the state does.
    auto state = toggle.def->make({.clock = clock, .params = active->params, .datasets = datasets});
    if (!state)
        return fail(std::move(state.error()));
    active->state = std::move(*state);
    return active;
}

}  // namespace

StageSet::StageSet(std::span<const std::shared_ptr<const ActiveToggle>> toggles) {
    for (const auto& toggle : toggles) {
        auto& stage = *m_stages.emplace_back(toggle->state->makeStage());
        // By number, so that a toggle has the same slot whatever else is on.
        stage.slot = toggle->def->number - 1;
        HONE_ASSERT(
            stage.slot >= 0 && stage.slot < static_cast<int>(std::tuple_size_v<decltype(Exchange::notes)>),
            "toggles are numbered 1 to 18");
        for (const auto phase : kHookPhases)
            if (toggle->def->phases & phaseBits({phase}))
                m_hooks[static_cast<std::size_t>(phase)].push_back(
                    std::make_unique<Hook>(stage, toggle->def->id));
    }
}

Result<std::shared_ptr<const Pipeline>> Pipeline::compile(
    std::vector<ResolvedToggle> toggles, const Clock& clock,
    std::span<const std::shared_ptr<data::Dataset>> datasets, int workers, const Pipeline* previous,
    const Connections& otherwise) {
    std::shared_ptr<Pipeline> pipeline(new Pipeline);
    pipeline->m_connections = otherwise;
    for (auto& toggle : toggles) {
        if (auto kept = unchanged(toggle, previous)) {
            pipeline->m_toggles.push_back(std::move(kept));
            continue;
        }
        auto active = activate(std::move(toggle), clock, datasets);
        if (!active)
            return fail(std::move(active.error()));
        pipeline->m_toggles.push_back(std::move(*active));
    }
    for (const auto& toggle : pipeline->m_toggles)
        toggle->state->govern(pipeline->m_connections);
    for (int worker = 0; worker < workers; ++worker)
        pipeline->m_workers.push_back(std::make_unique<StageSet>(pipeline->m_toggles));
    return pipeline;
}

const ActiveToggle* Pipeline::find(std::string_view id) const {
    const auto it =
        std::ranges::find_if(m_toggles, [id](const auto& toggle) { return toggle->def->id == id; });
    return it == m_toggles.end() ? nullptr : it->get();
}

void Pipeline::resetStates() const {
    for (const auto& toggle : m_toggles)
        toggle->state->reset();
}

Pipeline::Passed Pipeline::passed(std::string_view id) const {
    Passed sum;
    for (const auto& worker : m_workers)
        for (const auto phase : kHookPhases)
            for (const auto& hook : worker->hooks(phase))
                if (hook->id == id) {
                    sum.calls += hook->calls.get();
                    sum.time += Nanos(hook->nanos.get());
                }
    return sum;
}

}  // namespace hone::engine
