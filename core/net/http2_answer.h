#pragma once

#include "core/http/message.h"

#include <nghttp2/nghttp2.h>

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hone::net {

/// Builds the field section of an HTTP/2 answer (RFC 9113 section 8.3.2); reused from answer to answer.
///
/// Fields of the connection, and names that are none, are left out; a value from outside cannot hold what
/// section 8.2.1 forbids. The library writes names in lower case. Thread: its connection's. Owner:
/// Http2Protocol.
class Http2AnswerFields {
public:
    /// Views into `response` and `date` that are good while those are and until the next call.
    [[nodiscard]] std::span<const nghttp2_nv> build(const http::Response& response, std::string_view date,
                                                    std::optional<std::uint64_t> length);

private:
    void add(std::string_view name, std::string_view value);
    void addAll(const http::Fields& fields);

    std::vector<nghttp2_nv> m_lines;
    std::deque<std::string> m_cleaned;  ///< Values that could not go out as they were; never moved.
    char m_status[4] = {};
    char m_length[24] = {};
};

}  // namespace hone::net
