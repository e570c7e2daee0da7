#include "core/toggles/shaping/cursor.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <optional>

namespace hone::toggles::shaping {
namespace {

// Version 2: '2', the signature of all that follows with the version in front, the direction, then each text
// as a length (LEB128) and its bytes: table, sort, values.
constexpr char kVersion = '2', kForward = '>', kBackward = '<';
constexpr std::size_t kSignatureBytes = 16;
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
    // One spelling for one cursor: no lone character, no bits that do not count.
    if (count == 6 || (bits & ((1U << count) - 1)) != 0)
        return std::nullopt;
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

std::optional<Cursor> parse(std::string_view bytes, const CursorKey& key) {
    if (bytes.size() < 2 + kSignatureBytes || bytes[0] != kVersion)
        return std::nullopt;
    std::string_view body = bytes.substr(1 + kSignatureBytes);
    const std::string signature = key.sign(kVersion + std::string(body));
    if (CRYPTO_memcmp(signature.data(), bytes.data() + 1, kSignatureBytes) != 0)  // In constant time.
        return std::nullopt;
    Cursor cursor{.backwards = body[0] == kBackward};
    body.remove_prefix(1);
    auto table = takeText(body);
    auto sort = table ? takeText(body) : std::nullopt;
    if (!sort)
        return std::nullopt;
    cursor.table = std::move(*table);
    cursor.sort = std::move(*sort);
    while (!body.empty()) {
        auto value = takeText(body);
        if (!value)
            return std::nullopt;
        cursor.after.push_back(std::move(*value));
    }
    return cursor.after.empty() && !cursor.backwards ? std::nullopt : std::optional(std::move(cursor));
}

}  // namespace

CursorKey CursorKey::from(std::string_view secret) {
    CursorKey key;
    EVP_Digest(secret.data(), secret.size(), key.m_bytes.data(), nullptr, EVP_sha256(), nullptr);
    return key;
}

const CursorKey& CursorKey::ofProcess() {
    static const CursorKey kKey = [] {
        CursorKey key;
        RAND_bytes(key.m_bytes.data(), static_cast<int>(key.m_bytes.size()));
        return key;
    }();
    return kKey;
}

std::string CursorKey::sign(std::string_view bytes) const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    HMAC(EVP_sha256(), m_bytes.data(), static_cast<int>(m_bytes.size()),
         reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), mac.data(), nullptr);
    return {reinterpret_cast<const char*>(mac.data()), kSignatureBytes};
}

std::string encodeCursor(const Cursor& cursor, const CursorKey& key) {
    std::string body(1, cursor.backwards ? kBackward : kForward);
    appendText(body, cursor.table);
    appendText(body, cursor.sort);
    for (const std::string& value : cursor.after)
        appendText(body, value);
    return toBase64Url(kVersion + key.sign(kVersion + body) + body);
}

Result<Cursor> decodeCursor(std::string_view text, const CursorKey& key) {
    if (text.size() <= kLongest)
        if (const auto bytes = fromBase64Url(text))
            if (auto cursor = parse(*bytes, key))
                return std::move(*cursor);
    return fail(Error::InvalidArgument, "cursor \"{}\" is not one of this API", text.substr(0, 60))
        .hint(
            "Take it unchanged from a Link field, or start with an empty cursor; a cursor ends with the "
            "server that made it unless shaping.cursorKey is set.");
}

}  // namespace hone::toggles::shaping
