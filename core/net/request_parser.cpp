#include "core/net/request_parser.h"

#include "core/net/last_chunk.h"
#include "core/net/request_head.h"

#include <boost/beast/http/basic_parser.hpp>

#include <cstring>
#include <optional>

namespace hone::net {

namespace {

namespace beast = boost::beast;
constexpr std::size_t kFieldLineRest = 4;  ///< Colon, space, CR, LF.
using Refusal = RequestParser::Refusal;

/// Why the library refused, in our words.
Refusal refusalFor(const beast::error_code& code, std::string_view received) {
    using beast::http::error;
    switch (static_cast<error>(code.value())) {
        case error::body_limit: return {413, "the content is longer than this server takes"};
        case error::header_limit: return {431, "a field line is longer than this server takes"};
        case error::bad_method: return {400, "the method is not a token"};
        case error::bad_target:
            return {400, "the request target holds a character that must be percent-encoded"};
        case error::bad_version: return versionRefusal(received);
        case error::bad_field:
            return {400, "a field name is empty or is not a token followed at once by a colon"};
        case error::bad_value:
            return {400, "a field value is malformed: a control character, or a list that is none"};
        case error::bad_line_ending: return {400, "a line ends in something other than CR LF"};
        case error::bad_content_length:
            return {400, "Content-Length is not one number, or comes with Transfer-Encoding"};
        case error::multiple_content_length: return {400, "several Content-Length fields disagree"};
        case error::bad_transfer_encoding:
            return {400, "Transfer-Encoding comes twice or with Content-Length"};
        case error::bad_chunk:
        case error::bad_chunk_extension: return {400, "a chunk is malformed"};
        default: return {400, "the request is malformed"};
    }
}

}  // namespace

/// Takes the library's callbacks. One per request (the library's parser cannot be reused), kept in an
/// optional.
class RequestParser::Impl {
public:
    explicit Impl(const Limits& limits) : m_limits(limits), m_head(limits) { restart(); }

    void restart() {
        m_parser.emplace(*this);
        m_head.clear();
        m_consumed = m_bodyEnd = m_dropped = m_trailers = 0;
        m_chunkLeft = 0;
        m_refusal.reset();
        m_continueTaken = false;
    }
    Step feed(char* data, std::size_t size);

    const Limits& m_limits;
    RequestHead m_head;
    std::size_t m_consumed = 0;     ///< Of the bytes of this request.
    std::uint64_t m_chunkLeft = 0;  ///< Content of the chunk under way that has not come yet.
    std::size_t m_bodyEnd = 0;      ///< Offset behind the decoded content; it starts at the head's end.
    std::size_t m_dropped = 0;      ///< Bytes of chunk extensions and trailers.
    std::size_t m_trailers = 0;
    std::optional<Refusal> m_refusal;
    bool m_continueTaken = false;

    /// Neither is content; without a limit a client could send them for ever.
    [[nodiscard]] std::optional<Refusal> checkDropped() const {
        if (m_dropped <= m_limits.headerBytes)
            return std::nullopt;
        return Refusal{431, "chunk extensions or trailers are longer than this server takes"};
    }
    [[nodiscard]] bool headDone() const { return m_parser->is_header_done(); }
    [[nodiscard]] bool keepAlive() const { return m_parser->keep_alive(); }

private:
    class Beast;

    Step readHead(char* data, std::size_t size);
    Step readChunks(char* data, std::size_t size);
    Step refuse(Refusal refusal) {
        m_refusal = refusal;
        return Step::Refused;
    }
    /// One call of the library; false when it needs more or refused.
    bool put(char* data, std::size_t size, beast::error_code& error);

    class Beast final : public beast::http::basic_parser<true> {
    public:
        explicit Beast(Impl& owner) : m_owner(owner) {
            header_limit(std::numeric_limits<std::uint32_t>::max());  // we count the whole head, it only
                                                                      // counts what is left
            body_limit(owner.m_limits.bodyBytes);
        }

    private:
        using Text = beast::string_view;
        using Code = beast::error_code;

        void stopOn(const std::optional<Refusal>& refusal, Code& error) {
            if (!refusal)
                return;
            m_owner.m_refusal = refusal;
            error = beast::http::error::bad_field;  // any error stops it; ours is in m_refusal
        }
        void on_request_impl(beast::http::verb, Text method, Text target, int version, Code& error) override {
            stopOn(m_owner.m_head.setLine(m_owner.m_data, {method.data(), method.size()},
                                          {target.data(), target.size()}, version),
                   error);
        }
        void on_field_impl(beast::http::field, Text name, Text value, Code& error) override {
            if (is_header_done()) {
                // Trailer fields are dropped, not merged into the head (RFC 9110 section 6.5.1).
                if (isFolded({m_owner.m_data, m_owner.m_size}, {name.data(), name.size()},
                             {value.data(), value.size()}))
                    return stopOn(Refusal{400, "a trailer field is folded over several lines"}, error);
                m_owner.m_dropped += name.size() + value.size() + kFieldLineRest;
                if (++m_owner.m_trailers > m_owner.m_limits.headerCount)
                    m_owner.m_dropped = std::numeric_limits<std::size_t>::max() / 2;
                return stopOn(m_owner.checkDropped(), error);
            }
            stopOn(m_owner.m_head.addField({m_owner.m_data, m_owner.m_size}, {name.data(), name.size()},
                                           {value.data(), value.size()}),
                   error);
        }
        std::size_t on_chunk_body_impl(std::uint64_t, Text body, Code&) override {
            std::memmove(m_owner.m_data + m_owner.m_bodyEnd, body.data(), body.size());
            m_owner.m_bodyEnd += body.size();
            m_owner.m_chunkLeft -= body.size();
            return body.size();
        }
        std::size_t on_body_impl(Text body, Code&) override { return body.size(); }
        void on_response_impl(int, Text, int, Code&) override {}
        void on_header_impl(Code&) override {}
        void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
        void on_chunk_header_impl(std::uint64_t size, Text extension, Code& error) override {
            m_owner.m_chunkLeft = size;
            m_owner.m_dropped += extension.size();
            stopOn(m_owner.checkDropped(), error);
        }
        void on_finish_impl(Code&) override {}

        Impl& m_owner;
    };

    char* m_data = nullptr;  ///< Valid during feed(), as is m_size.
    std::size_t m_size = 0;
    std::optional<Beast> m_parser;
};

bool RequestParser::Impl::put(char* data, std::size_t size, beast::error_code& error) {
    m_data = data;
    m_size = size;
    m_consumed += m_parser->put(boost::asio::const_buffer(data + m_consumed, size - m_consumed), error);
    if (error && error != beast::http::error::need_more && !m_refusal)
        m_refusal = refusalFor(error, {data, size});
    return !error;
}

RequestParser::Step RequestParser::Impl::readHead(char* data, std::size_t size) {
    if (m_consumed == 0 || !m_parser->got_some()) {
        // An empty line before a request is skipped (RFC 9112 section 2.2).
        while (size - m_consumed >= 2 && data[m_consumed] == '\r' && data[m_consumed + 1] == '\n')
            m_consumed += 2;
        const std::size_t left = size - m_consumed;
        if (left == 0 || (left == 1 && data[m_consumed] == '\r'))
            return m_consumed > m_limits.headerBytes ? refuse({400, "nothing but empty lines"})
                                                     : Step::NeedMore;
    }
    beast::error_code error;
    const bool done = put(data, size, error);
    if (m_refusal)
        return Step::Refused;
    if (const auto tooBig = m_head.checkSize({data, done ? m_consumed : size}))
        return refuse(*tooBig);
    // The library waits for an end of the head; a line that already ended otherwise is known to be wrong.
    if (!done)
        return hasBareLineEnd({data + m_consumed, size - m_consumed})
                   ? refuse({400, "a line ends in something other than CR LF"})
                   : Step::NeedMore;
    if (const auto wrong = m_head.finish(data))
        return refuse(*wrong);
    m_bodyEnd = m_consumed;
    m_head.setEnd(m_consumed);
    return Step::Complete;
}

RequestParser::Step RequestParser::Impl::readChunks(char* data, std::size_t size) {
    while (!m_parser->is_done()) {
        if (m_consumed == size)
            return Step::NeedMore;  // the library would report progress of nothing
        if (m_chunkLeft == 0 && isLastChunkAndOneByte({data + m_consumed, size - m_consumed})) {
            if (data[m_consumed + 3] == '\n')
                return refuse({400, "a line ends in something other than CR LF"});
            return Step::NeedMore;
        }
        beast::error_code error;
        const bool goesOn = put(data, size, error);
        if (m_refusal)
            return Step::Refused;
        // All of it stays in the buffer until the request is complete, so the framing may not be endless
        // either.
        if (m_consumed - m_head.end() > 2 * m_limits.bodyBytes + m_limits.headerBytes)
            return refuse({413, "the content is cut into more chunks than this server takes"});
        if (goesOn)
            continue;
        if (size - m_consumed > m_limits.headerBytes)
            return refuse({431, "a chunk extension or trailer is longer than this server takes"});
        return isBrokenFraming({data + m_consumed, size - m_consumed}) ? refuse({400, "a chunk is malformed"})
                                                                       : Step::NeedMore;
    }
    return Step::Complete;
}

RequestParser::Step RequestParser::Impl::feed(char* data, std::size_t size) {
    if (!m_parser->is_header_done())
        if (const Step step = readHead(data, size); step != Step::Complete)
            return step;
    if (m_parser->chunked())
        return readChunks(data, size);
    // Content of known length needs no parsing: wait until it is all there.
    const std::size_t end = m_head.end() + static_cast<std::size_t>(m_parser->content_length().value_or(0));
    if (size < end)
        return Step::NeedMore;
    m_consumed = m_bodyEnd = end;
    return Step::Complete;
}

RequestParser::RequestParser(const Limits& limits) : m_impl(std::make_unique<Impl>(limits)) {}
RequestParser::~RequestParser() = default;

RequestParser::Step RequestParser::feed(char* data, std::size_t size) { return m_impl->feed(data, size); }
void RequestParser::reset() { m_impl->restart(); }
void RequestParser::fill(const char* data, http::Request& request) {
    m_impl->m_head.fill(data, request);
    request.body = {data + m_impl->m_head.end(), m_impl->m_bodyEnd - m_impl->m_head.end()};
}
std::size_t RequestParser::size() const { return m_impl->m_consumed; }
bool RequestParser::keepAlive() const { return m_impl->keepAlive(); }
bool RequestParser::isVersion10() const { return m_impl->m_head.version() == 10; }
bool RequestParser::hasUpgrade() const { return m_impl->m_head.hasUpgrade(); }
RequestParser::Refusal RequestParser::refusal() const { return m_impl->m_refusal.value_or(Refusal{}); }
bool RequestParser::isHead() const { return m_impl->m_head.isHead(); }
bool RequestParser::inBody() const { return m_impl->headDone(); }
bool RequestParser::takeContinue() {
    // A client that already sends does not wait (RFC 9110 section 10.1.1 allows to leave the 100 out).
    if (m_impl->m_continueTaken || !m_impl->headDone() || !m_impl->m_head.expectsContinue())
        return false;
    m_impl->m_continueTaken = true;
    return true;
}

}  // namespace hone::net
