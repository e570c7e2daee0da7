#include "core/engine/write_guard.h"

#include "core/base/assert.h"
#include "core/engine/gate.h"
#include "core/http/semantics.h"

#include <algorithm>

namespace hone::engine {
namespace {

/// In which a client may have got the version it names; an absent field asks for none of them.
constexpr std::string_view kCodings[] = {"", "gzip", "br", "zstd"};

/// "*" needs to know only that something is there.
bool namesTags(const http::Conditions& conditions) {
    const auto holdsTag = [](const std::optional<std::string>& list) { return list && list->contains('"'); };
    return holdsTag(conditions.ifMatch) || holdsTag(conditions.ifNoneMatch);
}

/// The fields of the write that select a representation, with another Accept-Encoding.
std::vector<http::FieldView> selecting(const http::Request& write, std::string_view coding) {
    std::vector<http::FieldView> fields;
    for (const auto& line : write.fields)
        if (!http::isConditional(line.name) && !http::iequals(line.name, "Accept-Encoding") &&
            !http::iequals(line.name, "Content-Type") && !http::iequals(line.name, "Content-Length"))
            fields.push_back(line);
    if (!coding.empty())
        fields.push_back({"Accept-Encoding", coding});
    return fields;
}

/// The tag of what GET would answer; none when it would not be 200.
std::optional<std::string> currentTag(const Exchange& write, std::string_view coding, const Router& router,
                                      const StageSet& stages) {
    const auto fields = selecting(write.request, coding);
    http::Request request = write.request;
    request.method = http::Method::Get;
    request.methodText = "GET";
    request.fields = fields;
    request.body = {};
    Exchange read(request);
    read.arm = write.arm;
    router.match(request.method, request.path, read.route);
    if (read.route.table)
        read.query.table = read.route.table->name;
    gate::plan(stages, read);
    if (!read.answered)
        gate::handle(read);
    if (!read.answered)
        gate::represent(stages, read);
    if (!read.answered)
        gate::encode(stages, read);
    const auto& response = read.response;
    if (response.finalStatus() != 200)
        return std::nullopt;
    if (const auto own = response.fields.get("ETag"))
        return std::string(*own);
    return http::etagOf(response.content());
}

std::vector<std::string> currentTags(const Exchange& write, bool inEveryForm, const Router& router,
                                     const StageSet& stages) {
    std::vector<std::string> tags;
    for (const auto coding : kCodings) {
        auto tag = currentTag(write, coding, router, stages);
        if (tag && std::ranges::find(tags, *tag) == tags.end())
            tags.push_back(std::move(*tag));
        if (!inEveryForm || stages.hooks(Phase::Encode).empty())
            break;
    }
    return tags;
}

}  // namespace

WriteGuard::WriteGuard(const Clock& clock, std::span<const std::shared_ptr<data::Dataset>> datasets)
    : m_clock(clock), m_began(clock.wallNow()) {
    for (const auto& dataset : datasets)
        m_datasets[dataset.get()];
}

std::unique_lock<std::mutex> WriteGuard::lock(const data::Dataset& dataset) {
    const auto it = m_datasets.find(&dataset);
    HONE_ASSERT(it != m_datasets.end(), "the router knows only the engine's datasets");
    return std::unique_lock(it->second.mutex);
}

void WriteGuard::wrote(const data::Dataset& dataset, const data::Table& table) {
    m_datasets.at(&dataset).written[&table] = m_clock.wallNow();
}

std::chrono::system_clock::time_point WriteGuard::modified(const data::Dataset& dataset,
                                                           const data::Table& table) const {
    const auto& written = m_datasets.at(&dataset).written;
    const auto it = written.find(&table);
    if (it == written.end())
        return std::chrono::floor<std::chrono::seconds>(m_began);
    return std::chrono::ceil<std::chrono::seconds>(it->second);
}

std::optional<http::Response> judgeWrite(Exchange& write, const http::Conditions& conditions,
                                         const Router& router, const StageSet& stages,
                                         std::chrono::system_clock::time_point modified) {
    if (!conditions.mayFail() && !conditions.ifNoneMatch)
        return std::nullopt;
    const Nanos begin = monotonicNow();
    const auto tags = currentTags(write, namesTags(conditions), router, stages);
    write.note("precondition", monotonicNow() - begin);
    if (tags.empty())
        return std::nullopt;
    const http::Validators validators{.etags = {tags.begin(), tags.end()}, .modified = modified};
    if (http::judge(conditions, write.request.method, validators) == http::Verdict::Go)
        return std::nullopt;
    auto refusal =
        http::problem(412, fmt::format("{} is not in the state the request names", write.request.path),
                      "Get it again, then repeat the change with what it is now.");
    refusal.fields.set("ETag", tags.front());
    refusal.fields.set("Cache-Control", "no-store");
    return refusal;
}

}  // namespace hone::engine
