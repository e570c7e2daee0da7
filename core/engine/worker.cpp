#include "core/engine/worker.h"

#include "core/engine/asked_head.h"
#include "core/engine/gate.h"
#include "core/engine/journal_entry.h"
#include "core/engine/server_timing.h"
#include "core/engine/worker_frame.h"
#include "core/http/semantics.h"

namespace hone::engine {
namespace {

constexpr std::string_view kAdminPrefix = "/_hone/";

Nanos since(const http::Request& request, Nanos now) {
    return request.received > Nanos(0) ? now - request.received : Nanos(0);
}

}  // namespace

Worker::Worker(std::shared_ptr<EngineCore> core, int index)
    : m_core(std::move(core)),
      m_index(index),
      m_meter(*m_core->meters[static_cast<std::size_t>(index)]),
      m_journal(*m_core->journals[static_cast<std::size_t>(index)]),
      m_held(m_core->clock) {}

Worker::~Worker() = default;

void Worker::setPost(Post post) {
    m_post = std::move(post);
    m_core->join(weak_from_this(), m_post);
}

void Worker::dropStaleLanes() {
    for (const auto arm : {Arm::A, Arm::B})
        if (auto& lane = m_lanes[static_cast<std::size_t>(arm)];
            lane && lane->generation != m_core->arms.generation(arm))
            lane.reset();
}

void Worker::handle(const http::Request& request, net::Responder respond) {
    const AskedHead head = readHead(request);
    // HTTP/1.0 may lack a Host; browsers, which rebinding needs, always send one.
    if (head.host && !mayAskFor(*head.host))
        return refuse(
            request, std::move(respond), "host",
            http::problem(421, fmt::format("this server does not answer for the host \"{}\"", *head.host),
                          "Use localhost or 127.0.0.1, or allow the name when starting the server."));
    if (request.path.starts_with(kAdminPrefix))
        return answerAdmin(request, std::move(respond));
    if (m_core->cors.isOn() && head.origin && Cors::isPreflight(request))
        return refuse(request, std::move(respond), "CORS preflight", m_core->cors.preflight(request));
    const auto arm = armFrom(head.arm);
    if (!arm)
        return refuse(request, std::move(respond), "arm",
                      http::problem(400, fmt::format("Hone-Arm must be A or B, got \"{}\"", *head.arm)));
    if ((request.isEarly || head.isEarly) && !isSafe(request.method))
        return refuse(request, std::move(respond), "early data",
                      http::problem(425,
                                    fmt::format("{} may not come as early data, which could be a replay",
                                                request.methodText),
                                    "Send it again when the TLS handshake is done."));
    Frame& frame = take();
    Route route;
    frame.name = m_core->router.match(request.method, request.path, route);
    frame.asked = &request;
    frame.origin = head.origin;
    frame.lane = laneOf(*arm);
    if (auto* counts = frame.lane->pipeline->connections().counts)
        counts->add(request);
    if (!route.toggle.empty())
        findAtToggle(*frame.lane->pipeline, request.path, route);
    const bool isOurs = head.isConditional && !route.endpoint->relaysConditions();
    auto& exchange = frame.exchange.emplace(isOurs ? withConditions(frame, request) : request);
    exchange.route = std::move(route);
    frame.respond = std::move(respond);
    frame.isArmAsked = head.arm.has_value();
    exchange.arm = static_cast<int>(*arm);
    exchange.post = &m_post;
    gate::admit(frame.lane->stages, exchange);
    lookup(frame, 0);
}

/// The frame keeps the pipeline, and so the endpoint, until its request is answered.
void Worker::findAtToggle(const Pipeline& pipeline, std::string_view path, Route& route) const {
    const auto* toggle = pipeline.find(route.toggle);
    if (!toggle)
        return;
    const auto* endpoint = toggle->state->endpoint(path);
    route.endpoint = endpoint ? endpoint : &m_core->router.unknown();
    route.dataset = route.endpoint->dataset();
}

/// Clients ask for one host again and again, and reading addresses is a tenth of what we add to a request.
bool Worker::mayAskFor(std::string_view host) {
    if (!host.empty() && host == m_lastHost)
        return true;
    if (!m_core->hosts.allows(host))
        return false;
    m_lastHost = host;
    return true;
}

/// The request as the stages are to see it. A cache answers If-None-Match and If-Modified-Since itself, from
/// memory. Whatever else there is takes the whole answer to judge, so the stages compute and keep that.
const http::Request& Worker::withConditions(Frame& frame, const http::Request& request) {
    const auto& conditions = frame.conditions.emplace(http::readConditions(request));
    if (!conditions.mayFail() && !conditions.range)
        return request;
    frame.plain = http::withoutConditions(request, frame.plainFields);
    return frame.plain;
}

/// Answers before a pipeline is asked.
void Worker::refuse(const http::Request& request, net::Responder respond, std::string_view who,
                    http::Response response) {
    Exchange exchange(request);
    exchange.answer(std::move(response));
    exchange.answeredBy = who;
    const Nanos now = monotonicNow(), duration = since(request, now);
    const auto timing = serverTiming(exchange, duration);
    exchange.response.fields.add("Server-Timing", timing);
    record(exchange, request, m_core->router.refusedIndex(), now, duration, timing);
    respond(std::move(exchange.response));
}

/// On the pool: applying a profile may build indexes.
void Worker::answerAdmin(const http::Request& request, net::Responder respond) {
    if (!m_core->pool)
        return respond(m_core->admin(request));
    m_core->pool->post([core = m_core, &request, respond = std::move(respond)](int) mutable {
        respond(core->admin(request));
    });
}

const std::shared_ptr<const Worker::Lane>& Worker::laneOf(Arm arm) {
    auto& lane = m_lanes[static_cast<std::size_t>(arm)];
    // Read before the pipeline: if it moves in between, the next request fetches again.
    const auto generation = m_core->arms.generation(arm);
    if (!lane || lane->generation != generation) {
        auto pipeline = m_core->arms.pipeline(arm);
        const auto& stages = pipeline->stages(m_index);
        lane = std::make_shared<const Lane>(std::move(pipeline), stages, generation);
    }
    return lane;
}

Worker::Frame& Worker::take() {
    if (m_free.empty()) {
        m_free.push_back(m_frames.emplace_back(std::make_unique<Frame>()).get());
        m_free.back()->resume = makeResume(*m_free.back());
    }
    Frame& frame = *m_free.back();
    m_free.pop_back();
    return frame;
}

void Worker::release(Frame& frame) {
    frame.exchange.reset();
    frame.lane.reset();
    frame.conditions.reset();
    frame.isForStore = false;
    m_free.push_back(&frame);
}

/// Weak: a stage may keep it beyond the life of this loop.
Resume Worker::makeResume(Frame& frame) {
    return [weak = weak_from_this(), &frame](std::move_only_function<void(Exchange&)> before) {
        const auto worker = weak.lock();
        if (!worker)
            return;
        frame.before = std::move(before);
        worker->m_post([self = worker.get(), &frame] { self->resumed(frame); });
    };
}

void Worker::lookup(Frame& frame, std::size_t from) {
    auto& exchange = *frame.exchange;
    if (!exchange.answered)
        if (const auto waiting = gate::lookup(frame.lane->stages, exchange, frame.resume, from)) {
            // Whoever resumes it posts to this loop, so this is written in time.
            frame.waitsAt = *waiting;
            frame.waitBegan = monotonicNow();
            return;
        }
    if (exchange.answered)
        return finish(frame);
    planAndHandle(frame);
}

void Worker::resumed(Frame& frame) {
    frame.resume = makeResume(frame);
    frame.exchange->note("wait", monotonicNow() - frame.waitBegan);
    gate::resume(frame.lane->stages, *frame.exchange, frame.waitsAt, std::exchange(frame.before, {}));
    lookup(frame, frame.waitsAt + 1);
}

void Worker::storeAndFinish(Frame& frame) {
    if (frame.isForStore)
        gate::store(frame.lane->stages, *frame.exchange);
    finish(frame);
}

void Worker::finish(Frame& frame) {
    auto& exchange = *frame.exchange;
    gate::finish(frame.lane->stages, exchange);
    auto& response = exchange.response;
    if (exchange.request.method == http::Method::Get || exchange.request.method == http::Method::Head) {
        if (frame.conditions)
            http::applyConditions(response, exchange.request.method, *frame.conditions);
        else if (!exchange.route.endpoint->relaysConditions())
            http::offerRanges(response);
    }
    if (m_core->cors.isOn())
        m_core->cors.addTo(response, frame.origin);
    const Nanos heldBack = exchange.heldBack;
    const Nanos now = monotonicNow(), duration = since(*frame.asked, now) + heldBack;
    m_timing.clear();
    appendServerTiming(m_timing, exchange, duration);
    response.fields.add("Server-Timing", m_timing);
    if (!frame.lane->pipeline->connections().keepAlive && exchange.request.version < 20)
        response.close = true;
    if (frame.isArmAsked)
        response.fields.add("Hone-Arm", exchange.arm == 0 ? "A" : "B");
    record(exchange, *frame.asked, frame.name, now, duration, m_timing);
    // The frame is free before the answer goes: the connection may hand over its next request at once.
    auto answer = std::move(response);
    auto respond = std::move(frame.respond);
    release(frame);
    if (heldBack > Nanos(0))
        return m_held.hold(heldBack, std::move(respond), std::move(answer));
    respond(std::move(answer));
}

void Worker::record(const Exchange& exchange, const http::Request& asked, int name, Nanos now, Nanos duration,
                    std::string_view timing) {
    m_meter.record(name, exchange.response.finalStatus(), contentBytes(asked, exchange.response), duration);
    if (!m_journal.wants(now))
        return;
    auto entry = describeExchange(exchange, asked);
    entry.number = m_core->nextEntryNumber();
    entry.at = m_core->clock.wallNow();
    entry.endpoint = m_core->router.names()[static_cast<std::size_t>(name)];
    entry.duration = duration;
    entry.serverTiming = timing;
    m_journal.add(std::move(entry));
}

}  // namespace hone::engine
