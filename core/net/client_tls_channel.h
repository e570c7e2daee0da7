#pragma once

#include "core/net/client_tls.h"

#include <memory>
#include <string_view>

namespace hone::net {

struct TlsSessionDeleter {
    void operator()(ssl_session_st* session) const;
};
/// What a later connection to the same server may take up (RFC 8446 section 2.2).
using TlsSession = std::unique_ptr<ssl_session_st, TlsSessionDeleter>;

/// TLS on one connected, non-blocking socket that somebody else owns and waits on.
///
/// Thread: its connection's. Owner: the connection, which destroys it before it closes the socket. Invariant:
/// after Failed or Truncated nothing more comes or goes.
class ClientTlsChannel {
public:
    enum class Step : std::uint8_t {
        Done,
        WantRead,  ///< Call again when the socket is readable …
        WantWrite,
        Ended,      ///< The server said that nothing follows (close_notify).
        Truncated,  ///< The connection ended without saying so; perhaps an attacker's doing.
        Failed,
    };

    /// `name` is asked for and checked; `session` (may be null) is offered for resumption. Errors:
    /// InvalidArgument for a name TLS cannot ask for.
    static Result<std::unique_ptr<ClientTlsChannel>> create(ClientTlsContext& context,
                                                            const std::string& name, int socket,
                                                            ssl_session_st* session);
    ClientTlsChannel(const ClientTlsChannel&) = delete;
    ClientTlsChannel& operator=(const ClientTlsChannel&) = delete;
    ~ClientTlsChannel();

    [[nodiscard]] Step shakeHands();
    [[nodiscard]] Step read(char* out, std::size_t room, std::size_t& bytes);
    [[nodiscard]] Step write(std::string_view bytes, std::size_t& written);
    /// Bytes lie decrypted or buffered in the library, where no event of the socket tells of them.
    [[nodiscard]] bool hasPending() const;
    [[nodiscard]] bool isResumed() const;
    [[nodiscard]] std::string_view protocol() const;  ///< By ALPN; empty when the server chose none.
    /// Null while there is none worth keeping.
    [[nodiscard]] TlsSession session() const;
    /// Says close_notify, as far as the socket takes it at once.
    void end();
    /// After a failed handshake: the words it is counted by, and for people.
    [[nodiscard]] std::string_view failureKind() const;
    [[nodiscard]] Error failure(const std::string& name) const;

private:
    ClientTlsChannel(ssl_st* ssl) : m_ssl(ssl) {}
    [[nodiscard]] Step stepFor(int result);

    ssl_st* const m_ssl;
    bool m_isOpen = false, m_isBroken = false;
};

}  // namespace hone::net
