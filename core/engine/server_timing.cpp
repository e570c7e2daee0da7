#include "core/engine/server_timing.h"

#include <algorithm>
#include <charconv>

namespace hone::engine {
namespace {

/// Milliseconds with up to four decimals, zeros trimmed; by hand and in one append, because every answer
/// carries several.
void appendMillis(std::string& out, Nanos duration) {
    const auto units = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0) + 50) / 100;
    char text[32];
    char* end = std::to_chars(text, text + sizeof text, units / 10'000).ptr;
    if (auto rest = static_cast<std::uint32_t>(units % 10'000); rest > 0) {
        *end = '.';
        for (char* digit = end + 4; digit > end; --digit, rest /= 10)
            *digit = static_cast<char>('0' + rest % 10);
        for (end += 5; end[-1] == '0';)
            --end;
    }
    out.append(text, end);
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

void appendServerTiming(std::string& out, const Exchange& exchange, Nanos total) {
    for (int i = 0; i < exchange.timingCount; ++i) {
        const auto& timing = exchange.timings[static_cast<std::size_t>(i)];
        out.append(timing.name).append(";dur=");
        appendMillis(out, timing.duration);
        if (!timing.note.empty()) {
            out.append(";desc=");
            appendQuoted(out, timing.note);
        }
        out.append(", ");
    }
    out.append("total;dur=");
    appendMillis(out, total);
}

std::string serverTiming(const Exchange& exchange, Nanos total) {
    std::string out;
    appendServerTiming(out, exchange, total);
    return out;
}

}  // namespace hone::engine
