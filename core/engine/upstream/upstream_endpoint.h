#pragma once

#include "core/engine/upstream/body_pipe.h"
#include "core/engine/upstream/forwarding.h"
#include "core/engine/upstream/recorder.h"
#include "core/engine/upstream/relayed_answer.h"

namespace hone::engine::upstream {

/// Takes every request to the upstream and its answer back.
///
/// Content up to kWhole is gathered, so that it can be compressed and kept; more, or an endless one, is
/// streamed with back-pressure. Thread: begin() on any loop; the exchange with the upstream runs on a loop of
/// our own. Owner: the router.
class UpstreamEndpoint final : public Endpoint {
public:
    static constexpr std::size_t kWhole = 256 * 1024;

    /// Errors: the URL, the TLS files, the file to record to.
    static Result<std::unique_ptr<UpstreamEndpoint>> create(const UpstreamOptions& options);
    ~UpstreamEndpoint() override;

    [[nodiscard]] std::string_view name() const override { return "upstream"; }
    [[nodiscard]] bool blocks() const override { return false; }
    [[nodiscard]] bool isAsync() const override { return true; }
    /// The upstream judges conditions and cuts ranges.
    [[nodiscard]] bool relaysConditions() const override { return true; }
    void stop() const override { m_thread.stop(); }
    [[nodiscard]] Nanos cpuTime() const override { return m_thread.cpuTime(); }
    void handle(Exchange& exchange) const override;
    void begin(Exchange& exchange, Resume done) const override;

private:
    UpstreamEndpoint(Forwarding forwarding, std::string url)
        : m_forwarding(std::move(forwarding)), m_url(std::move(url)), m_thread("upstream") {}

    const Forwarding m_forwarding;
    const std::string m_url;  ///< For messages.
    std::unique_ptr<Recorder> m_recorder;
    mutable LoopThread m_thread;
    std::unique_ptr<net::Origin> m_origin;  ///< Used on m_thread; destroyed after it has stopped.
};

}  // namespace hone::engine::upstream
