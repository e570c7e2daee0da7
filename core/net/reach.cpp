#include "core/net/client_tls_channel.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <poll.h>

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
    using Step = ClientTlsChannel::Step;
    const std::string& name = options.name.empty() ? endpoint.host : options.name;
    boost::asio::io_context io;
    Tcp::socket socket(io);
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(endpoint.host, error);
    if (!error)
        error = tryConnect(io, socket, {address, endpoint.port}, timeout);
    if (error)
        return fail(Error::Unavailable, "no connection to {}:{} ({})", endpoint.host, endpoint.port,
                    error.message());
    auto channel = ClientTlsChannel::create(*options.tls, name, socket.native_handle(), nullptr);
    if (!channel)
        return fail(std::move(channel.error()));
    const Nanos deadline = monotonicNow() + timeout;
    for (;;) {
        const Step step = (*channel)->shakeHands();
        if (step == Step::Done)
            break;
        if (step != Step::WantRead && step != Step::WantWrite)
            return fail((*channel)->failure(name));
        pollfd waiting{socket.native_handle(), static_cast<short>(step == Step::WantRead ? POLLIN : POLLOUT),
                       0};
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - monotonicNow()).count();
        if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) == 0)
            return fail(Error::Timeout, "{} did not finish the TLS handshake within {} ms", name,
                        timeout.count())
                .hint("Is it an https server? Try http:// in the URL.");
    }
    std::string protocol((*channel)->protocol());
    (*channel)->end();
    return protocol;
}

}  // namespace hone::net
