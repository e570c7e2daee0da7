#pragma once

#include "core/base/error.h"

#include <chrono>
#include <filesystem>

namespace hone::net {

/// Where the certificate of this machine's own server lies. All PEM.
struct CertificateFiles {
    std::filesystem::path ca;           ///< What a client has to trust; may be given away.
    std::filesystem::path certificate;  ///< For localhost, 127.0.0.1 and ::1.
    std::filesystem::path key;
};

/// The certificate to serve TLS with on this machine, signed by a CA of our own; both are made in `folder` on
/// first use and kept there.
///
/// The CA (ten years, ECDSA P-256) can only sign for names of this machine: it carries name constraints (RFC
/// 5280 section 4.2.1.10), so whoever trusts it trusts it for nothing else. It is never installed anywhere.
/// The certificate (one year) is renewed when fewer than 30 days are left at `now`, or when it does not
/// belong to the CA. Keys are readable by their owner only. Thread: any, also from several processes at once.
/// Errors: Io or PermissionDenied when the folder cannot be written, naming the file.
[[nodiscard]] Result<CertificateFiles> ensureLocalCertificate(
    const std::filesystem::path& folder,
    std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

}  // namespace hone::net
