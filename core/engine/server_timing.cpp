#include "core/engine/server_timing.h"

#include <algorithm>
#include <charconv>

namespace hone::engine {
namespace {

/// Milliseconds with up to four decimals, zeros trimmed; by hand, because every answer carries several.
void appendMillis(std::string& out, Nanos duration) {
    constexpr int kDecimals = 4;
    const auto units = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0) + 50) / 100;
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, units / 10'000).ptr;
    out.append(digits, end);
    char fraction[kDecimals];
    auto rest = units % 10'000;
    int used = 0;
    for (int i = kDecimals - 1; i >= 0; --i, rest /= 10) {
        fraction[i] = static_cast<char>('0' + rest % 10);
        if (used == 0 && fraction[i] != '0')
            used = i + 1;
    }
    if (used > 0)
        out.append(1, '.').append(fraction, static_cast<std::size_t>(used));
}

/// A quoted-string (RFC 9110 section 5.6.4); what may not stand in one becomes a space.
void appendQuoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c < ' ' || c > '~' ? ' ' : c;
    }
    out += '"';
}

}  // namespace

std::string serverTiming(const Exchange& exchange, Nanos total) {
    std::string out;
    out.reserve(static_cast<std::size_t>(exchange.timingCount + 1) * 32);
    for (int i = 0; i < exchange.timingCount; ++i) {
        const auto& timing = exchange.timings[static_cast<std::size_t>(i)];
        out.append(timing.name).append(";dur=");
        appendMillis(out, timing.duration);
        if (!timing.note.empty()) {
            out += ";desc=";
            appendQuoted(out, timing.note);
        }
        out += ", ";
    }
    out += "total;dur=";
    appendMillis(out, total);
    return out;
}

}  // namespace hone::engine
