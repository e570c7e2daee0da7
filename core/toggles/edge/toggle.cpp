#include "core/engine/toggle_def.h"
#include "core/toggles/edge/edge_state.h"
#include "toggles/edge/doc.h"

#include <deque>

namespace hone::toggles::edge {
namespace {

const Choice kOrigins[] = {
    {.id = "fra", .label = "Frankfurt"},  {.id = "lhr", .label = "London"},
    {.id = "iad", .label = "Washington"}, {.id = "sjc", .label = "San Jose"},
    {.id = "gru", .label = "São Paulo"},  {.id = "jnb", .label = "Johannesburg"},
    {.id = "bom", .label = "Mumbai"},     {.id = "sin", .label = "Singapore"},
    {.id = "nrt", .label = "Tokyo"},      {.id = "syd", .label = "Sydney"},
};
const Choice kRtts[] = {
    {.id = "typical",
     .label = "Typical",
     .help = "Ways 1.6 times the great circle, 10 ms to the provider's core."},
    {.id = "fibre", .label = "Light in fibre", .help = "The great circle itself: as good as physics allows."},
    {.id = "mobile", .label = "Mobile", .help = "As typical, with 45 ms to the provider's core."},
    {.id = "none", .label = "None", .help = "No distance: what the caches alone do for the CPU."},
};
const Choice kOnWrites[] = {
    {.id = "everything",
     .label = "Everything",
     .help = "Any write through the API empties the caches: always right for one API in front."},
    {.id = "table", .label = "Its table", .help = "Answers of the table that was written to."},
    {.id = "nothing", .label = "Nothing", .help = "Answers live as long as their time, as at most CDNs."},
};

constexpr double kYear = 31'536'000;

const Param kParams[] = {
    {.id = "caching",
     .label = "Points of presence",
     .help = "Off: the distance alone, straight to the origin. What a fair comparison has on its other side.",
     .initial = true},
    {.id = "clients",
     .label = "Clients",
     .help = "Where they are: world, a continent (europe, northAmerica, asia …), or weighted regions such as "
             "de=3,us=1. A request can say it itself: Hone-Region: de.",
     .initial = "world"},
    {.id = "origin",
     .label = "Origin",
     .help = "Where the API stands.",
     .initial = "fra",
     .choices = kOrigins},
    {.id = "rtt",
     .label = "Distances",
     .help = "How round trips follow from kilometres; simulated.",
     .initial = "typical",
     .choices = kRtts},
    {.id = "shield",
     .label = "Shield",
     .help = "Misses go through the point of presence next to the origin, so that it is asked once for all.",
     .initial = true},
    {.id = "ttl",
     .label = "Fresh for",
     .help = "How long an answer is served when it does not say so itself.",
     .unit = Unit::Seconds,
     .initial = 60,
     .min = 1,
     .max = kYear},
    {.id = "size",
     .label = "Size of each",
     .help = "Bytes each point of presence keeps at most.",
     .unit = Unit::Bytes,
     .initial = 16'777'216,
     .min = 65'536,
     .max = 68'719'476'736},
    {.id = "staleIfError",
     .label = "Stale on errors",
     .help = "How long after its time an answer may replace a 5xx of the origin; 0: never.",
     .unit = Unit::Seconds,
     .initial = 300,
     .min = 0,
     .max = kYear},
    {.id = "swr",
     .label = "Stale while renewing",
     .help = "How long after its time an answer is served while one request fetches the new one; 0: never.",
     .unit = Unit::Seconds,
     .initial = 0,
     .min = 0,
     .max = kYear,
     .advanced = true},
    {.id = "coalesce",
     .label = "Coalesce",
     .help = "Requests for the same answer wait for the first instead of going to the origin too.",
     .initial = true,
     .advanced = true},
    {.id = "onWrite",
     .label = "A write purges",
     .help = "What the points of presence forget when the API is written to.",
     .initial = "everything",
     .choices = kOnWrites,
     .advanced = true},
};

/// Texts of the counters of each point of presence live here.
struct Counters {
    Counters() {
        list = {
            {.id = "hits", .label = "Answers of the nearest point of presence"},
            {.id = "shieldHits", .label = "Answers of the shield"},
            {.id = "misses", .label = "Answers of the origin"},
            {.id = "coalesced", .label = "Requests that got another's answer"},
            {.id = "validated", .label = "Kept answers the origin confirmed"},
            {.id = "stale", .label = "Stale answers"},
            {.id = "bypassed", .label = "Requests that passed the caches by"},
            {.id = "purged", .label = "Answers purged"},
            {.id = "evictions", .label = "Answers evicted for room"},
            {.id = "entries", .label = "Answers kept", .kind = engine::Counter::Level},
            {.id = "bytes", .label = "Bytes kept", .kind = engine::Counter::Level, .unit = Unit::Bytes},
            {.id = "distance", .label = "Simulated distance", .unit = Unit::Milliseconds},
            {.id = "direct", .label = "The same straight to the origin", .unit = Unit::Milliseconds},
        };
        for (const auto& pop : pops()) {
            const auto& hits = texts.emplace_back(std::string(pop.id) + "Hits");
            const auto& hitsLabel = texts.emplace_back("Hits in " + std::string(pop.name));
            const auto& misses = texts.emplace_back(std::string(pop.id) + "Misses");
            const auto& missesLabel = texts.emplace_back("Misses in " + std::string(pop.name));
            list.push_back({.id = hits, .label = hitsLabel});
            list.push_back({.id = misses, .label = missesLabel});
        }
    }
    std::deque<std::string> texts;  ///< Never moves them.
    std::vector<engine::Counter> list;
};

}  // namespace

const engine::ToggleDef& def() {
    using engine::Phase;
    static const Counters kCounters;
    static const engine::ToggleDef kDef{
        .id = "edge",
        .number = 2,
        .title = "Edge",
        .summary = "Ten points of presence keep answers near the clients; distances are simulated.",
        .off = "All clients reach the origin, and no distance is simulated: compare with caching=off.",
        .why = "Light needs time: an answer from the next city is faster than the fastest far away.",
        .moves = "p50 and p95 of clients far from the origin, requests that reach it",
        .costs = "Each point of presence learns by itself: hit ratio; answers as old as their time to live.",
        .group = engine::Group::Answer,
        .phases = engine::phaseBits({Phase::Admission, Phase::Lookup, Phase::Finish}),
        .params = kParams,
        .counters = kCounters.list,
        .figure = {.kind = engine::Figure::Share, .part = "hits", .rest = "misses", .label = "hit"},
        .doc = kDoc,
        .make = &EdgeState::create};
    return kDef;
}

}  // namespace hone::toggles::edge
