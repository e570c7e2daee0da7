#include "core/toggles/cache/cache_state.h"

#include "core/engine/toggle_def.h"
#include "core/http/conditions.h"

#include <fmt/format.h>

namespace hone::toggles::cache {
namespace {

Rules rulesFrom(const ParamSet& params) {
    const auto inSeconds = [&](std::string_view id) { return std::chrono::seconds(params.integer(id)); };
    const std::string etag = params.text("etag");
    return {.ttl = inSeconds("ttl"),
            .swr = inSeconds("swr"),
            .staleIfError = inSeconds("staleIfError"),
            .negativeTtl = inSeconds("negativeTtl"),
            .etag = etag == "strong" ? EtagKind::Strong
                    : etag == "weak" ? EtagKind::Weak
                                     : EtagKind::Off,
            .lastModified = params.flag("lastModified"),
            .perUser = params.text("users") == "perUser",
            .sharesWithUsers = params.text("users") == "shared"};
}

WriteStamps::Scope scopeFrom(const ParamSet& params) {
    const std::string scope = params.text("invalidation");
    return scope == "table"     ? WriteStamps::Scope::Table
           : scope == "dataset" ? WriteStamps::Scope::Dataset
           : scope == "url"     ? WriteStamps::Scope::Url
                                : WriteStamps::Scope::None;
}

}  // namespace

CacheState::CacheState(const engine::ToggleContext& context, std::unique_ptr<RemoteStore> remoteStore)
    : clock(context.clock),
      rules(rulesFrom(context.params)),
      coalesce(context.params.flag("coalesce")),
      store(static_cast<std::size_t>(context.params.integer("size"))),
      stamps(context.datasets, scopeFrom(context.params)),
      vary(static_cast<std::size_t>(context.params.integer("variants"))),
      remote(std::move(remoteStore)) {}

void CacheState::readCounters(std::span<double> out) const {
    for (std::size_t i = 0; i < kCountCount; ++i)
        out[i] = static_cast<double>(m_counts[i].value.load(std::memory_order_relaxed));
    out[static_cast<std::size_t>(Count::Evictions)] = static_cast<double>(store.evictions());
    out[static_cast<std::size_t>(Count::Entries)] = static_cast<double>(store.size());
    out[static_cast<std::size_t>(Count::Bytes)] = static_cast<double>(store.bytes());
    out[static_cast<std::size_t>(Count::BackendErrors)] =
        remote ? static_cast<double>(remote->failures()) : 0;
}

void CacheState::reset() {
    store.clear();
    vary.clear();
    passes.clear();
    if (remote)
        remote->forgetAll();
    for (auto& pass : m_passes)
        pass.store(nullptr, std::memory_order_relaxed);
}

std::uint64_t CacheState::purge(const engine::Purge& what) {
    const PurgeRule rule({.url = what.url, .tag = what.tag});
    // First the rule: what is being computed now must not be kept after we have looked.
    purges.add(rule);
    const auto count = store.eraseIf([&](const StoredAnswer& answer) { return rule.matches(answer); });
    m_counts[static_cast<std::size_t>(Count::Purged)].value.fetch_add(count, std::memory_order_relaxed);
    return count;
}

std::string CacheState::trouble() const { return remote ? remote->trouble() : std::string(); }

void CacheState::answerFrom(engine::Exchange& exchange, const StoredAnswer& answer, const Asked& asked,
                            std::string_view status) {
    http::Response response;
    if (isNotModified(answer, asked)) {
        count(Count::Revalidated);
        response.prepared = answer.notModified;
    } else {
        response.prepared = answer.full;
    }
    const auto age = std::chrono::floor<std::chrono::seconds>(answer.age(clock.now())).count();
    response.fields.add("Age", fmt::format_int(age).str());
    response.fields.add("Cache-Status", status);
    if (asked.isPartial && response.finalStatus() == 200)  // of an upstream's; of ours the engine cuts ranges
        http::applyConditions(response, exchange.request.method, http::readConditions(exchange.request));
    exchange.answer(std::move(response));
}

void CacheState::rememberPass(const engine::Endpoint* endpoint) {
    for (auto& pass : m_passes) {
        const engine::Endpoint* expected = nullptr;
        if (pass.load(std::memory_order_relaxed) == endpoint ||
            pass.compare_exchange_strong(expected, endpoint, std::memory_order_relaxed) ||
            expected == endpoint)
            return;
    }
}

bool CacheState::isPass(const engine::Endpoint* endpoint) const {
    for (const auto& pass : m_passes) {
        const auto* known = pass.load(std::memory_order_relaxed);
        if (!known)
            return false;  // filled from the front
        if (known == endpoint)
            return true;
    }
    return false;
}

}  // namespace hone::toggles::cache
