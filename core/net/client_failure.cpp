#include "core/net/client_failure.h"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <nghttp2/nghttp2.h>

namespace hone::net {

namespace asio = boost::asio;

ClientFailure failureOf(const boost::system::error_code& error) {
    // Over TLS an end without close_notify may be an attacker's: never the end of an answer (RFC 9112, 9.8).
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated)
        return {Error::Unavailable, "connection closed"};
    if (error == asio::error::connection_reset || error == asio::error::broken_pipe)
        return {Error::Unavailable, "connection reset"};
    if (error == asio::error::connection_refused)
        return {Error::Unavailable, "connection refused"};
    if (error == asio::error::host_unreachable || error == asio::error::network_unreachable)
        return {Error::Unavailable, "no route"};
    if (error == asio::error::timed_out)
        return {Error::Timeout, "timeout"};
    if (error == asio::error::no_descriptors || error == boost::system::errc::address_not_available ||
        error == boost::system::errc::too_many_files_open_in_system)
        return {Error::ResourceExhausted, "out of sockets"};
    return {Error::Io, "socket error"};
}

ClientFailure failureOfReset(std::uint32_t http2Code) {
    switch (http2Code) {
        case NGHTTP2_REFUSED_STREAM: return {Error::Unavailable, "refused stream"};
        case NGHTTP2_INTERNAL_ERROR: return {Error::Unavailable, "stream reset: internal error"};
        case NGHTTP2_PROTOCOL_ERROR: return {Error::Unavailable, "stream reset: protocol error"};
        case NGHTTP2_CANCEL: return {Error::Unavailable, "stream reset: cancel"};
        case NGHTTP2_ENHANCE_YOUR_CALM: return {Error::Unavailable, "stream reset: enhance your calm"};
        case NGHTTP2_HTTP_1_1_REQUIRED: return {Error::Unsupported, "stream reset: HTTP/1.1 required"};
        default: return {Error::Unavailable, "stream reset"};
    }
}

}  // namespace hone::net
