#pragma once

#include "core/caching/response_store.h"

#include <optional>
#include <string>
#include <string_view>

namespace hone::toggles::cache {

using namespace caching;

/// An answer with its key as bytes, for stores outside the process. Pure functions; thread: any.
///
/// Layout: "HC1\n", then fixed-width little-endian numbers and strings with their length before them, in the
/// order of the code. Times are of the calendar, since another process has another monotonic clock. It is
/// read back to the same bytes on the wire: fields in their order, content untouched.

struct KeptAnswer {
    Answer answer;
    std::uint64_t purges = 0;  ///< How many purges there had been.
};

[[nodiscard]] std::string encodeAnswer(std::string_view key, const StoredAnswer& answer, std::uint64_t purges,
                                       const Clock& clock);
/// None when the bytes are broken, of another version, or kept under another key: then it is a miss.
[[nodiscard]] std::optional<KeptAnswer> decodeAnswer(std::string_view key, std::string_view bytes,
                                                     const Clock& clock);

}  // namespace hone::toggles::cache
