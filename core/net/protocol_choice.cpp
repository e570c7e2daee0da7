#include "core/net/protocol_choice.h"

#include "core/net/http1_protocol.h"

namespace hone::net {

std::unique_ptr<Protocol> firstProtocol(ProtocolContext context) {
    return std::make_unique<Http1Protocol>(std::move(context));
}

std::unique_ptr<Protocol> protocolByAlpn(std::string_view, const ProtocolContext&) { return nullptr; }

}  // namespace hone::net
