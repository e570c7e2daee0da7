#include "core/data/utf8.h"

#include <simdjson.h>

namespace hone::data {
namespace {

/// Length of the character at `at`, or minus the length of the malformed run there (RFC 3629, section 4).
int sequenceAt(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned lead = byte(at);
    if (lead < 0x80)
        return 1;
    const int length = lead >= 0xc2 && lead <= 0xdf   ? 2
                       : lead >= 0xe0 && lead <= 0xef ? 3
                       : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                      : 0;
    if (length == 0)
        return -1;
    // The second byte also rules out overlong forms, surrogates and what lies above U+10FFFF.
    const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (byte(at + 1) < low || byte(at + 1) > high)
        return -1;
    for (int i = 2; i < length; ++i)
        if ((byte(at + static_cast<std::size_t>(i)) & 0xc0) != 0x80)
            return -i;
    return length;
}

}  // namespace

bool isUtf8(std::string_view text) { return simdjson::validate_utf8(text); }

std::string repairedUtf8(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 16);
    for (std::size_t at = 0; at < text.size();) {
        const int length = sequenceAt(text, at);
        const auto bytes = static_cast<std::size_t>(length < 0 ? -length : length);
        if (length < 0)
            out += "\uFFFD";
        else
            out.append(text.substr(at, bytes));
        at += bytes;
    }
    return out;
}

}  // namespace hone::data
