#pragma once

#include "core/engine/upstream/upstream_options.h"
#include "core/http/semantics.h"
#include "core/net/origin.h"

#include <expected>

namespace hone::engine::upstream {

/// Where requests go, from the URL given.
struct Target {
    std::string scheme, host;
    std::uint16_t port = 80;
    std::string authority;  ///< As it stands in Host.
    std::string base;       ///< What paths begin with there: empty or "/v1".
};
/// Errors: InvalidArgument for what is no plain http(s) URL.
[[nodiscard]] Result<Target> parseTarget(std::string_view url);

/// Fields that mean something between two neighbours only (RFC 9110 section 7.6.1), beside those named by
/// Connection. Case does not matter.
[[nodiscard]] bool isHopByHop(std::string_view name);

/// What a gateway does to messages that pass it (RFC 9110 section 7.6). Messages are built anew from their
/// parsed form; nothing is copied as it came. Pure functions on values.
///
/// Thread: any; immutable. Owner: the endpoint. Invariant: wherever a request claims to go, it goes to
/// `target`.
class Forwarding {
public:
    Forwarding(Target target, UpstreamOptions::Forwarded forwarded, bool keepHost, std::string pseudonym)
        : m_target(std::move(target)),
          m_forwarded(forwarded),
          m_keepHost(keepHost),
          m_pseudonym(std::move(pseudonym)) {}

    /// The request for the upstream, or our own answer: 400 for a path that leaves the base, 501 for TRACE,
    /// 508 when it comes round in a circle, 200 when OPTIONS may go no further.
    [[nodiscard]] std::expected<net::OriginRequest, http::Response> request(
        const http::Request& request) const;
    /// The fields for the client; without those of the connection, with Via, and with a Location that does
    /// not lead past us. None when a field cannot be written again (its text is then in `wrong`).
    [[nodiscard]] std::optional<http::Fields> answerFields(std::span<const http::FieldView> fields,
                                                           int version, std::string& wrong) const;

    [[nodiscard]] const Target& target() const { return m_target; }

private:
    void appendRequestFields(std::string& wire, const http::Request& request) const;
    void appendForwarded(std::string& wire, const http::Request& request) const;
    [[nodiscard]] std::string rewritten(std::string_view location) const;

    const Target m_target;
    const UpstreamOptions::Forwarded m_forwarded;
    const bool m_keepHost;
    const std::string m_pseudonym;  ///< Our name in Via; its own for each engine, so that we know ourselves.
};

}  // namespace hone::engine::upstream
