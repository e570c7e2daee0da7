#pragma once

#include "core/base/error.h"

#include <boost/system/error_code.hpp>

#include <cstdint>

#include <string_view>

namespace hone::net {

/// Why a request got no answer, in the words errors are counted by; few and stable, in static storage.
struct ClientFailure {
    Error::Code code = Error::Internal;
    std::string_view text;
};

/// Of an operation on a socket.
[[nodiscard]] ClientFailure failureOf(const boost::system::error_code& error);
/// Of a stream its server reset (RFC 9113 section 7).
[[nodiscard]] ClientFailure failureOfReset(std::uint32_t http2Code);

}  // namespace hone::net
