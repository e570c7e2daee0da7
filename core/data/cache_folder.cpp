#include "core/data/cache_folder.h"

#include "core/data/dataset.h"
#include "core/data/files.h"
#include "core/data/sqlite_dataset.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <thread>
#include <utility>

namespace hone::data {
namespace fs = std::filesystem;
namespace {

/// An exclusive lock of a file, between processes and threads; released with its owner.
class FileLock {
public:
    static Result<FileLock> take(const fs::path& file, const std::stop_token& stop) {
        FileLock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
        if (lock.m_fd < 0)
            return fileFailure("lock", file, errno);
        while (::flock(lock.m_fd, LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK && errno != EINTR)
                return fileFailure("lock", file, errno);
            if (stop.stop_requested())
                return fail(Error::Cancelled, "waiting for another program to prepare {} was stopped",
                            file.stem().string());
            std::this_thread::sleep_for(
                std::chrono::milliseconds(20));  // Polls, so that a stop request is heard.
        }
        return lock;
    }
    FileLock(FileLock&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock() {
        if (m_fd >= 0)
            ::close(m_fd);
    }

private:
    explicit FileLock(int fd) : m_fd(fd) {}
    int m_fd;
};

/// Whether a name that begins with "<pid>-" belongs to a process that is no more.
bool isOrphan(const std::string& name) {
    pid_t pid = 0;
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), pid);
    return code == std::errc() && pid > 0 && *end == '-' && ::kill(pid, 0) != 0 && errno == ESRCH;
}

Result<> makeFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return fileFailure("make the folder", folder, error.value());
    return {};
}

}  // namespace

fs::path defaultCacheDir() {
    // XDG Base Directory Specification: a relative path is invalid and to be ignored.
    if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg && *xdg == '/')
        return fs::path(xdg) / "hone";
    if (const char* home = std::getenv("HOME"); home && *home == '/')
        return fs::path(home) / ".cache" / "hone";
    return fs::temp_directory_path() / fmt::format("hone-{}", ::getuid());
}

Result<CacheFolder> CacheFolder::open(const fs::path& folder) {
    for (const char* part : {"datasets", "working"})
        if (const auto made = makeFolder(folder / part); !made)
            return fail(made.error());
    CacheFolder cache(folder);
    cache.sweep();
    return cache;
}

Result<fs::path> CacheFolder::kept(const std::string& name, const std::string& replaces,
                                   const std::stop_token& stop,
                                   const std::function<Result<>(const fs::path&)>& make) const {
    fs::path file = m_folder / "datasets" / name;
    std::error_code ignored;
    if (fs::exists(file, ignored))
        return file;
    // One lock for the folder: two large imports at once would only slow each other down.
    const auto lock = FileLock::take(m_folder / "datasets" / ".lock", stop);
    if (!lock)
        return fail(lock.error());
    if (fs::exists(file, ignored))  // Another program was faster.
        return file;
    if (const auto made = make(file); !made)
        return fail(made.error());
    for (const auto& entry : fs::directory_iterator(m_folder / "datasets", ignored)) {
        const std::string other = entry.path().filename().string();
        if (!replaces.empty() && other.starts_with(replaces) && other != name)
            fs::remove(entry.path(), ignored);
    }
    return file;
}

Result<fs::path> CacheFolder::workingCopy(const fs::path& source) const {
    static std::atomic<int> next{1};
    fs::path copy = m_folder / "working" / fmt::format("{}-{}.db", ::getpid(), next++);
    removeDatabase(copy);  // Left by a dead process of the same number.
    if (const auto copied = copyFile(source, copy); !copied) {
        removeDatabase(copy);
        return fail(copied.error());
    }
    return copy;
}

void CacheFolder::sweep() const {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(m_folder / "working", ignored))
        if (isOrphan(entry.path().filename().string()))
            fs::remove(entry.path(), ignored);
    for (const auto& entry : fs::directory_iterator(m_folder / "datasets", ignored))
        if (const fs::path name = entry.path().filename();
            name.extension() == ".tmp" && name.string().starts_with('.'))
            if (isOrphan(
                    name.stem().extension().string().substr(1)))  // .NAME.<pid>-<n>.tmp, see temporaryBeside
                fs::remove(entry.path(), ignored);
}

}  // namespace hone::data
