#include "core/report/bundle_parts.h"

#include "core/report/picture.h"

#include <openssl/evp.h>

namespace hone::report {
namespace {

using nlohmann::json;

constexpr int kDeepest = 64;

std::optional<std::string> fromBase64(std::string_view text) {
    if (text.size() % 4 != 0)
        return std::nullopt;
    std::string out(text.size() / 4 * 3, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (size < 0)
        return std::nullopt;
    const auto padding = text.ends_with("==") ? 2U : text.ends_with("=") ? 1U : 0U;
    out.resize(static_cast<std::size_t>(size) - padding);
    return out;
}

Result<KeptAnswer> answerFrom(const json& entry) {
    const auto broken = [] {
        return fail(Error::Malformed, "an answer kept in the bundle cannot be read")
            .hint("Ask for the bundle again from where it was made.");
    };
    try {
        auto body = fromBase64(entry.at("body").get<std::string>());
        if (!body)
            return broken();
        return KeptAnswer{
            .arm = entry.at("arm").get<int>() == 0 ? 0 : 1,
            .request = entry.at("request").get<std::size_t>(),
            .target = entry.at("target").get<std::string>(),
            .status = entry.at("status").get<int>(),
            .fields = entry.at("fields").get<std::vector<std::pair<std::string, std::string>>>(),
            .body = std::move(*body)};
    } catch (const json::exception&) {
        return broken();
    }
}

}  // namespace

std::string textOf(const json& json) {
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Files partsOf(const BundledResult& result) {
    Files files;
    if (const auto* run = std::get_if<model::RunResult>(&result)) {
        files["workload.workload.json"] = textOf(run->workload.toJson());
        files["profiles/run.profile.json"] = textOf(run->profile.toJson());
    } else if (const auto* comparison = std::get_if<model::Comparison>(&result)) {
        files["workload.workload.json"] = textOf(comparison->a.workload.toJson());
        files["profiles/a.profile.json"] = textOf(comparison->a.profile.toJson());
        files["profiles/b.profile.json"] = textOf(comparison->b.profile.toJson());
    } else {
        const auto& attribution = std::get<model::Attribution>(result);
        files["workload.workload.json"] = textOf(attribution.workload.toJson());
        files["profiles/base.profile.json"] = textOf(attribution.base.toJson());
        files["profiles/recommended.profile.json"] = textOf(attribution.recommended.toJson());
    }
    return files;
}

Result<json> parsedMember(const Files::value_type& file) {
    bool tooDeep = false;
    const auto bounded = [&tooDeep](int depth, json::parse_event_t, json&) {
        tooDeep = tooDeep || depth > kDeepest;
        return !tooDeep;
    };
    auto parsed = json::parse(file.second, bounded, false);
    if (parsed.is_discarded() || tooDeep)
        return fail(Error::Malformed, "{} in the bundle is no JSON", file.first)
            .hint("Ask for the bundle again from where it was made.");
    return parsed;
}

Result<BundledResult> resultFrom(const json& kind, const json& document) {
    const auto read = [](auto result) -> Result<BundledResult> {
        if (!result)
            return fail(std::move(result.error()));
        return BundledResult(std::move(*result));
    };
    if (kind == "run")
        return read(model::RunResult::fromJson(document));
    if (kind == "comparison")
        return read(model::Comparison::fromJson(document));
    if (kind == "attribution")
        return read(model::Attribution::fromJson(document));
    return fail(Error::Malformed, "the bundle holds a result of unknown kind")
        .hint("Known: run, comparison, attribution.");
}

json toJson(const std::vector<KeptAnswer>& answers) {
    json all = json::array();
    for (const auto& answer : answers)
        all.push_back({{"arm", answer.arm},
                       {"request", answer.request},
                       {"target", answer.target},
                       {"status", answer.status},
                       {"fields", answer.fields},
                       {"body", base64(answer.body)}});
    return {{"hone", 1}, {"answers", all}};
}

Result<std::vector<KeptAnswer>> answersFrom(const json& json) {
    std::vector<KeptAnswer> answers;
    const auto all = json.is_object() ? json.find("answers") : json.end();
    if (!json.is_object() || all == json.end() || !all->is_array())
        return fail(Error::Malformed, "the answers kept in the bundle cannot be read")
            .hint("Ask for the bundle again from where it was made.");
    for (const auto& entry : *all) {
        auto answer = answerFrom(entry);
        if (!answer)
            return fail(std::move(answer.error()));
        answers.push_back(std::move(*answer));
    }
    return answers;
}

}  // namespace hone::report
