#include "core/net/http2_client.h"

#include "core/base/assert.h"

#include <algorithm>

namespace hone::net {

namespace {

/// One stream at a time of a carrier's connection.
class Http2Client final : public Client {
public:
    explicit Http2Client(std::shared_ptr<Http2Carrier> carrier)
        : m_call(std::make_shared<Http2Call>(std::move(carrier))) {}
    ~Http2Client() override { m_call->abandon(); }

    void send(std::string_view wire, bool, bool wantBody, std::chrono::milliseconds timeout,
              Done done) override {
        m_call->send(wire, wantBody, timeout, std::move(done));
    }
    [[nodiscard]] bool busy() const override { return m_call->busy(); }
    void setKeepAlive(bool on) override { m_call->carrier()->setKeepAlive(on); }
    [[nodiscard]] std::unique_ptr<Client> beside() const override {
        return std::make_unique<Http2Client>(m_call->carrier());
    }

private:
    std::shared_ptr<Http2Call> m_call;
};

}  // namespace

std::unique_ptr<Client> makeHttp2Client(AsioLoop& loop, Endpoint endpoint, ClientOptions options) {
    return std::make_unique<Http2Client>(
        std::make_shared<Http2Carrier>(loop, std::move(endpoint), std::move(options)));
}

Http2Carrier::~Http2Carrier() = default;

std::shared_ptr<Http2Connection> Http2Carrier::carry(std::shared_ptr<Http2Call> call) {
    if (!m_current || !m_current->takesMore()) {
        if (m_current)
            m_current->retire();
        m_current = std::make_shared<Http2Connection>(*this);
        m_current->open(session());
    }
    const auto carrier = m_current;
    carrier->carry(std::move(call));
    if (!m_keepAlive)
        std::exchange(m_current, nullptr)->retire();
    return carrier;
}

void Http2Carrier::keep(TlsSession session) {
    if (session)
        m_session = std::move(session);
}

void Http2Call::send(std::string_view wire, bool wantBody, std::chrono::milliseconds timeout,
                     Client::Done done) {
    HONE_ASSERT(!m_busy, "a client carries one request at a time");
    m_done = std::move(done);
    m_busy = true;
    m_isRepeated = false;
    m_answer = Answer{};
    m_answer.sent = monotonicNow();
    m_deadline = m_answer.sent + timeout;
    armTimeout();
    if (m_exchange.start(wire, m_carrier->options().tls ? "https" : "http", wantBody)) {
        m_connection = m_carrier->carry(shared_from_this());
        return;
    }
    m_carrier->loop().post([self = shared_from_this(), sent = m_answer.sent] {
        if (self->m_busy && self->m_answer.sent == sent)
            self->failed({Error::InvalidArgument, "malformed request"});
    });
}

void Http2Call::abandon() {
    m_busy = false;
    m_done = nullptr;
    if (const auto connection = std::exchange(m_connection, nullptr))
        connection->cancel(*this);
}

void Http2Call::opened(const ClientSocket& socket) {
    m_answer.connectStarted = socket.connectStarted;
    m_answer.connected = socket.connected;
    m_answer.secured = socket.secured;
    m_answer.isResumed = socket.isResumed();
}

void Http2Call::answered(Nanos now) {
    m_answer.status = m_exchange.status();
    m_answer.fields = m_exchange.fields();
    m_answer.body = m_exchange.body();
    m_answer.done = now;
    deliver();
}

void Http2Call::failed(ClientFailure failure) {
    m_answer.status = 0;
    m_answer.error = failure.code;
    m_answer.errorText = failure.text;
    m_answer.done = monotonicNow();
    deliver();
}

void Http2Call::repeatOr(ClientFailure failure, bool isUnseen) {
    if (m_isRepeated || !(isUnseen || m_exchange.mayRepeat()))
        return failed(failure);
    m_isRepeated = true;
    m_exchange.restart();
    m_connection = m_carrier->carry(shared_from_this());
}

void Http2Call::deliver() {
    const auto self = shared_from_this();  // The callback may destroy our client.
    const auto connection = std::exchange(m_connection, nullptr);
    m_answer.wireBytes = m_exchange.wireBytes();
    m_answer.bodyBytes = m_exchange.bodyBytes();
    m_answer.firstByte = m_exchange.firstByte();
    const Answer answer = m_answer;
    auto done = std::move(m_done);
    m_busy = false;
    done(answer);
}

void Http2Call::armTimeout() {
    if (m_timerDue <= m_deadline)
        return;  // That timer looks at the deadline when it fires.
    m_timerDue = m_deadline;
    m_carrier->loop().at(m_deadline, [weak = weak_from_this()] {
        if (const auto self = weak.lock())
            self->onTimer();
    });
}

void Http2Call::onTimer() {
    const Nanos now = monotonicNow();
    if (m_timerDue <= now)
        m_timerDue = Nanos::max();
    if (!m_busy)
        return;
    if (m_deadline > now)
        return armTimeout();
    if (m_connection)
        m_connection->cancel(*this);
    failed({Error::Timeout, "timeout"});
}

}  // namespace hone::net
