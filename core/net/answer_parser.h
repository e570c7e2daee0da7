#pragma once

#include "core/http/message.h"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hone::net {

/// Reads HTTP/1.1 answers, one after another, from the front of a connection's buffer.
///
/// A head with a plain Content-Length, or without a body, is read by our own single pass, which accepts a
/// strict subset of RFC 9112; everything else (chunked, until close, 1.0, odd heads) goes to Boost.Beast's
/// parser, which alone decides what is malformed. Interim 1xx answers are skipped, a bounded number of them.
/// Trailer fields are read and dropped (RFC 9110 section 6.5.1 allows it, and merging them is a risk).
/// Thread: one. Owner: its connection. Invariant: after `headBytes()` > 0 the head stays at the front of the
/// buffer until the next start(); fields point there.
class AnswerParser {
public:
    enum class State : std::uint8_t { NeedMore, Done, Malformed, TooLarge };

    static constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

    AnswerParser();
    ~AnswerParser();

    /// A wanted body of more than `maxBody` bytes is TooLarge as soon as that is known: from its announced
    /// length, else when it gets there.
    void start(bool isHead, bool wantBody, std::uint64_t maxBody = kNoLimit);
    /// The body goes piece by piece to the end of `pieces`, whose owner takes it from there.
    void startStreaming(bool isHead, std::string& pieces);
    /// `buffer` begins with the head (once known) and goes on with bytes not consumed yet; `consumed` says
    /// how many behind the head may be dropped.
    State feed(std::string_view buffer, std::size_t& consumed);
    /// The buffer moved from `from` to `to`: fields follow.
    void moved(const char* from, const char* to);
    /// The peer closed: Done when that is how the body ends.
    State finish();

    [[nodiscard]] int status() const { return m_status; }
    [[nodiscard]] std::span<const http::FieldView> fields() const { return m_fields; }
    [[nodiscard]] std::string_view body() const { return m_body; }
    [[nodiscard]] std::uint64_t bodyBytes() const { return m_bodyBytes; }
    [[nodiscard]] std::uint64_t wireBytes() const { return m_wireBytes; }
    [[nodiscard]] bool keepAlive() const { return m_keepAlive; }
    [[nodiscard]] std::size_t headBytes() const { return m_headBytes; }
    [[nodiscard]] int version() const { return m_version; }  ///< 10 or 11.
    /// The announced length of the body; none when it is chunked or ends with the connection.
    [[nodiscard]] std::optional<std::uint64_t> length() const { return m_length; }
    /// After Malformed: what was wrong, in a few words.
    [[nodiscard]] std::string_view problem() const { return m_problem; }

private:
    class Full;
    enum class Phase : std::uint8_t { Head, Plain, Full };

    State feedHead(std::string_view buffer, std::size_t& consumed);
    State feedPlain(std::string_view bytes, std::size_t& consumed);
    State feedFull(std::string_view bytes, std::size_t& consumed);
    bool readPlainHead(std::string_view head);
    bool noteField(std::string_view name, std::string_view value, bool& hasLength);
    State startFull(std::string_view head);
    State malformed(std::string_view why);
    State refused(const boost::system::error_code& error);
    void reset(bool isHead);
    [[nodiscard]] bool framingIsClear();

    std::unique_ptr<Full> m_full;  ///< Made when first needed: most servers never ask for it.
    std::vector<http::FieldView> m_fields;
    std::string m_stored;             ///< Body bytes kept when they do not lie in the buffer in one piece.
    std::string* m_pieces = nullptr;  ///< Where body bytes go while streaming.
    std::string m_problem;
    std::optional<std::uint64_t> m_length;
    std::string_view m_body;
    std::uint64_t m_bodyBytes = 0, m_wireBytes = 0, m_left = 0, m_maxBody = 0;
    std::size_t m_headBytes = 0, m_searched = 0;
    int m_status = 0, m_version = 11, m_interim = 0;
    Phase m_phase = Phase::Head;
    bool m_isHead = false, m_wantBody = false, m_keepAlive = true;
};

}  // namespace hone::net
