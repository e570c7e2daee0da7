#include "core/toggles/graphql/base64url.h"

#include <cstdint>

namespace hone::toggles::graphql {
namespace {
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}

std::string base64url(std::string_view bytes) {
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6)
            out += kAlphabet[(bits >> (count - 6)) & 63];
    }
    if (count > 0)
        out += kAlphabet[(bits << (6 - count)) & 63];
    return out;
}

std::optional<std::string> fromBase64url(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const auto value = kAlphabet.find(c);
        if (value == kAlphabet.npos)
            return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        if ((count += 6) >= 8)
            out += static_cast<char>((bits >> (count -= 8)) & 255);
    }
    // What is left over are zeros of the last digit, or the text was cut.
    if (count >= 6 || (bits & ((1U << count) - 1)) != 0)
        return std::nullopt;
    return out;
}

}  // namespace hone::toggles::graphql
