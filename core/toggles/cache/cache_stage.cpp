#include "core/engine/stage.h"
#include "core/http/hash.h"
#include "core/http/semantics.h"
#include "core/toggles/cache/cache_state.h"

#include <fmt/format.h>

namespace hone::toggles::cache {
namespace {

using engine::Exchange;
using engine::Lookup;

/// What Lookup leaves for Store and Finish of the same request. Letting go of it gives up the lead.
struct Note {
    std::string key;  ///< Empty: bypassed.
    std::uint64_t hash = 0;
    WriteStamp stamp = 0;  ///< Taken before anything was read.
    const engine::Endpoint* endpoint = nullptr;
    std::string_view why;  ///< The fwd parameter of Cache-Status (RFC 9211 section 2.2).
    Answer stale;          ///< For stale-if-error.
    Flights::Leadership lead;
};

class CacheStage final : public engine::Stage {
public:
    explicit CacheStage(std::shared_ptr<CacheState> state)
        : m_state(std::move(state)), m_key(m_state->rules.perUser) {}

    Lookup lookup(Exchange& exchange, engine::Resume& resume) override {
        const auto& request = exchange.request;
        if (request.method != http::Method::Get && request.method != http::Method::Head)
            return Lookup::Continue;
        const Asked asked = readAsked(request);
        if (asked.control.noStore || asked.isPartial || (asked.namesUser && !m_state->rules.perUser) ||
            m_state->isPass(exchange.route.endpoint))
            return bypass(exchange, asked);
        const auto key = m_key.build(request);
        const auto hash = http::xxHash64(key);
        const auto stamp = m_state->stamps.now(exchange.route.dataset, exchange.route.table);
        auto known = m_state->store.find(hash, key);
        std::string_view why = "uri-miss";
        if (known && isDead(hash, key, known, stamp)) {
            known = nullptr;
            why = "stale";
        }
        bool canServeStale = false;
        if (known) {
            const Use use = useOf(*known, asked.control, m_state->rules, m_state->clock.now());
            if (use == Use::Fresh || use == Use::StaleAllowed)
                return serve(exchange, *known, asked, use == Use::StaleAllowed);
            why = use == Use::Refused ? "request" : "stale";
            canServeStale = use == Use::WhileRenewing;
        }
        if (asked.control.onlyIfCached)
            return refuseToCompute(exchange);
        const auto note =
            std::make_shared<Note>(std::string(key), hash, stamp, exchange.route.endpoint, why, known);
        // A client that refused what is kept may refuse what others get too: it computes alone.
        if (canServeStale) {
            note->lead = m_state->flights->tryLead(flightOf(*note));
            if (!note->lead)
                return serve(exchange, *known, asked, true);
        } else if (m_state->coalesce && why != "request" && !asked.control.noCache) {
            note->lead =
                m_state->flights->leadOrWait(flightOf(*note), [&] { return waiter(std::move(resume)); });
            if (!note->lead) {
                exchange.notes[index()] = note;
                return Lookup::Wait;
            }
        }
        m_state->count(Count::Misses);
        exchange.notes[index()] = note;
        return Lookup::Continue;
    }

    void store(Exchange& exchange) override {
        const auto note = noteOf(exchange);
        if (!note || note->key.empty())
            return;
        auto& response = exchange.response;
        if (!exchange.cacheable || !mayKeep(response, m_state->rules, m_key)) {
            if (response.finalStatus() == 200 && !exchange.cacheable)
                m_state->rememberPass(note->endpoint);
            note->lead.finish(nullptr);  // those who wait compute for themselves
            return;
        }
        const auto answer = makeStored(std::move(response), m_state->rules, note->stamp, m_state->clock);
        // A write came meanwhile: the answer may lack it, and is only for those who asked before it.
        const bool isStored =
            note->stamp == m_state->stamps.now(exchange.route.dataset, exchange.route.table) &&
            m_state->store.insert(note->hash, note->key, answer);
        note->lead.finish(answer);
        m_state->answerFrom(exchange, *answer, readAsked(exchange.request),
                            fmt::format("hone; fwd={}{}", note->why, isStored ? "; stored" : ""));
        exchange.response.fields.remove("Age");  // it has not been kept before it was sent
    }

    void finish(Exchange& exchange) override {
        if (exchange.wrote)  // before the writer hears of it: who reads after that sees it
            m_state->stamps.wrote(exchange.route.table);
        const auto note = std::exchange(exchange.notes[index()], nullptr);
        if (!note)
            return;
        const auto& left = *static_cast<const Note*>(note.get());
        auto& response = exchange.response;
        if (left.stale && response.finalStatus() >= 500 && isFineOnError(*left.stale)) {
            m_state->count(Count::Stale);
            m_state->answerFrom(exchange, *left.stale, readAsked(exchange.request),
                                fmt::format("hone; fwd=stale; fwd-status={}", response.finalStatus()));
        } else if (!response.fields.has("Cache-Status")) {
            response.fields.add("Cache-Status", fmt::format("hone; fwd={}", left.why));
        }
    }

private:
    [[nodiscard]] std::size_t index() const { return static_cast<std::size_t>(slot); }
    [[nodiscard]] std::shared_ptr<Note> noteOf(const Exchange& exchange) const {
        return std::static_pointer_cast<Note>(exchange.notes[index()]);
    }

    Lookup bypass(Exchange& exchange, const Asked& asked) {
        m_state->count(Count::Bypassed);
        if (asked.control.onlyIfCached)
            return refuseToCompute(exchange);
        auto note = std::make_shared<Note>();
        note->why = asked.control.noStore ? "request" : "bypass";
        exchange.notes[index()] = std::move(note);
        return Lookup::Continue;
    }

    Lookup serve(Exchange& exchange, const StoredAnswer& answer, const Asked& asked, bool isStale) {
        m_state->count(Count::Hits);
        if (!isStale) {
            m_state->answerFrom(exchange, answer, asked, "hone; hit");
            exchange.note("cache", Nanos(0), "hit");
            return Lookup::Continue;
        }
        m_state->count(Count::Stale);
        const Nanos left = answer.freshFor - answer.age(m_state->clock.now());
        m_state->answerFrom(
            exchange, answer, asked,
            fmt::format("hone; hit; ttl={}", std::chrono::floor<std::chrono::seconds>(left).count()));
        exchange.note("cache", Nanos(0), "stale");
        return Lookup::Continue;
    }

    /// RFC 9111 section 5.2.1.7.
    static Lookup refuseToCompute(Exchange& exchange) {
        auto response = http::problem(504, "No fresh answer is kept, and the request asked for nothing else",
                                      "Leave out Cache-Control: only-if-cached.");
        response.fields.set("Cache-Status", "hone");
        exchange.answer(std::move(response));
        return Lookup::Continue;
    }

    /// Outdated by a write, or older than anything may use; then it is removed.
    bool isDead(std::uint64_t hash, std::string_view key, const Answer& known, WriteStamp stamp) {
        const bool isOutdated = known->stamp != stamp;
        if (!isOutdated && !known->isExpired(m_state->clock.now()))
            return false;
        if (m_state->store.erase(hash, key, known) && isOutdated)
            m_state->count(Count::Invalidated);
        return true;
    }

    /// Whoever asked after a write must not be handed an answer that was begun before it.
    std::string_view flightOf(const Note& note) {
        m_flight.assign(note.key);
        m_flight.append(reinterpret_cast<const char*>(&note.stamp), sizeof note.stamp);
        return m_flight;
    }

    /// Continues the exchange with what the leader got, or lets it compute for itself.
    Flights::Waiter waiter(engine::Resume resume) {
        return [state = m_state, at = index(), resume = std::move(resume)](const Answer& answer) mutable {
            resume([state, at, answer](Exchange& exchange) {
                if (!answer)
                    return state->count(Count::Misses);
                exchange.notes[at].reset();
                state->count(Count::Coalesced);
                state->answerFrom(exchange, *answer, readAsked(exchange.request),
                                  "hone; fwd=uri-miss; collapsed");
                exchange.note("cache", Nanos(0), "coalesced");
            });
        };
    }

    [[nodiscard]] bool isFineOnError(const StoredAnswer& answer) const {
        return answer.age(m_state->clock.now()) <= answer.freshFor + m_state->rules.staleIfError;
    }

    std::shared_ptr<CacheState> m_state;
    KeyBuilder m_key;
    std::string m_flight;  ///< Reused.
};

}  // namespace

std::unique_ptr<engine::Stage> CacheState::makeStage() {
    return std::make_unique<CacheStage>(shared_from_this());
}

}  // namespace hone::toggles::cache
