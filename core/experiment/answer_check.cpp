#include "core/experiment/answer_check.h"

#include "core/coding/codec.h"
#include "core/coding/decode_json.h"
#include "core/http/message.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <unordered_map>

namespace hone::experiment {

namespace {

using nlohmann::json;

constexpr std::size_t kExcerpt = 160;
constexpr std::size_t kMostDifferences = 20;
constexpr std::size_t kLargestParsed = std::size_t{64} * 1024 * 1024;

/// An answer as a client understands it: JSON where it is JSON in any representation, else the decoded bytes.
struct Meaning {
    int status = 0;
    std::string bytes;
    std::optional<json> value;
    std::string problem;  ///< Why it cannot be understood.
    std::string unread;   ///< Why the content was not read as JSON though its media type has such a reading.
};

std::string field(const load::SampledAnswer& answer, std::string_view name) {
    for (const auto& [key, value] : answer.fields)
        if (http::iequals(key, name))
            return value;
    return {};
}

/// Paging links come in a line of their own.
std::string describedBy(const load::SampledAnswer& answer) {
    for (const auto& [key, value] : answer.fields)
        if (http::iequals(key, "Link"))
            if (auto target = coding::describedBy(value); !target.empty())
                return target;
    return {};
}

Meaning understand(const load::SampledAnswer& answer, const SchemaSource& schemas) {
    Meaning out{.status = answer.status, .bytes = answer.body, .value = {}, .problem = {}, .unread = {}};
    if (answer.status == 0) {
        out.problem = "no answer: " + answer.body;
        return out;
    }
    if (const std::string coding = field(answer, "Content-Encoding");
        !coding.empty() && !answer.body.empty()) {
        auto decoded = coding::decodeContent(coding, answer.body);
        if (!decoded) {
            out.problem = decoded.error().what;
            return out;
        }
        out.bytes = std::move(*decoded);
    }
    const std::string type = field(answer, "Content-Type");
    const auto format = coding::formatOf(type);
    if (!format || out.bytes.empty() || out.bytes.size() > kLargestParsed)
        return out;
    const auto link = coding::needsSchema(*format) ? describedBy(answer) : std::string();
    if (auto value = coding::decodeToJson(type, out.bytes, link.empty() || !schemas ? "" : schemas(link)))
        out.value = std::move(*value);
    else
        out.unread = value.error().what;
    return out;
}

bool isRefusal(int status) { return status == 429 || status == 503; }

/// `part` has some of the members of `whole`, with the same values.
bool isProjection(const json& part, const json& whole) {
    if (part == whole)
        return true;
    if (!part.is_object() || !whole.is_object())
        return false;
    return std::ranges::all_of(part.items(), [&](const auto& member) {
        const auto found = whole.find(member.key());
        return found != whole.end() && *found == member.value();
    });
}

bool isSlice(const json& part, const json& whole) {
    for (std::size_t offset = 0; offset + part.size() <= whole.size(); ++offset) {
        std::size_t i = 0;
        while (i < part.size() && isProjection(part[i], whole[offset + i]))
            ++i;
        if (i == part.size())
            return true;
    }
    return false;
}

/// Every element of `part` is one of `whole`, each at most once: a filtered or sorted list.
bool isSubset(const json& part, const json& whole) {
    std::unordered_multimap<std::string, const json*> byKey;
    const auto keyOf = [](const json& element) {
        const auto id = element.is_object() ? element.find("id") : element.end();
        return element.is_object() && id != element.end() ? id->dump() : element.dump();
    };
    for (const auto& element : whole)
        byKey.emplace(keyOf(element), &element);
    return std::ranges::all_of(part, [&](const json& element) {
        auto [from, to] = byKey.equal_range(keyOf(element));
        const auto found =
            std::find_if(from, to, [&](const auto& entry) { return isProjection(element, *entry.second); });
        if (found == to)
            return false;
        byKey.erase(found);
        return true;
    });
}

/// What `less`, from an arm with shaping on, is of `more`; empty when it is something else.
std::string shapedPart(const json& less, const json& more) {
    if (less.is_array() && more.is_array() && less.size() <= more.size()) {
        if (isSlice(less, more))
            return fmt::format("a page: {} of the same {} elements", less.size(), more.size());
        if (isSubset(less, more))
            return fmt::format("a selection: {} of the same {} elements", less.size(), more.size());
    }
    if (less.is_object() && isProjection(less, more))
        return "some fields of the same object";
    return {};
}

bool mayBeStale(const model::Workload& workload, const model::Profile& profile) {
    const bool writes = std::ranges::any_of(
        workload.requests, [](const auto& r) { return !http::isSafe(http::methodFrom(r.method)); });
    return writes && (profile.isOn("cache") || profile.isOn("edge") || profile.isOn("precompute"));
}

std::string excerpt(const Meaning& meaning) {
    if (!meaning.problem.empty())
        return meaning.problem;
    std::string text =
        meaning.value ? meaning.value->dump(-1, ' ', false, json::error_handler_t::replace) : meaning.bytes;
    if (text.size() > kExcerpt) {
        std::size_t end = kExcerpt;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            --end;  // Not in the middle of a UTF-8 character.
        text = text.substr(0, end) + "…";
    }
    return fmt::format("{} {}", meaning.status, text);
}

struct Finding {
    bool equal = false, expected = false;
    std::string explanation;
};

Finding compare(const Meaning& a, const Meaning& b, const model::Workload& workload,
                const model::Profile& profileA, const model::Profile& profileB) {
    if (isRefusal(a.status) || isRefusal(b.status)) {
        if (a.status == b.status)
            return {.equal = true};
        const bool byB = isRefusal(b.status);
        return {
            .expected = true,
            .explanation = fmt::format("{} refused it with {}", byB ? "B" : "A", byB ? b.status : a.status)};
    }
    if (!a.problem.empty() || !b.problem.empty())
        return {.explanation = fmt::format("{} is not readable", a.problem.empty() ? "B" : "A")};
    if ((a.status == 202) != (b.status == 202) && (profileA.isOn("async") || profileB.isOn("async")))
        return {.expected = true,
                .explanation = fmt::format("{} answers later, by a job", b.status == 202 ? "B" : "A")};
    if (a.status != b.status)
        return {.explanation = fmt::format("status {} against {}", a.status, b.status)};
    if (a.value && b.value ? *a.value == *b.value : a.bytes == b.bytes)
        return {.equal = true};
    if (a.value && b.value) {
        if (profileB.isOn("shaping"))
            if (std::string part = shapedPart(*b.value, *a.value); !part.empty())
                return {.expected = true, .explanation = "B answers " + part};
        if (profileA.isOn("shaping"))
            if (std::string part = shapedPart(*a.value, *b.value); !part.empty())
                return {.expected = true, .explanation = "A answers " + part};
    }
    if (mayBeStale(workload, profileA) || mayBeStale(workload, profileB))
        return {.expected = true, .explanation = "a stored answer may be older than the latest write"};
    if (a.value.has_value() != b.value.has_value() && !(a.value ? b : a).unread.empty())
        return {.explanation =
                    fmt::format("{} cannot be compared: {}", a.value ? "B" : "A", (a.value ? b : a).unread)};
    return {.explanation = "the contents differ"};
}

}  // namespace

AnswerCheck compareAnswers(const std::vector<load::SampledAnswer>& a,
                           const std::vector<load::SampledAnswer>& b, const model::Workload& workload,
                           const model::Profile& profileA, const model::Profile& profileB,
                           const SchemaSource& schemas) {
    AnswerCheck out;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        const Meaning left = understand(a[i], schemas), right = understand(b[i], schemas);
        const Finding found = compare(left, right, workload, profileA, profileB);
        ++out.compared;
        if (found.equal)
            continue;
        out.differences.push_back({.request = a[i].target,
                                   .explanation = found.explanation,
                                   .a = excerpt(left),
                                   .b = excerpt(right),
                                   .expected = found.expected});
    }
    std::ranges::stable_partition(out.differences,
                                  [](const auto& difference) { return !difference.expected; });
    if (out.differences.size() > kMostDifferences)
        out.differences.resize(kMostDifferences);
    return out;
}

}  // namespace hone::experiment
