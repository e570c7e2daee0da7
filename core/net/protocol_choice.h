#pragma once

#include "core/net/server_protocol.h"

#include <memory>
#include <string_view>

/// Which protocol is spoken on a connection: HTTP/1.1, unless HTTP/2 is offered and was agreed on by ALPN
/// (RFC 9113 section 3.2), begun with its preface (section 3.3), or asked for by Upgrade (RFC 7540
/// section 3.2). Thread: the connection's loop.
namespace hone::net {

/// Before anything is known of the client.
[[nodiscard]] std::unique_ptr<Protocol> firstProtocol(ProtocolContext context);
/// After a TLS handshake; null when the first one may go on.
[[nodiscard]] std::unique_ptr<Protocol> protocolByAlpn(std::string_view alpn, const ProtocolContext& context);

/// How the first bytes on a plain connection compare with HTTP/2's preface.
enum class Preface { Absent, Incomplete, Complete };
[[nodiscard]] Preface prefaceIn(std::string_view firstBytes, const ProtocolContext& context);
[[nodiscard]] std::unique_ptr<Protocol> protocolByPreface(const ProtocolContext& context);

/// For a request with an Upgrade field: the protocol that answers it after a 101, null when HTTP/1.1 is to
/// answer (an Upgrade may always be ignored: RFC 9110 section 7.8).
[[nodiscard]] std::unique_ptr<Protocol> protocolByUpgrade(const http::Request& request,
                                                          const ProtocolContext& context);

}  // namespace hone::net
