#include "core/engine/toggle_def.h"
#include "core/toggles/cache/backend_link.h"
#include "core/toggles/cache/cache_state.h"
#include "toggles/cache/doc.h"

namespace hone::toggles::cache {
namespace {

const Choice kEtags[] = {
    {.id = "strong", .label = "Strong", .help = "Byte for byte the same."},
    {.id = "weak", .label = "Weak", .help = "The same meaning; enough for 304."},
    {.id = "off", .label = "None", .help = "No tag."},
};
const Choice kInvalidations[] = {
    {.id = "dataset", .label = "Its dataset", .help = "Any write to the dataset, by whomever: always right."},
    {.id = "table",
     .label = "Its table",
     .help = "Writes to the answer's own table through this profile; other writers are seen when the time is "
             "up."},
    {.id = "url",
     .label = "Its URL",
     .help = "Writes to the same path, and to what they name in Location: RFC 9111 and no more."},
    {.id = "off", .label = "Nothing", .help = "Answers live as long as their time."},
};
const Choice kUsers[] = {
    {.id = "bypass", .label = "Not kept", .help = "Requests with Authorization or Cookie pass the cache by."},
    {.id = "shared",
     .label = "As answers say",
     .help =
         "Shared when the answer says public, s-maxage or must-revalidate (RFC 9111, 3.5); else not kept."},
    {.id = "perUser",
     .label = "Kept per user",
     .help = "Each Authorization and Cookie has entries of its own."},
};

const Choice kBackends[] = {
    {.id = "memory", .label = "This process", .help = "No round trip, gone with the process."},
    {.id = "redis", .label = "Redis", .help = "A round trip a look-up; Redis decides what to evict."},
    {.id = "memcached", .label = "Memcached", .help = "A round trip a look-up; answers up to its item size."},
};

constexpr double kYear = 31'536'000;

const Param kParams[] = {
    {.id = "size",
     .label = "Size",
     .help = "Bytes kept at most; the least useful answers go first.",
     .unit = Unit::Bytes,
     .initial = 67'108'864,
     .min = 65'536,
     .max = 68'719'476'736},
    {.id = "ttl",
     .label = "Fresh for",
     .help = "How long an answer is served without computing it again (max-age).",
     .unit = Unit::Seconds,
     .initial = 60,
     .min = 1,
     .max = kYear},
    {.id = "swr",
     .label = "Stale while renewing",
     .help = "How long after that the old answer is served while one request computes the new one; 0: never.",
     .unit = Unit::Seconds,
     .initial = 0,
     .min = 0,
     .max = kYear},
    {.id = "coalesce",
     .label = "Coalesce",
     .help = "Requests for the same answer wait for the first instead of computing it too.",
     .initial = true},
    {.id = "etag",
     .label = "ETag",
     .help = "Lets clients ask whether theirs is still good (If-None-Match) and get 304.",
     .initial = "strong",
     .choices = kEtags},
    {.id = "invalidation",
     .label = "Outdated by writes to",
     .help = "Which writes make an answer unusable at once.",
     .initial = "dataset",
     .choices = kInvalidations},
    {.id = "users",
     .label = "Signed-in users",
     .help = "What happens with requests that name a user.",
     .initial = "bypass",
     .choices = kUsers,
     .advanced = true},
    {.id = "staleIfError",
     .label = "Stale on errors",
     .help = "How long after its time an answer may replace a 5xx; 0: never.",
     .unit = Unit::Seconds,
     .initial = 0,
     .min = 0,
     .max = kYear,
     .advanced = true},
    {.id = "negativeTtl",
     .label = "Keep 404 for",
     .help = "How long a missing row is remembered as missing; 0: not at all.",
     .unit = Unit::Seconds,
     .initial = 0,
     .min = 0,
     .max = 86'400,
     .advanced = true},
    {.id = "lastModified",
     .label = "Last-Modified",
     .help = "When the answer was computed; accurate to a second, so ETag is the better validator.",
     .initial = false,
     .advanced = true},
    {.id = "variants",
     .label = "Variants of a URL",
     .help =
         "Answers of one URL kept side by side because it varies by a request field; the oldest makes way.",
     .unit = Unit::Count,
     .initial = 32,
     .min = 1,
     .max = 10'000,
     .advanced = true},
    {.id = "backend",
     .label = "Kept in",
     .help = "Where answers are kept. When that fails, requests go to the origin.",
     .initial = "memory",
     .choices = kBackends},
    {.id = "address",
     .label = "Address",
     .help = "host:port or the path of a socket of Redis or Memcached; empty: this machine, its usual port.",
     .initial = "",
     .advanced = true},
    {.id = "connections",
     .label = "Connections",
     .help = "To Redis or Memcached: as many look-ups at a time.",
     .unit = Unit::Count,
     .initial = 4,
     .min = 1,
     .max = 64,
     .advanced = true},
    {.id = "connectTimeout",
     .label = "Connect within",
     .help = "Longer than that, and Redis or Memcached is taken for down.",
     .unit = Unit::Milliseconds,
     .initial = 250,
     .min = 1,
     .max = 60'000,
     .advanced = true},
    {.id = "timeout",
     .label = "Answer within",
     .help = "A look-up that takes Redis or Memcached longer goes to the origin.",
     .unit = Unit::Milliseconds,
     .initial = 100,
     .min = 1,
     .max = 60'000,
     .advanced = true},
};

const engine::Counter kCounters[] = {
    {.id = "hits", .label = "Answers from the cache"},
    {.id = "misses", .label = "Answers computed"},
    {.id = "coalesced", .label = "Requests that got another's answer"},
    {.id = "revalidated", .label = "304 answers"},
    {.id = "stale", .label = "Stale answers"},
    {.id = "bypassed", .label = "Requests that passed the cache by"},
    {.id = "invalidated", .label = "Answers outdated by a write"},
    {.id = "evictions", .label = "Answers evicted for room"},
    {.id = "entries", .label = "Answers kept", .kind = engine::Counter::Level},
    {.id = "bytes", .label = "Bytes kept", .kind = engine::Counter::Level, .unit = Unit::Bytes},
    {.id = "validated", .label = "Kept answers the upstream confirmed"},
    {.id = "purged", .label = "Answers purged"},
    {.id = "backendErrors", .label = "Failures of Redis or Memcached"},
};
static_assert(std::size(kCounters) == kCountCount);

Result<std::shared_ptr<engine::State>> make(const engine::ToggleContext& context) {
    const auto& params = context.params;
    const auto backend = params.text("backend");
    if (backend == "memory")
        return std::make_shared<CacheState>(context, nullptr);
    const auto inMillis = [&](std::string_view id) { return std::chrono::milliseconds(params.integer(id)); };
    auto address = BackendAddress::parse(params.text("address"), backend == "redis" ? 6379 : 11211);
    if (!address)
        return fail(std::move(address.error()));
    const LinkOptions link{
        .address = *address, .connectTimeout = inMillis("connectTimeout"), .timeout = inMillis("timeout")};
    return std::make_shared<CacheState>(context, std::make_unique<RemoteStore>(
                                                     context.clock, backend, link.address.text(),
                                                     [link, isRedis = backend == "redis"] {
                                                         return isRedis ? makeRedisLink(link)
                                                                        : makeMemcachedLink(link);
                                                     },
                                                     static_cast<int>(params.integer("connections"))));
}

}  // namespace

const engine::ToggleDef& def() {
    using engine::Phase;
    static const engine::ToggleDef kDef{
        .id = "cache",
        .number = 1,
        .title = "Response cache",
        .summary = "Answers are kept, compressed and all, and served again while they are fresh.",
        .off = "Every request is computed from the database again.",
        .why = "The fastest query is the one that does not run.",
        .moves = "p50 and throughput of repeated reads, CPU per request",
        .costs = "Memory; with changes from outside, answers as old as their time to live.",
        .group = engine::Group::Answer,
        .phases = engine::phaseBits({Phase::Lookup, Phase::Store, Phase::Finish}),
        .params = kParams,
        .counters = kCounters,
        .figure = {.kind = engine::Figure::Share, .part = "hits", .rest = "misses", .label = "hit"},
        .doc = kDoc,
        .make = make};
    return kDef;
}

}  // namespace hone::toggles::cache
