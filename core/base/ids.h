#pragma once

#include "core/base/clock.h"

#include <string>

namespace hone {

/// A new sortable unique id: 26 characters of Crockford base 32 (ULID: 48 bits of milliseconds, 80 random
/// bits). Thread: any.
[[nodiscard]] std::string newId(const Clock& clock = SystemClock::instance());

/// `n` random bytes as lower-case hex, from the operating system's generator: tokens.
[[nodiscard]] std::string randomHex(int bytes);

}  // namespace hone
