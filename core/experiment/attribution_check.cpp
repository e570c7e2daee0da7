#include "core/experiment/attribution_check.h"

#include "core/base/units.h"
#include "core/experiment/answer_check_schemas.h"
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
    double servedPerS = 0;  ///< Answers that were no errors.
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
    Seen seen{.answers = std::move(*answers), .errorRate = result->run.errorRate()};
    if (result->run.measuredS > 0)
        seen.servedPerS =
            static_cast<double>(result->run.requests - result->run.errors) / result->run.measuredS;
    std::uint64_t refused = 0;
    for (const int status : {429, 503})
        if (const auto found = result->run.byStatus.find(status); found != result->run.byStatus.end())
            refused += found->second;
    if (result->run.requests > 0)
        seen.refusedRate = static_cast<double>(refused) / static_cast<double>(result->run.requests);
    return seen;
}

/// What the load alone says against a toggle; empty when the same work was done.
std::string complaint(const Seen& without, const Seen& with, std::string_view when) {
    if (with.errorRate - without.errorRate <= kErrorPoints)
        return {};
    if (with.refusedRate > 0 && with.errorRate - with.refusedRate - without.errorRate <= kErrorPoints)
        return fmt::format("{} it refuses {} of these requests (429 or 503), and a refusal is no fast answer",
                           when, formatPercent(with.refusedRate));
    return fmt::format("{} {} of the requests fail with it, {} without", when, formatPercent(with.errorRate),
                       formatPercent(without.errorRate));
}

ToggleCheck judge(const std::string& toggle, const Seen& base, const Seen& with,
                  const model::Workload& workload, const model::Profile& a, const model::Profile& b,
                  const SchemaSource& schemas) {
    ToggleCheck check{.toggle = toggle, .leftOut = {}, .note = {}};
    const auto found = compareAnswers(base.answers, with.answers, workload, a, b, schemas);
    for (const auto& difference : found.differences)
        if (!difference.expected && check.leftOut.empty())
            check.leftOut =
                fmt::format("its answers differ ({}: {})", difference.request, difference.explanation);
        else if (difference.expected && check.note.empty())
            check.note = fmt::format("{}: {}", difference.request, difference.explanation);
    if (const auto reason = complaint(base, with, "alone"); !reason.empty())
        check.leftOut = reason;
    return check;
}

/// One check of all toggles of a plan. Thread: the caller's.
class Checker {
public:
    Checker(engine::Engine& engine, const model::Workload& workload, const model::Profile& base,
            const std::vector<std::string>& toggles, std::chrono::milliseconds load, std::stop_token stop)
        : m_engine(engine),
          m_workload(workload),
          m_base(base),
          m_toggles(toggles),
          m_load(load),
          m_stop(std::move(stop)) {}

    Result<std::vector<ToggleCheck>> run(const std::function<void(const std::string&)>& tell) {
        tell("checking the base");
        auto without = seen(Arm::A, 0);
        if (!without)
            return fail(std::move(without.error()));
        for (std::size_t i = 0; i < m_toggles.size() && !m_stop.stop_requested(); ++i) {
            tell("checking " + m_toggles[i]);
            const auto on = std::uint32_t{1} << i;
            auto with = seen(Arm::B, on);
            if (!with)
                return fail(std::move(with.error()));
            m_checks.push_back(judge(
                m_toggles[i], *without, *with, m_workload, profileOf(m_base, m_toggles, 0),
                profileOf(m_base, m_toggles, on),
                schemasFrom({planFor(m_engine, Arm::A, m_workload), planFor(m_engine, Arm::B, m_workload)},
                            m_stop)));
        }
        tell("checking them together");
        if (auto done = checkTogether(*without); !done)
            return fail(std::move(done.error()));
        return std::move(m_checks);
    }

private:
    Result<Seen> seen(Arm arm, std::uint32_t setting) {
        return look(m_engine, arm, profileOf(m_base, m_toggles, setting), m_workload, m_load, m_stop);
    }

    [[nodiscard]] std::uint32_t remaining() const {
        std::uint32_t setting = 0;
        for (std::size_t i = 0; i < m_checks.size(); ++i)
            setting |= m_checks[i].leftOut.empty() ? std::uint32_t{1} << i : 0;
        return setting;
    }

    /// A limit that a slow base never reaches is reached once the others make it fast: who is it?
    Result<> checkTogether(const Seen& base) {
        while (remaining() != 0 && !m_stop.stop_requested()) {
            auto all = seen(Arm::B, remaining());
            if (!all)
                return fail(std::move(all.error()));
            const auto reason = complaint(base, *all, "together with the others");
            if (reason.empty())
                return {};
            const auto culprit = culpritOf(base);
            if (!culprit)
                return fail(Error(culprit.error()));
            if (!*culprit)
                return {};  // Nobody in particular: the design's own errors will tell.
            m_checks[**culprit].leftOut = reason;
        }
        return {};
    }

    /// Without whom nothing fails. Without the limit more is served; without what made it fast, less: of
    /// those that end the failures, the one whose absence serves most.
    Result<std::optional<std::size_t>> culpritOf(const Seen& base) {
        std::optional<std::size_t> culprit;
        double most = 0;
        for (std::size_t i = 0; i < m_checks.size() && !m_stop.stop_requested(); ++i) {
            if (!m_checks[i].leftOut.empty())
                continue;
            auto rest = seen(Arm::B, remaining() & ~(std::uint32_t{1} << i));
            if (!rest)
                return fail(std::move(rest.error()));
            if (complaint(base, *rest, "").empty() && rest->servedPerS > most) {
                most = rest->servedPerS;
                culprit = i;
            }
        }
        return culprit;
    }

    engine::Engine& m_engine;
    const model::Workload& m_workload;
    const model::Profile& m_base;
    const std::vector<std::string>& m_toggles;
    std::chrono::milliseconds m_load;
    std::stop_token m_stop;
    std::vector<ToggleCheck> m_checks;
};

}  // namespace

Result<std::vector<ToggleCheck>> checkToggles(engine::Engine& engine, const model::Workload& workload,
                                              const model::Profile& base,
                                              const std::vector<std::string>& toggles,
                                              std::chrono::milliseconds load, std::stop_token stop,
                                              const std::function<void(const std::string&)>& tell) {
    return Checker(engine, workload, base, toggles, load, std::move(stop)).run(tell);
}

}  // namespace hone::experiment
