#include "core/toggles/shaping/cursor.h"

#include "core/http/hash.h"

#include <array>
#include <cstdint>
#include <optional>

namespace hone::toggles::shaping {
namespace {

// Version 1: '1', four check bytes, then each text as a length (LEB128) and its bytes: table, sort, values.
constexpr char kVersion = '1';
constexpr std::size_t kCheckBytes = 4;
// Twice what fits into a request line; decoding must not be a way to make us work.
constexpr std::size_t kLongest = 16 * 1024;
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string toBase64Url(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() * 4 + 2) / 3);
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

std::optional<std::string> fromBase64Url(std::string_view text) {
    static constexpr auto kValues = [] {
        std::array<std::int8_t, 256> values{};
        values.fill(-1);
        for (std::size_t i = 0; i < kAlphabet.size(); ++i)
            values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
        return values;
    }();
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const int value = kValues[static_cast<unsigned char>(c)];
        if (value < 0)
            return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>((bits >> count) & 0xff);
        }
    }
    return out;
}

void appendText(std::string& out, std::string_view text) {
    std::size_t length = text.size();
    for (; length >= 0x80; length >>= 7)
        out += static_cast<char>((length & 0x7f) | 0x80);
    out += static_cast<char>(length);
    out += text;
}

std::optional<std::string> takeText(std::string_view& rest) {
    std::size_t length = 0;
    for (int shift = 0;; shift += 7) {
        if (rest.empty() || shift > 21)
            return std::nullopt;
        const auto byte = static_cast<unsigned char>(rest.front());
        rest.remove_prefix(1);
        length |= static_cast<std::size_t>(byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    if (length > rest.size())
        return std::nullopt;
    std::string text(rest.substr(0, length));
    rest.remove_prefix(length);
    return text;
}

/// Tells damage from a cursor; no secret, so no protection against forging.
std::string checkOf(std::string_view body) {
    const std::uint64_t hash = http::xxHash64(body);
    std::string out;
    for (std::size_t i = 0; i < kCheckBytes; ++i)
        out += static_cast<char>((hash >> (8 * i)) & 0xff);
    return out;
}

std::optional<Cursor> parse(std::string_view bytes) {
    if (bytes.size() < 1 + kCheckBytes || bytes[0] != kVersion)
        return std::nullopt;
    std::string_view body = bytes.substr(1 + kCheckBytes);
    if (bytes.substr(1, kCheckBytes) != checkOf(body))
        return std::nullopt;
    auto table = takeText(body);
    auto sort = table ? takeText(body) : std::nullopt;
    if (!sort)
        return std::nullopt;
    Cursor cursor{std::move(*table), std::move(*sort), {}};
    while (!body.empty()) {
        auto value = takeText(body);
        if (!value)
            return std::nullopt;
        cursor.after.push_back(std::move(*value));
    }
    return cursor.after.empty() ? std::nullopt : std::optional(std::move(cursor));
}

}  // namespace

std::string encodeCursor(const Cursor& cursor) {
    std::string body;
    appendText(body, cursor.table);
    appendText(body, cursor.sort);
    for (const std::string& value : cursor.after)
        appendText(body, value);
    return toBase64Url(kVersion + checkOf(body) + body);
}

Result<Cursor> decodeCursor(std::string_view text) {
    if (text.size() <= kLongest)
        if (const auto bytes = fromBase64Url(text))
            if (auto cursor = parse(*bytes))
                return std::move(*cursor);
    return fail(Error::InvalidArgument, "cursor \"{}\" is not one of this API", text.substr(0, 60))
        .hint("Take it unchanged from a Link with rel=\"next\", or start with an empty cursor.");
}

}  // namespace hone::toggles::shaping
