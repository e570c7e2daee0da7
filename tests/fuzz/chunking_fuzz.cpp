// Chunked content (RFC 9112 section 7.1): what we frame is read back, and both parsers agree with a third,
// written here from the grammar, on what a message holds and where it ends.

#include "tests/fuzz/fuzz.h"

#include "core/net/answer_parser.h"
#include "core/net/request_parser.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

using namespace hone;

namespace {

struct Decoded {
    std::string content;
    std::size_t size = 0;  ///< On the wire.
    bool operator==(const Decoded&) const = default;
};

constexpr std::string_view kRequestHead = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
constexpr std::string_view kAnswerHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

std::optional<Decoded> byRequestParser(std::string_view chunks) {
    const net::Limits limits;
    net::RequestParser parser(limits);
    std::string bytes = std::string(kRequestHead) + std::string(chunks);
    if (parser.feed(bytes.data(), bytes.size()) != net::RequestParser::Step::Complete)
        return std::nullopt;
    http::Request request;
    parser.fill(bytes.data(), request);
    return Decoded{std::string(request.body), parser.size() - kRequestHead.size()};
}

std::optional<Decoded> byAnswerParser(std::string_view chunks) {
    net::AnswerParser parser;
    parser.start(false, true);
    const std::string bytes = std::string(kAnswerHead) + std::string(chunks);
    std::size_t consumed = 0;
    if (parser.feed(bytes, consumed) != net::AnswerParser::State::Done)
        return std::nullopt;
    return Decoded{std::string(parser.body()), consumed};
}

/// The line at the front of `rest` without its CR LF.
std::optional<std::string_view> takeLine(std::string_view& rest) {
    const auto end = rest.find("\r\n");
    if (end == rest.npos)
        return std::nullopt;
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    return line;
}

/// The grammar, except that an extension may be anything: Boost lets control characters pass in quoted ones.
std::optional<Decoded> byGrammar(std::string_view chunks) {
    Decoded out;
    std::string_view rest = chunks;
    for (;;) {
        const auto line = takeLine(rest);
        if (!line)
            return std::nullopt;
        const auto digits = line->substr(0, line->find_first_of("; \t"));
        if (digits.empty() || digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos)
            return std::nullopt;
        const auto significant = digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
        if (significant.size() > 15)
            return std::nullopt;
        const std::size_t size = significant.empty() ? 0 : std::stoull(std::string(significant), nullptr, 16);
        if (size == 0)
            break;
        if (rest.size() < size + 2 || rest.substr(size, 2) != "\r\n")
            return std::nullopt;
        out.content += rest.substr(0, size);
        rest.remove_prefix(size + 2);
    }
    for (;;) {
        const auto trailer = takeLine(rest);
        if (!trailer)
            return std::nullopt;
        if (trailer->empty())
            break;
    }
    out.size = chunks.size() - rest.size();
    return out;
}

/// Cuts `content` into chunks as the deciding bytes say, with extensions and trailers.
std::string framed(fuzz::Input& decide, std::string_view content) {
    std::string out;
    while (!content.empty()) {
        const auto piece = content.substr(0, 1 + decide.below(40));
        content.remove_prefix(piece.size());
        const std::uint8_t style = decide.byte();
        out += (style & 1) != 0 ? fmt::format("{:x}", piece.size()) : fmt::format("{:04X}", piece.size());
        out += (style & 2) != 0 ? ";name=value" : "";
        out += (style & 4) != 0 ? ";q=\"a;b\"" : "";
        out += fmt::format("\r\n{}\r\n", piece);
    }
    return out + ((decide.byte() & 1) != 0 ? "0\r\nDigest: x\r\nTrailer-2: y z\r\n\r\n" : "0\r\n\r\n");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const bool isRaw = (input.byte() & 1) != 0;
    if (isRaw) {
        const auto chunks = input.rest();
        const auto asRequest = byRequestParser(chunks);
        if (!asRequest)
            return 0;  // answers may be read less strictly: a folded trailer, for one
        FUZZ_CHECK(asRequest == byAnswerParser(chunks));
        FUZZ_CHECK(asRequest == byGrammar(chunks));
        return 0;
    }
    const auto deciding = input.take(16);
    fuzz::Input decide(reinterpret_cast<const std::uint8_t*>(deciding.data()), deciding.size());
    const std::string chunks = framed(decide, input.rest());
    const Decoded expected{std::string(input.rest()), chunks.size()};
    FUZZ_CHECK(byRequestParser(chunks) == expected);
    FUZZ_CHECK(byAnswerParser(chunks) == expected);
    FUZZ_CHECK(byGrammar(chunks + "GET /next") == expected);
    return 0;
}
