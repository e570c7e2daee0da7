#pragma once

#include "core/caching/response_store.h"
#include "core/engine/endpoint.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace hone::toggles {

using caching::Answer;

/// Stands in for an upstream's endpoint in one exchange: asks it with our conditions instead of the client's,
/// so that a whole answer comes back or word that the one we keep still holds (RFC 9111 section 4.3).
///
/// Thread: begin() and what it gives back on the exchange's loop; the upstream's answer is read on the
/// upstream's thread. Owner: the stage's note and the upstream's errand, so that it outlives both. Invariant:
/// a 304 is never handed on unless `renew` made an answer of it; else the upstream is asked again, without
/// conditions.
class Revalidation final : public engine::Endpoint, public std::enable_shared_from_this<Revalidation> {
public:
    /// Makes the renewed answer from a 304, or null when it is about another one.
    using Renew = std::function<Answer(const http::Response& notModified)>;
    /// `known` may be null: then it only leaves the client's conditions out.
    Revalidation(const engine::Endpoint& origin, Answer known, Renew renew)
        : m_origin(origin), m_known(std::move(known)), m_renew(std::move(renew)) {}

    [[nodiscard]] std::string_view name() const override { return m_origin.name(); }
    [[nodiscard]] bool blocks() const override { return m_origin.blocks(); }
    [[nodiscard]] bool relaysConditions() const override { return true; }
    [[nodiscard]] bool isAsync() const override { return true; }
    void handle(engine::Exchange& exchange) const override { m_origin.handle(exchange); }
    void begin(engine::Exchange& exchange, engine::Resume done) const override;

    [[nodiscard]] const engine::Endpoint& origin() const { return m_origin; }
    /// After a 304: what is kept and sent from now on.
    [[nodiscard]] const Answer& renewedAnswer() const { return m_renewed; }

private:
    void ask(bool withValidators) const;
    void came(std::move_only_function<void(engine::Exchange&)> fill, bool withValidators) const;
    void giveBack(engine::Exchange& exchange) const;

    const engine::Endpoint& m_origin;
    const Answer m_known;
    const Renew m_renew;
    // Endpoints are const for others; this one belongs to a single exchange, which passes it from thread to
    // thread.
    mutable const http::Request* m_asked = nullptr;
    mutable std::vector<http::FieldView> m_fields;
    mutable http::Request m_request;
    mutable std::optional<engine::Exchange> m_inner;
    mutable std::function<void(std::function<void()>)> m_post;
    mutable engine::Resume m_done;
    mutable Answer m_renewed;
};

}  // namespace hone::toggles
