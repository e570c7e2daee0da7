// HTTP/1 answers: what is accepted is well formed; how it was cut into reads, and whether its content is kept
// or streamed, does not matter.

#include "tests/fuzz/fuzz.h"

#include "core/http/syntax.h"
#include "core/net/answer_parser.h"

#include <algorithm>
#include <utility>
#include <vector>

using namespace hone;
using net::AnswerParser;
using State = AnswerParser::State;

namespace {

struct Answer {
    State state = State::NeedMore;
    int status = 0, version = 0;
    std::string body;
    std::vector<std::pair<std::string, std::string>> fields;
    std::uint64_t bodyBytes = 0, wireBytes = 0;
    bool keepAlive = false;
    std::optional<std::uint64_t> length;
    bool operator==(const Answer&) const = default;
};

enum class Keep { Body, Pieces };

/// As a client's connection does it: one buffer with the head at its front, content dropped as it is
/// consumed.
Answer read(std::string_view input, std::size_t step, bool isHead, Keep keep) {
    AnswerParser parser;
    std::string pieces;
    if (keep == Keep::Pieces)
        parser.startStreaming(isHead, pieces);
    else
        parser.start(isHead, true);
    std::vector<char> buffer;
    State state = State::NeedMore;
    for (std::size_t taken = 0; state == State::NeedMore && taken < input.size();) {
        const auto piece = input.substr(taken, step);
        std::vector<char> next(buffer);
        next.insert(next.end(), piece.begin(), piece.end());
        next.shrink_to_fit();
        parser.moved(buffer.data(), next.data());
        buffer.swap(next);
        taken += piece.size();
        for (std::size_t consumed = 1; state == State::NeedMore && consumed > 0 && !buffer.empty();) {
            state = parser.feed({buffer.data(), buffer.size()}, consumed);
            const std::size_t head = parser.headBytes();
            FUZZ_CHECK(state == State::Malformed || head + consumed <= buffer.size());
            if (state == State::NeedMore)
                buffer.erase(buffer.begin() + static_cast<std::ptrdiff_t>(head),
                             buffer.begin() + static_cast<std::ptrdiff_t>(head + consumed));
            if (buffer.size() == head)
                break;
        }
    }
    if (state == State::NeedMore)
        state = parser.finish();
    if (state == State::Malformed) {
        FUZZ_CHECK(!parser.problem().empty());
        return {.state = state};
    }
    Answer answer{state,
                  parser.status(),
                  parser.version(),
                  keep == Keep::Pieces ? pieces : std::string(parser.body()),
                  {},
                  parser.bodyBytes(),
                  parser.wireBytes(),
                  parser.keepAlive(),
                  parser.length()};
    for (const auto& [name, value] : parser.fields())
        answer.fields.emplace_back(name, value);
    return answer;
}

void check(const Answer& answer, bool isHead, std::size_t inputSize) {
    FUZZ_CHECK(answer.state == State::Done);
    FUZZ_CHECK(answer.status >= 200 && answer.status <= 599);
    FUZZ_CHECK(answer.version == 10 || answer.version == 11);
    FUZZ_CHECK(answer.body.size() == answer.bodyBytes);
    FUZZ_CHECK(answer.bodyBytes <= answer.wireBytes && answer.wireBytes <= inputSize);
    const bool hasNoBody = isHead || answer.status == 204 || answer.status == 304;
    if (hasNoBody)
        FUZZ_CHECK(answer.bodyBytes == 0);
    else if (answer.length)
        FUZZ_CHECK(*answer.length == answer.bodyBytes);
    int codings = 0;
    for (const auto& [name, value] : answer.fields) {
        FUZZ_CHECK(http::isToken(name));
        FUZZ_CHECK(http::isFieldValue(value));
        codings += http::iequals(name, "Transfer-Encoding") ? 1 : 0;
    }
    FUZZ_CHECK(codings == 0 || !answer.length);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const std::uint8_t mode = input.byte();
    const bool isHead = (mode & 1) != 0;
    const auto bytes = input.rest();
    const std::size_t step = 1 + (mode >> 1) % 8;
    const Answer whole = read(bytes, std::max<std::size_t>(1, bytes.size()), isHead, Keep::Body);
    if (whole.state != State::Malformed)
        check(whole, isHead, bytes.size());
    FUZZ_CHECK(whole == read(bytes, step, isHead, Keep::Body));
    FUZZ_CHECK(whole == read(bytes, step, isHead, Keep::Pieces));
    FUZZ_CHECK(whole == read(bytes, std::max<std::size_t>(1, bytes.size()), isHead, Keep::Pieces));
    return 0;
}
