#include "core/experiment/answer_check_schemas.h"

#include "core/coding/codec.h"
#include "core/http/message.h"

#include <algorithm>
#include <map>
#include <memory>

namespace hone::experiment {

namespace {

constexpr std::size_t kLargestSchema = std::size_t{4} * 1024 * 1024;

std::string textOf(const load::SampledAnswer& answer) {
    if (answer.status != 200)
        return {};
    const auto coding = std::ranges::find_if(
        answer.fields, [](const auto& field) { return http::iequals(field.first, "Content-Encoding"); });
    return coding::decodeContent(coding == answer.fields.end() ? "" : coding->second, answer.body,
                                 kLargestSchema)
        .value_or("");
}

/// The plan's server, connections and headers, for one request of ours.
std::string fetch(load::LoadPlan plan, std::string_view link, std::stop_token stop) {
    plan.workload.requests = {model::WorkloadRequest{.url = std::string(link)}};
    const auto answers = load::sampleAnswers(plan, 1, stop);
    return answers && !answers->empty() ? textOf(answers->front()) : std::string();
}

}  // namespace

SchemaSource schemasFrom(std::vector<load::LoadPlan> arms, std::stop_token stop) {
    const auto known = std::make_shared<std::map<std::string, std::string, std::less<>>>();
    return [arms = std::move(arms), stop = std::move(stop), known](std::string_view link) {
        // An answer does not decide whom this program calls, nor is it a template.
        if (!link.starts_with('/') || link.starts_with("//") || link.contains("{{"))
            return std::string();
        const auto [entry, isNew] = known->try_emplace(std::string(link));
        for (auto arm = arms.begin(); isNew && arm != arms.end() && entry->second.empty(); ++arm)
            entry->second = fetch(*arm, link, stop);
        return entry->second;
    };
}

}  // namespace hone::experiment
