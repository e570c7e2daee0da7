// HTTP/1 requests: what is accepted is well formed and lies in the buffer; how it was cut into reads does not
// matter.

#include "tests/fuzz/fuzz.h"

#include "core/http/syntax.h"
#include "core/net/request_parser.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

using namespace hone;
using net::RequestParser;

namespace {

constexpr int kRefusals[] = {400, 413, 414, 417, 431, 501, 505};

struct Message {
    std::string method, target, path, query, body;
    std::vector<std::pair<std::string, std::string>> fields;
    std::size_t size = 0;
    bool keepAlive = false;
    bool operator==(const Message&) const = default;
};
struct Conversation {
    std::vector<Message> messages;
    int refused = 0;  ///< Status, 0 when more was wanted.
    bool operator==(const Conversation&) const = default;
};

net::Limits limitsFor(bool tight) {
    net::Limits limits;
    if (tight) {
        limits.headerBytes = 256;
        limits.headerCount = 5;
        limits.targetBytes = 32;
        limits.bodyBytes = 64;
    }
    return limits;
}

void checkFields(const http::Request& request, std::string_view bytes) {
    int hosts = 0, codings = 0;
    std::string_view length;
    for (const auto& [name, value] : request.fields) {
        FUZZ_CHECK(fuzz::isInside(name, bytes) && fuzz::isInside(value, bytes));
        FUZZ_CHECK(http::isToken(name));
        FUZZ_CHECK(http::isFieldValue(value));
        FUZZ_CHECK(http::trim(value) == value);
        hosts += http::iequals(name, "Host") ? 1 : 0;
        codings += http::iequals(name, "Transfer-Encoding") ? 1 : 0;
        if (!http::iequals(name, "Content-Length"))
            continue;
        FUZZ_CHECK(length.empty() || length == value);
        FUZZ_CHECK(!value.empty() && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; }));
        length = value;
    }
    FUZZ_CHECK(request.version == 11 ? hosts == 1 : hosts <= 1);
    FUZZ_CHECK(codings == 0 || (codings == 1 && length.empty() && request.version == 11));
    if (!length.empty())
        FUZZ_CHECK(request.body.size() == std::stoull(std::string(length)));
    if (length.empty() && codings == 0)
        FUZZ_CHECK(request.body.empty());
}

Message checked(RequestParser& parser, std::string_view bytes) {
    http::Request request;
    parser.fill(bytes.data(), request);
    FUZZ_CHECK(parser.size() > 0 && parser.size() <= bytes.size());
    FUZZ_CHECK(http::isToken(request.methodText) && fuzz::isInside(request.methodText, bytes));
    FUZZ_CHECK(request.methodText != "CONNECT");
    FUZZ_CHECK(request.version == 10 || request.version == 11);
    FUZZ_CHECK(parser.isVersion10() == (request.version == 10));
    FUZZ_CHECK(std::ranges::all_of(request.target, http::isTargetChar));
    FUZZ_CHECK(request.path.starts_with('/') || (request.path == "*" && request.methodText == "OPTIONS"));
    FUZZ_CHECK(fuzz::isInside(request.query, bytes) && fuzz::isInside(request.body, bytes));
    const std::string whole(request.target);
    FUZZ_CHECK(whole == request.path ||
               whole == std::string(request.path) + "?" + std::string(request.query));
    checkFields(request, bytes);
    Message message{std::string(request.methodText),
                    whole,
                    std::string(request.path),
                    std::string(request.query),
                    std::string(request.body),
                    {},
                    parser.size(),
                    parser.keepAlive()};
    for (const auto& [name, value] : request.fields)
        message.fields.emplace_back(name, value);
    return message;
}

/// Reads all requests, `step` bytes a read, each time into a new block of the exact size.
Conversation read(std::string_view input, std::size_t step, const net::Limits& limits) {
    Conversation out;
    RequestParser parser(limits);
    std::vector<char> buffer;
    for (std::size_t taken = 0; taken < input.size() || !buffer.empty();) {
        const auto piece = input.substr(taken, step);
        std::vector<char> next(buffer.size() + piece.size());
        std::copy(buffer.begin(), buffer.end(), next.begin());
        std::copy(piece.begin(), piece.end(), next.begin() + static_cast<std::ptrdiff_t>(buffer.size()));
        buffer.swap(next);
        taken += piece.size();
        RequestParser::Step result{};
        while ((result = parser.feed(buffer.data(), buffer.size())) == RequestParser::Step::Complete) {
            out.messages.push_back(checked(parser, {buffer.data(), buffer.size()}));
            buffer = {buffer.begin() + static_cast<std::ptrdiff_t>(parser.size()), buffer.end()};
            parser.reset();
            if (buffer.empty())
                break;
        }
        if (result == RequestParser::Step::Refused) {
            FUZZ_CHECK(!parser.refusal().detail.empty());
            out.refused = parser.refusal().status;
            FUZZ_CHECK(std::ranges::find(kRefusals, out.refused) != std::end(kRefusals));
            return out;
        }
        if (piece.empty())
            return out;
    }
    return out;
}

bool isLimit(int status) { return status == 413 || status == 414 || status == 431; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const std::uint8_t mode = input.byte();
    const auto limits = limitsFor((mode & 1) != 0);
    // An end for a head that has none: in small reads, the parser may wait for one before it refuses.
    const std::string bytes = std::string(input.rest()) + "\r\n\r\n";
    const Conversation whole = read(bytes, bytes.size(), limits);
    const Conversation slow = read(bytes, 1 + (mode >> 1) % 8, limits);
    // Which limit is noticed first may depend on how the bytes come, and so may how the rest is refused.
    if (isLimit(whole.refused) || isLimit(slow.refused))
        return 0;
    FUZZ_CHECK(whole.messages == slow.messages);
    FUZZ_CHECK((whole.refused != 0) == (slow.refused != 0));
    return 0;
}
