#include "core/net/certificate_maker.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <span>

namespace hone::net {

namespace {

using std::chrono::days;

constexpr days kAuthorityLife{3652};  ///< Ten years.
constexpr days kCertificateLife{365};
constexpr std::chrono::hours kClockSkew{24};  ///< A client's clock may be behind ours.
constexpr int kSerialBits = 127;              ///< Unpredictable and positive (RFC 5280 section 4.1.2.2).

struct Extension {
    int id;
    const char* value;
};
constexpr Extension kAuthorityExtensions[] = {
    {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
    {NID_key_usage, "critical,keyCertSign,cRLSign"},
    {NID_subject_key_identifier, "hash"},
    {NID_name_constraints,
     "critical,permitted;DNS:localhost,permitted;IP:127.0.0.0/255.0.0.0,"
     "permitted;IP:0:0:0:0:0:0:0:1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
};
constexpr Extension kLocalhostExtensions[] = {
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_subject_key_identifier, "hash"},
    {NID_authority_key_identifier, "keyid"},
    {NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1"},
};

struct BioDeleter {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using Memory = std::unique_ptr<BIO, BioDeleter>;

std::string textOf(const Memory& memory) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &bytes);
    return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

Memory memoryOf(const std::string& text) {
    return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

bool setSerial(X509* certificate) {
    BIGNUM* const number = BN_new();
    const bool ok = number && BN_rand(number, kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
                    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
    BN_free(number);
    return ok;
}

bool setLife(X509* certificate, WallTime now, days life) {
    const std::time_t begin = std::chrono::system_clock::to_time_t(now - kClockSkew);
    const std::time_t end = std::chrono::system_clock::to_time_t(now + life);
    return ASN1_TIME_set(X509_getm_notBefore(certificate), begin) != nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), end) != nullptr;
}

bool addName(X509_NAME* name, const char* field, const char* value) {
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(value), -1, -1, 0) == 1;
}

bool addExtension(X509* certificate, X509* issuer, const Extension& extension) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, extension.id, extension.value);
    const bool ok = made && X509_add_ext(certificate, made, -1) == 1;
    X509_EXTENSION_free(made);
    return ok;
}

/// Self-signed without an issuer.
std::optional<Identity> make(const Identity* issuer, const char* name, WallTime now, days life,
                             std::span<const Extension> extensions) {
    Identity out;
    out.key.reset(EVP_EC_gen("P-256"));
    out.certificate.reset(X509_new());
    X509* const certificate = out.certificate.get();
    X509* const signer = issuer ? issuer->certificate.get() : certificate;
    if (!out.key || !certificate || X509_set_version(certificate, X509_VERSION_3) != 1 ||
        !setSerial(certificate) || !setLife(certificate, now, life))
        return std::nullopt;
    X509_NAME* const subject = X509_get_subject_name(certificate);
    if (!addName(subject, "O", "Hone") || !addName(subject, "CN", name) ||
        X509_set_issuer_name(certificate, X509_get_subject_name(signer)) != 1 ||
        X509_set_pubkey(certificate, out.key.get()) != 1)
        return std::nullopt;
    for (const Extension& extension : extensions)
        if (!addExtension(certificate, signer, extension))
            return std::nullopt;
    EVP_PKEY* const signingKey = issuer ? issuer->key.get() : out.key.get();
    if (X509_sign(certificate, signingKey, EVP_sha256()) == 0)
        return std::nullopt;
    return out;
}

}  // namespace

void KeyDeleter::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }
void CertificateDeleter::operator()(x509_st* certificate) const { X509_free(certificate); }

std::optional<Identity> makeLocalAuthority(WallTime now) {
    return make(nullptr, "Hone local CA (this machine only)", now, kAuthorityLife, kAuthorityExtensions);
}

std::optional<Identity> makeLocalhostCertificate(const Identity& issuer, WallTime now) {
    return make(&issuer, "localhost", now, kCertificateLife, kLocalhostExtensions);
}

std::optional<Identity> readIdentity(const std::string& certificateText, const std::string& keyText) {
    const Memory certificate = memoryOf(certificateText);
    const Memory key = memoryOf(keyText);
    Identity out;
    out.certificate.reset(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
    out.key.reset(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
    if (!out.certificate || !out.key || X509_check_private_key(out.certificate.get(), out.key.get()) != 1)
        return std::nullopt;
    return out;
}

std::string certificatePem(const Identity& identity) {
    const Memory memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), identity.certificate.get());
    return textOf(memory);
}

std::string keyPem(const Identity& identity) {
    const Memory memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(memory.get(), identity.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return textOf(memory);
}

bool isSignedBy(const Identity& identity, const Identity& issuer) {
    return X509_check_issued(issuer.certificate.get(), identity.certificate.get()) == X509_V_OK &&
           X509_verify(identity.certificate.get(), issuer.key.get()) == 1;
}

bool isValidFor(const Identity& identity, WallTime now, days left) {
    std::time_t begin = std::chrono::system_clock::to_time_t(now);
    std::time_t end = std::chrono::system_clock::to_time_t(now + left);
    return X509_cmp_time(X509_get0_notBefore(identity.certificate.get()), &begin) < 0 &&
           X509_cmp_time(X509_get0_notAfter(identity.certificate.get()), &end) > 0;
}

}  // namespace hone::net
