#pragma once

namespace hone {
inline constexpr char kVersion[] = "0.1.0";
}
