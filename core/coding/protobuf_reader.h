#pragma once

#include "core/base/error.h"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace hone::coding {

/// A Protocol Buffers message as JSON, read with the text of its .proto (no imports). The message type is the
/// parameter `proto` of the media type ("application/x-protobuf; proto=hone.CitiesList"), else the only
/// message of the schema.
///
/// Fields are called by their JSON names; a field with presence that is not set is null, numbers stay
/// numbers, enums are their names, bytes are Base64. A message with a field `item` or `items` and a field
/// `columns` is the envelope this program sends: what is inside it is the value, restricted to `columns` when
/// there are some. Errors: InvalidArgument for a missing or unusable schema, Malformed. Pure; thread: any.
[[nodiscard]] Result<nlohmann::ordered_json> readProtobuf(std::string_view contentType,
                                                          std::string_view bytes, std::string_view schema);

}  // namespace hone::coding
