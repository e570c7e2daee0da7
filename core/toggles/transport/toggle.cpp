#include "core/engine/toggle_def.h"
#include "toggles/transport/doc.h"

#include <iterator>

namespace hone::toggles::transport {
namespace {

using engine::Connections;

const Choice kConnections[] = {
    {.id = "any",
     .label = "Whatever the client asks for",
     .help = "HTTP/1.1 with keep-alive, HTTP/2, and HTTP/3 where the engine was started with it."},
    {.id = "close", .label = "HTTP/1.1, closed", .help = "A new connection for every request."},
    {.id = "keep-alive", .label = "HTTP/1.1, kept", .help = "Many requests on a connection, one at a time."},
    {.id = "h2",
     .label = "HTTP/2",
     .help = "Many requests at a time on a connection; the load generator speaks it too."},
    {.id = "h3",
     .label = "HTTP/3",
     .help = "Advertised by Alt-Svc where the engine was started with it; the load generator speaks HTTP/2."},
};

const Choice kVersions[] = {
    {.id = "any", .label = "1.2 and 1.3", .help = "What the client has."},
    {.id = "1.2", .label = "1.2 only", .help = "A whole handshake takes two round trips."},
    {.id = "1.3", .label = "1.3 only", .help = "A whole handshake takes one round trip."},
};

const Param kParams[] = {
    {.id = "connection",
     .label = "Connections",
     .help = "What is offered to a client, and what becomes of a connection after an answer.",
     .initial = "any",
     .choices = kConnections},
    {.id = "tls",
     .label = "TLS",
     .help = "Which versions are spoken.",
     .initial = "any",
     .choices = kVersions},
    {.id = "resumption",
     .label = "Session resumption",
     .help = "A client's next handshake takes up the session of the one before, by a ticket.",
     .initial = true},
    {.id = "earlyData",
     .label = "Early data (0-RTT)",
     .help = "A resumed TLS 1.3 client may send a safe request with its first flight; others are told 425.",
     .initial = false},
    {.id = "noDelay",
     .label = "No delay",
     .help = "TCP_NODELAY: a small segment goes at once instead of waiting for an acknowledgement.",
     .initial = true},
};

const engine::Counter kCounters[] = {
    {.id = "opened", .label = "Requests that opened their connection"},
    {.id = "reused", .label = "Requests on a kept connection"},
    {.id = "http2", .label = "Requests by HTTP/2"},
    {.id = "http3", .label = "Requests by HTTP/3"},
    {.id = "early", .label = "Requests in early data"},
};

/// No part in a request: what it does happens where connections are made and ended.
class TransportState final : public engine::State {
public:
    explicit TransportState(const ParamSet& params)
        : m_connection(params.text("connection")),
          m_tls(params.text("tls")),
          m_resumption(params.flag("resumption")),
          m_earlyData(params.flag("earlyData")),
          m_noDelay(params.flag("noDelay")) {}

    std::unique_ptr<engine::Stage> makeStage() override { return std::make_unique<engine::Stage>(); }
    void readCounters(std::span<double> out) const override {
        const std::atomic<std::uint64_t>* const all[] = {&m_counts.opened, &m_counts.reused, &m_counts.http2,
                                                         &m_counts.http3, &m_counts.early};
        static_assert(std::size(all) == std::size(kCounters));
        for (std::size_t i = 0; i < std::size(all); ++i)
            out[i] = static_cast<double>(all[i]->load(std::memory_order_relaxed));
    }
    void govern(Connections& connections) override {
        connections.counts = &m_counts;
        const bool isAny = m_connection == "any";
        connections.keepAlive = m_connection != "close";
        connections.version = isAny ? 0 : m_connection == "h2" || m_connection == "h3" ? 20 : 11;
        connections.offer = {.http2 = isAny || m_connection == "h2" || m_connection == "h3",
                             .http3 = isAny || m_connection == "h3",
                             .minTls = m_tls == "1.3" ? 13 : 12,
                             .maxTls = m_tls == "1.2" ? 12 : 13,
                             .tickets = m_resumption,
                             .earlyData = m_earlyData,
                             .noDelay = m_noDelay};
    }

private:
    const std::string m_connection, m_tls;
    const bool m_resumption, m_earlyData, m_noDelay;
    engine::ConnectionCounts m_counts;
};

Result<std::shared_ptr<engine::State>> make(const engine::ToggleContext& context) {
    const auto& params = context.params;
    if (params.flag("earlyData") && (!params.flag("resumption") || params.text("tls") == "1.2"))
        return fail(Error::InvalidArgument,
                    "transport.earlyData needs a resumed TLS 1.3 session, and {} is off",
                    params.flag("resumption") ? "TLS 1.3" : "resumption")
            .hint("Set transport.resumption=true and transport.tls=1.3 or any.");
    return std::make_shared<TransportState>(params);
}

}  // namespace

const engine::ToggleDef& def() {
    static const engine::ToggleDef kDef{
        .id = "transport",
        .number = 11,
        .title = "Connections",
        .summary = "Connections are kept and shared: keep-alive, HTTP/2 and HTTP/3, resumed TLS sessions.",
        .off = "HTTP/1.1, closed after every answer; every TLS handshake is a whole one.",
        .why =
            "A new connection costs one round trip, TLS one or two more, before the first byte of the "
            "request.",
        .moves = "time to first byte, most of all over a distance; CPU per request with TLS",
        .costs = "Memory for each kept connection; early data needs a look at what may be replayed.",
        .group = engine::Group::Network,
        .params = kParams,
        .counters = kCounters,
        .figure = {.kind = engine::Figure::Share, .part = "reused", .rest = "opened", .label = "reused"},
        .doc = kDoc,
        .governsConnections = true,
        .make = make};
    return kDef;
}

}  // namespace hone::toggles::transport
