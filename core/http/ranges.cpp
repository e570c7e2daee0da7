#include "core/http/ranges.h"

#include "core/base/ids.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hone::http {

namespace {

/// About what the head of a part takes: boundary, Content-Type, Content-Range.
constexpr std::size_t kPartOverhead = 120;
constexpr int kBoundaryBytes = 12;

/// 1*DIGIT; a number beyond any content counts as the largest there is.
std::optional<std::size_t> parsePosition(std::string_view text) {
    if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc::result_out_of_range ? SIZE_MAX : value;
}

struct Spec {
    std::optional<ByteRange> range;  ///< None: not satisfiable.
    bool isValid = false;
};

Spec parseSpec(std::string_view text, std::size_t length) {
    const auto dash = text.find('-');
    if (dash == text.npos)
        return {};
    const auto last = text.substr(dash + 1);
    if (dash == 0) {  // the last N bytes
        const auto count = parsePosition(last);
        if (!count)
            return {};
        if (*count == 0)
            return {std::nullopt, true};
        return {ByteRange{length - std::min(*count, length), length - 1}, true};
    }
    const auto from = parsePosition(text.substr(0, dash));
    const auto to = last.empty() ? std::optional(SIZE_MAX) : parsePosition(last);
    if (!from || !to || *to < *from)
        return {};
    if (*from >= length)
        return {std::nullopt, true};
    return {ByteRange{*from, std::min(*to, length - 1)}, true};
}

/// Joins what overlaps or nearly touches; what remains keeps the order in which it was asked for.
std::vector<ByteRange> coalesced(const std::vector<ByteRange>& asked) {
    struct Group {
        ByteRange range;
        std::size_t order;
    };
    std::vector<Group> sorted, groups;
    for (std::size_t i = 0; i < asked.size(); ++i)
        sorted.push_back({asked[i], i});
    std::ranges::sort(sorted, {}, [](const Group& group) { return group.range.first; });
    for (const Group& next : sorted) {
        if (groups.empty() || next.range.first > groups.back().range.last + kPartOverhead) {
            groups.push_back(next);
            continue;
        }
        auto& group = groups.back();
        group.range.last = std::max(group.range.last, next.range.last);
        group.order = std::min(group.order, next.order);
    }
    std::ranges::sort(groups, {}, &Group::order);
    std::vector<ByteRange> out;
    for (const Group& group : groups)
        out.push_back(group.range);
    return out;
}

std::string contentRange(const ByteRange& range, std::size_t length) {
    return fmt::format("bytes {}-{}/{}", range.first, range.last, length);
}

void cutToParts(Response& response, std::string_view content, const std::vector<ByteRange>& parts) {
    const std::string type(response.fields.get("Content-Type").value_or("application/octet-stream"));
    const std::string boundary = randomHex(kBoundaryBytes);
    std::string body;
    for (const ByteRange& part : parts) {
        body += fmt::format("--{}\r\nContent-Type: {}\r\nContent-Range: {}\r\n\r\n", boundary, type,
                            contentRange(part, content.size()));
        body.append(content.substr(part.first, part.size())).append("\r\n");
    }
    body += fmt::format("--{}--\r\n", boundary);
    response.body = std::move(body);
    response.fields.set("Content-Type", "multipart/byteranges; boundary=" + boundary);
}

void refuse(Response& response, std::size_t length) {
    auto refusal =
        problem(416, fmt::format("Range asks for bytes the content does not have; it has {}", length),
                "Leave out Range, or ask for bytes below that.");
    for (const auto& [name, value] : response.fields.lines())
        if (!iequals(name, "Content-Type") && !iequals(name, "Content-Encoding") &&
            !iequals(name, "Cache-Control"))
            refusal.fields.add(name, value);
    // A cache that keeps by target alone must not answer a plain request with this.
    refusal.fields.set("Cache-Control", "no-store");
    refusal.fields.set("Content-Range", fmt::format("bytes */{}", length));
    response = std::move(refusal);
}

}  // namespace

RangeChoice chooseRanges(std::string_view range, std::size_t length) {
    const auto equals = range.find('=');
    if (length == 0 || equals == range.npos || !iequals(trim(range.substr(0, equals)), "bytes"))
        return {};
    auto rest = range.substr(equals + 1);
    std::string_view text;
    std::vector<ByteRange> asked;
    std::size_t count = 0;
    while (nextMember(rest, text)) {
        const Spec spec = parseSpec(text, length);
        if (!spec.isValid || ++count > kMaxRanges)
            return {};
        if (spec.range)
            asked.push_back(*spec.range);
    }
    if (count == 0)
        return {};
    if (asked.empty())
        return {.kind = RangeChoice::Unsatisfiable, .parts = {}};
    auto parts = coalesced(asked);
    std::size_t cost = 0;
    for (const ByteRange& part : parts)
        cost += part.size() + kPartOverhead;
    if (parts.size() > 1 && cost >= length)
        return {};
    return {.kind = RangeChoice::Parts, .parts = std::move(parts)};
}

void cutToRanges(Response& response, const RangeChoice& choice) {
    if (choice.kind == RangeChoice::Whole)
        return;
    const auto shared = response.prepared;  // read from, not copied
    const std::string own = shared ? std::string() : std::move(response.body);
    const std::string_view content = shared ? shared->body : own;
    ownFields(response);
    if (choice.kind == RangeChoice::Unsatisfiable)
        return refuse(response, content.size());
    response.status = 206;
    if (choice.parts.size() > 1)
        return cutToParts(response, content, choice.parts);
    const ByteRange part = choice.parts.front();
    response.fields.set("Content-Range", contentRange(part, content.size()));
    response.body = content.substr(part.first, part.size());
}

void ownFields(Response& response) {
    const auto shared = std::exchange(response.prepared, nullptr);
    if (!shared)
        return;
    Fields fields = shared->fields;
    for (const auto& [name, value] : response.fields.lines())
        fields.add(name, value);
    response.status = shared->status;
    response.fields = std::move(fields);
}

}  // namespace hone::http
