#include "core/toggles/revalidation.h"

#include "core/http/conditions.h"

namespace hone::toggles {

void Revalidation::begin(engine::Exchange& exchange, engine::Resume done) const {
    m_asked = &exchange.request;
    m_done = std::move(done);
    if (exchange.post)
        m_post = *exchange.post;
    ask(m_known && m_known->canBeValidated());
}

/// On the loop: there the client's request is still whole.
void Revalidation::ask(bool withValidators) const {
    m_request = http::withoutConditions(*m_asked, m_fields);
    if (withValidators) {
        if (m_known->hasOriginTag)
            m_fields.push_back({"If-None-Match", m_known->etag});
        if (!m_known->lastModified.empty())
            m_fields.push_back({"If-Modified-Since", m_known->lastModified});
    }
    m_request.fields = m_fields;
    m_inner.emplace(m_request);
    m_inner->post = m_post ? &m_post : nullptr;
    m_origin.begin(*m_inner, [self = shared_from_this(), withValidators](auto fill) {
        self->came(std::move(fill), withValidators);
    });
}

void Revalidation::came(std::move_only_function<void(engine::Exchange&)> fill, bool withValidators) const {
    if (fill)
        fill(*m_inner);
    if (withValidators && m_inner->response.finalStatus() == 304) {
        m_renewed = m_renew(m_inner->response);
        if (!m_renewed) {
            if (!m_post)
                return ask(false);
            return m_post([self = shared_from_this()] { self->ask(false); });
        }
    }
    std::exchange(m_done,
                  {})([self = shared_from_this()](engine::Exchange& exchange) { self->giveBack(exchange); });
}

void Revalidation::giveBack(engine::Exchange& exchange) const {
    for (int i = 0; i < m_inner->timingCount; ++i) {
        auto& timing = m_inner->timings[static_cast<std::size_t>(i)];
        exchange.note(timing.name, timing.duration, std::move(timing.note));
    }
    exchange.cacheable = m_inner->cacheable;
    exchange.wrote = m_inner->wrote;
    exchange.sql = m_inner->sql;
    if (m_renewed)
        return exchange.answer(http::Response{.prepared = m_renewed->full});
    exchange.response = std::move(m_inner->response);
    exchange.answered = m_inner->answered;
}

}  // namespace hone::toggles
