#include "core/data/files.h"

#include "core/data/sqlite_dataset.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace hone::data {
namespace {

constexpr std::size_t kPadding = 64;  // simdjson::SIMDJSON_PADDING

/// An open file descriptor, closed with its owner.
class Descriptor {
public:
    Descriptor(const std::filesystem::path& file, int flags, mode_t mode = 0644)
        : m_fd(::open(file.c_str(), flags | O_CLOEXEC, mode)) {}
    ~Descriptor() {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return m_fd; }
    [[nodiscard]] bool isOpen() const { return m_fd >= 0; }

private:
    int m_fd;
};

Result<> writeAll(int fd, const char* data, std::size_t size, const std::filesystem::path& file) {
    while (size > 0) {
        const ssize_t wrote = ::write(fd, data, size);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return fileFailure("write", file, errno);
        data += wrote;
        size -= static_cast<std::size_t>(wrote);
    }
    return {};
}

/// At most `size` bytes; 0 at the end.
Result<std::size_t> readSome(int fd, char* data, std::size_t size, const std::filesystem::path& file) {
    for (;;) {
        const ssize_t got = ::read(fd, data, size);
        if (got >= 0)
            return static_cast<std::size_t>(got);
        if (errno != EINTR)
            return fileFailure("read", file, errno);
    }
}

}  // namespace

Failure fileFailure(std::string_view doing, const std::filesystem::path& file, int error) {
    const auto make = [&](Error::Code code) {
        return fail(code, "cannot {} {}: {}", doing, file.string(), std::strerror(error));
    };
    switch (error) {
        case ENOENT:
        case ENOTDIR: return make(Error::NotFound).hint("Check the path.");
        case EACCES:
        case EPERM:
        case EROFS: return make(Error::PermissionDenied).hint("Choose a file and folder you have rights to.");
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
        case EMFILE:
        case ENFILE:
        case ENOMEM: return make(Error::ResourceExhausted).hint("Free some space or choose another folder.");
        case EEXIST: return make(Error::AlreadyExists);
        default: return make(Error::Io);
    }
}

std::filesystem::path temporaryBeside(const std::filesystem::path& file) {
    static std::atomic<unsigned> next{0};
    return file.parent_path() / fmt::format(".{}.{}-{}.tmp", file.filename().string(), ::getpid(), next++);
}

TemporaryFile::~TemporaryFile() {
    if (!m_path.empty())
        removeDatabase(m_path);
}

Result<> TemporaryFile::moveTo(const std::filesystem::path& target) {
    {
        const Descriptor file(m_path, O_RDONLY);
        if (!file.isOpen() || ::fsync(file.get()) != 0)
            return fileFailure("write", m_path, errno);
    }
    if (::rename(m_path.c_str(), target.c_str()) != 0)
        return fileFailure("write", target, errno);
    m_path.clear();
    return {};
}

Failure failureOf(Error error, const TemporaryFile& temporary, const std::filesystem::path& target) {
    const std::string name = temporary.path().string();
    if (const auto at = error.what.find(name); at != std::string::npos && !name.empty())
        error.what.replace(at, name.size(), target.string());
    return fail(std::move(error));
}

Result<> createFile(const std::filesystem::path& file) {
    if (!Descriptor(file, O_WRONLY | O_CREAT | O_EXCL).isOpen())
        return fileFailure("write", file, errno);
    return {};
}

Result<MappedFile> MappedFile::open(const std::filesystem::path& file) {
    const Descriptor source(file, O_RDONLY);
    struct stat facts{};
    if (!source.isOpen() || ::fstat(source.get(), &facts) != 0)
        return fileFailure("open", file, errno);
    if (!S_ISREG(facts.st_mode))
        return fail(Error::InvalidArgument, "{} is not a regular file", file.string())
            .hint("Save it to a file first.");
    const auto size = static_cast<std::size_t>(facts.st_size);
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t filePages = (size + page - 1) / page * page, mapped = filePages + page;
    static_assert(kPadding <= 4096, "one more page holds the padding");
    // Zero pages first, the file over their beginning: what follows the file is then readable zeros.
    void* const base = ::mmap(nullptr, mapped, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED)
        return fileFailure("read", file, errno);
    MappedFile result(static_cast<const char*>(base), size, mapped);
    if (size > 0 && ::mmap(base, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, source.get(), 0) == MAP_FAILED)
        return fileFailure("read", file, errno);
    ::madvise(base, mapped, MADV_SEQUENTIAL);
    return result;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(other.m_size), m_mapped(other.m_mapped) {}

MappedFile::~MappedFile() {
    if (m_data)
        ::munmap(const_cast<char*>(m_data), m_mapped);
}

Result<> decompressZstd(const std::filesystem::path& source, const std::filesystem::path& target,
                        const std::stop_token& stop) {
    const Descriptor in(source, O_RDONLY), out(target, O_WRONLY | O_CREAT | O_EXCL);
    if (!in.isOpen() || !out.isOpen())
        return fileFailure(in.isOpen() ? "write" : "open", in.isOpen() ? target : source, errno);
    const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
    std::vector<char> input(ZSTD_DStreamInSize()), output(ZSTD_DStreamOutSize());
    std::size_t pending = 1;  // What the decoder says is still to come; 0 between frames.
    for (bool any = false;; any = true) {
        if (stop.stop_requested())
            return fail(Error::Cancelled, "reading {} was stopped", source.string());
        const auto got = readSome(in.get(), input.data(), input.size(), source);
        if (!got)
            return fail(got.error());
        if (*got == 0) {
            if (pending != 0 || !any)
                return fail(Error::Malformed, "{} ends in the middle of its compressed data", source.string())
                    .hint("Copy or download the file again.");
            return {};
        }
        for (ZSTD_inBuffer from{input.data(), *got, 0}; from.pos < from.size;) {
            ZSTD_outBuffer to{output.data(), output.size(), 0};
            pending = ZSTD_decompressStream(context.get(), &to, &from);
            if (ZSTD_isError(pending))
                return fail(Error::Malformed, "{} is not valid zstd data: {}", source.string(),
                            ZSTD_getErrorName(pending))
                    .hint("Copy or download the file again.");
            if (const auto wrote = writeAll(out.get(), output.data(), to.pos, target); !wrote)
                return wrote;
        }
    }
}

Result<> copyFile(const std::filesystem::path& source, const std::filesystem::path& target) {
    {
        const Descriptor in(source, O_RDONLY), out(target, O_WRONLY | O_CREAT | O_TRUNC);
        if (!in.isOpen() || !out.isOpen())
            return fileFailure(in.isOpen() ? "write" : "open", in.isOpen() ? target : source, errno);
        if (::ioctl(out.get(), FICLONE, in.get()) == 0)
            return {};
    }
    std::error_code error;
    std::filesystem::copy_file(source, target, std::filesystem::copy_options::overwrite_existing, error);
    if (error)
        return fileFailure("write", target, error.value());
    return {};
}

}  // namespace hone::data
