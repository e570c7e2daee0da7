#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;
struct x509_st;

/// X.509 certificates and their keys as values: made, signed, read and written as PEM. No files. Thread: any.
namespace hone::net {

struct KeyDeleter {
    void operator()(evp_pkey_st* key) const;
};
struct CertificateDeleter {
    void operator()(x509_st* certificate) const;
};

/// A certificate with its private key. Invariant: both are set and belong together.
struct Identity {
    std::unique_ptr<x509_st, CertificateDeleter> certificate;
    std::unique_ptr<evp_pkey_st, KeyDeleter> key;
};

using WallTime = std::chrono::system_clock::time_point;

/// A CA for names of this machine only, or a server's certificate signed by `issuer`. Empty when the library
/// fails (tlsErrorText() says why).
[[nodiscard]] std::optional<Identity> makeLocalAuthority(WallTime now);
[[nodiscard]] std::optional<Identity> makeLocalhostCertificate(const Identity& issuer, WallTime now);

/// Empty when either does not parse or they do not belong together.
[[nodiscard]] std::optional<Identity> readIdentity(const std::string& certificatePem,
                                                   const std::string& keyPem);
[[nodiscard]] std::string certificatePem(const Identity& identity);
[[nodiscard]] std::string keyPem(const Identity& identity);

[[nodiscard]] bool isSignedBy(const Identity& identity, const Identity& issuer);
/// Begun, and still so long to go.
[[nodiscard]] bool isValidFor(const Identity& identity, WallTime now, std::chrono::days left);

}  // namespace hone::net
