#pragma once

#include "core/base/error.h"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace hone::coding {

/// An Avro object container file (Avro 1.11 specification, "Object Container Files") as the array of its
/// objects; the one object itself where its metadata says `hone.payload` = `object`. Fields are called by
/// their property "column" where they have one, since Avro's own names are letters, digits and underscores.
/// Codec null only. Errors: Malformed, Unsupported for another codec. Pure; thread: any.
[[nodiscard]] Result<nlohmann::ordered_json> readAvroContainer(std::string_view bytes);

/// One datum of a schema (JSON text); nothing may follow it.
[[nodiscard]] Result<nlohmann::ordered_json> readAvroDatum(std::string_view schema, std::string_view bytes);

}  // namespace hone::coding
