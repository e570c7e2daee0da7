#pragma once

#include "core/net/client_socket.h"
#include "core/net/http2_client_session.h"

namespace hone::net {

[[nodiscard]] std::unique_ptr<Client> makeHttp2Client(AsioLoop& loop, Endpoint endpoint,
                                                      ClientOptions options);

class Http2Connection;
class Http2Carrier;

/// One request of one client: from send() to its callback.
///
/// Thread: its loop's. Owner: its client, and whoever works on it. Invariant: while m_busy a callback is
/// owed; m_connection is set from the moment a connection took it.
class Http2Call final : public std::enable_shared_from_this<Http2Call> {
public:
    explicit Http2Call(std::shared_ptr<Http2Carrier> carrier) : m_carrier(std::move(carrier)) {}

    void send(std::string_view wire, bool wantBody, std::chrono::milliseconds timeout, Client::Done done);
    [[nodiscard]] bool busy() const { return m_busy; }
    void abandon();  ///< No callback will follow.
    [[nodiscard]] const std::shared_ptr<Http2Carrier>& carrier() const { return m_carrier; }

    // The connection tells; each may call back.
    void opened(const ClientSocket& socket);  ///< This call was the reason to connect.
    void answered(Nanos now);
    void failed(ClientFailure failure);
    /// Sends it once more, or fails with `failure` where that is not allowed. `isUnseen`: the server told
    /// that it did nothing with it.
    void repeatOr(ClientFailure failure, bool isUnseen);
    [[nodiscard]] Http2Exchange& exchange() { return m_exchange; }

private:
    void deliver();
    void armTimeout();
    void onTimer();

    std::shared_ptr<Http2Carrier> m_carrier;
    std::shared_ptr<Http2Connection> m_connection;
    Http2Exchange m_exchange;
    Client::Done m_done;
    Answer m_answer;
    Nanos m_deadline{0}, m_timerDue = Nanos::max();
    bool m_busy = false, m_isRepeated = false;
};

/// One HTTP/2 connection and the calls on it.
///
/// Frames of all calls that begin while answers are handled leave with one write. Thread: its loop's. Owner:
/// its carrier while it takes calls, and its calls. Invariant: every call in m_calls hears exactly one
/// ending.
class Http2Connection final : public std::enable_shared_from_this<Http2Connection>,
                              private ClientSocket::User {
public:
    explicit Http2Connection(Http2Carrier& carrier);
    ~Http2Connection();

    void open(ssl_session_st* session);
    void carry(std::shared_ptr<Http2Call> call);
    void cancel(Http2Call& call);
    [[nodiscard]] bool takesMore() const { return !m_isRetired && !m_session.isClosing(); }
    /// Carries no more; closes after the last call.
    void retire();

private:
    void opened() override;
    bool received(std::string_view bytes) override;
    void drained() override { flush(); }
    void broken(ClientFailure failure) override;

    void submit(Http2Call& call);
    void flush();
    void endCalls(Nanos now);
    void closeIfDone();
    void close();  ///< The socket; says nothing to the calls.
    void breakLater(ClientFailure failure);
    [[nodiscard]] std::shared_ptr<Http2Call> take(const Http2Exchange* exchange);

    AsioLoop& m_loop;
    const std::weak_ptr<Http2Carrier> m_carrier;  ///< May go while its last calls end.
    const bool m_isSecure;
    std::shared_ptr<ClientSocket> m_socket;
    Http2ClientSession m_session;
    std::vector<std::shared_ptr<Http2Call>> m_calls;
    bool m_isRetired = false, m_isHandling = false, m_hasAnswered = false;
};

/// Opens connections to one endpoint, one at a time, for the clients that share it.
///
/// Thread: its loop's. Owner: its clients' calls together.
class Http2Carrier final : public std::enable_shared_from_this<Http2Carrier> {
public:
    Http2Carrier(AsioLoop& loop, Endpoint endpoint, ClientOptions options)
        : m_loop(loop), m_endpoint(std::move(endpoint)), m_options(std::move(options)) {}
    ~Http2Carrier();

    /// The connection that took the call.
    [[nodiscard]] std::shared_ptr<Http2Connection> carry(std::shared_ptr<Http2Call> call);
    void setKeepAlive(bool on) { m_keepAlive = on; }
    void keep(TlsSession session);
    [[nodiscard]] ssl_session_st* session() const { return m_options.resume ? m_session.get() : nullptr; }
    [[nodiscard]] AsioLoop& loop() const { return m_loop; }
    [[nodiscard]] const Endpoint& endpoint() const { return m_endpoint; }
    [[nodiscard]] const ClientOptions& options() const { return m_options; }

private:
    AsioLoop& m_loop;
    const Endpoint m_endpoint;
    const ClientOptions m_options;
    TlsSession m_session;
    std::shared_ptr<Http2Connection> m_current;
    bool m_keepAlive = true;
};

}  // namespace hone::net
