#pragma once

#include "core/net/input_buffer.h"
#include "core/net/output_queue.h"
#include "core/net/tls_context.h"

#include <string_view>

struct ssl_st;

namespace hone::net {

/// TLS on one connection, in memory: ciphertext comes from wireIn() and goes to wireOut(); no socket. So the
/// handshake and all ready answers leave with one system call each, whatever records they take.
///
/// Thread: its connection's. Owner: the connection. Invariant: receive() uses up all of wireIn() while it
/// says Ok.
class TlsStream {
public:
    enum class Step {
        Ok,
        Ended,      ///< The client said it sends no more (close_notify).
        Failed,     ///< A broken handshake or record; an alert may be in wireOut().
        PlainText,  ///< The first bytes are no TLS: they look like HTTP.
    };

    explicit TlsStream(std::shared_ptr<TlsContext> context);
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;
    ~TlsStream();

    /// Goes on with the handshake, then decrypts into `plain`.
    [[nodiscard]] Step receive(InputBuffer& plain);
    /// Encrypts from `plain` until it is empty or wireOut() holds enough for one write. False when broken.
    [[nodiscard]] bool send(OutputQueue& plain);
    /// Tells the client that nothing follows (close_notify): what it has is complete.
    void end();

    [[nodiscard]] InputBuffer& wireIn() { return m_wireIn; }
    [[nodiscard]] OutputQueue& wireOut() { return m_wireOut; }
    [[nodiscard]] bool isOpen() const { return m_phase == Phase::Open; }  ///< The handshake is done.
    /// Early data came, and the handshake is not done: what is read may be a replay; answers may go out.
    [[nodiscard]] bool isEarly() const { return m_hasEarly && m_phase != Phase::Open; }
    [[nodiscard]] bool isResumed() const;
    [[nodiscard]] std::string_view protocol() const;  ///< By ALPN; empty when the client did not ask.

private:
    friend struct TlsBuffers;  ///< OpenSSL's way to the two buffers.

    /// Shaking: nothing to read yet. Early: early data is being read. Ending: it is over, the handshake is
    /// not.
    enum class Phase : std::uint8_t { Shaking, Early, Ending, Open };

    [[nodiscard]] bool looksPlain();
    [[nodiscard]] Step readEarly(InputBuffer& plain);
    [[nodiscard]] Step shakeHands();
    [[nodiscard]] Step stepFor(int result);

    const std::shared_ptr<TlsContext> m_context;
    ssl_st* m_ssl;
    InputBuffer m_wireIn;
    OutputQueue m_wireOut;
    Phase m_phase = Phase::Shaking;
    bool m_hasBegun = false;
    bool m_hasEarly = false;  ///< Early data came.
    bool m_isBroken = false;
};

}  // namespace hone::net
