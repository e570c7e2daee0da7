#include "core/net/certificate_authority.h"

#include "core/net/certificate_maker.h"
#include "core/net/listen_socket.h"
#include "core/net/tls_context.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace hone::net {

namespace {

constexpr std::chrono::days kRenewBefore{30};
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kReadable = 0644;

Failure ioFailure(const std::filesystem::path& file, int error) {
    const auto code =
        error == EACCES || error == EPERM || error == EROFS ? Error::PermissionDenied : Error::Io;
    return fail(code, "{} cannot be written: {}", file.string(), std::strerror(error))
        .hint("Choose a folder of your own for the certificates.");
}

/// Empty when there is none: then it is made.
std::string readFile(const std::filesystem::path& file) {
    std::ostringstream out;
    out << std::ifstream(file, std::ios::binary).rdbuf();
    return out.str();
}

Result<> writeAll(int fd, const std::filesystem::path& file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            return ioFailure(file, errno);
        text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return {};
}

/// Whole or not at all: a reader never sees half a key, and nobody else sees a key at any moment.
Result<> writeFile(const std::filesystem::path& file, const std::string& text, mode_t mode) {
    const std::filesystem::path draft = file.string() + ".new";
    ::unlink(draft.c_str());  // of a run that was cut off
    const UniqueFd fd(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (fd.get() < 0)
        return ioFailure(draft, errno);
    if (auto done = writeAll(fd.get(), draft, text); !done)
        return done;
    if (::fsync(fd.get()) != 0 || ::rename(draft.c_str(), file.c_str()) != 0)
        return ioFailure(file, errno);
    return {};
}

Result<> writeIdentity(const Identity& identity, const std::filesystem::path& certificate,
                       const std::filesystem::path& key) {
    if (auto done = writeFile(key, keyPem(identity), kOwnerOnly); !done)
        return done;
    return writeFile(certificate, certificatePem(identity), kReadable);
}

Result<Identity> ensureAuthority(const std::filesystem::path& certificate, const std::filesystem::path& key,
                                 WallTime now) {
    auto kept = readIdentity(readFile(certificate), readFile(key));
    if (kept && isValidFor(*kept, now, kRenewBefore))
        return std::move(*kept);
    auto made = makeLocalAuthority(now);
    if (!made)
        return fail(Error::Internal, "a local CA could not be made: {}", tlsErrorText());
    if (auto done = writeIdentity(*made, certificate, key); !done)
        return fail(std::move(done.error()));
    return std::move(*made);
}

/// Held until the file descriptor closes: several processes may start at once in a new folder.
Result<UniqueFd> lockFolder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return ioFailure(folder, error.value());
    UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0 || ::flock(fd.get(), LOCK_EX) != 0)
        return ioFailure(folder, errno);
    return fd;
}

}  // namespace

Result<CertificateFiles> ensureLocalCertificate(const std::filesystem::path& folder, WallTime now) {
    const CertificateFiles files{.ca = folder / "ca.pem",
                                 .certificate = folder / "localhost.pem",
                                 .key = folder / "localhost-key.pem"};
    const auto lock = lockFolder(folder);
    if (!lock)
        return fail(lock.error());
    const auto authority = ensureAuthority(files.ca, folder / "ca-key.pem", now);
    if (!authority)
        return fail(authority.error());
    const auto kept = readIdentity(readFile(files.certificate), readFile(files.key));
    if (kept && isSignedBy(*kept, *authority) && isValidFor(*kept, now, kRenewBefore))
        return files;
    const auto made = makeLocalhostCertificate(*authority, now);
    if (!made)
        return fail(Error::Internal, "a certificate for localhost could not be made: {}", tlsErrorText());
    if (auto done = writeIdentity(*made, files.certificate, files.key); !done)
        return fail(std::move(done.error()));
    return files;
}

}  // namespace hone::net
