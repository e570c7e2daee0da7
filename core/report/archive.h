#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

/// A few files in one: a ZIP that any system opens by double click. Thread: any.
namespace hone::report {

/// Path inside the archive, "profiles/a.profile.json" → bytes. Sorted, so that the same files give the same
/// archive.
using Files = std::map<std::string, std::string>;

/// Bounds for archives that come from anybody: a small file may unpack to a very large one.
struct ArchiveLimits {
    std::size_t entries = 256;
    std::uint64_t entryBytes = std::uint64_t{256} << 20;
    std::uint64_t totalBytes = std::uint64_t{512} << 20;
};

/// The bytes of the archive. `at` becomes the time of every entry (seconds since 1970): no clock is read.
/// Errors: InvalidArgument for a name that unpack() would refuse.
[[nodiscard]] Result<std::string> pack(const Files& files, std::int64_t at);

/// Reads into memory, never to disk. Refused (Malformed): names that are absolute, contain "..", a backslash
/// or a control character, or come twice; links, folders and devices; damaged or cut content.
/// ResourceExhausted: beyond the limits, whatever the archive says about its sizes.
[[nodiscard]] Result<Files> unpack(std::string_view bytes, const ArchiveLimits& limits = {});

/// 64 hex digits (FIPS 180-4).
[[nodiscard]] std::string sha256Hex(std::string_view bytes);

}  // namespace hone::report
