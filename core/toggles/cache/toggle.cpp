#include "core/engine/toggle_def.h"
#include "core/http/semantics.h"
#include "core/toggles/cache/cache_key.h"
#include "core/toggles/cache/flights.h"
#include "core/toggles/cache/response_store.h"
#include "toggles/cache/doc.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

namespace hone::toggles::cache {
namespace {

using engine::Exchange;
using std::chrono::seconds;

const Choice kEtags[] = {
    {.id = "strong", .label = "Strong", .help = "Byte for byte the same."},
    {.id = "weak", .label = "Weak", .help = "The same meaning; enough for 304."},
    {.id = "off", .label = "None", .help = "No 304 answers."},
};
const Choice kUsers[] = {
    {.id = "bypass", .label = "Not kept", .help = "Requests with Authorization or Cookie pass the cache by."},
    {.id = "perUser",
     .label = "Kept per user",
     .help = "Each Authorization and Cookie has its own entry; never shared."},
};

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
     .max = 31'536'000},
    {.id = "swr",
     .label = "Stale while renewing",
     .help = "After that, how long the old answer is still served while one request computes the new one; 0 "
             "switches it off.",
     .unit = Unit::Seconds,
     .initial = 0,
     .min = 0,
     .max = 31'536'000},
    {.id = "coalesce",
     .label = "Coalesce requests",
     .help = "Requests for the same answer wait for the first instead of computing it too.",
     .initial = true},
    {.id = "etag",
     .label = "ETag",
     .help = "Lets clients revalidate with If-None-Match and get 304.",
     .initial = "strong",
     .choices = kEtags},
    {.id = "users",
     .label = "Signed-in users",
     .help = "What happens with requests that name a user.",
     .initial = "bypass",
     .choices = kUsers},
    {.id = "negativeTtl",
     .label = "Keep 404 for",
     .help = "How long “not found” is remembered; 0 switches it off.",
     .unit = Unit::Seconds,
     .initial = 0,
     .min = 0,
     .max = 86'400,
     .advanced = true},
};

enum CounterIndex : std::size_t {
    Hits,
    Misses,
    Coalesced,
    NotModified,
    Stale,
    Bypassed,
    Invalidated,
    Evictions,
    Entries,
    Bytes,
    CounterCount
};
const engine::Counter kCounters[] = {
    {.id = "hits", .label = "Answers from the cache"},
    {.id = "misses", .label = "Answers computed"},
    {.id = "coalesced", .label = "Requests that waited for another's answer"},
    {.id = "notModified", .label = "304 answers"},
    {.id = "stale", .label = "Stale answers while renewing"},
    {.id = "bypassed", .label = "Requests that passed the cache by"},
    {.id = "invalidated", .label = "Answers outdated by a write"},
    {.id = "evictions", .label = "Answers evicted for room"},
    {.id = "entries", .label = "Answers kept", .kind = engine::Counter::Level},
    {.id = "bytes", .label = "Bytes kept", .kind = engine::Counter::Level, .unit = Unit::Bytes},
};
static_assert(std::size(kCounters) == CounterCount);

enum class EtagKind : std::uint8_t { Strong, Weak, Off };

struct Shared final : engine::State, std::enable_shared_from_this<Shared> {
    explicit Shared(const engine::ToggleContext& context)
        : clock(context.clock),
          ttl(context.params.integer("ttl")),
          swr(context.params.integer("swr")),
          negativeTtl(context.params.integer("negativeTtl")),
          coalesce(context.params.flag("coalesce")),
          perUser(context.params.text("users") == "perUser"),
          store(static_cast<std::size_t>(context.params.integer("size"))),
          flights(std::make_shared<Flights>()) {
        const auto kind = context.params.text("etag");
        etag = kind == "strong" ? EtagKind::Strong : kind == "weak" ? EtagKind::Weak : EtagKind::Off;
    }
    std::unique_ptr<engine::Stage> makeStage() override;
    void readCounters(std::span<double> out) const override {
        for (std::size_t i = 0; i < Evictions; ++i)
            out[i] = static_cast<double>(counters[i].load(std::memory_order_relaxed));
        out[Evictions] = static_cast<double>(store.evictions());
        out[Entries] = static_cast<double>(store.entries());
        out[Bytes] = static_cast<double>(store.bytes());
    }
    void reset() override { store.clear(); }
    void count(CounterIndex which) { counters[which].fetch_add(1, std::memory_order_relaxed); }

    /// Answers from a kept entry, or with 304 when the client has it already.
    void answerFrom(Exchange& exchange, const Stored& stored, std::string_view how) {
        const auto now = clock.now();
        http::Response response;
        const auto noneMatch = exchange.request.joined("If-None-Match");
        if (!noneMatch.empty() && !stored.etag.empty() && http::noneMatchHits(noneMatch, stored.etag)) {
            // The fields a 200 would have had and that a cache may need (RFC 9110 section 15.4.5).
            response.status = 304;
            for (const auto* name : {"ETag", "Cache-Control", "Vary", "Last-Modified", "Expires"})
                if (const auto value = stored.answer->fields.get(name))
                    response.fields.set(name, *value);
            count(NotModified);
        } else {
            response.prepared = stored.answer;
        }
        const auto ttlLeft = std::chrono::floor<seconds>(stored.freshUntil - now).count();
        response.fields.set(
            "Age", fmt::format_int(std::chrono::floor<seconds>(now - stored.storedAt).count()).str());
        response.fields.set("Cache-Status", fmt::format("hone; {}; ttl={}", how, ttlLeft));
        exchange.answer(std::move(response));
    }

    const Clock& clock;
    const seconds ttl, swr, negativeTtl;
    const bool coalesce, perUser;
    EtagKind etag = EtagKind::Strong;
    ResponseStore store;
    const std::shared_ptr<Flights> flights;
    std::atomic<std::uint64_t> counters[CounterCount] = {};
};

/// What Lookup leaves for Store.
struct Pending {
    std::string key;
    std::uint64_t generation = 0;
    std::unique_ptr<Flights::Lead> lead;
    const char* forwarded = "uri-miss";  ///< Why it was computed (RFC 9211 section 2.2).
};

std::uint64_t generationOf(const Exchange& exchange) {
    return exchange.route.dataset != nullptr ? exchange.route.dataset->writeGeneration() : 0;
}

class CacheStage final : public engine::Stage {
public:
    explicit CacheStage(std::shared_ptr<Shared> shared) : m_shared(std::move(shared)) {}

    engine::Lookup lookup(Exchange& exchange, engine::Resume& resume) override {
        const auto& request = exchange.request;
        if (request.method != http::Method::Get && request.method != http::Method::Head)
            return engine::Lookup::Continue;
        const auto wanted = directivesOf(request);
        if (wanted.noStore || request.field("Range") ||
            (!m_shared->perUser && (request.field("Authorization") || request.field("Cookie")))) {
            m_shared->count(Bypassed);
            return engine::Lookup::Continue;
        }
        const auto key = m_key.of(request, m_shared->perUser);
        auto pending = std::make_shared<Pending>();
        pending->generation = generationOf(exchange);  // before anything is read
        auto found = m_shared->store.find(key);
        if (found && found->generation != pending->generation) {
            m_shared->count(Invalidated);
            m_shared->store.erase(key);
            found.reset();
            pending->forwarded = "stale";
        }
        const auto now = m_shared->clock.now();
        if (wanted.noCache) {
            pending->forwarded = "request";
        } else if (found && serves(*found, wanted, now)) {
            m_shared->count(Hits);
            m_shared->answerFrom(exchange, *found, "hit");
            return engine::Lookup::Continue;
        } else if (found) {
            pending->forwarded = "stale";
        }
        if (wanted.onlyIfCached) {
            exchange.answer(http::problem(504,
                                          "no fresh answer is kept, and the request asked for nothing else",
                                          "Leave out only-if-cached."));
            return engine::Lookup::Continue;
        }
        // One renews; until it is done the others get what there is.
        if (found && !wanted.noCache && now < found->staleUntil && m_shared->swr.count() > 0) {
            pending->lead = m_shared->flights->tryLead(key);
            if (!pending->lead) {
                m_shared->count(Hits);
                m_shared->count(Stale);
                m_shared->answerFrom(exchange, *found, "hit");
                return engine::Lookup::Continue;
            }
        } else if (m_shared->coalesce && !wanted.noCache) {
            pending->lead = m_shared->flights->leadOrWait(key, resume);
            if (!pending->lead)
                return engine::Lookup::Wait;
        }
        m_shared->count(Misses);
        pending->key = key;
        exchange.slots[static_cast<std::size_t>(slot)] = std::move(pending);
        return engine::Lookup::Continue;
    }

    void store(Exchange& exchange) override {
        const auto pending = std::static_pointer_cast<Pending>(
            std::exchange(exchange.slots[static_cast<std::size_t>(slot)], nullptr));
        if (!pending)
            return;
        auto& response = exchange.response;
        const bool isNegative = response.status == 404 && m_shared->negativeTtl.count() > 0;
        const bool isKept = !response.prepared &&
                            (isNegative || (response.status == 200 && exchange.cacheable)) &&
                            allowsKeeping(response);
        if (!isKept) {
            response.fields.set("Cache-Status", fmt::format("hone; fwd={}", pending->forwarded));
            return;  // the lead is released unlanded: those who wait compute for themselves
        }
        const auto ttl = isNegative ? m_shared->negativeTtl : m_shared->ttl;
        auto stored = prepared(std::move(response), ttl, isNegative ? seconds(0) : m_shared->swr);
        stored.generation = pending->generation;
        m_shared->store.insert(pending->key, stored);
        response = {};
        exchange.answered = false;
        answerFirst(exchange, stored, pending->forwarded);
        if (pending->lead)
            pending->lead->land([shared = m_shared, stored](Exchange& waiting) {
                shared->count(Hits);
                shared->count(Coalesced);
                shared->answerFrom(waiting, stored, "hit; collapsed");
            });
    }

private:
    /// Cache-Control of the request; Pragma only where there is none (RFC 9111 section 5.4).
    static http::CacheControl directivesOf(const http::Request& request) {
        if (request.field("Cache-Control"))
            return normalised(http::parseCacheControl(request.joined("Cache-Control")));
        http::CacheControl none;
        if (const auto pragma = request.field("Pragma"); pragma && http::iequals(*pragma, "no-cache"))
            none.noCache = true;
        return none;
    }
    static http::CacheControl normalised(http::CacheControl control) {
        control.noCache = control.noCache || (control.maxAge && control.maxAge->count() == 0);
        return control;
    }

    [[nodiscard]] static bool serves(const Stored& stored, const http::CacheControl& wanted, Nanos now) {
        if (wanted.maxAge && now - stored.storedAt > *wanted.maxAge)
            return false;
        if (wanted.minFresh && stored.freshUntil - now < *wanted.minFresh)
            return false;
        return now < stored.freshUntil;
    }

    [[nodiscard]] static bool allowsKeeping(const http::Response& response) {
        const auto control = response.fields.get("Cache-Control");
        if (!control)
            return !response.fields.has("Set-Cookie");
        const auto parsed = http::parseCacheControl(*control);
        return !parsed.noStore && !parsed.isPrivate;
    }

    /// The answer with its validator and freshness, in the form it will go out from now on.
    [[nodiscard]] Stored prepared(http::Response&& response, seconds ttl, seconds swr) const {
        Stored stored;
        if (m_shared->etag != EtagKind::Off && response.status == 200) {
            stored.etag = (m_shared->etag == EtagKind::Weak ? "W/" : "") + http::etagOf(response.body);
            response.fields.set("ETag", stored.etag);
        }
        response.fields.set(
            "Cache-Control",
            fmt::format("{}, max-age={}{}", m_shared->perUser ? "private" : "public", ttl.count(),
                        swr.count() > 0 ? fmt::format(", stale-while-revalidate={}", swr.count()) : ""));
        stored.storedAt = m_shared->clock.now();
        stored.freshUntil = stored.storedAt + ttl;
        stored.staleUntil = stored.freshUntil + swr;
        stored.answer = http::prepare(response.status, std::move(response.fields), std::move(response.body));
        return stored;
    }

    /// As answerFrom, but for the request that computed it.
    void answerFirst(Exchange& exchange, const Stored& stored, std::string_view forwarded) const {
        m_shared->answerFrom(exchange, stored, "hit");
        exchange.response.fields.remove("Age");
        exchange.response.fields.set("Cache-Status", fmt::format("hone; fwd={}; stored", forwarded));
    }

    std::shared_ptr<Shared> m_shared;
    CacheKey m_key;
};

std::unique_ptr<engine::Stage> Shared::makeStage() {
    return std::make_unique<CacheStage>(shared_from_this());
}

Result<std::shared_ptr<engine::State>> make(const engine::ToggleContext& context) {
    return std::make_shared<Shared>(context);
}

}  // namespace

const engine::ToggleDef& def() {
    static const engine::ToggleDef kDef{
        .id = "cache",
        .number = 1,
        .title = "Response cache",
        .summary = "Answers are kept and served again while they are fresh; a write outdates them.",
        .off = "Every request is computed from the database again.",
        .why = "The fastest query is the one that does not run.",
        .moves = "p50 and throughput of repeated reads, CPU per request",
        .costs = "Memory; answers may be as old as their time to live when data changes outside the API.",
        .group = engine::Group::Answer,
        .phases = engine::phaseBits({engine::Phase::Lookup, engine::Phase::Store}),
        .params = kParams,
        .counters = kCounters,
        .figure = {.kind = engine::Figure::Share, .part = "hits", .rest = "misses", .label = "hit"},
        .doc = kDoc,
        .make = make};
    return kDef;
}

}  // namespace hone::toggles::cache
