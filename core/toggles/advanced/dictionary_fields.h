#pragma once

#include "core/coding/dictionary_codec.h"
#include "core/http/message.h"

#include <optional>
#include <string>
#include <string_view>

/// The fields of RFC 9842, whose values are structured (RFC 9651). Pure functions; thread: any.
namespace hone::toggles::advanced {

[[nodiscard]] coding::DictionaryHash sha256(std::string_view bytes);
[[nodiscard]] std::string hexOf(const coding::DictionaryHash& hash);

/// A byte sequence: ":" + base64 + ":" (RFC 9651 section 3.3.5).
[[nodiscard]] std::string byteSequence(const coding::DictionaryHash& hash);
/// A string with quotes and escapes (section 3.3.3); of visible ASCII.
[[nodiscard]] std::string structuredString(std::string_view text);

/// Available-Dictionary (RFC 9842 section 2.2): none for what is no SHA-256, which is then as if not sent.
[[nodiscard]] std::optional<coding::DictionaryHash> parseAvailableDictionary(std::string_view value);
/// Use-As-Dictionary (section 2.1); `id` may be empty.
[[nodiscard]] std::string useAsDictionary(std::string_view match, std::string_view id);

/// A URL Pattern (WHATWG) for everything below a path, and the path itself, with any query.
[[nodiscard]] std::string matchBelow(std::string_view path);
/// For this target alone, its query included; without a query any query matches.
[[nodiscard]] std::string matchTarget(std::string_view path, std::string_view query);

/// `dcz` by name, not disliked and liked no less than any other coding.
[[nodiscard]] bool wantsDcz(const http::Request& request);
/// Content that another site's page makes a browser fetch must not be coded with something secret, since its
/// length then tells of it (RFC 9842 section 9.3.3, Fetch metadata). Other clients send no Sec-Fetch fields.
[[nodiscard]] bool isOwnOrPublic(const http::Request& request);

}  // namespace hone::toggles::advanced
