#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <functional>
#include <stop_token>

namespace hone::data {

/// Imported data sets kept between runs, and the working copies of running programs.
///
/// `datasets/` holds finished files that are never written again; `working/` one file per opened data set.
/// Thread: any; several processes may share a folder: a file is made by one of them under a lock, the others
/// wait for it.
class CacheFolder {
public:
    static Result<CacheFolder> open(const std::filesystem::path& folder);

    /// The kept file of that name; `make` writes it first when it is not there. Files in `datasets/` whose
    /// names begin with `replaces` (older contents of the same source) are removed after a new one was made.
    Result<std::filesystem::path> kept(
        const std::string& name, const std::string& replaces, const std::stop_token& stop,
        const std::function<Result<>(const std::filesystem::path&)>& make) const;
    /// A copy of `source` that is this process's own: working/<pid>-<n>.db.
    Result<std::filesystem::path> workingCopy(const std::filesystem::path& source) const;

private:
    explicit CacheFolder(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    /// Removes working copies of processes that are no more.
    void sweep() const;

    std::filesystem::path m_folder;
};

}  // namespace hone::data
