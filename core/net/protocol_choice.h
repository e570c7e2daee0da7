#pragma once

#include "core/net/server_protocol.h"

#include <memory>
#include <string_view>

/// Which protocol is spoken on a connection: HTTP/1.1, unless HTTP/2 was agreed on by ALPN, begun with its
/// preface, or asked for by Upgrade. Thread: the connection's loop.
namespace hone::net {

/// Before anything is known of the client.
[[nodiscard]] std::unique_ptr<Protocol> firstProtocol(ProtocolContext context);
/// After a TLS handshake; null when the first one may go on.
[[nodiscard]] std::unique_ptr<Protocol> protocolByAlpn(std::string_view alpn, const ProtocolContext& context);

}  // namespace hone::net
