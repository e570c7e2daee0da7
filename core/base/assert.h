#pragma once

namespace hone {
/// Prints what promise was broken and where, then aborts.
[[noreturn]] void assertFailed(const char* condition, const char* why, const char* file, int line);
}  // namespace hone

/// Our own code keeps a promise: `HONE_ASSERT(n > 0, "callers check for empty input")`. On unless NDEBUG.
#ifdef NDEBUG
#define HONE_ASSERT(condition, why) static_cast<void>(sizeof(!(condition)))
#else
#define HONE_ASSERT(condition, why) \
    static_cast<void>((condition) || (::hone::assertFailed(#condition, why, __FILE__, __LINE__), false))
#endif
