#include "core/base/version.h"

#include <cstdio>

int main() {
    std::printf("hone %s\n", hone::kVersion);
    return 0;
}
