#include "core/net/client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace hone::net {

namespace {

using Tcp = boost::asio::ip::tcp;

boost::system::error_code tryConnect(boost::asio::io_context& io, const Tcp::endpoint& address,
                                     std::chrono::milliseconds timeout) {
    Tcp::socket socket(io);
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
        error = tryConnect(io, entry.endpoint(), timeout);
        if (!error)
            return Endpoint{entry.endpoint().address().to_string(), endpoint.port};
    }
    const bool late = error == boost::asio::error::timed_out;
    return fail(late ? Error::Timeout : Error::Unavailable, "nothing answers at {}:{} ({})", endpoint.host,
                endpoint.port, late ? "no connection in time" : error.message())
        .hint("Start the server, or check host and port of the URL.");
}

}  // namespace hone::net
