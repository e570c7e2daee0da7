#pragma once

#include "core/engine/engine.h"
#include "core/load/load.h"

namespace hone::experiment {

/// Puts a profile on an arm and the previous one back when it goes. Owner: the experiment; the engine
/// outlives it.
class AppliedProfile {
public:
    static Result<std::unique_ptr<AppliedProfile>> apply(engine::Engine& engine, engine::Arm arm,
                                                         const model::Profile& profile);
    ~AppliedProfile();
    AppliedProfile(const AppliedProfile&) = delete;
    AppliedProfile& operator=(const AppliedProfile&) = delete;

private:
    AppliedProfile(engine::Engine& engine, engine::Arm arm, model::Profile previous)
        : m_engine(engine), m_arm(arm), m_previous(std::move(previous)) {}
    engine::Engine& m_engine;
    engine::Arm m_arm;
    model::Profile m_previous;
};

/// Reads the engine's counters at both ends of a measured part. Thread: the one that calls runLoad.
class EngineMeter {
public:
    EngineMeter(engine::Engine& engine, engine::Arm arm) : m_engine(engine), m_arm(arm) {}
    void note(bool begins);                     ///< For LoadPlan::onMeasure.
    void writeTo(model::RunResult& run) const;  ///< Counters and CPU per request.

private:
    engine::Engine& m_engine;
    engine::Arm m_arm;
    std::optional<engine::Snapshot> m_begin, m_end;
};

/// A load on one arm of the engine, metered.
[[nodiscard]] load::LoadPlan planFor(engine::Engine& engine, engine::Arm arm,
                                     const model::Workload& workload);
Result<load::LoadResult> runOnArm(engine::Engine& engine, engine::Arm arm, load::LoadPlan plan,
                                  std::stop_token stop, const load::OnProgress& onProgress);

/// Counters that show a level, such as the entries of a cache: their differences and sums mean nothing.
[[nodiscard]] bool isLevelCounter(engine::Catalogue catalogue, std::string_view id);

/// Adds a block to the run of its arm; a level's newest value replaces the older one.
void addBlock(model::RunResult& whole, const model::RunResult& block, engine::Catalogue catalogue);
/// What the run of one arm says of itself once its blocks are together. `name` goes before the profile's.
void labelArm(model::RunResult& run, std::string_view name, const engine::Engine& engine,
              const model::Workload& workload, const model::Profile& profile,
              const model::Environment& environment);

/// "cities (150 000 rows)", several joined by ", ".
[[nodiscard]] std::string datasetText(const engine::Engine& engine);
/// That the network was simulated and how, where it was: every latency depends on it. Nothing for no engine.
[[nodiscard]] std::vector<std::string> networkWords(const engine::Engine* engine);

}  // namespace hone::experiment
