#pragma once

#include "core/base/error.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hone::coding {

/// The representations an answer may have besides text; what they say is the same JSON value.
enum class Format : std::uint8_t { Json, Msgpack, Cbor, Protobuf, Avro };
[[nodiscard]] std::string_view formatName(Format format);  ///< "JSON", "MessagePack", …, for people.
/// Of a media type with or without parameters, also its older names ("application/x-msgpack"); none when it
/// is something else.
[[nodiscard]] std::optional<Format> formatOf(std::string_view contentType);

/// The target of a Link field with rel="describedby" (RFC 8288; POWDER): where the schema of an answer is.
/// Empty when there is none.
[[nodiscard]] std::string describedBy(std::string_view linkField);

/// Nested deeper than this is refused: nothing readable is, and every reader of such a value recurses.
inline constexpr int kDeepest = 256;

/// What bytes of that media type say, as JSON; content codings must be undone before (decodeContent).
///
/// JSON, MessagePack and CBOR need no `schema`. Avro object container files carry theirs; it is used for
/// their columns' own names. Protobuf needs the text of its .proto, and the message type is read from the
/// parameter `proto` of the media type. Int64 stay numbers, and in answers of this program an unset column is
/// null. Errors: Unsupported for another media type, InvalidArgument for a missing or unusable schema,
/// Malformed for damaged, cut or too deeply nested bytes. Pure; thread: any.
[[nodiscard]] Result<nlohmann::ordered_json> decodeToJson(std::string_view contentType,
                                                          std::string_view bytes,
                                                          std::string_view schema = {});
[[nodiscard]] constexpr bool needsSchema(Format format) { return format == Format::Protobuf; }

}  // namespace hone::coding
