#include "core/net/tls_stream.h"

#include "core/base/assert.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace hone::net {

namespace {

constexpr std::size_t kRecord = 16 * 1024;  ///< Content of the largest record (RFC 8446 section 5.1).
constexpr std::size_t kWriteAtOnce = 16 * kRecord;
constexpr unsigned char kHandshakeRecord = 22;

}  // namespace

/// The memory behind OpenSSL's reads and writes: no copy of its own, no system call.
struct TlsBuffers {
    static int read(BIO* bio, char* out, int size) {
        BIO_clear_retry_flags(bio);
        InputBuffer& in = static_cast<TlsStream*>(BIO_get_data(bio))->m_wireIn;
        if (in.empty()) {
            BIO_set_retry_read(bio);
            return -1;
        }
        const std::size_t bytes = std::min(in.size(), static_cast<std::size_t>(size));
        std::memcpy(out, in.data(), bytes);
        in.consume(bytes);
        return static_cast<int>(bytes);
    }
    static int write(BIO* bio, const char* bytes, int size) {
        BIO_clear_retry_flags(bio);
        static_cast<TlsStream*>(BIO_get_data(bio))
            ->m_wireOut.text()
            .append(bytes, static_cast<std::size_t>(size));
        return size;
    }
    static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }
    static int create(BIO* bio) {
        BIO_set_init(bio, 1);
        return 1;
    }
    static BIO_METHOD* method() {
        static BIO_METHOD* const kMethod = [] {
            BIO_METHOD* const out = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "connection");
            BIO_meth_set_read(out, read);
            BIO_meth_set_write(out, write);
            BIO_meth_set_ctrl(out, control);
            BIO_meth_set_create(out, create);
            return out;
        }();
        return kMethod;
    }
};

TlsStream::TlsStream(std::shared_ptr<TlsContext> context)
    : m_context(std::move(context)), m_ssl(SSL_new(m_context->native())) {
    BIO* const bio = BIO_new(TlsBuffers::method());
    HONE_ASSERT(m_ssl && bio, "a TLS connection needs memory only");
    BIO_set_data(bio, this);
    SSL_set_bio(m_ssl, bio, bio);
    SSL_set_accept_state(m_ssl);
}

TlsStream::~TlsStream() { SSL_free(m_ssl); }

TlsStream::Step TlsStream::receive(InputBuffer& plain) {
    if (m_isBroken)
        return Step::Failed;
    if (m_phase == Phase::Shaking && looksPlain())
        return Step::PlainText;
    if (m_context->takesEarlyData() && (m_phase == Phase::Shaking || m_phase == Phase::Early))
        if (const Step step = readEarly(plain); m_phase != Phase::Ending)
            return step;
    if (m_phase != Phase::Open)
        if (const Step step = shakeHands(); step != Step::Ok || m_phase != Phase::Open)
            return step;
    for (;;) {
        ERR_clear_error();
        const std::span<char> room = plain.room();
        std::size_t bytes = 0;
        const int result = SSL_read_ex(m_ssl, room.data(), room.size(), &bytes);
        if (result != 1)
            return stepFor(result);
        plain.commit(bytes);
    }
}

bool TlsStream::looksPlain() {
    if (m_hasBegun || m_wireIn.empty())
        return false;
    m_hasBegun = true;
    const auto first = static_cast<unsigned char>(*m_wireIn.data());
    return first != kHandshakeRecord && first >= 'A' && first <= 'Z';
}

/// Reads the client's first flight, and what it sent behind that under the keys of an earlier session.
TlsStream::Step TlsStream::readEarly(InputBuffer& plain) {
    for (;;) {
        ERR_clear_error();
        const std::span<char> room = plain.room();
        std::size_t bytes = 0;
        switch (SSL_read_early_data(m_ssl, room.data(), room.size(), &bytes)) {
            case SSL_READ_EARLY_DATA_SUCCESS:
                plain.commit(bytes);
                m_phase = Phase::Early;
                m_hasEarly = true;
                break;
            case SSL_READ_EARLY_DATA_FINISH: m_phase = Phase::Ending; return Step::Ok;
            default: return stepFor(0);
        }
    }
}

TlsStream::Step TlsStream::shakeHands() {
    ERR_clear_error();
    const int result = SSL_do_handshake(m_ssl);
    if (result != 1)
        return stepFor(result);
    m_phase = Phase::Open;
    return Step::Ok;
}

TlsStream::Step TlsStream::stepFor(int result) {
    switch (SSL_get_error(m_ssl, result)) {
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE: return Step::Ok;
        case SSL_ERROR_ZERO_RETURN: return Step::Ended;
        default: m_isBroken = true; return Step::Failed;
    }
}

bool TlsStream::send(OutputQueue& plain) {
    // Shared by the connections of a loop: 16 KiB each would be most of what an idle one costs.
    thread_local std::array<char, kRecord> scratch;
    while (!plain.empty() && m_wireOut.size() < kWriteAtOnce) {
        const std::string_view piece = plain.front(scratch).substr(0, kWriteAtOnce);
        ERR_clear_error();
        std::size_t written = 0;
        const auto write = m_phase == Phase::Open ? SSL_write_ex : SSL_write_early_data;
        if (m_isBroken || write(m_ssl, piece.data(), piece.size(), &written) != 1) {
            m_isBroken = true;
            return false;
        }
        plain.consume(written);
    }
    return true;
}

void TlsStream::end() {
    ERR_clear_error();
    if (m_phase == Phase::Open && !m_isBroken)
        static_cast<void>(SSL_shutdown(m_ssl));
}

bool TlsStream::isResumed() const { return SSL_session_reused(m_ssl) == 1; }

std::string_view TlsStream::protocol() const {
    const unsigned char* name = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(m_ssl, &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

}  // namespace hone::net
