#include "core/net/server.h"

#include "core/base/assert.h"
#include "core/http/semantics.h"
#include "core/net/server_loop.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

namespace hone::net {

namespace {

constexpr int kPortTries = 8;

class ServerImpl final : public Server {
public:
    explicit ServerImpl(const ServerOptions& options, HandlerFactory factory)
        : m_shared{.options = options, .factory = std::move(factory)} {}
    ~ServerImpl() override { stop(std::chrono::milliseconds(0)); }

    Result<> prepare();
    Result<> listen();
    Result<> listenOnce();
    Result<> addHttp3(const ListenSocket& tcp);
    Result<> start();

    [[nodiscard]] std::uint16_t port() const override { return m_port; }
    [[nodiscard]] std::string url() const override { return m_url; }
    [[nodiscard]] ServerCounters counters() const override;
    [[nodiscard]] Nanos cpuTime() const override;
    void setLink(std::optional<LinkOptions> link) override;
    Result<> setOffer(const Offer& offer) override;
    void stop(std::chrono::milliseconds grace) override;

private:
    /// Alt-Svc (RFC 7838 section 3).
    [[nodiscard]] std::string advertised() const { return fmt::format("h3=\":{}\"; ma=86400", m_port); }

    ServerShared m_shared;
    std::uint16_t m_port = 0;
    std::string m_url;
    std::mutex m_offerMutex;
    Offer m_offer;  ///< Guarded by m_offerMutex.
    std::mutex m_stopMutex;
};

Result<> ServerImpl::prepare() {
    const ServerOptions& options = m_shared.options;
    if (options.limits.connectionsPerPeer > 0)
        m_shared.peers = std::make_shared<PeerLimit>(options.limits.connectionsPerPeer);
    if (!options.tls)
        return {};
    auto tls = TlsContext::create(*options.tls, options.http2);
    if (!tls)
        return fail(std::move(tls.error()));
    m_shared.tls = std::move(*tls);
    return {};
}

/// A port that the system chose for TCP may be taken for UDP: then it chooses again.
Result<> ServerImpl::listen() {
    const ServerOptions& options = m_shared.options;
    auto done = listenOnce();
    for (int i = 1; i < kPortTries && !done && options.http3 && options.port == 0; ++i) {
        if (done.error().code != Error::Unavailable)
            break;
        m_shared.loops.clear();
        done = listenOnce();
    }
    return done;
}

Result<> ServerImpl::listenOnce() {
    auto listener = listenOn(m_shared.options.bind, m_shared.options.port);
    if (!listener)
        return fail(std::move(listener.error()));
    m_port = listener->port;
    m_url = m_shared.tls ? "https" + listener->url.substr(4) : listener->url;
    for (int i = 0; i < m_shared.options.threads; ++i) {
        UniqueFd own(::fcntl(listener->fd.get(), F_DUPFD_CLOEXEC, 0));
        if (own.get() < 0)
            return fail(Error::ResourceExhausted, "loop {} got no listening socket: {}", i,
                        std::strerror(errno))
                .hint("Raise the limit of open files (ulimit -n).");
        m_shared.loops.push_back(std::make_unique<ServerLoop>(m_shared, i, std::move(own)));
    }
    return m_shared.options.http3 ? addHttp3(*listener) : Result<>();
}

/// The first loop serves all of it; every loop advertises it (RFC 7838 section 3).
Result<> ServerImpl::addHttp3(const ListenSocket& tcp) {
    ServerLoop& first = *m_shared.loops.front();
    auto listener = Http3Listener::create(m_shared.options, first.sharedCore(), tcp.fd);
    if (!listener)
        return fail(std::move(listener.error()));
    first.setHttp3(std::move(*listener));
    for (const auto& loop : m_shared.loops)
        loop->core().altSvc = advertised();
    return {};
}

Result<> ServerImpl::start() {
    std::vector<std::future<void>> ready;
    for (const auto& loop : m_shared.loops)
        ready.push_back(loop->start());
    std::string failure;
    for (auto& loop : ready) {
        try {
            loop.get();
        } catch (const std::exception& error) {
            failure = error.what();
        }
    }
    if (!failure.empty())
        return fail(Error::Internal, "the handler of an event loop could not be made: {}", failure);
    return {};
}

ServerCounters ServerImpl::counters() const {
    ServerCounters out;
    for (const auto& loop : m_shared.loops) {
        const ServerCore& core = loop->core();
        out.accepted += core.accepted.get();
        out.open += static_cast<std::uint64_t>(loop->approxOpen());
        out.requests += core.requests.get();
        out.malformed += core.malformed.get();
        out.refused += core.refused.get();
        out.bytesIn += core.bytesIn.get();
        out.bytesOut += core.bytesOut.get();
        out.handshakes += core.handshakes.get();
        out.resumed += core.resumed.get();
        out.handshakesFailed += core.handshakesFailed.get();
        out.http2 += core.http2Connections.get();
        out.http3 += core.http3Connections.get();
    }
    return out;
}

Nanos ServerImpl::cpuTime() const {
    Nanos total{0};
    for (const auto& loop : m_shared.loops)
        total += loop->cpuTime();
    return total;
}

void ServerImpl::setLink(std::optional<LinkOptions> link) {
    for (const auto& loop : m_shared.loops)
        loop->core().post([core = &loop->core(), link] { core->link = link; });
}

Result<> ServerImpl::setOffer(const Offer& offer) {
    const std::lock_guard lock(m_offerMutex);
    if (offer == m_offer)
        return {};
    const ServerOptions& options = m_shared.options;
    const bool http2 = offer.http2 && options.http2, http3 = offer.http3 && options.http3;
    std::shared_ptr<TlsContext> tls;
    if (options.tls) {
        auto limited = *options.tls;
        limited.minVersion = std::max(limited.minVersion, offer.minTls);
        limited.maxVersion = std::max(std::min(limited.maxVersion, offer.maxTls), limited.minVersion);
        limited.tickets = limited.tickets && offer.tickets;
        auto made = TlsContext::create(limited, http2, offer.earlyData);
        if (!made)
            return fail(std::move(made.error()));
        tls = std::move(*made);
    }
    m_offer = offer;
    for (const auto& loop : m_shared.loops)
        loop->core().post([core = &loop->core(), tls, http2, http3, noDelay = offer.noDelay,
                           altSvc = http3 ? advertised() : std::string()] {
            core->tls = tls;
            core->offersHttp2 = http2;
            core->offersHttp3 = http3;
            core->noDelay = noDelay;
            core->altSvc = altSvc;
        });
    return {};
}

void ServerImpl::stop(std::chrono::milliseconds grace) {
    const std::lock_guard lock(m_stopMutex);
    for (const auto& loop : m_shared.loops) {
        HONE_ASSERT(!loop->isCurrentThread(), "a loop cannot wait for itself to end");
        loop->beginStop(grace);
    }
    for (const auto& loop : m_shared.loops)
        loop->join();
}

}  // namespace

Result<std::unique_ptr<Server>> Server::create(const ServerOptions& options, HandlerFactory factory) {
    if (options.threads < 1)
        return fail(Error::InvalidArgument, "a server needs at least 1 thread, got {}", options.threads);
    auto server = std::make_unique<ServerImpl>(options, std::move(factory));
    if (auto done = server->prepare(); !done)
        return fail(std::move(done.error()));
    if (auto done = server->listen(); !done)
        return fail(std::move(done.error()));
    if (auto done = server->start(); !done)
        return fail(std::move(done.error()));
    return server;
}

Responder& Responder::operator=(Responder&& other) noexcept {
    Responder old(std::move(*this));  // answers 500 if it was still to be used
    m_owner = std::move(other.m_owner);
    m_sink = std::exchange(other.m_sink, nullptr);
    return *this;
}

Responder::~Responder() {
    if (m_sink)
        (*this)(http::problem(500, "the request was given up without an answer"));
}

void Responder::operator()(http::Response&& response) {
    HONE_ASSERT(m_sink, "a request is answered once");
    // The owner goes last: it keeps the sink alive during the call.
    const std::shared_ptr<void> owner = std::move(m_owner);
    if (Sink* sink = std::exchange(m_sink, nullptr))
        sink->respond(std::move(response));
}

}  // namespace hone::net
