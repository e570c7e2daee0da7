#include "core/base/ids.h"
#include "core/experiment/diagnostics.h"
#include "core/experiment/engine_arm.h"
#include "core/experiment/experiment.h"
#include "core/http/semantics.h"

namespace hone::experiment {

namespace {

bool isLoopback(const std::string& host) {
    return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "::1";
}

/// Load on somebody else's machine by a slip of the keyboard is an attack: it must be asked for.
Result<> checkTargets(const BenchPlan& plan) {
    if (plan.allowRemote)
        return {};
    std::vector<std::string> urls;
    if (!plan.engine && !plan.url.empty())
        urls.push_back(plan.url);
    for (const auto& request : plan.workload.requests)
        if (request.url.contains("://"))
            urls.push_back(
                request.url.substr(0, request.url.find_first_of("/?", request.url.find("://") + 3)));
    for (const auto& url : urls) {
        const auto parsed = http::parseUrl(url);
        if (!parsed)
            return fail(parsed.error());
        if (!isLoopback(parsed->host))
            return fail(Error::InvalidArgument, "{} is not on this machine", parsed->host)
                .hint("Only load servers you may load; then allow it with --allow-remote.");
    }
    return {};
}

}  // namespace

Result<model::RunResult> runBench(const BenchPlan& plan, std::stop_token stop,
                                  const load::OnProgress& onProgress) {
    if (auto done = checkTargets(plan); !done)
        return fail(std::move(done.error()));
    const model::Environment environment = model::currentEnvironment();
    const MachineWatch watch;
    Result<load::LoadResult> result;
    std::unique_ptr<AppliedProfile> applied;
    if (plan.engine && plan.keepProfile) {
        if (auto done = plan.engine->apply(engine::Arm::A, plan.profile); !done)
            return fail(std::move(done.error()));
    } else if (plan.engine) {
        auto guard = AppliedProfile::apply(*plan.engine, engine::Arm::A, plan.profile);
        if (!guard)
            return fail(std::move(guard.error()));
        applied = std::move(*guard);
        plan.engine->resetState(
            engine::Arm::A);  // What an earlier run left in the caches is not this profile's doing.
    }
    if (plan.engine) {
        result = runOnArm(*plan.engine, engine::Arm::A, planFor(*plan.engine, engine::Arm::A, plan.workload),
                          stop, onProgress);
    } else {
        load::LoadPlan load;
        load.workload = plan.workload;
        load.baseUrl = plan.url;
        result = load::runLoad(load, stop, onProgress);
    }
    if (!result)
        return fail(std::move(result.error()));
    model::RunResult run = std::move(result->run);
    run.id = newId();
    run.name = plan.name.empty() ? plan.workload.name : plan.name;
    run.environment = environment;
    if (plan.engine) {
        run.profile = plan.profile;
        run.dataset = datasetText(*plan.engine);
    }
    for (const auto& warnings : {networkWords(plan.engine), diagnose(environment), watch.warnings()})
        run.warnings.insert(run.warnings.end(), warnings.begin(), warnings.end());
    return run;
}

}  // namespace hone::experiment
