#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hone::coding {

struct TrainingOptions {
    std::size_t size = std::size_t{64} * 1024;  ///< Of the dictionary at most; 256 at least.
    bool thorough = false;  ///< Tries many segment lengths (seconds); else one that suits records (a tenth).
};

/// What the samples have most in common, the most useful bytes last: what `zstd --train` finds (COVER, Liao
/// et al. 2016), without the tables of zstd's own dictionary format, which RFC 9842 does not know. The same
/// samples give the same bytes. Takes CPU for all it reads: never on a request's way. Errors: InvalidArgument
/// for fewer than 8 samples or samples too alike or too short to learn from.
[[nodiscard]] Result<std::string> trainDictionary(std::span<const std::string> samples,
                                                  const TrainingOptions& options);

}  // namespace hone::coding
