#pragma once

#include <cstdint>
#include <string_view>

namespace hone::http {

/// XXH64 with seed 0 (Yann Collet, xxHash specification 0.1.1): several bytes a cycle, the same on every
/// machine, so a tag made by one run validates in the next. Not for secrets. Thread: any.
[[nodiscard]] std::uint64_t xxHash64(std::string_view bytes);

}  // namespace hone::http
