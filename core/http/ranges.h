#pragma once

#include "core/http/message.h"

#include <optional>
#include <string_view>
#include <vector>

namespace hone::http {

/// Bytes `first` to `last`, both included (RFC 9110 section 14.1.2).
struct ByteRange {
    std::size_t first = 0, last = 0;
    [[nodiscard]] std::size_t size() const { return last - first + 1; }
    bool operator==(const ByteRange&) const = default;
};

/// What a Range field asks of `length` bytes.
struct RangeChoice {
    enum Kind : std::uint8_t { Whole, Parts, Unsatisfiable };
    Kind kind = Whole;
    std::vector<ByteRange> parts;  ///< At least one for Parts, none overlapping, in the order asked for.
};

/// Most ranges of one request; more are answered with the whole.
inline constexpr std::size_t kMaxRanges = 32;

/// Whole for no content, another unit, bad syntax, too many ranges, or parts that would cost as many bytes as
/// the whole (sections 14.2 and 17.15: many small or overlapping ranges are how servers are worn out). Ranges
/// that overlap or are nearer than a part's own head become one.
[[nodiscard]] RangeChoice chooseRanges(std::string_view range, std::size_t length);

/// Makes a complete 200 a 206 with one part or multipart/byteranges, or a 416 (sections 15.3.7 and 15.5.17).
void cutToRanges(Response& response, const RangeChoice& choice);

/// Gives an answer from shared finished content fields of its own; the content is left behind.
void ownFields(Response& response);

}  // namespace hone::http
