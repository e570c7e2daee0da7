#include "core/toggles/advanced/dictionary_fields.h"

#include "core/data/row_reader.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>

namespace hone::toggles::advanced {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kHashText = 44;  // base64 of 32 bytes, with its padding

/// What means something of its own in a URL Pattern.
void appendLiteral(std::string_view text, std::string& pattern) {
    for (const char c : text) {
        if (std::string_view("+*?:{}()\\").find(c) != std::string_view::npos)
            pattern += '\\';
        pattern += c;
    }
}

}  // namespace

coding::DictionaryHash sha256(std::string_view bytes) {
    coding::DictionaryHash hash;
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash.data());
    return hash;
}

std::string hexOf(const coding::DictionaryHash& hash) {
    std::string text;
    for (const auto byte : hash)
        fmt::format_to(std::back_inserter(text), "{:02x}", byte);
    return text;
}

std::string byteSequence(const coding::DictionaryHash& hash) {
    std::string text = ":";
    data::appendBase64({reinterpret_cast<const char*>(hash.data()), hash.size()}, text);
    return text + ":";
}

std::string structuredString(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + "\"";
}

std::optional<coding::DictionaryHash> parseAvailableDictionary(std::string_view value) {
    value = http::trim(value);
    value = http::trim(value.substr(0, value.find(';')));  // parameters mean nothing here
    if (value.size() != kHashText + 2 || value.front() != ':' || value.back() != ':')
        return std::nullopt;
    const auto text = value.substr(1, kHashText);
    if (!text.ends_with('='))
        return std::nullopt;
    coding::DictionaryHash hash;
    std::size_t done = 0;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i + 1 < kHashText; ++i) {
        const auto digit = kAlphabet.find(text[i]);
        if (digit == kAlphabet.npos)
            return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        // Three bytes from four digits; the last three digits hold two.
        if (i % 4 == 3)
            for (const int shift : {16, 8, 0})
                hash[done++] = static_cast<std::uint8_t>(bits >> shift);
    }
    hash[done++] = static_cast<std::uint8_t>(bits >> 10);
    hash[done] = static_cast<std::uint8_t>(bits >> 2);
    return hash;
}

std::string useAsDictionary(std::string_view match, std::string_view id) {
    auto text = "match=" + structuredString(match);
    if (!id.empty())
        text += ", id=" + structuredString(id);
    return text;
}

std::string matchBelow(std::string_view path) {
    std::string pattern;
    appendLiteral(path, pattern);
    return pattern + "{/*}?";
}

std::string matchTarget(std::string_view path, std::string_view query) {
    std::string pattern;
    appendLiteral(path, pattern);
    if (!query.empty()) {
        pattern += "\\?";
        appendLiteral(query, pattern);
    }
    return pattern;
}

bool wantsDcz(const http::Request& request) {
    int dcz = 0, others = 0;
    for (const auto& line : request.fields) {
        if (!http::iequals(line.name, "Accept-Encoding") || line.value.find("dcz") == line.value.npos)
            continue;
        for (const auto& entry : http::parseWeighted(request.joined("Accept-Encoding")))
            (http::iequals(entry.value, coding::kDczName) ? dcz : others) =
                std::max(http::iequals(entry.value, coding::kDczName) ? dcz : others, entry.q);
        break;
    }
    return dcz > 0 && dcz >= others;
}

bool isOwnOrPublic(const http::Request& request) {
    const auto site = request.field("Sec-Fetch-Site");
    if (!site || *site == "same-origin" || *site == "none")
        return true;
    const auto mode = request.field("Sec-Fetch-Mode");
    if (mode == "navigate" || mode == "same-origin")
        return true;
    // Of another origin and readable there: nothing of it is secret when nobody was named.
    return mode == "cors" && !request.field("Cookie") && !request.field("Authorization");
}

}  // namespace hone::toggles::advanced
