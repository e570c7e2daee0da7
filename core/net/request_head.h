#pragma once

#include "core/http/message.h"
#include "core/net/request_parser.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone::net {

/// Request line and fields of one request as offsets into the connection's buffer, and the rules they must
/// keep.
///
/// Knows nothing of the parsing library. Thread: its connection's. Owner: RequestParser.
class RequestHead {
public:
    using Refusal = RequestParser::Refusal;
    using Verdict = std::optional<Refusal>;  ///< Empty: all well.

    explicit RequestHead(const Limits& limits) : m_limits(limits) {}
    void clear();

    /// `base` is the start of the request's bytes (`bytes`: all received of it); the views lie inside, or are
    /// refused.
    [[nodiscard]] Verdict setLine(const char* base, std::string_view method, std::string_view target,
                                  int version);
    [[nodiscard]] Verdict addField(std::string_view bytes, std::string_view name, std::string_view value);
    /// Checks what can only be told when all fields are there; splits the target.
    [[nodiscard]] Verdict finish(const char* base);
    /// `received` of the head so far, complete or not.
    [[nodiscard]] Verdict checkSize(std::string_view received) const;

    void setEnd(std::size_t end) { m_end = end; }
    [[nodiscard]] std::size_t end() const { return m_end; }
    [[nodiscard]] int version() const { return m_version; }
    [[nodiscard]] bool isHead() const { return m_method == http::Method::Head; }
    [[nodiscard]] bool expectsContinue() const { return m_expectsContinue; }
    [[nodiscard]] bool hasUpgrade() const { return m_hasUpgrade; }
    void fill(const char* base, http::Request& request);

private:
    struct Span {
        std::uint32_t offset = 0, size = 0;
        [[nodiscard]] std::string_view in(const char* base) const { return {base + offset, size}; }
    };
    struct Line {
        Span name, value;
    };
    static Span span(const char* base, std::string_view text);
    Verdict checkHost(std::string_view value);
    Verdict splitTarget(const char* base);

    const Limits& m_limits;
    http::Method m_method = http::Method::Other;
    Span m_methodText, m_target;
    Span m_path, m_query;
    Span m_authority;          ///< Of an absolute-form target; it overrules Host (RFC 9112 section 3.2.2).
    std::string m_rootTarget;  ///< "/?query" for an absolute form without a path; else empty.
    std::vector<Line> m_lines;
    std::vector<http::FieldView> m_views;
    std::size_t m_end = 0;
    int m_version = 0;
    int m_hosts = 0;
    int m_hostIndex = -1;
    bool m_expectsContinue = false;
    bool m_hasUpgrade = false;
};

/// A field line folded over several (RFC 9112 section 5.2): its value lies elsewhere than behind its name in
/// `bytes`, or behind a CR.
[[nodiscard]] bool isFolded(std::string_view bytes, std::string_view name, std::string_view value);

/// A CR without its LF or an LF without its CR; a CR at the end may still get its LF.
[[nodiscard]] bool hasBareLineEnd(std::string_view bytes);

/// `rest`: what follows the content at hand and the library wants more of: a chunk's line or the trailers.
/// Only the last chunk's line is left while complete, since it waits for the trailers' end.
[[nodiscard]] bool isBrokenFraming(std::string_view rest);

/// For a request line whose version does not parse: 505 for another HTTP version, else 400.
[[nodiscard]] RequestParser::Refusal versionRefusal(std::string_view received);

}  // namespace hone::net
