#include "core/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace hone {

void assertFailed(const char* condition, const char* why, const char* file, int line) {
    std::fprintf(stderr, "%s:%d: broken promise: %s (%s)\n", file, line, why, condition);
    std::abort();
}

}  // namespace hone
