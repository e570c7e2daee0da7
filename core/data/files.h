#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <stop_token>
#include <string_view>

namespace hone::data {

/// An errno as ours, with the path: missing → NotFound, no rights → PermissionDenied, full →
/// ResourceExhausted, else Io.
[[nodiscard]] Failure fileFailure(std::string_view doing, const std::filesystem::path& file, int error);

/// A name in the same folder that no other process or thread uses; nothing is created.
[[nodiscard]] std::filesystem::path temporaryBeside(const std::filesystem::path& file);

/// Removes its file with SQLite's side files when it goes, unless kept. Owner: the function that makes the
/// file.
class TemporaryFile {
public:
    explicit TemporaryFile(std::filesystem::path path) : m_path(std::move(path)) {}
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    /// Writes the file through to the disk and gives it its final name, atomically; an existing file is
    /// replaced.
    Result<> moveTo(const std::filesystem::path& target);

private:
    std::filesystem::path m_path;  ///< Empty once moved.
};

/// The error with the name of a temporary file, which means nothing to anybody, replaced by the file it
/// stands for.
[[nodiscard]] Failure failureOf(Error error, const TemporaryFile& temporary,
                                const std::filesystem::path& target);

/// Makes an empty file. Says why it cannot, which SQLite does not (it retries read-only and reports the
/// second error).
Result<> createFile(const std::filesystem::path& file);

/// A file's bytes in memory, read by the kernel as they are touched; at least 64 zero bytes follow them
/// (simdjson and eight-byte scans read past the end). Invariant: the bytes stay while this lives.
class MappedFile {
public:
    static Result<MappedFile> open(const std::filesystem::path& file);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&&) = delete;

    [[nodiscard]] std::string_view bytes() const { return {m_data, m_size}; }

private:
    MappedFile(const char* data, std::size_t size, std::size_t mapped)
        : m_data(data), m_size(size), m_mapped(mapped) {}

    const char* m_data;
    std::size_t m_size, m_mapped;
};

/// Writes the decompressed zstd `source` to `target`, a piece at a time. Damaged or cut input: Malformed.
Result<> decompressZstd(const std::filesystem::path& source, const std::filesystem::path& target,
                        const std::stop_token& stop);

/// Copies a file; shares its blocks where the file system can (Btrfs, XFS).
Result<> copyFile(const std::filesystem::path& source, const std::filesystem::path& target);

}  // namespace hone::data
