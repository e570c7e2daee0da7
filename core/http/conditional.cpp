#include "core/http/hash.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <fmt/format.h>

namespace hone::http {

namespace {

struct Tag {
    std::string_view opaque;  ///< With its quotes.
    bool weak = false;
};

/// entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE; W is case-sensitive (RFC 9110 section 8.8.3).
std::optional<Tag> parseTag(std::string_view text) {
    Tag tag{trim(text), false};
    if (tag.opaque.starts_with("W/")) {
        tag.weak = true;
        tag.opaque.remove_prefix(2);
    }
    if (tag.opaque.size() < 2 || tag.opaque.front() != '"' || tag.opaque.back() != '"')
        return std::nullopt;
    return tag;
}

/// True when one of the list's tags satisfies `matches`. Tags have no escapes, so a backslash is an ordinary
/// character.
template <class Matches>
bool anyTag(std::string_view list, Matches matches) {
    while (!list.empty()) {
        const std::size_t open = list.find('"');
        if (open == list.npos)
            return false;
        const std::size_t close = list.find('"', open + 1);
        if (close == list.npos)
            return false;
        const bool weak = open >= 2 && list.substr(open - 2, 2) == "W/";
        if (matches(Tag{list.substr(open, close - open + 1), weak}))
            return true;
        list.remove_prefix(close + 1);
    }
    return false;
}

}  // namespace

bool noneMatchHits(std::string_view ifNoneMatch, std::string_view etag) {
    if (trim(ifNoneMatch) == "*")
        return true;
    const auto ours = parseTag(etag);
    return ours && anyTag(ifNoneMatch, [&](const Tag& tag) { return tag.opaque == ours->opaque; });
}

bool matchHits(std::string_view ifMatch, std::string_view etag) {
    if (trim(ifMatch) == "*")
        return true;
    const auto ours = parseTag(etag);
    return ours && !ours->weak &&
           anyTag(ifMatch, [&](const Tag& tag) { return !tag.weak && tag.opaque == ours->opaque; });
}

std::string etagOf(std::string_view bytes) { return fmt::format("\"{:016x}\"", xxHash64(bytes)); }

}  // namespace hone::http
