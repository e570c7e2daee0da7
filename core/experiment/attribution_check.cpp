#include "core/experiment/attribution_check.h"

#include "core/base/units.h"
#include "core/experiment/answer_check.h"
#include "core/experiment/attribution_stage.h"
#include "core/experiment/engine_arm.h"

#include <algorithm>

namespace hone::experiment {

namespace {

using engine::Arm;

constexpr int kSamplesPerRequest = 5;
constexpr double kErrorPoints = 0.005;  ///< METHOD section 2: beyond, it is not the same work.

struct Seen {
    std::vector<load::SampledAnswer> answers;
    double errorRate = 0, refusedRate = 0;
    bool whole = false;
};

Result<Seen> look(engine::Engine& engine, Arm arm, const model::Profile& profile,
                  const model::Workload& workload, std::chrono::milliseconds duration, std::stop_token stop) {
    if (auto done = engine.apply(arm, profile); !done)
        return fail(std::move(done.error()));
    engine.resetState(arm);
    auto plan = planFor(engine, arm, workload);
    auto answers = load::sampleAnswers(plan, kSamplesPerRequest, stop);
    if (!answers)
        return fail(std::move(answers.error()));
    plan.workload.warmup = std::chrono::milliseconds(0);
    plan.workload.duration = duration;
    auto result = load::runLoad(plan, stop);
    if (!result)
        return fail(std::move(result.error()));
    Seen seen{
        .answers = std::move(*answers), .errorRate = result->run.errorRate(), .whole = !result->run.partial};
    std::uint64_t refused = 0;
    for (const int status : {429, 503})
        if (const auto found = result->run.byStatus.find(status); found != result->run.byStatus.end())
            refused += found->second;
    if (result->run.requests > 0)
        seen.refusedRate = static_cast<double>(refused) / static_cast<double>(result->run.requests);
    return seen;
}

ToggleCheck judge(const std::string& toggle, const Seen& base, const Seen& with,
                  const model::Workload& workload, const model::Profile& a, const model::Profile& b) {
    ToggleCheck check{.toggle = toggle, .leftOut = {}, .note = {}};
    const auto found = compareAnswers(base.answers, with.answers, workload, a, b);
    for (const auto& difference : found.differences)
        if (!difference.expected && check.leftOut.empty())
            check.leftOut =
                fmt::format("its answers differ ({}: {})", difference.request, difference.explanation);
        else if (difference.expected && check.note.empty())
            check.note = fmt::format("{}: {}", difference.request, difference.explanation);
    if (with.errorRate - base.errorRate <= kErrorPoints)
        return check;
    if (with.refusedRate > 0 && with.errorRate - with.refusedRate - base.errorRate <= kErrorPoints)
        check.leftOut =
            fmt::format("alone it refuses {} of these requests (429 or 503), and a refusal is no fast answer",
                        formatPercent(with.refusedRate));
    else
        check.leftOut = fmt::format("{} of the requests fail with it, {} without",
                                    formatPercent(with.errorRate), formatPercent(base.errorRate));
    return check;
}

}  // namespace

Result<std::vector<ToggleCheck>> checkToggles(engine::Engine& engine, const model::Workload& workload,
                                              const model::Profile& base,
                                              const std::vector<std::string>& toggles,
                                              std::chrono::milliseconds load, std::stop_token stop,
                                              const std::function<void(const std::string&)>& tell) {
    tell("checking the base");
    const auto off = profileOf(base, toggles, 0);
    auto without = look(engine, Arm::A, off, workload, load, stop);
    if (!without)
        return fail(std::move(without.error()));
    std::vector<ToggleCheck> checks;
    for (std::size_t i = 0; i < toggles.size() && without->whole && !stop.stop_requested(); ++i) {
        tell("checking " + toggles[i]);
        const auto on = profileOf(base, toggles, std::uint32_t{1} << i);
        auto with = look(engine, Arm::B, on, workload, load, stop);
        if (!with)
            return fail(std::move(with.error()));
        if (with->whole)
            checks.push_back(judge(toggles[i], *without, *with, workload, off, on));
    }
    return checks;
}

}  // namespace hone::experiment
