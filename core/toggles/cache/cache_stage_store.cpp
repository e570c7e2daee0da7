#include "core/toggles/cache/cache_stage.h"

#include "core/http/conditions.h"
#include "core/http/hash.h"

#include <fmt/format.h>

namespace hone::toggles::cache {

using engine::Exchange;

void CacheStage::store(Exchange& exchange) {
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
    const auto names =
        namesIn(response.fields.joined("Vary"), [this](std::string_view name) { return m_key.covers(name); });
    m_state->vary.learn(note->primary, names);
    keep(exchange, *note, makeStored(std::move(response), m_state->rules, how, m_state->clock), "");
}

void CacheStage::finish(Exchange& exchange) {
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

std::shared_ptr<Note> CacheStage::noteOf(const Exchange& exchange) const {
    return std::static_pointer_cast<Note>(exchange.notes[index()]);
}

bool CacheStage::isRelayedBy(const Exchange& exchange) {
    return exchange.route.endpoint && exchange.route.endpoint->relaysConditions();
}

WriteStamp CacheStage::stampOf(const Exchange& exchange, bool isRelayed) const {
    const auto& stamps = m_state->stamps;
    const auto path = exchange.request.path;
    return isRelayed ? stamps.ofUpstream(path)
                     : stamps.now(exchange.route.dataset, exchange.route.table) + stamps.ofPath(path);
}

void CacheStage::keep(Exchange& exchange, Note& note, const Answer& answer, std::string_view status) {
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
    m_state->answerFrom(exchange, *answer, note.asked,
                        fmt::format("hone; fwd={}{}{}", note.why, status, note.isStored ? "; stored" : ""));
    note.isSaid = true;
    if (answer->ageWhenStored == Nanos(0))
        exchange.response.fields.remove("Age");  // it has not been kept before it was sent
}

void CacheStage::forget(const std::string& key) {
    if (m_state->remote)
        return m_state->remote->erase(key);
    const auto hash = http::xxHash64(key);
    if (const auto known = m_state->store.find(hash, key))
        m_state->store.erase(hash, key, known);
}

bool CacheStage::isFineOnError(const StoredAnswer& answer) const {
    return !answer.alwaysAsk && answer.age(m_state->clock.now()) <= answer.freshFor + answer.staleIfError;
}

}  // namespace hone::toggles::cache
