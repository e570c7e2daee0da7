#include "app/cli/bundle_answers.h"

#include "app/cli/inputs.h"
#include "core/engine/masking.h"
#include "core/experiment/engine_arm.h"

#include <cstdio>

namespace hone::cli {
namespace {

constexpr int kPerRequest = 3;
constexpr std::size_t kMostBytes = std::size_t{8} << 20;

/// Profile and workload of each arm of a result.
std::vector<const model::RunResult*> armsOf(const report::BundledResult& result) {
    if (const auto* run = std::get_if<model::RunResult>(&result))
        return {run};
    if (const auto* comparison = std::get_if<model::Comparison>(&result))
        return {&comparison->a, &comparison->b};
    return {};
}

std::vector<load::SampledAnswer> sampled(const std::vector<report::KeptAnswer>& answers, int arm) {
    std::vector<load::SampledAnswer> out;
    for (const auto& answer : answers)
        if (answer.arm == arm)
            out.push_back({.request = answer.request,
                           .target = answer.target,
                           .status = answer.status,
                           .fields = answer.fields,
                           .body = answer.body});
    return out;
}

}  // namespace

Result<std::unique_ptr<engine::Engine>> engineFor(const Session& session,
                                                  const std::vector<std::string>& datasets,
                                                  const std::string& description) {
    if (datasets.empty())
        return fail(Error::NotFound, "the bundle does not say where the data \"{}\" come from", description)
            .hint("Name them: --dataset FILE|NAME[:ROWS].");
    EngineOptionsCli options;
    options.datasets = datasets;
    auto engine = startEngine(session, options);
    if (!engine)
        return engine;
    if (const auto served = experiment::datasetText(**engine); served != description)
        return fail(Error::InvalidArgument, "the data are {}, the result was measured on {}", served,
                    description)
            .hint("Name the right ones: --dataset FILE|NAME[:ROWS].");
    return engine;
}

Result<std::vector<report::KeptAnswer>> freshAnswers(const Session& session, const report::Bundle& bundle) {
    const auto arms = armsOf(bundle.result);
    if (arms.empty())
        return std::vector<report::KeptAnswer>{};
    auto engine = engineFor(session, bundle.datasets, arms.front()->dataset);
    if (!engine)
        return fail(std::move(engine.error()));
    return freshAnswers(session, bundle.result, **engine);
}

Result<std::vector<report::KeptAnswer>> freshAnswers(const Session& session,
                                                     const report::BundledResult& result,
                                                     engine::Engine& engine) {
    std::vector<report::KeptAnswer> kept;
    std::size_t bytes = 0;
    int arm = 0;
    for (const auto* run : armsOf(result)) {
        const auto which = arm == 0 ? engine::Arm::A : engine::Arm::B;
        auto applied = experiment::AppliedProfile::apply(engine, which, run->profile);
        if (!applied)
            return fail(std::move(applied.error()));
        auto answers =
            load::sampleAnswers(experiment::planFor(engine, which, run->workload), kPerRequest, session.stop);
        if (!answers)
            return fail(std::move(answers.error()));
        for (auto& answer : *answers) {
            bytes += answer.body.size();
            for (auto& [name, value] : answer.fields)
                value = engine::masked(name, value);
            kept.push_back({.arm = arm,
                            .request = answer.request,
                            .target = std::move(answer.target),
                            .status = answer.status,
                            .fields = std::move(answer.fields),
                            .body = std::move(answer.body)});
        }
        ++arm;
    }
    if (bytes > kMostBytes) {
        std::fprintf(stderr, "bundle: without answers of the API: they are larger than %zu bytes\n",
                     kMostBytes);
        kept.clear();
    }
    return kept;
}

experiment::AnswerCheck compareKept(const report::Bundle& bundle,
                                    const std::vector<report::KeptAnswer>& now) {
    experiment::AnswerCheck all;
    int arm = 0;
    for (const auto* run : armsOf(bundle.result)) {
        auto check = experiment::compareAnswers(sampled(bundle.answers, arm), sampled(now, arm),
                                                run->workload, run->profile, run->profile);
        all.compared += check.compared;
        all.differences.insert(all.differences.end(), check.differences.begin(), check.differences.end());
        ++arm;
    }
    return all;
}

}  // namespace hone::cli
