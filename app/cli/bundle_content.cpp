#include "app/cli/bundle.h"
#include "app/cli/bundle_answers.h"
#include "core/base/ids.h"
#include "core/data/dataset.h"
#include "core/engine/masking.h"

#include <cstdio>

namespace hone::cli {
namespace {

/// The run that says where, with what workload and on which data a result was measured; null: an attribution.
const model::RunResult* measuredRun(const report::BundledResult& result) {
    if (const auto* run = std::get_if<model::RunResult>(&result))
        return run;
    const auto* comparison = std::get_if<model::Comparison>(&result);
    return comparison != nullptr ? &comparison->a : nullptr;
}

std::vector<std::string> builtInNames() {
    std::vector<std::string> names;
    for (const auto& builtIn : data::builtIns())
        names.emplace_back(builtIn.name);
    return names;
}

/// What is in the store under an id, as JSON; null when there is nothing.
nlohmann::json keptUnder(store::Store& store, const std::string& id, std::string_view kind) {
    const auto json = [](const auto& read) { return read ? read->toJson() : nlohmann::json(); };
    return kind == "comparison"    ? json(store.comparison(id))
           : kind == "attribution" ? json(store.attribution(id))
                                   : json(store.run(id));
}

/// A file that is sent around holds no password: what a workload sends to be let in is masked. Returns how
/// often.
int maskIn(model::Workload& workload) {
    int count = 0;
    const auto replace = [&count](std::string& text, std::string masked) {
        count += text == masked ? 0 : 1;
        text = std::move(masked);
    };
    for (auto& request : workload.requests) {
        replace(request.url, engine::maskedUrl(request.url));
        for (auto& [name, value] : request.headers)
            replace(value, engine::masked(name, value));
    }
    return count;
}

int maskCredentials(report::BundledResult& result) {
    if (auto* run = std::get_if<model::RunResult>(&result))
        return maskIn(run->workload);
    if (auto* comparison = std::get_if<model::Comparison>(&result))
        return maskIn(comparison->a.workload) + maskIn(comparison->b.workload);
    return maskIn(std::get<model::Attribution>(result).workload);
}

Result<> save(store::Store& store, const model::RunResult& run) { return store.saveRun(run); }
Result<> save(store::Store& store, const model::Comparison& comparison) {
    return store.saveComparison(comparison);
}
Result<> save(store::Store& store, const model::Attribution& attribution) {
    return store.saveAttribution(attribution);
}

}  // namespace

Result<std::string> bundleOf(const Session& session, report::BundledResult result,
                             std::vector<std::string> datasets, const report::Extras& extras) {
    report::Bundle bundle{.result = std::move(result), .datasets = std::move(datasets), .answers = {}};
    if (maskCredentials(bundle.result) > 0)
        std::fputs("bundle: credentials in the workload are masked; whoever runs it again sends none\n",
                   stderr);
    const auto* run = measuredRun(bundle.result);
    const auto description =
        run != nullptr ? run->dataset : std::get<model::Attribution>(bundle.result).dataset;
    if (bundle.datasets.empty())
        bundle.datasets = report::datasetsFrom(description, builtInNames());
    if (run != nullptr && !bundle.datasets.empty() && !description.empty()) {
        auto answers = freshAnswers(session, bundle);
        if (!answers)
            return fail(std::move(answers.error()));
        bundle.answers = std::move(*answers);
    } else {
        std::fputs(description.empty()
                       ? "bundle: without answers of the API: it was not Hone's engine\n"
                       : "bundle: without answers of the API: name its data with --dataset to keep them\n",
                   stderr);
    }
    return report::writeBundle(bundle, extras);
}

Result<std::string> keepBundle(store::Store& store, report::BundledResult result) {
    return std::visit(
        [&](auto& value) -> Result<std::string> {
            if (auto there = store.find(value.id); there && there->id == value.id) {
                if (keptUnder(store, value.id, there->kind) == value.toJson())
                    return value.id;
                value.id = newId();
            } else if (value.id.empty()) {
                value.id = newId();
            }
            if (auto saved = save(store, value); !saved)
                return fail(std::move(saved.error()));
            return value.id;
        },
        result);
}

}  // namespace hone::cli
