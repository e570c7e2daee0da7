#include "core/toggles/edge/edge_stage.h"

#include "core/http/conditions.h"
#include "core/http/hash.h"

#include <fmt/format.h>

namespace hone::toggles::edge {

using engine::Exchange;

void EdgeStage::finish(Exchange& exchange) {
    if (exchange.wrote && m_state->caches)  // before the writer hears of it: who reads after that sees it
        m_state->wrote(exchange);
    const auto note = std::static_pointer_cast<Note>(std::exchange(exchange.notes[index()], nullptr));
    if (!note)
        return;
    if (note->revalidation)
        exchange.route.endpoint = &note->revalidation->origin();
    if (note->isKeyed)
        settle(exchange, *note);
    else if (m_state->caches && note->reach == Reach::Origin && note->word == "PASS")
        say(exchange.response, *note, {}, fmt::format("fwd={}", note->why));
    delay(exchange, *note);
}

/// The origin has answered: keeps that, or makes do with what is kept.
void EdgeStage::settle(Exchange& exchange, Note& note) {
    auto& site = m_state->site(note.pop);
    site.misses.fetch_add(1, std::memory_order_relaxed);
    if (note.shieldAsked)
        m_state->site(m_state->shield).misses.fetch_add(1, std::memory_order_relaxed);
    m_state->count(Count::Misses);
    note.word = "MISS";
    const int status = exchange.response.finalStatus();
    if (note.revalidation && note.revalidation->renewedAnswer()) {
        m_state->count(Count::Validated);
        note.word = "REVALIDATED";
        return keep(exchange, note, note.revalidation->renewedAnswer(), "; fwd-status=304");
    }
    const auto& known = note.known;
    if (known && status >= 500 && !known->alwaysAsk && !exchange.wrote &&
        known->age(m_state->clock.now()) <= known->freshFor + known->staleIfError) {
        m_state->count(Count::Stale);
        note.word = "STALE ON ERROR";
        answerFrom(exchange, *known, note);
        const auto why = fmt::format("fwd=stale; fwd-status={}", status);
        return say(exchange.response, note, note.shieldAsked ? why : std::string_view(), why);
    }
    if (auto answer = makeAnswer(exchange, note))
        return keep(exchange, note, answer, "");
    note.lead.finish(nullptr);
    const auto why = fmt::format("fwd={}", note.why);
    say(exchange.response, note, note.shieldAsked ? why : std::string_view(), why);
    if (note.revalidation)  // the client's conditions were left out on the way
        http::applyConditions(exchange.response, exchange.request.method,
                              http::readConditions(exchange.request));
}

/// The answer as it will be kept; null when it may not be. What a cache at the origin has prepared already is
/// copied, with its own word on how long it lives.
Answer EdgeStage::makeAnswer(Exchange& exchange, const Note& note) {
    auto& response = exchange.response;
    const bool isPrepared = response.prepared != nullptr;
    const bool isRelayed = exchange.route.endpoint && exchange.route.endpoint->relaysConditions();
    if (response.source || note.asked.isPartial || exchange.request.method != http::Method::Get ||
        !(exchange.cacheable || (isPrepared && response.prepared->fields.has("Cache-Control"))))
        return nullptr;
    const Circumstances how{
        .isRelayed = isRelayed || isPrepared,
        .namesUser = note.asked.namesUser,
        .delay = m_state->clock.now() - note.askedAt,
        .target = exchange.request.target,
        .table = exchange.route.table ? std::string_view(exchange.route.table->name) : std::string_view()};
    http::Response whole;
    if (isPrepared) {
        whole.status = response.prepared->status;
        whole.fields = response.prepared->fields;
        for (const auto& [name, value] : response.fields.lines())
            whole.fields.add(name, value);
    } else {
        whole.status = response.status;
        whole.fields = response.fields;
    }
    whole.fields.remove("Cache-Status");  // of this answer; the next one's will be another
    if (!mayKeep(whole, m_state->rules, how, m_state->clock))
        return nullptr;
    whole.body = isPrepared ? response.prepared->body : std::move(response.body);
    if (isPrepared && !isRelayed && !how.table.empty())
        whole.fields.add("Surrogate-Key", how.table);
    auto answer = makeStored(std::move(whole), m_state->rules, how, m_state->clock);
    const auto names = namesIn(answer->full->fields.joined("Vary"),
                               [this](std::string_view name) { return m_key.covers(name); });
    m_state->vary.learn(note.primary, names);
    return answer;
}

/// In both tiers, unless a purge came between.
void EdgeStage::keep(Exchange& exchange, Note& note, const Answer& answer, std::string_view status) {
    std::string key = note.primary;
    m_state->vary.appendTo(key, note.primary, exchange.request);
    const auto hash = http::xxHash64(key);
    bool isKept = false;
    if (note.purges == m_state->purges.now()) {
        isKept = m_state->site(note.pop).store.insert(hash, key, answer);
        if (note.shieldAsked)
            m_state->site(m_state->shield).store.insert(hash, key, answer);
    }
    // It turned out to vary by more than was known: who waits may want another variant.
    note.lead.finish(key == note.key ? answer : nullptr);
    const std::string atOrigin = exchange.response.fields.joined("Cache-Status");
    answerFrom(exchange, *answer, note);
    if (!atOrigin.empty())
        exchange.response.fields.add("Cache-Status", atOrigin);
    if (answer->ageWhenStored == Nanos(0))
        exchange.response.fields.remove("Age");  // it has not been kept before it was sent
    const auto why = fmt::format("fwd={}{}{}", note.why, status, isKept ? "; stored" : "");
    say(exchange.response, note, note.shieldAsked ? why : std::string_view(), why);
}

void EdgeStage::answerFrom(Exchange& exchange, const StoredAnswer& answer, const Note& note) {
    http::Response response;
    response.prepared = isNotModified(answer, note.asked) ? answer.notModified : answer.full;
    const auto age = std::chrono::floor<std::chrono::seconds>(answer.age(m_state->clock.now())).count();
    response.fields.add("Age", fmt::format_int(age).str());
    exchange.answer(std::move(response));
}

/// One member per tier, the one nearest to the origin first (RFC 9211 section 2).
void EdgeStage::say(http::Response& response, const Note& note, std::string_view ofShield,
                    std::string_view ofPop) const {
    const auto member = [](std::string_view id, std::string_view what) {
        return fmt::format("edge-{}{}{}", id, what.empty() ? "" : "; ", what);
    };
    if (!ofShield.empty())
        response.fields.add("Cache-Status", member(m_state->site(m_state->shield).place.id, ofShield));
    response.fields.add("Cache-Status", member(m_state->site(note.pop).place.id, ofPop));
}

/// The simulated way: of the client to its point of presence, twice or three times when the connection is new
/// (TCP; TLS 1.3, RFC 8446 section 2), and from there as far as the request went, over connections that
/// stand.
void EdgeStage::delay(Exchange& exchange, const Note& note) {
    const auto& request = exchange.request;
    const bool isFirst = request.ordinal == 0;
    const int trips = 1 + (isFirst ? 1 + (request.scheme == "https" ? 1 : 0) : 0);
    const Nanos direct = m_state->fromClient(note.region, m_state->origin) * trips;
    Nanos way = m_state->fromClient(note.region, note.pop) * trips;
    if (note.pop != m_state->origin || m_state->caches) {
        const bool viaShield = note.shieldAsked || note.reach == Reach::Shield;
        if (viaShield)
            way += m_state->between(note.pop, m_state->shield);
        if (note.reach == Reach::Origin)
            way += m_state->between(viaShield ? m_state->shield : note.pop, m_state->origin);
    }
    using std::chrono::milliseconds;
    m_state->count(Count::Distance,
                   static_cast<std::uint64_t>(std::chrono::round<milliseconds>(way).count()));
    m_state->count(Count::Direct,
                   static_cast<std::uint64_t>(std::chrono::round<milliseconds>(direct).count()));
    exchange.heldBack += way;
    exchange.note("edge", way,
                  m_state->caches
                      ? fmt::format("simulated {} {}", m_state->site(note.pop).place.id, note.word)
                      : "simulated distance");
}

}  // namespace hone::toggles::edge
