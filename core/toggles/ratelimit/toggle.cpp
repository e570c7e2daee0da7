#include "core/engine/toggle_def.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"
#include "core/toggles/ratelimit/keyed_limiter.h"
#include "toggles/ratelimit/doc.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

namespace hone::toggles::ratelimit {
namespace {

using engine::Exchange;

const Choice kKeys[] = {
    {.id = "ip", .label = "Client address", .help = "Each address has its own bucket."},
    {.id = "apiKey",
     .label = "API key",
     .help = "Each value of the header has its own; without it, the address."},
    {.id = "global", .label = "Everybody", .help = "One bucket for the whole API."},
};

const Param kParams[] = {
    {.id = "rate",
     .label = "Rate",
     .help = "Requests a second each key may send in the long run.",
     .unit = Unit::PerSecond,
     .initial = 1000.0,
     .min = 0.01,
     .max = 10'000'000},
    {.id = "burst",
     .label = "Burst",
     .help = "Requests a key that has been quiet may send at once.",
     .unit = Unit::Count,
     .initial = 100,
     .min = 1,
     .max = 10'000'000},
    {.id = "key", .label = "Counted by", .help = "Who shares a bucket.", .initial = "ip", .choices = kKeys},
    {.id = "header",
     .label = "API key header",
     .help = "The request field whose value tells clients apart.",
     .initial = "X-API-Key",
     .onlyWhenParam = "key",
     .onlyWhenValue = "apiKey"},
    {.id = "maxKeys",
     .label = "Keys remembered",
     .help = "Bounds memory (about 200 bytes a key); the least recently seen key is forgotten first.",
     .unit = Unit::Count,
     .initial = 100'000,
     .min = 16,
     .max = 10'000'000,
     .advanced = true},
};

const engine::Counter kCounters[] = {
    {.id = "allowed", .label = "Requests allowed"},
    {.id = "refused", .label = "Requests refused (429)"},
    {.id = "keys", .label = "Keys remembered", .kind = engine::Counter::Level},
};

enum class KeyKind : std::uint8_t { Ip, ApiKey, Global };

long long ceilSeconds(Nanos time) { return std::chrono::ceil<std::chrono::seconds>(time).count(); }

struct Shared final : engine::State, std::enable_shared_from_this<Shared> {
    explicit Shared(const engine::ToggleContext& context)
        : burst(static_cast<int>(context.params.integer("burst"))),
          rate(context.params.real("rate")),
          limiter(context.clock, rate, burst, static_cast<std::size_t>(context.params.integer("maxKeys"))),
          header(context.params.text("header")),
          limitText(fmt::format("{}", burst)) {
        const std::string kind = context.params.text("key");
        keyKind = kind == "ip" ? KeyKind::Ip : kind == "apiKey" ? KeyKind::ApiKey : KeyKind::Global;
        // The window in which a bucket refills: what a quota `q` per `w` seconds means for a token bucket.
        const auto window =
            std::max(1LL, ceilSeconds(Nanos(static_cast<std::int64_t>(std::min(burst / rate, 1e9) * 1e9))));
        policyText = fmt::format("\"{}\";q={};w={}", kind, burst, window);
        policyName = fmt::format("\"{}\"", kind);
    }
    std::unique_ptr<engine::Stage> makeStage() override;
    void readCounters(std::span<double> out) const override {
        out[0] = static_cast<double>(allowed.load(std::memory_order_relaxed));
        out[1] = static_cast<double>(refused.load(std::memory_order_relaxed));
        out[2] = static_cast<double>(limiter.keyCount());
    }
    void reset() override { limiter.clear(); }

    const int burst;
    const double rate;
    KeyedLimiter limiter;
    const std::string header, limitText;
    KeyKind keyKind = KeyKind::Ip;
    std::string policyText, policyName;
    std::atomic<std::uint64_t> allowed{0}, refused{0};
};

class RateLimitStage final : public engine::Stage {
public:
    explicit RateLimitStage(std::shared_ptr<Shared> shared) : m_shared(std::move(shared)) {}

    void admit(Exchange& exchange) override {
        const auto decision = std::make_shared<Decision>(m_shared->limiter.take(keyOf(exchange)));
        exchange.notes[static_cast<std::size_t>(slot)] = decision;
        (decision->allowed ? m_shared->allowed : m_shared->refused).fetch_add(1, std::memory_order_relaxed);
        if (!decision->allowed)
            refuse(exchange, *decision);
    }

    /// Allowed answers carry the fields too: a client that sees the end coming can slow down in time.
    void finish(Exchange& exchange) override {
        const auto* decision =
            static_cast<const Decision*>(exchange.notes[static_cast<std::size_t>(slot)].get());
        if (!decision)
            return;
        auto& fields = exchange.response.fields;
        const auto reset = ceilSeconds(decision->untilFull);
        fields.set("X-RateLimit-Limit", m_shared->limitText);
        fields.set("X-RateLimit-Remaining", fmt::format("{}", decision->remaining));
        fields.set("X-RateLimit-Reset", fmt::format("{}", reset));
        fields.set("RateLimit-Policy", m_shared->policyText);
        fields.set("RateLimit",
                   fmt::format("{};r={};t={}", m_shared->policyName, decision->remaining, reset));
    }

private:
    /// The kinds never mix: an API key that looks like an address is still another key.
    std::string_view keyOf(const Exchange& exchange) {
        m_key.clear();
        if (m_shared->keyKind == KeyKind::Global)
            return m_key;
        const auto apiKey =
            m_shared->keyKind == KeyKind::ApiKey ? exchange.request.field(m_shared->header) : std::nullopt;
        m_key += apiKey ? 'k' : 'a';
        m_key += apiKey.value_or(exchange.request.peer);
        return m_key;
    }

    void refuse(Exchange& exchange, const Decision& decision) const {
        const auto wait = std::max(1LL, ceilSeconds(decision.untilNext));
        auto response = http::problem(
            429, fmt::format("More than {} requests/s with bursts of {}", m_shared->rate, m_shared->burst),
            fmt::format("Retry in {} s; Retry-After and RateLimit say when and how many.", wait));
        response.fields.set("Retry-After", fmt::format("{}", wait));
        response.fields.set("Cache-Control", "no-store");
        exchange.answer(std::move(response));
    }

    std::shared_ptr<Shared> m_shared;
    std::string m_key;  ///< Reused: no allocation a request.
};

std::unique_ptr<engine::Stage> Shared::makeStage() {
    return std::make_unique<RateLimitStage>(shared_from_this());
}

Result<std::shared_ptr<engine::State>> make(const engine::ToggleContext& context) {
    const std::string header = context.params.text("header");
    if (!http::isToken(header))
        return fail(Error::InvalidArgument, "ratelimit.header must be a field name, got \"{}\"", header)
            .hint("For example ratelimit.header=X-API-Key.");
    return std::make_shared<Shared>(context);
}

}  // namespace

const engine::ToggleDef& def() {
    static const engine::ToggleDef kDef{
        .id = "ratelimit",
        .number = 5,
        .title = "Rate limiting",
        .summary = "Each client gets a steady rate and a burst; what goes beyond is refused with 429.",
        .off = "Everybody may send as fast as they can; one greedy client slows all the others.",
        .why = "A refused request must cost nothing further down.",
        .moves = "p99 of well-behaved clients while another one floods",
        .costs = "Refused requests; a lock, a map look-up and five fields an answer.",
        .group = engine::Group::Protection,
        .phases = engine::phaseBits({engine::Phase::Admission, engine::Phase::Finish}),
        .params = kParams,
        .counters = kCounters,
        .figure = {.kind = engine::Figure::Rate, .part = "refused", .label = "refused"},
        .doc = kDoc,
        .make = make};
    return kDef;
}

}  // namespace hone::toggles::ratelimit
