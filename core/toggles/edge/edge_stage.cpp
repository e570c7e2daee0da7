#include "core/toggles/edge/edge_stage.h"

#include "core/http/hash.h"
#include "core/http/semantics.h"

#include <fmt/format.h>

namespace hone::toggles::edge {

using engine::Exchange;
using engine::Lookup;

namespace {

bool isRelayedBy(const Exchange& exchange) {
    return exchange.route.endpoint && exchange.route.endpoint->relaysConditions();
}

bool passesBy(const http::Request& request, const Asked& asked, bool isRelayed) {
    return asked.control.noStore || !request.body.empty() || asked.redirectsItself ||
           (isRelayed && (asked.isPartial || asked.hasPreconditions));
}

}  // namespace

void EdgeStage::admit(Exchange& exchange) {
    const auto note = std::make_shared<Note>();
    exchange.notes[index()] = note;
    const auto& request = exchange.request;
    note->region = m_state->clients.regionOf(request);
    note->pop = m_state->caches ? m_state->nearestPop(note->region) : m_state->origin;
    if (!m_state->caches)
        return;
    const bool isRead = request.method == http::Method::Get || request.method == http::Method::Head;
    note->asked = readAsked(request);
    if (!isRead || passesBy(request, note->asked, isRelayedBy(exchange))) {
        note->why = isRead ? (note->asked.control.noStore ? "request" : "bypass") : "method";
        m_state->count(Count::Bypassed);
        if (isRead && note->asked.control.onlyIfCached)
            refuse(exchange, *note);
        return;
    }
    look(exchange, note);
}

void EdgeStage::look(Exchange& exchange, const NotePtr& note) {
    note->isKeyed = true;
    note->primary = m_key.build(exchange.request, isRelayedBy(exchange));
    note->key = note->primary;
    m_state->vary.appendTo(note->key, note->primary, exchange.request);
    note->hash = http::xxHash64(note->key);
    note->purges = m_state->purges.now();
    note->askedAt = m_state->clock.now();
    const auto useIt = [&](const Answer& answer, Reach reach) {
        const Use use = useOf(*answer, note->asked.control, note->askedAt);
        if (use == Use::Refused)
            note->why = "request";
        bool serves = use == Use::Fresh || use == Use::StaleAllowed;
        if (use == Use::WhileRenewing && !note->lead) {
            note->lead = m_state->flights->tryLead(flightOf(*note) + "renew");
            serves = !note->lead;
        }
        if (serves)
            serve(exchange, *note, answer, reach, use != Use::Fresh);
        return serves;
    };
    const auto here = usable(m_state->site(note->pop), *note);
    if (here && useIt(here, Reach::Pop))
        return;
    note->known = here;
    if (m_state->hasShieldFor(note->pop)) {
        const auto there = usable(m_state->site(m_state->shield), *note);
        if (there && there != here && useIt(there, Reach::Shield))
            return;
        note->shieldAsked = true;
        if (there && (!here || there->storedAt > here->storedAt))
            note->known = there;
    }
    if (note->known && note->why != "request")
        note->why = "stale";
    else if (!note->known && m_state->vary.varies(note->primary))
        note->why = "vary-miss";
    if (note->asked.control.onlyIfCached)
        return refuse(exchange, *note);
    goOn(exchange, note);
}

/// What is kept there and may be given to this request, fresh or not.
Answer EdgeStage::usable(Site& site, const Note& note) {
    auto known = site.store.find(note.hash, note.key);
    if (known && known->isExpired(note.askedAt)) {
        site.store.erase(note.hash, note.key, known);
        known = nullptr;
    }
    return known && (!note.asked.namesUser || known->mayBeShared) ? known : nullptr;
}

void EdgeStage::serve(Exchange& exchange, Note& note, const Answer& answer, Reach reach, bool isStale) {
    note.isKeyed = false;
    note.reach = reach;
    note.word = isStale ? "STALE" : reach == Reach::Pop ? "HIT" : "SHIELD HIT";
    auto& site = m_state->site(note.pop);
    (reach == Reach::Pop ? site.hits : site.misses).fetch_add(1, std::memory_order_relaxed);
    m_state->count(reach == Reach::Pop ? Count::Hits : Count::ShieldHits);
    if (isStale)
        m_state->count(Count::Stale);
    if (reach == Reach::Shield) {
        auto& shield = m_state->site(m_state->shield);
        shield.hits.fetch_add(1, std::memory_order_relaxed);
        site.store.insert(note.hash, note.key, answer);
    }
    answerFrom(exchange, *answer, note);
    const auto left =
        std::chrono::floor<std::chrono::seconds>(answer->freshFor - answer->age(m_state->clock.now()));
    const auto hit = fmt::format("hit; ttl={}", left.count());
    if (reach == Reach::Pop)
        say(exchange.response, note, {}, hit);
    else
        say(exchange.response, note, hit, "fwd=uri-miss; stored");
}

void EdgeStage::refuse(Exchange& exchange, Note& note) {
    note.isKeyed = false;
    note.reach = Reach::Pop;
    exchange.answer(http::problem(504, "No fresh answer is kept, and the request asked for nothing else",
                                  "Leave out Cache-Control: only-if-cached."));
    say(exchange.response, note, {}, {});
}

/// To the origin. An upstream is asked whether what we keep still holds, and never with the client's
/// conditions.
void EdgeStage::goOn(Exchange& exchange, const NotePtr& note) {
    const auto& asked = note->asked;
    const bool canAsk = note->known && note->known->canBeValidated();
    if (isRelayedBy(exchange) && exchange.request.method == http::Method::Get &&
        exchange.route.endpoint->isAsync() && (canAsk || asked.ifNoneMatch || asked.ifModifiedSince)) {
        note->revalidation =
            std::make_shared<Revalidation>(*exchange.route.endpoint, note->known, renewer(*note));
        exchange.route.endpoint = note->revalidation.get();
    }
}

Revalidation::Renew EdgeStage::renewer(const Note& note) const {
    return [state = m_state, known = note.known, askedAt = note.askedAt,
            namesUser = note.asked.namesUser](const http::Response& notModified) {
        const Circumstances how{.isRelayed = true,
                                .namesUser = namesUser,
                                .delay = state->clock.now() - askedAt,
                                .target = known->target};
        return renewed(*known, notModified, state->rules, how, state->clock);
    };
}

/// Requests for one answer meet at the shield, else at their point of presence.
std::string EdgeStage::flightOf(const Note& note) const {
    return fmt::format("{} {} {}", m_state->isTiered ? m_state->shield : note.pop, note.purges, note.key);
}

Lookup EdgeStage::lookup(Exchange& exchange, engine::Resume& resume) {
    const auto note = noteOf(exchange);
    const bool mayWait = note && note->isKeyed && m_state->coalesce && !note->lead && !note->revalidation &&
                         exchange.request.method == http::Method::Get && !note->asked.isPartial &&
                         !note->asked.namesUser && note->why != "request";
    if (!mayWait)
        return Lookup::Continue;
    note->lead = m_state->flights->leadOrWait(flightOf(*note), [&]() -> Flights::Waiter {
        return [this, resume = std::move(resume)](const Answer& answer) mutable {
            resume([this, answer](Exchange& waiting) { landed(waiting, answer); });
        };
    });
    return note->lead ? Lookup::Continue : Lookup::Wait;
}

void EdgeStage::landed(Exchange& exchange, const Answer& answer) {
    const auto note = noteOf(exchange);
    const Use use = answer ? useOf(*answer, note->asked.control, m_state->clock.now()) : Use::TooOld;
    if (use != Use::Fresh && use != Use::StaleAllowed && use != Use::WhileRenewing)
        return;  // computes for itself
    note->isKeyed = false;
    note->word = "COLLAPSED";
    auto& site = m_state->site(note->pop);
    site.misses.fetch_add(1, std::memory_order_relaxed);
    m_state->count(Count::Coalesced);
    if (note->purges == m_state->purges.now())
        site.store.insert(note->hash, note->key, answer);
    answerFrom(exchange, *answer, *note);
    const auto waited = fmt::format("fwd={}; collapsed", note->why);
    say(exchange.response, *note, note->shieldAsked ? waited : std::string_view(), waited);
}

std::unique_ptr<engine::Stage> EdgeState::makeStage() {
    return std::make_unique<EdgeStage>(shared_from_this());
}

}  // namespace hone::toggles::edge
