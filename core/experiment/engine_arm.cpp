#include "core/experiment/engine_arm.h"

#include "core/base/ids.h"
#include "core/base/units.h"
#include "core/data/dataset.h"
#include "core/experiment/blocks.h"
#include "core/load/run_warnings.h"

namespace hone::experiment {

namespace {

/// 150000 → "150 000".
std::string grouped(std::int64_t count) {
    std::string text = std::to_string(count);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), 1, ' ');
    return text;
}

}  // namespace

bool isLevelCounter(engine::Catalogue catalogue, std::string_view id) {
    for (const auto* def : catalogue)
        for (const auto& counter : def->counters)
            if (id.size() == def->id.size() + 1 + counter.id.size() && id.starts_with(def->id) &&
                id.ends_with(counter.id))
                return counter.kind == engine::Counter::Level;
    return false;
}

Result<std::unique_ptr<AppliedProfile>> AppliedProfile::apply(engine::Engine& engine, engine::Arm arm,
                                                              const model::Profile& profile) {
    model::Profile previous = engine.profile(arm);
    if (auto done = engine.apply(arm, profile); !done)
        return fail(std::move(done.error()));
    return std::unique_ptr<AppliedProfile>(new AppliedProfile(engine, arm, std::move(previous)));
}

AppliedProfile::~AppliedProfile() {
    static_cast<void>(m_engine.apply(m_arm, m_previous));  // It ran before, so it compiles again.
}

void EngineMeter::note(bool begins) { (begins ? m_begin : m_end) = m_engine.snapshot(); }

void EngineMeter::writeTo(model::RunResult& run) const {
    if (!m_begin || !m_end)
        return;
    const auto requests = m_end->requests - m_begin->requests;
    if (requests > 0)
        run.engineCpuUsPerRequest =
            static_cast<double>((m_end->cpu - m_begin->cpu).count()) * 1e-3 / static_cast<double>(requests);
    const auto arm = static_cast<std::size_t>(m_arm);
    for (const auto& [id, value] : m_end->counters[arm]) {
        const auto before = m_begin->counters[arm].find(id);
        const bool differs =
            before != m_begin->counters[arm].end() && !isLevelCounter(m_engine.catalogue(), id);
        run.counters[id] = differs ? value - before->second : value;
    }
    if (requests == 0)
        return;
    for (const auto& [id, time] : m_end->stageTimes[arm]) {
        const auto before = m_begin->stageTimes[arm].find(id);
        // A pipeline made in between counts from zero.
        const bool differs = before != m_begin->stageTimes[arm].end() && before->second <= time;
        run.toggleUsPerRequest[id] = static_cast<double>((differs ? time - before->second : time).count()) *
                                     1e-3 / static_cast<double>(requests);
    }
}

void addBlock(model::RunResult& whole, const model::RunResult& block, engine::Catalogue catalogue) {
    for (const auto& [id, value] : block.counters)
        if (isLevelCounter(catalogue, id))
            whole.counters.erase(id);
    mergeInto(whole, block);
}

void labelArm(model::RunResult& run, std::string_view name, const engine::Engine& engine,
              const model::Workload& workload, const model::Profile& profile,
              const model::Environment& environment) {
    run.id = newId();
    run.name = fmt::format("{}: {}", name, profile.name);
    run.target = engine.url();
    run.dataset = datasetText(engine);
    run.workload = workload;
    run.profile = profile;
    run.environment = environment;
    run.warnings = load::warningsOf(run, 0, 0, 1);
}

load::LoadPlan planFor(engine::Engine& engine, engine::Arm arm, const model::Workload& workload) {
    load::LoadPlan plan;
    plan.workload = workload;
    plan.baseUrl = engine.url();
    plan.extraHeaders = {{"Hone-Arm", arm == engine::Arm::A ? "A" : "B"}};
    const auto connections = engine.connections(arm);
    if (connections.version != 0)
        plan.workload.http =
            connections.version == 20 ? model::HttpVersion::Http2 : model::HttpVersion::Http11;
    plan.workload.tls.resume = plan.workload.tls.resume && connections.offer.tickets;
    return plan;
}

Result<load::LoadResult> runOnArm(engine::Engine& engine, engine::Arm arm, load::LoadPlan plan,
                                  std::stop_token stop, const load::OnProgress& onProgress) {
    EngineMeter meter(engine, arm);
    plan.onMeasure = [&meter](bool begins) { meter.note(begins); };
    auto result = load::runLoad(plan, stop, onProgress);
    if (result)
        meter.writeTo(result->run);
    return result;
}

std::string datasetText(const engine::Engine& engine) {
    std::string out;
    for (const auto& dataset : engine.datasets()) {
        std::int64_t rows = 0;
        for (const auto& table : dataset->schema().tables)
            rows += table.rowCount;
        out += fmt::format("{}{} ({} rows)", out.empty() ? "" : ", ", dataset->name(), grouped(rows));
    }
    return out;
}

std::vector<std::string> networkWords(const engine::Engine* engine) {
    const auto link = engine ? engine->link() : std::nullopt;
    if (!link)
        return {};
    const auto rtt = std::chrono::duration<double, std::micro>(link->rtt).count();
    return {fmt::format("The network between clients and engine was simulated: {} (round trip {}).",
                        net::linkText(*link), formatMicros(rtt))};
}

}  // namespace hone::experiment
