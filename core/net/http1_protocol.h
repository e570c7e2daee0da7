#pragma once

#include "core/net/body_stream.h"
#include "core/net/request_parser.h"
#include "core/net/server_core.h"
#include "core/net/server_protocol.h"

#include <optional>

namespace hone::net {

/// HTTP/1.1 and 1.0 (RFC 9112) on one connection: hands one request after another to the handler, queues
/// their answers in order.
///
/// A pipelined request waits in the buffer until the one before it is answered; nothing is read meanwhile,
/// which is the back-pressure. On a plain connection it gives way to HTTP/2 when the client begins with that
/// preface or asks for it by Upgrade (protocol_choice.h). Thread: its loop's; respond() any. Owner: the
/// connection. Invariant: at most one request is with the handler.
class Http1Protocol final : public Protocol, public Responder::Sink {
public:
    explicit Http1Protocol(ProtocolContext context);

    Turn turn(InputBuffer& in, OutputQueue& out, Nanos now) override;
    [[nodiscard]] Nanos deadline() const override { return m_deadline; }
    void expire(OutputQueue& out) override;
    bool finish(OutputQueue& out) override;
    [[nodiscard]] bool lingers() const override { return m_lingers; }
    void closed() override;
    void respond(http::Response&& response) override;

private:
    enum class State {
        Reading,    ///< A request is awaited or incomplete.
        Handling,   ///< The handler has it.
        Streaming,  ///< Its answer's content is being produced.
        Ended,      ///< The last answer is queued, or another protocol took over.
    };

    void readRequests();
    [[nodiscard]] bool step();
    void dispatch();
    [[nodiscard]] bool upgrade();
    bool giveWay(std::unique_ptr<Protocol> next);
    void answer(http::Response&& response);
    void answered();
    void refuse(int status, std::string_view detail);
    void setDeadline();

    const ProtocolContext m_context;
    RequestParser m_parser;
    http::Request m_request;
    std::optional<http::Response> m_late;  ///< Written by the answering thread, then read on the loop.
    std::optional<BodyStream> m_stream;    ///< Set while Streaming.

    InputBuffer* m_in = nullptr;  ///< Valid during turn(), as are the next two.
    OutputQueue* m_out = nullptr;
    std::size_t m_seen = 0;       ///< Bytes of an incomplete request that were parsed.
    std::uint64_t m_handled = 0;  ///< Requests handed over.
    bool m_inHandle = false;      ///< Loop thread only.
    State m_state = State::Reading;
    bool m_lateCame = false;
    bool m_closeAfter = false;   ///< The answer under way is the last.
    bool m_lingers = false;      ///< The client may still be sending.
    bool m_headStarted = false;  ///< The header deadline runs from the first byte on.
    bool m_inputEmpty = true;    ///< After the last turn.
    bool m_isFirst = true;
    Nanos m_now{0};
    Nanos m_deadline;
};

}  // namespace hone::net
