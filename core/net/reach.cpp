#include "core/net/client_tls_channel.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <poll.h>
#include <sys/socket.h>

namespace hone::net {

namespace {

using Tcp = boost::asio::ip::tcp;

boost::system::error_code tryConnect(boost::asio::io_context& io, Tcp::socket& socket,
                                     const Tcp::endpoint& address, std::chrono::milliseconds timeout) {
    boost::system::error_code outcome = boost::asio::error::timed_out;
    bool finished = false;
    socket.async_connect(address, [&](const boost::system::error_code& error) {
        outcome = error;
        finished = true;
    });
    io.restart();
    io.run_for(timeout);
    if (!finished) {
        boost::system::error_code ignored;
        socket.close(ignored);
        io.restart();
        io.run();  // Lets the cancelled handler go before what it refers to.
        outcome = boost::asio::error::timed_out;
    }
    return outcome;
}

/// False when nothing happened by `deadline`.
bool waitFor(int socket, short event, Nanos deadline) {
    pollfd waiting{socket, event, 0};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - monotonicNow()).count();
    return left > 0 && ::poll(&waiting, 1, static_cast<int>(left)) > 0;
}

Result<std::string> greetSecurely(int socket, const ClientOptions& options, const std::string& name,
                                  Nanos deadline) {
    using Step = ClientTlsChannel::Step;
    auto channel = ClientTlsChannel::create(*options.tls, name, socket, nullptr);
    if (!channel)
        return fail(std::move(channel.error()));
    for (;;) {
        const Step step = (*channel)->shakeHands();
        if (step == Step::Done)
            break;
        if (step != Step::WantRead && step != Step::WantWrite)
            return fail((*channel)->failure(name));
        if (!waitFor(socket, step == Step::WantRead ? POLLIN : POLLOUT, deadline))
            return fail(Error::Timeout, "{} did not finish the TLS handshake in time", name)
                .hint("Is it an https server? Try http:// in the URL.");
    }
    std::string protocol((*channel)->protocol());
    (*channel)->end();
    return protocol;
}

/// Whether the answer to HTTP/2's preface begins with a SETTINGS frame (RFC 9113 section 3.4).
bool knowsHttp2(int socket, Nanos deadline) {
    constexpr std::size_t kFrameHead = 9, kType = 3;
    constexpr char kSettings = 4;
    constexpr char kEmptySettings[] = {0, 0, 0, kSettings, 0, 0, 0, 0, 0};
    std::string bytes = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    bytes.append(kEmptySettings, kFrameHead);
    if (::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
        return false;
    std::string head;
    char buffer[kFrameHead];
    while (head.size() < kFrameHead && waitFor(socket, POLLIN, deadline)) {
        const auto got = ::recv(socket, buffer, kFrameHead - head.size(), MSG_DONTWAIT);
        if (got <= 0)
            return false;
        head.append(buffer, static_cast<std::size_t>(got));
    }
    return head.size() == kFrameHead && head[kType] == kSettings;
}

}  // namespace

Result<Endpoint> reach(const Endpoint& endpoint, std::chrono::milliseconds timeout) {
    boost::asio::io_context io;
    boost::system::error_code error;
    const auto found = Tcp::resolver(io).resolve(endpoint.host, std::to_string(endpoint.port), error);
    if (error || found.empty())
        return fail(Error::NotFound, "host \"{}\" is not known ({})", endpoint.host, error.message())
            .hint("Check the spelling of the URL, or use an address such as 127.0.0.1.");
    for (const auto& entry : found) {
        Tcp::socket socket(io);
        error = tryConnect(io, socket, entry.endpoint(), timeout);
        if (!error)
            return Endpoint{entry.endpoint().address().to_string(), endpoint.port};
    }
    const bool late = error == boost::asio::error::timed_out;
    return fail(late ? Error::Timeout : Error::Unavailable, "nothing answers at {}:{} ({})", endpoint.host,
                endpoint.port, late ? "no connection in time" : error.message())
        .hint("Start the server, or check host and port of the URL.");
}

Result<std::string> greet(const Endpoint& endpoint, const ClientOptions& options,
                          std::chrono::milliseconds timeout) {
    boost::asio::io_context io;
    Tcp::socket socket(io);
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(endpoint.host, error);
    if (!error)
        error = tryConnect(io, socket, {address, endpoint.port}, timeout);
    if (error)
        return fail(Error::Unavailable, "no connection to {}:{} ({})", endpoint.host, endpoint.port,
                    error.message());
    const Nanos deadline = monotonicNow() + timeout;
    if (options.tls)
        return greetSecurely(socket.native_handle(), options,
                             options.name.empty() ? endpoint.host : options.name, deadline);
    return knowsHttp2(socket.native_handle(), deadline) ? "h2" : "";
}

}  // namespace hone::net
