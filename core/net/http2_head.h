#pragma once

#include "core/http/message.h"
#include "core/net/request_parser.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone::net {

/// The pseudo-fields and fields of one HTTP/2 request, and the rules the framing library leaves to us.
///
/// The library checks field syntax, pseudo-field order and presence, connection-specific fields and
/// Content-Length (RFC 9113 sections 8.1.1 to 8.3.1). Here: limits, :authority against Host, user names in
/// it, the characters of :path, methods and schemes nobody serves, and cookies cut in pieces (section 8.2.3).
/// After a refusal further fields are only counted. Thread: its connection's. Owner: an Http2Stream.
class Http2Head {
public:
    using Refusal = RequestParser::Refusal;

    explicit Http2Head(const Limits& limits) : m_limits(limits) {}
    void clear();

    void add(std::string_view name, std::string_view value);
    /// A field line the library found malformed.
    void addMalformed(std::string_view name, std::string_view value);
    /// A trailer field: counted, not kept (RFC 9110 section 6.5.1).
    void addTrailer(std::string_view name, std::string_view value) { count(name, value); }
    /// Checks what can only be told when all fields are there.
    void finish();
    /// Takes a request that came in HTTP/1.1 and goes on in HTTP/2 (Upgrade: h2c).
    void adopt(const http::Request& request);
    void refuse(Refusal refusal);

    [[nodiscard]] const std::optional<Refusal>& refusal() const { return m_refusal; }
    /// Names, values and 32 for each line, as SETTINGS_MAX_HEADER_LIST_SIZE counts (RFC 9113 section 6.5.2).
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool isHead() const { return m_method == http::Method::Head; }
    [[nodiscard]] bool expectsContinue() const { return m_expectsContinue; }
    [[nodiscard]] std::optional<std::uint64_t> contentLength() const { return m_contentLength; }
    /// Views that are good until clear().
    void fill(http::Request& request);

private:
    struct Span {
        std::size_t offset = 0, size = 0;
    };
    struct Line {
        Span name, value;
    };

    bool count(std::string_view name, std::string_view value);
    void addPseudo(std::string_view name, std::string_view value);
    void addField(std::string_view name, std::string_view value);
    void noteField(std::string_view name, std::string_view value);
    void checkAuthority();
    void checkPath();
    [[nodiscard]] Span store(std::string_view text);
    [[nodiscard]] std::string_view text(Span span) const { return {m_text.data() + span.offset, span.size}; }

    const Limits& m_limits;
    std::string m_text;  ///< Everything kept; the spans point into it.
    std::vector<Line> m_lines;
    std::vector<http::FieldView> m_views;
    std::string m_cookie;  ///< The pieces joined.
    std::optional<Span> m_methodText, m_scheme, m_authority, m_path, m_host;
    std::optional<std::uint64_t> m_contentLength;
    std::optional<Refusal> m_refusal;
    http::Method m_method = http::Method::Other;
    std::size_t m_size = 0;
    bool m_expectsContinue = false;
};

}  // namespace hone::net
