#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string>

/// Pictures that travel inside a document. Thread: any.
namespace hone::report {

/// RFC 4648, section 4.
[[nodiscard]] std::string base64(std::string_view bytes);

/// "data:image/png;base64,…" of a PNG, JPEG or SVG file of at most 1 MiB, told by its content. An SVG is
/// shown as an image, where browsers run no script and load nothing; one that has script or outside
/// references is refused all the same. Errors: NotFound, InvalidArgument.
[[nodiscard]] Result<std::string> pictureFrom(const std::filesystem::path& file);

}  // namespace hone::report
