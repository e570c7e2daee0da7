#include "core/load/targets.h"

namespace hone::load {

namespace {

constexpr std::chrono::milliseconds kReachTimeout{3'000};

Failure unreachable(const RequestSet::Server& server, Error error) {
    error.what = fmt::format("nothing answers at {}: {}", server.url(), error.what);
    error.code = Error::Unavailable;
    return fail(std::move(error));
}

}  // namespace

Result<Targets> Targets::assume(const RequestSet& set, const model::Workload& workload) {
    Targets out;
    out.m_keepAlive = workload.keepAlive;
    std::shared_ptr<net::ClientTlsContext> tls;
    for (const auto& server : set.servers()) {
        if (server.isSecure && !tls) {
            auto made = net::makeClientTls({.caFile = workload.tls.caFile,
                                            .verify = workload.tls.verify,
                                            .http2 = workload.http == model::HttpVersion::Http2});
            if (!made)
                return fail(std::move(made.error()));
            tls = std::move(*made);
        }
        out.m_targets.push_back({server.endpoint,
                                 {.tls = server.isSecure ? tls : nullptr,
                                  .name = server.endpoint.host,
                                  .resume = workload.tls.resume,
                                  .http2 = workload.http == model::HttpVersion::Http2,
                                  .maxBodyBytes = static_cast<std::uint64_t>(workload.maxBodyBytes)}});
    }
    return out;
}

Result<Targets> Targets::reach(const RequestSet& set, const model::Workload& workload) {
    auto out = assume(set, workload);
    if (!out)
        return out;
    const auto timeout = std::min(workload.timeout, kReachTimeout);
    for (std::size_t i = 0; i < out->size(); ++i) {
        auto& target = out->m_targets[i];
        auto found = net::reach(target.address, timeout);
        if (!found)
            return unreachable(set.servers()[i], std::move(found.error()));
        target.address = std::move(*found);
        if (!target.options.tls && !target.options.http2)
            continue;
        auto protocol = net::greet(target.address, target.options, timeout);
        if (!protocol)
            return unreachable(set.servers()[i], std::move(protocol.error()));
        if (target.options.http2 && *protocol != "h2")
            return fail(Error::Unsupported, "{} does not speak HTTP/2{}", set.servers()[i].url(),
                        target.options.tls ? "" : " without TLS")
                .hint("Measure it over HTTP/1.1 (--http 1.1){}.",
                      target.options.tls ? "" : ", or by its https address");
    }
    return out;
}

std::unique_ptr<net::Client> Targets::connect(net::Loop& loop, std::size_t index) const {
    auto client = net::Client::create(loop, m_targets[index].address, m_targets[index].options);
    client->setKeepAlive(m_keepAlive);
    return client;
}

}  // namespace hone::load
