#pragma once

#include "core/base/clock.h"
#include "core/http/message.h"

#include <nghttp2/nghttp2.h>

#include <string>
#include <string_view>
#include <vector>

namespace hone::net {

/// One request on its way over HTTP/2, and what has come back of it.
///
/// The request is given in HTTP/1.1 form and turned into fields here (RFC 9113 section 8.3): names in lower
/// case, Host as :authority, connection-specific fields left out (section 8.2.2). Thread: its connection's.
/// Owner: its client. Invariant: the request's fields point into m_wire, the answer's into m_text.
class Http2Exchange {
public:
    /// False when `wire` is not a request line with fields.
    [[nodiscard]] bool start(std::string_view wire, std::string_view scheme, bool wantBody);
    [[nodiscard]] const std::vector<nghttp2_nv>& request() const { return m_request; }
    [[nodiscard]] bool hasContent() const { return !m_content.empty(); }
    /// Copies the next piece of the content; `isLast` when nothing follows.
    [[nodiscard]] std::size_t takeContent(std::uint8_t* out, std::size_t room, bool& isLast);
    [[nodiscard]] bool mayRepeat() const { return m_mayRepeat; }
    void restart();  ///< To be sent once more.

    // The session tells:
    std::int32_t stream = -1;
    bool isEnded = false;   ///< END_STREAM came.
    bool isReset = false;   ///< By the server.
    bool isUnsent = false;  ///< The session never let it out.
    void onHeadBegins(Nanos now);
    void onField(std::string_view name, std::string_view value);
    void onHeadEnds();
    void onContent(std::string_view bytes);
    void onFrame(std::size_t bytes) { m_wireBytes += bytes; }

    [[nodiscard]] int status() const { return m_hasHead ? m_status : 0; }
    [[nodiscard]] const std::vector<http::FieldView>& fields();
    [[nodiscard]] std::string_view body() const { return m_body; }
    [[nodiscard]] std::uint64_t bodyBytes() const { return m_bodyBytes; }
    [[nodiscard]] std::uint64_t wireBytes() const { return m_wireBytes; }  ///< Frames of this stream.
    [[nodiscard]] Nanos firstByte() const { return m_firstByte; }

private:
    struct Line {
        std::size_t name = 0, value = 0, end = 0;  ///< Offsets into m_text.
    };
    bool addField(char* begin, char* end);
    void add(std::string_view name, std::string_view value);

    std::string m_wire, m_text, m_body;
    std::vector<nghttp2_nv> m_request;
    std::vector<Line> m_lines;
    std::vector<http::FieldView> m_fields;
    std::string_view m_content;
    std::size_t m_contentSent = 0;
    std::uint64_t m_wireBytes = 0, m_bodyBytes = 0;
    Nanos m_firstByte{0};
    int m_status = 0;
    bool m_hasHead = false, m_wantBody = false, m_mayRepeat = false;
};

}  // namespace hone::net
