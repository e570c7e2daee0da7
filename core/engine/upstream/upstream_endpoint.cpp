#include "core/engine/upstream/upstream_endpoint.h"

#include "core/base/ids.h"
#include "core/http/syntax.h"

#include <fmt/format.h>

namespace hone::engine::upstream {
namespace {

/// What one exchange needs on the upstream's side.
struct Errand {
    Resume done;
    PostToLoop client;
    std::optional<RecordedExchange> record;  ///< When recording: the request's part of it.
    bool isHead = false;
};

/// Gathers one answer, or opens a pipe for it, and gives it back.
class Taker final : public net::OriginReader {
public:
    Taker(const Forwarding& forwarding, const std::string& url, Recorder* recorder,
          std::shared_ptr<LoopDoor> door, Errand errand)
        : m_forwarding(forwarding),
          m_url(url),
          m_recorder(recorder),
          m_door(std::move(door)),
          m_errand(std::move(errand)),
          m_begun(monotonicNow()) {}

    void setCall(std::weak_ptr<net::OriginCall> call) { m_call = std::move(call); }

    void head(const net::OriginHead& head) override {
        std::string wrong;
        auto fields = m_forwarding.answerFields(head.fields, head.version, wrong);
        if (!fields) {
            giveBack(relayProblem({Error::Malformed, std::move(wrong), {}}, m_url));
            if (const auto call = m_call.lock())
                call->cancel();
            return;
        }
        m_note = head.isReused ? "reused" : "";
        m_latency = head.firstByte - head.sent;
        m_response.status = head.status;
        m_response.fields = std::move(*fields);
        if (m_errand.record)
            noteHead(head);
        m_length = head.length;
        if (m_errand.isHead && !http::statusHasNoContent(head.status)) {
            m_response.source = noContent();
            m_response.sourceLength = head.length;
        } else if (head.length > UpstreamEndpoint::kWhole && !http::statusHasNoContent(head.status)) {
            openPipe();
        }
    }

    void body(std::string_view bytes) override {
        if (m_errand.record)
            keepForRecord(bytes);
        if (m_pipe)
            return m_pipe->push(bytes);
        m_response.body += bytes;
        if (m_response.body.size() > UpstreamEndpoint::kWhole)
            openPipe();
    }

    void end() override {
        if (m_errand.record && m_recorder) {
            m_errand.record->total = monotonicNow() - m_begun;
            m_recorder->add(std::move(*m_errand.record));
        }
        if (m_pipe)
            m_pipe->end();
        else
            giveBack(std::move(m_response));
    }

    void failed(const Error& error) override {
        if (m_pipe)
            m_pipe->fail();
        else
            giveBack(relayProblem(error, m_url));
    }

private:
    void openPipe() {
        m_pipe = std::make_shared<BodyPipe>(m_door, m_errand.client);
        m_pipe->setCall(m_call);
        m_response.source = m_pipe->makeSource();
        m_response.sourceLength = m_length;
        if (const auto body = std::exchange(m_response.body, {}); !body.empty())
            m_pipe->push(body);
        giveBack(std::move(m_response));
    }

    void giveBack(http::Response response) {
        if (!m_errand.done)
            return;
        RelayedAnswer answer{
            .response = std::move(response), .took = monotonicNow() - m_begun, .note = std::move(m_note)};
        std::exchange(m_errand.done, {})([answer = std::move(answer)](Exchange& exchange) mutable {
            fill(exchange, std::move(answer), "upstream");
        });
    }

    void noteHead(const net::OriginHead& head) {
        auto& record = *m_errand.record;
        record.status = head.status;
        record.fields = withoutCredentials(m_response.fields);
        record.firstByte = m_latency;
    }

    void keepForRecord(std::string_view bytes) {
        if (m_errand.record->body.size() + bytes.size() > Recorder::kLargestBody) {
            m_recorder->countTooLarge();
            m_errand.record.reset();
        } else {
            m_errand.record->body += bytes;
        }
    }

    const Forwarding& m_forwarding;
    const std::string& m_url;
    Recorder* m_recorder;
    const std::shared_ptr<LoopDoor> m_door;
    Errand m_errand;
    const Nanos m_begun;
    Nanos m_latency{0};
    std::weak_ptr<net::OriginCall> m_call;
    http::Response m_response;
    std::optional<std::uint64_t> m_length;
    std::shared_ptr<BodyPipe> m_pipe;
    std::string m_note;
};

net::OriginOptions originOptions(const UpstreamOptions& options, const Target& target) {
    net::OriginOptions origin{.endpoint = {target.host, target.port},
                              .connectTimeout = options.connectTimeout,
                              .firstByteTimeout = options.firstByteTimeout,
                              .idleTimeout = options.idleTimeout,
                              .keptFor = options.keptFor,
                              .maxConnections = options.maxConnections,
                              .maxKept = options.maxKept};
    if (target.scheme == "https")
        origin.tls = net::ClientTls{.caFile = options.caFile, .verify = options.verify};
    return origin;
}

}  // namespace

Result<std::unique_ptr<UpstreamEndpoint>> UpstreamEndpoint::create(const UpstreamOptions& options) {
    auto target = parseTarget(options.url);
    if (!target)
        return fail(std::move(target.error()));
    const auto origin = originOptions(options, *target);
    auto url = fmt::format("{}://{}{}", target->scheme, target->authority, target->base);
    // A name of our own for each engine: two of them in a row are no circle.
    Forwarding forwarding(std::move(*target), options.forwarded, options.keepHost, "hone-" + randomHex(4));
    std::unique_ptr<UpstreamEndpoint> endpoint(new UpstreamEndpoint(std::move(forwarding), std::move(url)));
    auto made = net::Origin::create(endpoint->m_thread.loop(), origin);
    if (!made)
        return fail(std::move(made.error()));
    endpoint->m_origin = std::move(*made);
    if (!options.record.empty()) {
        auto recorder = Recorder::create(options.record, endpoint->m_url);
        if (!recorder)
            return fail(std::move(recorder.error()));
        endpoint->m_recorder = std::move(*recorder);
    }
    return endpoint;
}

UpstreamEndpoint::~UpstreamEndpoint() { m_thread.stop(); }

/// Only reached when somebody asks without waiting; begin() is the way.
void UpstreamEndpoint::handle(Exchange& exchange) const {
    exchange.answer(http::problem(500, "the upstream is not asked this way"));
}

void UpstreamEndpoint::begin(Exchange& exchange, Resume done) const {
    auto request = m_forwarding.request(exchange.request);
    if (!request)
        return done([response = std::move(request.error())](Exchange& refused) mutable {
            refused.answer(std::move(response));
        });
    Errand errand{.done = std::move(done),
                  .client = exchange.post ? *exchange.post : PostToLoop(),
                  .isHead = request->isHead};
    if (m_recorder)
        errand.record = recordOf(exchange.request);
    m_thread.door()->post([this, request = std::move(*request), errand = std::move(errand)]() mutable {
        auto taker = std::make_unique<Taker>(m_forwarding, m_url, m_recorder.get(), m_thread.door(),
                                             std::move(errand));
        auto& reader = *taker;
        reader.setCall(m_origin->send(std::move(request), std::move(taker)));
    });
}

}  // namespace hone::engine::upstream
