#pragma once

#include <string_view>

namespace hone::net {

/// Whether the unread bytes of chunked content are the last chunk's line and one byte more: not yet to be
/// given to Boost's parser.
///
/// It had waited after "0 CR LF" and now counts on the two bytes of the empty line (basic_parser.ipp of 1.81
/// asserts n >= 5). Waiting costs nothing, even when the bytes are content: chunked content always goes on
/// for more (RFC 9112 section 7.1).
inline bool isLastChunkAndOneByte(std::string_view rest) {
    return rest.size() == 4 && rest.starts_with("0\r\n");
}

}  // namespace hone::net
