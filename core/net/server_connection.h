#pragma once

#include "core/net/input_buffer.h"
#include "core/net/output_queue.h"
#include "core/net/request_parser.h"
#include "core/net/server_core.h"

#include <boost/asio/ip/tcp.hpp>

#include <optional>

namespace hone::net {

/// One HTTP/1.1 connection: reads, hands one request after another to the handler, sends all ready answers at
/// once.
///
/// A pipelined request waits in the buffer until the one before it is answered; nothing is read meanwhile,
/// which is the back-pressure. Thread: its loop's; respond() any. Owner: its pending read or write, else the
/// Responder that is out. Invariant: at most one read and one wait-for-write are pending; the socket exists
/// until close().
class ServerConnection final : public std::enable_shared_from_this<ServerConnection>, public Responder::Sink {
public:
    /// Concrete executor: no type-erased call per operation.
    using Socket =
        boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

    ServerConnection(std::shared_ptr<ServerCore> core, Handler& handler, Socket socket, std::string peer,
                     std::uint64_t id);

    void start();
    /// Closes or answers 408 when a deadline has passed. Called about once a second.
    void onTick(Nanos now);
    /// Closes at once when idle, else after the answer under way.
    void finishSoon();
    void close();
    void respond(http::Response&& response) override;

    std::size_t indexInCore = 0;  ///< Kept by ServerCore.

private:
    enum class State {
        Reading,    ///< A request is awaited or incomplete.
        Handling,   ///< The handler has it.
        LastWrite,  ///< The last answer is queued.
        Lingering,  ///< Sent and shut down; what the client still sends is thrown away.
        Closed,
    };
    using Self = std::shared_ptr<ServerConnection>;
    using ErrorCode = boost::system::error_code;

    void read(Self self);
    void onRead(Self self, const ErrorCode& error, std::size_t bytes);
    void proceed(Self self);
    [[nodiscard]] bool answerWhatIsThere();
    void dispatch();
    void answer(http::Response&& response);
    void refuse(int status, std::string_view detail);
    [[nodiscard]] bool flush(const Self& self);
    void waitWritable(Self self);
    void endAfterLastWrite(Self self);
    void setReadDeadline();

    const std::shared_ptr<ServerCore> m_core;
    Handler& m_handler;
    std::optional<Socket> m_socket;
    int m_fd;
    const std::string m_peer;
    const std::uint64_t m_id;

    InputBuffer m_in;
    RequestParser m_parser;
    OutputQueue m_out;
    http::Request m_request;
    std::optional<http::Response> m_late;  ///< Written by the answering thread, then read on the loop.

    State m_state = State::Reading;
    bool m_inHandle = false;  ///< Loop thread only.
    bool m_writeWaiting = false;
    bool m_lingers =
        false;  ///< The client may still be sending: closing now could destroy our answer (RFC 9112 9.6).
    bool m_headStarted = false;  ///< The header deadline runs from the first byte on.
    bool m_isFirst = true;
    Nanos m_now{0};  ///< When the last bytes came.
    Nanos m_deadline;
};

}  // namespace hone::net
