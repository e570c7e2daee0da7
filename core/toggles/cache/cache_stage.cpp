#include "core/engine/stage.h"
#include "core/http/conditions.h"
#include "core/http/hash.h"
#include "core/http/semantics.h"
#include "core/toggles/cache/cache_note.h"
#include "core/toggles/cache/cache_state.h"

#include <fmt/format.h>

namespace hone::toggles::cache {
namespace {

using engine::Exchange;
using engine::Lookup;
using NotePtr = std::shared_ptr<Note>;

bool isRead(const http::Request& request) {
    return request.method == http::Method::Get || request.method == http::Method::Head;
}

class CacheStage final : public engine::Stage {
public:
    explicit CacheStage(std::shared_ptr<CacheState> state)
        : m_state(std::move(state)), m_key(m_state->rules.perUser) {}

    Lookup lookup(Exchange& exchange, engine::Resume& resume) override {
        if (!isRead(exchange.request))
            return passBy(exchange, "method");
        const Asked asked = readAsked(exchange.request);
        if (passesBy(exchange, asked)) {
            m_state->count(Count::Bypassed);
            if (asked.control.onlyIfCached)
                return refuseToCompute(exchange);
            return passBy(exchange, asked.control.noStore ? "request" : "bypass");
        }
        return m_state->remote ? lookupRemote(exchange, asked, resume) : lookupHere(exchange, asked, resume);
    }

    void store(Exchange& exchange) override {
        const auto note = noteOf(exchange);
        if (!note || note->primary.empty())
            return;
        auto& response = exchange.response;
        if (note->revalidation && note->revalidation->renewedAnswer()) {
            m_state->count(Count::Validated);
            return keep(exchange, *note, note->revalidation->renewedAnswer(), "; fwd-status=304");
        }
        const auto how = note->how(exchange, m_state->clock.now());
        if (!exchange.cacheable || !mayKeep(response, m_state->rules, how, m_state->clock)) {
            if (response.finalStatus() == 200 && !exchange.cacheable && !note->isRelayed)
                m_state->rememberPass(exchange.route.endpoint);
            note->lead.finish(nullptr);  // those who wait compute for themselves
            return;
        }
        const auto names = namesIn(response.fields.joined("Vary"),
                                   [this](std::string_view name) { return m_key.covers(name); });
        m_state->vary.learn(note->primary, names);
        keep(exchange, *note, makeStored(std::move(response), m_state->rules, how, m_state->clock), "");
    }

    void finish(Exchange& exchange) override {
        if (exchange.wrote) {  // before the writer hears of it: who reads after that sees it
            m_state->stamps.wrote(exchange.route.table);
            m_state->stamps.wroteTo(exchange.request, exchange.response);
        }
        const auto note = std::static_pointer_cast<Note>(std::exchange(exchange.notes[index()], nullptr));
        if (!note)
            return;
        if (note->revalidation)
            exchange.route.endpoint = &note->revalidation->origin();
        auto& response = exchange.response;
        if (note->known && response.finalStatus() >= 500 && isFineOnError(*note->known)) {
            m_state->count(Count::Stale);
            m_state->answerFrom(exchange, *note->known, note->asked,
                                fmt::format("hone; fwd=stale; fwd-status={}", response.finalStatus()));
        } else if (!note->isSaid) {
            response.fields.add("Cache-Status", fmt::format("hone; fwd={}", note->why));
        }
        if (note->revalidation)  // the client's conditions were left out on the way
            http::applyConditions(response, exchange.request.method, http::readConditions(exchange.request));
        const bool isAnswer = note->isRelayed && exchange.request.method == http::Method::Get;
        if (isAnswer && !note->isStored && !note->primary.empty() && response.finalStatus() == 200)
            m_state->passes.remember(note->hash);
    }

private:
    [[nodiscard]] std::size_t index() const { return static_cast<std::size_t>(slot); }
    [[nodiscard]] NotePtr noteOf(const Exchange& exchange) const {
        return std::static_pointer_cast<Note>(exchange.notes[index()]);
    }

    /// Requests that neither use nor fill the cache.
    [[nodiscard]] bool passesBy(const Exchange& exchange, const Asked& asked) const {
        const bool isRelayed = isRelayedBy(exchange);
        const auto& rules = m_state->rules;
        return asked.control.noStore || !exchange.request.body.empty() || (asked.isPartial && !isRelayed) ||
               (isRelayed && (asked.hasPreconditions || asked.redirectsItself)) ||
               (asked.namesUser && !rules.perUser && !rules.sharesWithUsers) ||
               m_state->isPass(exchange.route.endpoint);
    }

    static bool isRelayedBy(const Exchange& exchange) {
        return exchange.route.endpoint && exchange.route.endpoint->relaysConditions();
    }

    Lookup passBy(Exchange& exchange, std::string_view why) {
        auto note = std::make_shared<Note>();
        note->why = why;
        exchange.notes[index()] = std::move(note);
        return Lookup::Continue;
    }

    [[nodiscard]] WriteStamp stampOf(const Exchange& exchange, bool isRelayed) const {
        const auto& stamps = m_state->stamps;
        const auto path = exchange.request.path;
        return isRelayed ? stamps.ofUpstream(path)
                         : stamps.now(exchange.route.dataset, exchange.route.table) + stamps.ofPath(path);
    }

    /// A hit takes no memory: a note is made when there is something to compute.
    Lookup lookupHere(Exchange& exchange, const Asked& asked, engine::Resume& resume) {
        const bool isRelayed = isRelayedBy(exchange);
        std::string_view key = m_key.build(exchange.request, isRelayed);
        if (const auto primary = key; m_state->vary.varies(primary)) {
            m_varied.assign(primary);
            m_state->vary.appendTo(m_varied, primary, exchange.request);
            key = m_varied;
        }
        const auto hash = http::xxHash64(key);
        const auto stamp = stampOf(exchange, isRelayed);
        auto known = m_state->store.find(hash, key);
        bool isOutdated = false;
        if (known && isDead(hash, key, known, stamp)) {
            isOutdated = true;
            known = nullptr;
        }
        if (known && !isForUser(*known, asked))
            known = nullptr;
        const Use use = known ? useOf(*known, asked.control, m_state->clock.now()) : Use::TooOld;
        if (use == Use::Fresh || use == Use::StaleAllowed)
            return serve(exchange, *known, asked, use == Use::StaleAllowed);
        if (asked.control.onlyIfCached)
            return refuseToCompute(exchange);
        const auto note = makeNote(exchange, asked, stamp);
        note->known = known;
        note->why = whyOf(*note, use, isOutdated);
        if (use == Use::WhileRenewing) {
            note->lead = m_state->flights->tryLead(flightOf(*note));
            if (!note->lead)
                return serve(exchange, *known, asked, true);
        } else if (mayWait(exchange, *note)) {
            note->lead =
                m_state->flights->leadOrWait(flightOf(*note), [&] { return waiter(std::move(resume)); });
            if (!note->lead) {
                exchange.notes[index()] = note;
                return Lookup::Wait;
            }
        }
        return compute(exchange, note);
    }

    /// The leader asks the backend for all who want the same answer, and computes it for all when it is not
    /// there.
    Lookup lookupRemote(Exchange& exchange, const Asked& asked, engine::Resume& resume) {
        const auto note = makeNote(exchange, asked, stampOf(exchange, isRelayedBy(exchange)));
        note->why = "uri-miss";
        const bool isUp = m_state->remote->isUp();
        if (!isUp && asked.control.onlyIfCached)
            return refuseToCompute(exchange);
        if (!asked.control.onlyIfCached && mayWait(exchange, *note)) {
            note->lead =
                m_state->flights->leadOrWait(flightOf(*note), [&] { return waiter(std::move(resume)); });
            if (!note->lead) {
                exchange.notes[index()] = note;
                return Lookup::Wait;
            }
        }
        if (!isUp)
            return compute(exchange, note);
        // The stage and the exchange live until it is resumed; a resume that comes too late runs nothing.
        m_state->remote->find(note->key, [this, note, resume = std::move(resume)](auto kept) mutable {
            resume([this, note, kept = std::move(kept)](Exchange& waiting) { found(waiting, note, kept); });
        });
        return Lookup::Wait;
    }

    /// On the loop again, with what the backend had.
    void found(Exchange& exchange, const NotePtr& note, const std::optional<KeptAnswer>& kept) {
        auto known = kept ? kept->answer : nullptr;
        const bool isOutdated = known && known->stamp != note->stamp;
        if (isOutdated)
            m_state->count(Count::Invalidated);
        if (known && (isOutdated || known->isExpired(m_state->clock.now()) ||
                      m_state->purges.purged(*known, kept->purges) || !isForUser(*known, note->asked)))
            known = nullptr;
        const Use use = known ? useOf(*known, note->asked.control, m_state->clock.now()) : Use::TooOld;
        if (use == Use::WhileRenewing) {
            note->lead.finish(known);  // who waits need not
            note->lead = m_state->flights->tryLead(flightOf(*note) + "renew");
        }
        if (use == Use::Fresh || use == Use::StaleAllowed || (use == Use::WhileRenewing && !note->lead)) {
            note->lead.finish(known);
            serve(exchange, *known, note->asked, use != Use::Fresh);
            return;
        }
        if (note->asked.control.onlyIfCached) {
            refuseToCompute(exchange);
            return;
        }
        note->known = known;
        note->why = whyOf(*note, use, isOutdated);
        compute(exchange, note);
    }

    NotePtr makeNote(const Exchange& exchange, const Asked& asked, WriteStamp stamp) {
        auto note = std::make_shared<Note>();
        note->isRelayed = isRelayedBy(exchange);
        note->primary = m_key.build(exchange.request, note->isRelayed);
        note->key = note->primary;
        m_state->vary.appendTo(note->key, note->primary, exchange.request);
        note->hash = http::xxHash64(note->key);
        note->stamp = stamp;
        note->purges = m_state->purges.now();
        note->askedAt = m_state->clock.now();
        note->asked = asked;
        return note;
    }

    [[nodiscard]] std::string_view whyOf(const Note& note, Use use, bool isOutdated) const {
        if (isOutdated)
            return "stale";
        if (!note.known)
            return m_state->vary.varies(note.primary) ? "vary-miss" : "uri-miss";
        return use == Use::Refused ? "request" : "stale";
    }

    /// A client that refused what is kept may refuse what others get, too; a user's answer may be the user's
    /// alone; and what is never kept is worth no waiting.
    [[nodiscard]] bool mayWait(const Exchange& exchange, const Note& note) const {
        const bool isWhole =
            !note.isRelayed || (exchange.request.method == http::Method::Get && !note.asked.isPartial);
        return m_state->coalesce && isWhole && note.why != "request" && !note.asked.control.noCache &&
               (!note.asked.namesUser || m_state->rules.perUser) && !m_state->passes.contains(note.hash);
    }

    Lookup compute(Exchange& exchange, const NotePtr& note) {
        m_state->count(Count::Misses);
        const auto& asked = note->asked;
        const bool isConditional = asked.ifNoneMatch || asked.ifModifiedSince;
        const bool canAsk = note->known && note->known->canBeValidated();
        if (note->isRelayed && exchange.request.method == http::Method::Get && !asked.isPartial &&
            exchange.route.endpoint->isAsync() && (canAsk || isConditional)) {
            note->revalidation =
                std::make_shared<Revalidation>(*exchange.route.endpoint, note->known, renewer(*note));
            exchange.route.endpoint = note->revalidation.get();
        }
        exchange.notes[index()] = note;
        return Lookup::Continue;
    }

    [[nodiscard]] Revalidation::Renew renewer(const Note& note) const {
        return [state = m_state, known = note.known, stamp = note.stamp, askedAt = note.askedAt,
                namesUser = note.asked.namesUser](const http::Response& notModified) {
            const Circumstances how{.isRelayed = true,
                                    .namesUser = namesUser,
                                    .stamp = stamp,
                                    .delay = state->clock.now() - askedAt,
                                    .target = known->target};
            return renewed(*known, notModified, state->rules, how, state->clock);
        };
    }

    /// Puts the answer into the store, unless a write or a purge came meanwhile: it may lack that, and is
    /// only for those who asked before.
    void keep(Exchange& exchange, Note& note, const Answer& answer, std::string_view status) {
        std::string key = note.primary;
        m_state->vary.appendTo(key, note.primary, exchange.request);
        const auto hash = http::xxHash64(key);
        if (note.stamp == stampOf(exchange, note.isRelayed) && note.purges == m_state->purges.now()) {
            if (const auto oldest = m_state->vary.admit(note.primary, key))
                forget(*oldest);
            if (m_state->remote) {
                m_state->remote->insert(key, answer, note.purges);
                note.isStored = true;
            } else {
                note.isStored = m_state->store.insert(hash, key, answer);
            }
        }
        if (note.isStored)
            m_state->passes.forget(hash);
        // It turned out to vary by more than was known: who waits may want another variant.
        note.lead.finish(key == note.key ? answer : nullptr);
        m_state->answerFrom(
            exchange, *answer, note.asked,
            fmt::format("hone; fwd={}{}{}", note.why, status, note.isStored ? "; stored" : ""));
        note.isSaid = true;
        if (answer->ageWhenStored == Nanos(0))
            exchange.response.fields.remove("Age");  // it has not been kept before it was sent
    }

    void forget(const std::string& key) {
        if (m_state->remote)
            return m_state->remote->erase(key);
        const auto hash = http::xxHash64(key);
        if (const auto known = m_state->store.find(hash, key))
            m_state->store.erase(hash, key, known);
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

    [[nodiscard]] bool isForUser(const StoredAnswer& answer, const Asked& asked) const {
        return !asked.namesUser || m_state->rules.perUser || answer.mayBeShared;
    }

    /// Whoever asked after a write must not be handed an answer that was begun before it.
    std::string flightOf(const Note& note) const {
        std::string flight = note.key;
        flight.append(reinterpret_cast<const char*>(&note.stamp), sizeof note.stamp);
        flight.append(reinterpret_cast<const char*>(&note.purges), sizeof note.purges);
        return flight;
    }

    /// Continues the exchange with what the leader got, when that is good for this request as well; else it
    /// computes for itself.
    Flights::Waiter waiter(engine::Resume resume) {
        return [this, resume = std::move(resume)](const Answer& answer) mutable {
            resume([this, answer](Exchange& exchange) { landed(exchange, answer); });
        };
    }

    void landed(Exchange& exchange, const Answer& answer) {
        const auto note = noteOf(exchange);
        const Use use = answer ? useOf(*answer, note->asked.control, m_state->clock.now()) : Use::TooOld;
        if (use != Use::Fresh && use != Use::StaleAllowed && use != Use::WhileRenewing) {
            compute(exchange, note);
            return;
        }
        exchange.notes[index()].reset();
        m_state->count(Count::Coalesced);
        m_state->answerFrom(exchange, *answer, note->asked,
                            answer->isFromBackend ? "hone; hit; collapsed" : "hone; fwd=uri-miss; collapsed");
        exchange.note("cache", Nanos(0), "coalesced");
    }

    [[nodiscard]] bool isFineOnError(const StoredAnswer& answer) const {
        return !answer.alwaysAsk && answer.age(m_state->clock.now()) <= answer.freshFor + answer.staleIfError;
    }

    std::shared_ptr<CacheState> m_state;
    KeyBuilder m_key;
    std::string m_varied;  ///< Reused.
};

}  // namespace

std::unique_ptr<engine::Stage> CacheState::makeStage() {
    return std::make_unique<CacheStage>(shared_from_this());
}

}  // namespace hone::toggles::cache
