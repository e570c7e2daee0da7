// Field values in core/http: lists, weights, dates, directives, entity tags, ranges; and lines that are
// written.

#include "tests/fuzz/fuzz.h"

#include "core/http/ranges.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <algorithm>
#include <array>

using namespace hone;

namespace {

constexpr std::array<std::string_view, 4> kCodings{"br", "zstd", "gzip", "identity"};
constexpr std::array<std::string_view, 3> kMedia{"application/json", "application/cbor", "text/html"};

void lists(std::string_view value) {
    for (const char separator : {',', ';'}) {
        std::string_view rest = value, member;
        std::size_t members = 0;
        while (http::nextMember(rest, member, separator)) {
            FUZZ_CHECK(!member.empty() && fuzz::isInside(member, value));
            FUZZ_CHECK(http::trim(member) == member);
            FUZZ_CHECK(++members <= value.size());
        }
        FUZZ_CHECK(rest.empty());
    }
}

void quoting(std::string_view value) {
    std::string quoted = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    quoted += '"';
    FUZZ_CHECK(http::unquote(quoted) == value);
    std::string_view rest = quoted, member;
    FUZZ_CHECK(http::nextMember(rest, member) && member == quoted && rest.empty());
    FUZZ_CHECK(http::iequals(http::lower(value), value));
    FUZZ_CHECK(http::lower(http::lower(value)) == http::lower(value));
}

void weights(std::string_view value) {
    for (const auto& [name, q] : http::parseWeighted(value)) {
        FUZZ_CHECK(!name.empty());
        FUZZ_CHECK(q >= 0 && q <= 1000);
    }
    const auto coding = http::chooseCoding(value, kCodings);
    FUZZ_CHECK(!coding || std::ranges::find(kCodings, *coding) != kCodings.end());
    const auto none = http::chooseCoding(value, {});
    FUZZ_CHECK(!none || *none == "identity");
    const auto media = http::chooseMedia(value, kMedia);
    FUZZ_CHECK(!media || std::ranges::find(kMedia, *media) != kMedia.end());
    // Excluding everything leaves nothing, whatever else is malformed behind it.
    FUZZ_CHECK(!http::chooseCoding("*;q=0", kCodings));
}

void directives(std::string_view value) {
    const auto parsed = http::parseCacheControl(value);
    for (const auto& age : {parsed.maxAge, parsed.sMaxAge, parsed.minFresh, parsed.maxStale,
                            parsed.staleWhileRevalidate, parsed.staleIfError})
        FUZZ_CHECK(!age || age->count() >= 0);
    const auto first = http::parseCacheControl("no-store, max-age=7, " + std::string(value));
    FUZZ_CHECK(first.noStore && first.maxAge == std::chrono::seconds(7));
}

void dates(std::string_view value) {
    if (const auto date = http::parseHttpDate(value))
        FUZZ_CHECK(http::parseHttpDate(http::httpDate(*date)) == date);
}

void tags(std::string_view value) {
    const std::string ours = http::etagOf(value);
    const std::string list = ours + ", " + std::string(value);
    FUZZ_CHECK(http::noneMatchHits(list, ours) && http::matchHits(list, ours));
    FUZZ_CHECK(http::noneMatchHits(list, "W/" + ours) && !http::matchHits(list, "W/" + ours));
    // What matches strongly also matches weakly.
    FUZZ_CHECK(!http::matchHits(value, ours) || http::noneMatchHits(value, ours));
}

void ranges(std::string_view value, std::size_t length) {
    const auto choice = http::chooseRanges(value, length);
    FUZZ_CHECK((choice.kind == http::RangeChoice::Parts) == !choice.parts.empty());
    FUZZ_CHECK(choice.parts.size() <= http::kMaxRanges);
    std::size_t bytes = 0;
    for (const auto& part : choice.parts) {
        FUZZ_CHECK(part.first <= part.last && part.last < length);
        bytes += part.size();
        for (const auto& other : choice.parts)
            FUZZ_CHECK(&other == &part || other.last < part.first || other.first > part.last);
    }
    FUZZ_CHECK(bytes <= length);
}

void lines(std::string_view name, std::string_view value) {
    std::string out;
    http::appendFieldLine(out, name, value);
    FUZZ_CHECK(out.empty() == !http::isToken(name));
    if (out.empty())
        return;
    FUZZ_CHECK(out.size() == name.size() + value.size() + 4);
    FUZZ_CHECK(out.starts_with(name) && out.ends_with("\r\n"));
    FUZZ_CHECK(http::isFieldValue(std::string_view(out).substr(name.size() + 2, value.size())));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const std::size_t length = input.byte() * 16;
    const auto value = input.rest();
    lists(value);
    quoting(value);
    weights(value);
    directives(value);
    dates(value);
    tags(value);
    ranges(value, length);
    const auto name = input.line();
    lines(name, input.rest());
    return 0;
}
