#include "core/toggles/edge/edge_state.h"

#include <algorithm>

namespace hone::toggles::edge {
namespace {

using namespace std::chrono_literals;

Rules rulesFrom(const ParamSet& params) {
    const auto inSeconds = [&](std::string_view id) { return std::chrono::seconds(params.integer(id)); };
    // A CDN keeps what is public, also for requests that name a user (RFC 9111 section 3.5).
    return {.ttl = inSeconds("ttl"),
            .swr = inSeconds("swr"),
            .staleIfError = inSeconds("staleIfError"),
            .sharesWithUsers = true};
}

/// The detours are ours; light in fibre is physics. Medians of measured paths lie between 1.5 and 2 times the
/// great circle (see doc.md).
Network networkFrom(const ParamSet& params) {
    const std::string preset = params.text("rtt");
    if (preset == "none")
        return {.detour = 0, .lastMile = 0ms, .hop = 0ms};
    if (preset == "fibre")
        return {.detour = 1, .lastMile = 2ms, .hop = 200us};
    if (preset == "mobile")
        return {.detour = 1.6, .lastMile = 45ms, .hop = 1ms};
    return {.detour = 1.6, .lastMile = 10ms, .hop = 1ms};
}

OnWrite onWriteFrom(const ParamSet& params) {
    const std::string what = params.text("onWrite");
    return what == "table" ? OnWrite::Table : what == "everything" ? OnWrite::Everything : OnWrite::Nothing;
}

}  // namespace

Result<std::shared_ptr<engine::State>> EdgeState::create(const engine::ToggleContext& context) {
    auto clients = Clients::parse(context.params.text("clients"));
    if (!clients)
        return fail(std::move(clients.error()));
    return std::make_shared<EdgeState>(context, std::move(*clients));
}

EdgeState::EdgeState(const engine::ToggleContext& context, Clients whereClientsAre)
    : clock(context.clock),
      rules(rulesFrom(context.params)),
      clients(std::move(whereClientsAre)),
      network(networkFrom(context.params)),
      caches(context.params.flag("caching")),
      coalesce(context.params.flag("coalesce")),
      isTiered(context.params.flag("shield")),
      onWrite(onWriteFrom(context.params)),
      origin(findPop(context.params.text("origin")).value_or(0)),
      shield(origin) {
    const auto budget = static_cast<std::size_t>(context.params.integer("size"));
    for (const auto& pop : pops())
        m_sites.push_back(std::make_unique<Site>(pop, budget));
    for (const auto& region : regions()) {
        const auto nearest = std::ranges::min_element(
            pops(), {}, [&](const Pop& pop) { return greatCircleKm(region.at, pop.at); });
        m_nearest.push_back(static_cast<int>(nearest - pops().begin()));
    }
}

Nanos EdgeState::fromClient(int region, int pop) const {
    return network.fromClient(regions()[static_cast<std::size_t>(region)].at,
                              pops()[static_cast<std::size_t>(pop)].at);
}

Nanos EdgeState::between(int pop, int other) const {
    return network.between(pops()[static_cast<std::size_t>(pop)].at,
                           pops()[static_cast<std::size_t>(other)].at);
}

void EdgeState::readCounters(std::span<double> out) const {
    for (std::size_t i = 0; i < kCountCount; ++i)
        out[i] = static_cast<double>(m_counts[i].load(std::memory_order_relaxed));
    const auto sum = [&](auto&& of) {
        double total = 0;
        for (const auto& site : m_sites)
            total += static_cast<double>(of(site->store));
        return total;
    };
    out[static_cast<std::size_t>(Count::Evictions)] =
        sum([](const ResponseStore& store) { return store.evictions(); });
    out[static_cast<std::size_t>(Count::Entries)] =
        sum([](const ResponseStore& store) { return store.size(); });
    out[static_cast<std::size_t>(Count::Bytes)] =
        sum([](const ResponseStore& store) { return store.bytes(); });
    std::size_t at = kCountCount;
    for (const auto& site : m_sites) {
        out[at++] = static_cast<double>(site->hits.load(std::memory_order_relaxed));
        out[at++] = static_cast<double>(site->misses.load(std::memory_order_relaxed));
    }
}

void EdgeState::reset() {
    for (const auto& site : m_sites)
        site->store.clear();
    vary.clear();
}

std::uint64_t EdgeState::purge(const engine::Purge& what) {
    std::uint64_t count = 0;
    forget(PurgeRule({.url = what.url, .tag = what.tag}), count);
    return count;
}

/// First the rule: what is being fetched now must not be kept after we have looked.
void EdgeState::forget(const PurgeRule& rule, std::uint64_t& count) {
    purges.add(rule);
    std::uint64_t here = 0;
    for (const auto& site : m_sites)
        here += site->store.eraseIf([&](const StoredAnswer& answer) { return rule.matches(answer); });
    this->count(Count::Purged, here);
    count += here;
}

void EdgeState::wrote(const engine::Exchange& exchange) {
    if (onWrite == OnWrite::Nothing)
        return;
    std::uint64_t count = 0;
    const auto* table = exchange.route.table;
    if (onWrite == OnWrite::Everything) {
        forget(PurgeRule({.url = "*", .tag = {}}), count);
    } else if (table) {
        forget(PurgeRule({.url = {}, .tag = table->name}), count);
    } else {  // an upstream's: the target with any query, and the collection above (RFC 9111 section 4.4)
        const auto path = exchange.request.path;
        const std::string below = std::string(path) + "*";
        forget(PurgeRule({.url = below, .tag = {}}), count);
        forget(PurgeRule({.url = path.substr(0, path.rfind('/')), .tag = {}}), count);
    }
}

}  // namespace hone::toggles::edge
