#include "core/net/answer_parser.h"

#include "core/net/last_chunk.h"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <optional>

namespace hone::net {

namespace beast = boost::beast;

namespace {

constexpr std::uint32_t kMaxHeadBytes = 256 * 1024;
constexpr int kMaxInterim = 32;  ///< A server that only ever promises an answer is broken.
constexpr std::string_view kVersionPrefix = "HTTP/1.";

// RFC 9110 section 5.6.2: what a field name is made of.
constexpr std::array<bool, 256> kToken = [] {
    std::array<bool, 256> table{};
    for (const char c :
         std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

// RFC 9110 section 5.5: visible characters, obs-text, space and tab.
bool isValue(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return (c >= 0x20 && c != 0x7f) || c == '\t'; });
}

bool isName(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return kToken[c]; });
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool hasNoBody(int status) { return status == 204 || status == 304; }

}  // namespace

/// Beast's parser for one answer, writing into the AnswerParser that owns it.
class AnswerParser::Full final {
public:
    explicit Full(AnswerParser& out) : m_out(out) {}

    beast::http::basic_parser<false>& restart() {
        m_folded.clear();
        m_engine.emplace(*this);
        m_engine->eager(true);
        m_engine->skip(m_out.m_isHead);
        // A copy, since the limit counts down. Without a wish for the body nothing is kept, so any size will
        // do.
        m_engine->body_limit(m_out.m_wantBody ? boost::optional<std::uint64_t>(m_out.m_maxBody)
                                              : boost::none);
        m_engine->header_limit(kMaxHeadBytes);
        return *m_engine;
    }
    beast::http::basic_parser<false>& engine() { return *m_engine; }
    void setHead(std::string_view head) { m_head = head; }

private:
    class Engine final : public beast::http::basic_parser<false> {
    public:
        explicit Engine(Full& full) : m_full(full) {}

    private:
        using Code = beast::error_code;
        using Text = beast::string_view;

        void on_request_impl(beast::http::verb, Text, Text, int, Code&) override {}
        void on_response_impl(int status, Text, int version, Code&) override {
            m_full.m_out.m_status = status;
            m_full.m_out.m_version = version;
        }
        void on_field_impl(beast::http::field, Text name, Text value, Code&) override {
            m_full.addField({name.data(), name.size()}, {value.data(), value.size()});
        }
        void on_header_impl(Code&) override {}
        void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
        std::size_t on_body_impl(Text body, Code&) override { return m_full.addBody(body); }
        void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
        std::size_t on_chunk_body_impl(std::uint64_t, Text body, Code&) override {
            return m_full.addBody(body);
        }
        void on_finish_impl(Code&) override {}

        Full& m_full;
    };

    void addField(std::string_view name, std::string_view value) {
        if (m_engine->is_header_done())
            return;  // A trailer field.
        // Values unfolded by Beast (RFC 9112 section 5.2) do not lie in the head: keep copies.
        const bool inHead = name.data() >= m_head.data() && name.data() < m_head.data() + m_head.size();
        if (!inHead)
            name = m_folded.emplace_back(name);
        if (!inHead || value.data() < m_head.data() || value.data() > m_head.data() + m_head.size())
            value = m_folded.emplace_back(value);
        m_out.m_fields.push_back({name, value});
    }
    std::size_t addBody(beast::string_view body) {
        m_out.m_bodyBytes += body.size();
        if (m_out.m_pieces)
            m_out.m_pieces->append(body.data(), body.size());
        else if (m_out.m_wantBody)
            m_out.m_stored.append(body.data(), body.size());
        return body.size();
    }

    AnswerParser& m_out;
    std::string_view m_head;
    std::deque<std::string> m_folded;
    std::optional<Engine> m_engine;
};

AnswerParser::AnswerParser() = default;
AnswerParser::~AnswerParser() = default;

void AnswerParser::start(bool isHead, bool wantBody, std::uint64_t maxBody) {
    reset(isHead);
    m_wantBody = wantBody;
    m_maxBody = maxBody;
    m_pieces = nullptr;
}

void AnswerParser::startStreaming(bool isHead, std::string& pieces) {
    reset(isHead);
    m_wantBody = false;
    m_pieces = &pieces;
}

void AnswerParser::reset(bool isHead) {
    m_isHead = isHead;
    m_keepAlive = true;
    m_fields.clear();
    m_stored.clear();
    m_body = {};
    m_bodyBytes = m_wireBytes = m_left = 0;
    m_headBytes = m_searched = 0;
    m_status = m_interim = 0;
    m_version = 11;
    m_length.reset();
    m_problem.clear();
    m_phase = Phase::Head;
}

AnswerParser::State AnswerParser::malformed(std::string_view why) {
    m_problem = why;
    return State::Malformed;
}

AnswerParser::State AnswerParser::refused(const beast::error_code& error) {
    if (error != beast::http::error::body_limit)
        return malformed(error.message());
    m_problem = "its body is too large";
    return State::TooLarge;
}

AnswerParser::State AnswerParser::feed(std::string_view buffer, std::size_t& consumed) {
    consumed = 0;
    switch (m_phase) {
        case Phase::Head: return feedHead(buffer, consumed);
        case Phase::Plain: return feedPlain(buffer.substr(m_headBytes), consumed);
        case Phase::Full: return feedFull(buffer.substr(m_headBytes), consumed);
    }
    return malformed("no phase");
}

AnswerParser::State AnswerParser::feedHead(std::string_view buffer, std::size_t& consumed) {
    const auto shown = std::min(buffer.size(), kVersionPrefix.size());
    if (buffer.substr(0, shown) != kVersionPrefix.substr(0, shown))
        return malformed("it is not HTTP/1");  // No need to wait for the end of the head.
    const auto* end = static_cast<const char*>(
        memmem(buffer.data() + m_searched, buffer.size() - m_searched, "\r\n\r\n", 4));
    if (!end) {
        m_searched = buffer.size() < 3 ? 0 : buffer.size() - 3;
        return buffer.size() > kMaxHeadBytes ? malformed("its fields do not end") : State::NeedMore;
    }
    const std::string_view head = buffer.substr(0, static_cast<std::size_t>(end - buffer.data()) + 4);
    m_wireBytes += head.size();
    m_headBytes = head.size();
    m_phase = Phase::Plain;
    if (!readPlainHead(head)) {
        m_fields.clear();
        m_left = 0;
        m_phase = Phase::Full;
        if (const State state = startFull(head); state != State::NeedMore)
            return state;
    }
    if (m_status / 100 == 1) {  // Interim: drop it and wait for the final one (RFC 9110 section 15.2).
        if (++m_interim > kMaxInterim)
            return malformed("interim answers do not end");
        consumed = head.size();
        m_headBytes = m_searched = 0;
        m_fields.clear();
        m_phase = Phase::Head;
        return State::NeedMore;
    }
    if (m_phase == Phase::Plain && m_wantBody && m_left > m_maxBody)
        return refused(beast::http::error::body_limit);
    const std::string_view rest = buffer.substr(m_headBytes);
    return m_phase == Phase::Plain ? feedPlain(rest, consumed) : feedFull(rest, consumed);
}

AnswerParser::State AnswerParser::feedPlain(std::string_view bytes, std::size_t& consumed) {
    const std::string_view part = bytes.substr(0, std::min<std::uint64_t>(bytes.size(), m_left));
    consumed = part.size();
    m_bodyBytes += part.size();
    m_wireBytes += part.size();
    m_left -= part.size();
    const bool inOnePiece = m_left == 0 && m_stored.empty();
    if (m_pieces)
        m_pieces->append(part);
    else if (m_wantBody && !inOnePiece)
        m_stored += part;
    if (m_left > 0)
        return State::NeedMore;
    if (m_wantBody)
        m_body = inOnePiece ? part : m_stored;
    return State::Done;
}

AnswerParser::State AnswerParser::feedFull(std::string_view bytes, std::size_t& consumed) {
    auto& engine = m_full->engine();
    const bool isEarly = engine.chunked() && isLastChunkAndOneByte(bytes);
    if (!engine.is_done() && !bytes.empty() && !isEarly) {
        beast::error_code error;
        consumed = engine.put({bytes.data(), bytes.size()}, error);
        m_wireBytes += consumed;
        if (error && error != beast::http::error::need_more)
            return refused(error);
    }
    if (!engine.is_done())
        return State::NeedMore;
    m_body = m_stored;
    return State::Done;
}

AnswerParser::State AnswerParser::startFull(std::string_view head) {
    if (!m_full)
        m_full = std::make_unique<Full>(*this);
    m_full->setHead(head);
    auto& engine = m_full->restart();
    beast::error_code error;
    engine.put({head.data(), head.size()}, error);
    if (error && error != beast::http::error::need_more)
        return refused(error);
    if (!engine.is_header_done())
        return malformed("its head does not parse");
    if (m_status < 100 || m_status > 599 || m_status == 101)  // We never ask for an upgrade.
        return malformed(m_status == 101 ? "it switches protocols unasked" : "its status is none");
    if (!framingIsClear())
        return State::Malformed;
    m_keepAlive = engine.keep_alive();
    if (const auto length = engine.content_length())
        m_length = *length;
    return State::NeedMore;
}

/// Where Beast is lenient: a coding under chunked would be passed on unseen, and in HTTP/1.0 there is none
/// (RFC 9112 sections 6.1 and 6.3).
bool AnswerParser::framingIsClear() {
    int codings = 0;
    for (const auto& [name, value] : m_fields)
        if (name.size() == 17 && http::iequals(name, "Transfer-Encoding") &&
            (++codings > 1 || m_version < 11 || !http::iequals(value, "chunked"))) {
            m_problem = "its transfer coding is not chunked alone";
            return false;
        }
    return true;
}

AnswerParser::State AnswerParser::finish() {
    if (m_phase != Phase::Full)
        return malformed(m_phase == Phase::Head ? "it ends within its head" : "it ends before its length");
    beast::error_code error;
    m_full->engine().put_eof(error);
    m_body = m_stored;
    m_keepAlive = false;
    return error || !m_full->engine().is_done() ? malformed("it ends too early") : State::Done;
}

void AnswerParser::moved(const char* from, const char* to) {
    const auto rebase = [&](std::string_view& view) {
        if (view.data() >= from && view.data() < from + m_headBytes)
            view = {to + (view.data() - from), view.size()};
    };
    for (auto& field : m_fields) {
        rebase(field.name);
        rebase(field.value);
    }
    if (m_phase == Phase::Full)
        m_full->setHead({to, m_headBytes});
}

bool AnswerParser::readPlainHead(std::string_view head) {
    // "HTTP/1.1 200 OK\r\n"; anything else is the full parser's to judge.
    if (head.size() < 17 || head.substr(0, 9) != "HTTP/1.1 " || head[12] != ' ')
        return false;
    int status = 0;
    for (const char c : head.substr(9, 3)) {
        if (c < '0' || c > '9')
            return false;
        status = status * 10 + (c - '0');
    }
    const auto lineEnd = head.find("\r\n");
    if (status < 200 || status > 599 || !isValue(head.substr(13, lineEnd - 13)))
        return false;
    m_status = status;
    bool hasLength = false;
    for (std::string_view rest = head.substr(lineEnd + 2); rest != "\r\n";) {
        const auto end = rest.find('\r');
        const auto colon = rest.find(':');
        if (rest[end + 1] != '\n' || colon >= end)
            return false;
        const std::string_view name = rest.substr(0, colon);
        const std::string_view value = trimmed(rest.substr(colon + 1, end - colon - 1));
        if (!isName(name) || !isValue(value) || !noteField(name, value, hasLength))
            return false;
        m_fields.push_back({name, value});
        rest.remove_prefix(end + 2);
    }
    const bool empty = m_isHead || hasNoBody(status);
    if (hasLength)
        m_length = m_left;
    if (empty)
        m_left = 0;
    return hasLength || empty;
}

bool AnswerParser::noteField(std::string_view name, std::string_view value, bool& hasLength) {
    // Only three names matter for framing; their lengths tell most others apart.
    if (name.size() == 14 && http::iequals(name, "Content-Length")) {
        if (hasLength || value.empty() || value.size() > 18)
            return false;
        hasLength = true;
        for (const char c : value) {
            if (c < '0' || c > '9')
                return false;
            m_left = m_left * 10 + static_cast<std::uint64_t>(c - '0');
        }
    } else if (name.size() == 17 && http::iequals(name, "Transfer-Encoding")) {
        return false;
    } else if (name.size() == 10 && http::iequals(name, "Connection")) {
        m_keepAlive = !http::iequals(value, "close");
        return !m_keepAlive || http::iequals(value, "keep-alive");
    }
    return true;
}

}  // namespace hone::net
