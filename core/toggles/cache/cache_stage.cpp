#include "core/toggles/cache/cache_stage.h"

#include "core/http/hash.h"
#include "core/http/semantics.h"

#include <fmt/format.h>

namespace hone::toggles::cache {

namespace {

bool isRead(const http::Request& request) {
    return request.method == http::Method::Get || request.method == http::Method::Head;
}

}  // namespace

using engine::Exchange;
using engine::Lookup;

Lookup CacheStage::lookup(Exchange& exchange, engine::Resume& resume) {
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

bool CacheStage::passesBy(const Exchange& exchange, const Asked& asked) const {
    const bool isRelayed = isRelayedBy(exchange);
    const auto& rules = m_state->rules;
    return asked.control.noStore || !exchange.request.body.empty() || (asked.isPartial && !isRelayed) ||
           (isRelayed && (asked.hasPreconditions || asked.redirectsItself)) ||
           (asked.namesUser && !rules.perUser && !rules.sharesWithUsers) ||
           m_state->isPass(exchange.route.endpoint);
}

Lookup CacheStage::passBy(Exchange& exchange, std::string_view why) {
    auto note = std::make_shared<Note>();
    note->why = why;
    exchange.notes[index()] = std::move(note);
    return Lookup::Continue;
}

Lookup CacheStage::lookupHere(Exchange& exchange, const Asked& asked, engine::Resume& resume) {
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
        note->lead = m_state->flights->leadOrWait(flightOf(*note), [&] { return waiter(std::move(resume)); });
        if (!note->lead) {
            exchange.notes[index()] = note;
            return Lookup::Wait;
        }
    }
    return compute(exchange, note);
}

Lookup CacheStage::lookupRemote(Exchange& exchange, const Asked& asked, engine::Resume& resume) {
    const auto note = makeNote(exchange, asked, stampOf(exchange, isRelayedBy(exchange)));
    note->why = "uri-miss";
    const bool isUp = m_state->remote->isUp();
    if (!isUp && asked.control.onlyIfCached)
        return refuseToCompute(exchange);
    if (!asked.control.onlyIfCached && mayWait(exchange, *note)) {
        note->lead = m_state->flights->leadOrWait(flightOf(*note), [&] { return waiter(std::move(resume)); });
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

void CacheStage::found(Exchange& exchange, const NotePtr& note, const std::optional<KeptAnswer>& kept) {
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

std::shared_ptr<Note> CacheStage::makeNote(const Exchange& exchange, const Asked& asked, WriteStamp stamp) {
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

std::string_view CacheStage::whyOf(const Note& note, Use use, bool isOutdated) const {
    if (isOutdated)
        return "stale";
    if (!note.known)
        return m_state->vary.varies(note.primary) ? "vary-miss" : "uri-miss";
    return use == Use::Refused ? "request" : "stale";
}

bool CacheStage::mayWait(const Exchange& exchange, const Note& note) const {
    const bool isWhole =
        !note.isRelayed || (exchange.request.method == http::Method::Get && !note.asked.isPartial);
    return m_state->coalesce && isWhole && note.why != "request" && !note.asked.control.noCache &&
           (!note.asked.namesUser || m_state->rules.perUser) && !m_state->passes.contains(note.hash);
}

Lookup CacheStage::compute(Exchange& exchange, const NotePtr& note) {
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

Revalidation::Renew CacheStage::renewer(const Note& note) const {
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

Lookup CacheStage::serve(Exchange& exchange, const StoredAnswer& answer, const Asked& asked, bool isStale) {
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

Lookup CacheStage::refuseToCompute(Exchange& exchange) {
    auto response = http::problem(504, "No fresh answer is kept, and the request asked for nothing else",
                                  "Leave out Cache-Control: only-if-cached.");
    response.fields.set("Cache-Status", "hone");
    exchange.answer(std::move(response));
    return Lookup::Continue;
}

bool CacheStage::isDead(std::uint64_t hash, std::string_view key, const Answer& known, WriteStamp stamp) {
    const bool isOutdated = known->stamp != stamp;
    if (!isOutdated && !known->isExpired(m_state->clock.now()))
        return false;
    if (m_state->store.erase(hash, key, known) && isOutdated)
        m_state->count(Count::Invalidated);
    return true;
}

bool CacheStage::isForUser(const StoredAnswer& answer, const Asked& asked) const {
    return !asked.namesUser || m_state->rules.perUser || answer.mayBeShared;
}

std::string CacheStage::flightOf(const Note& note) const {
    std::string flight = note.key;
    flight.append(reinterpret_cast<const char*>(&note.stamp), sizeof note.stamp);
    flight.append(reinterpret_cast<const char*>(&note.purges), sizeof note.purges);
    return flight;
}

Flights::Waiter CacheStage::waiter(engine::Resume resume) {
    return [this, resume = std::move(resume)](const Answer& answer) mutable {
        resume([this, answer](Exchange& exchange) { landed(exchange, answer); });
    };
}

void CacheStage::landed(Exchange& exchange, const Answer& answer) {
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

std::unique_ptr<engine::Stage> CacheState::makeStage() {
    return std::make_unique<CacheStage>(shared_from_this());
}

}  // namespace hone::toggles::cache
