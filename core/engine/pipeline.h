#pragma once

#include "core/engine/engine.h"

#include <atomic>

namespace hone::engine {

/// A total one thread writes and any may read (approximate while it runs): no locked instruction.
class WorkerCount {
public:
    void add(std::uint64_t n) {
        m_value.store(m_value.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t get() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> m_value{0};
};

/// A toggle that is on: its settings and what its workers share. Lives on in the next pipeline when nothing
/// about it changed; `state` may refer to `params`.
struct ActiveToggle {
    const ToggleDef* def = nullptr;
    ParamSet params;
    std::shared_ptr<State> state;
};

/// One stage in one phase of one worker, and what the gate counted there.
struct alignas(64) Hook {  // a cache line: neighbours belong to other workers
    Hook(Stage& owned, std::string_view toggle) : stage(owned), id(toggle) {}

    Stage& stage;
    const std::string_view id;
    WorkerCount calls, nanos;
};

/// The stages of one worker in the order the gate calls them, a list per phase. Thread: its worker's; counts
/// any.
class StageSet {
public:
    explicit StageSet(std::span<const std::shared_ptr<const ActiveToggle>> toggles);

    [[nodiscard]] std::span<const std::unique_ptr<Hook>> hooks(Phase phase) const {
        return m_hooks[static_cast<std::size_t>(phase)];
    }

private:
    std::vector<std::unique_ptr<Stage>> m_stages;
    std::array<std::vector<std::unique_ptr<Hook>>, kPhaseCount> m_hooks;
};

/// A profile made ready to run: what is on, and for each worker the stages to call. What is off is not in it.
///
/// Thread: any; immutable but for the stages, each used by its worker alone. Owner: shared by its arm and by
/// every worker with a request on it, so that a request ends on the pipeline it began with.
class Pipeline {
public:
    /// Makes states and stages. A toggle that `previous` has with the same parameters keeps its state.
    /// Errors: what a toggle's make() refuses.
    static Result<std::shared_ptr<const Pipeline>> compile(
        std::vector<ResolvedToggle> toggles, const Clock& clock,
        std::span<const std::shared_ptr<data::Dataset>> datasets, int workers,
        const Pipeline* previous = nullptr, const Connections& otherwise = {});

    /// Of loop `worker`, or of pool thread `worker - loops`.
    [[nodiscard]] const StageSet& stages(int worker) const {
        return *m_workers[static_cast<std::size_t>(worker)];
    }
    [[nodiscard]] std::span<const std::shared_ptr<const ActiveToggle>> toggles() const { return m_toggles; }
    [[nodiscard]] const ActiveToggle* find(std::string_view id) const;
    void resetStates() const;
    /// As the toggle that governs them has it, else as given to compile().
    [[nodiscard]] const Connections& connections() const { return m_connections; }

    /// What the gate counted for a toggle, over all workers and phases, since this pipeline was made.
    struct Passed {
        std::uint64_t calls = 0;
        Nanos time{0};
    };
    [[nodiscard]] Passed passed(std::string_view id) const;

private:
    Pipeline() = default;

    std::vector<std::shared_ptr<const ActiveToggle>> m_toggles;  ///< In catalogue order.
    Connections m_connections;
    std::vector<std::unique_ptr<StageSet>> m_workers;  ///< Destroyed before the states they refer to.
};

}  // namespace hone::engine
