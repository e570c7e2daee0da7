#include "core/engine/worker.h"

#include "core/base/assert.h"
#include "core/engine/gate.h"
#include "core/engine/journal_entry.h"
#include "core/engine/server_timing.h"
#include "core/http/semantics.h"

namespace hone::engine {
namespace {

constexpr std::string_view kAdminPrefix = "/_hone/";

/// The fields the engine itself looks at, found in one walk.
struct Head {
    std::optional<std::string_view> host, arm, origin;
    bool isConditional = false;
};

Head readHead(const http::Request& request) {
    Head head;
    const auto take = [](std::optional<std::string_view>& into, std::string_view wanted,
                         const http::FieldView& line) {
        if (!into && http::iequals(line.name, wanted))
            into = line.value;
    };
    for (const auto& line : request.fields)
        switch (line.name.size()) {  // most fields are none of these: one comparison instead of nine
            case 4: take(head.host, "Host", line); break;
            case 6: take(head.origin, "Origin", line); break;
            case 5:
            case 13:
            case 17:
            case 19: head.isConditional = head.isConditional || http::isConditional(line.name); break;
            case 8:
                take(head.arm, "Hone-Arm", line);
                head.isConditional = head.isConditional || http::isConditional(line.name);
                break;
            default: break;
        }
    return head;
}

std::optional<Arm> armFrom(std::optional<std::string_view> text) {
    if (!text || *text == "A")
        return Arm::A;
    return *text == "B" ? std::optional(Arm::B) : std::nullopt;
}

Nanos since(const http::Request& request, Nanos now) {
    return request.received > Nanos(0) ? now - request.received : Nanos(0);
}

}  // namespace

/// One exchange and where it stands; used again for the next request.
struct Worker::Frame {
    std::optional<Exchange> exchange;
    net::Responder respond;
    std::shared_ptr<const Lane> lane;
    int name = 0;  ///< Of the endpoint in the router's list.
    bool isArmAsked = false;
    const http::Request* asked = nullptr;  ///< As it was received.
    std::optional<std::string_view> origin;
    std::optional<http::Conditions> conditions;  ///< When there are any that are ours to judge.
    http::Request plain;  ///< What the stages see of a request whose conditions are ours.
    std::vector<http::FieldView> plainFields;
    bool isForStore = false;  ///< What Handle began ended in an answer worth offering to Store.
    std::size_t waitsAt = 0;  ///< The Lookup hook that waits.
    Nanos waitBegan{0};
    Resume resume;                                    ///< Ready for a stage that wants to wait.
    std::move_only_function<void(Exchange&)> before;  ///< Written by who resumes, then read on the loop.
};

Worker::Worker(std::shared_ptr<EngineCore> core, int index)
    : m_core(std::move(core)),
      m_index(index),
      m_meter(*m_core->meters[static_cast<std::size_t>(index)]),
      m_journal(*m_core->journals[static_cast<std::size_t>(index)]) {}

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
    const Head head = readHead(request);
    // HTTP/1.0 may lack a Host; browsers, which rebinding needs, always send one.
    if (head.host && !m_core->hosts.allows(*head.host))
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
    Frame& frame = take();
    Route route;
    frame.name = m_core->router.match(request.method, request.path, route);
    frame.asked = &request;
    frame.origin = head.origin;
    const bool isOurs = head.isConditional && !route.endpoint->relaysConditions();
    auto& exchange = frame.exchange.emplace(isOurs ? withConditions(frame, request) : request);
    exchange.route = std::move(route);
    frame.respond = std::move(respond);
    frame.lane = laneOf(*arm);
    frame.isArmAsked = head.arm.has_value();
    exchange.arm = static_cast<int>(*arm);
    exchange.post = &m_post;
    gate::admit(frame.lane->stages, exchange);
    lookup(frame, 0);
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

void Worker::planAndHandle(Frame& frame) {
    auto& exchange = *frame.exchange;
    if (exchange.route.table)
        exchange.query.table = exchange.route.table->name;
    gate::plan(frame.lane->stages, exchange);
    if (exchange.answered)
        return finish(frame);
    if (exchange.route.endpoint->isAsync())
        return handleElsewhere(frame);
    if (!m_core->pool || !exchange.route.endpoint->blocks()) {
        work(*m_core, frame, m_index);
        return storeAndFinish(frame);
    }
    m_core->pool->post([self = shared_from_this(), &frame](int thread) {
        work(*self->m_core, frame, self->m_core->loops + thread);
        // Dropped when the loop has ended; the frame then goes with the worker, unanswered as its connection
        // is gone.
        self->m_post([worker = self.get(), &frame] { worker->storeAndFinish(frame); });
    });
}

/// On the loop or on a pool thread, with the stages of that worker.
void Worker::work(EngineCore& core, Frame& frame, int worker) {
    if (frame.exchange->route.endpoint->writes())
        write(core, frame, worker);
    else
        gate::handle(*frame.exchange);
    representAndEncode(frame, worker);
}

void Worker::write(EngineCore& core, Frame& frame, int worker) {
    auto& exchange = *frame.exchange;
    auto& dataset = *exchange.route.dataset;
    const auto& table = *exchange.route.table;
    const auto oneAtATime = core.writes.lock(dataset);
    if (frame.conditions)
        if (auto refusal =
                judgeWrite(exchange, *frame.conditions, core.router, frame.lane->pipeline->stages(worker),
                           core.writes.modified(dataset, table)))
            return exchange.answer(std::move(*refusal));
    gate::handle(exchange);
    if (exchange.wrote)
        core.writes.wrote(dataset, table);
}

/// Weak, as in makeResume(): the endpoint's threads may outlive this loop.
void Worker::handleElsewhere(Frame& frame) {
    auto& exchange = *frame.exchange;
    exchange.route.endpoint->begin(
        exchange, [weak = weak_from_this(), &frame](std::move_only_function<void(Exchange&)> fill) {
            const auto worker = weak.lock();
            if (!worker)
                return;
            frame.before = std::move(fill);
            worker->m_post([self = worker.get(), &frame] { self->handled(frame); });
        });
}

void Worker::handled(Frame& frame) {
    auto& exchange = *frame.exchange;
    gate::fill(exchange, std::exchange(frame.before, {}));
    // Only compressing is worth another thread: nothing else is left to do with what came from elsewhere.
    const bool isHeavy = !exchange.response.body.empty() && !frame.lane->stages.hooks(Phase::Encode).empty();
    if (!m_core->pool || exchange.answered || !isHeavy) {
        representAndEncode(frame, m_index);
        return storeAndFinish(frame);
    }
    m_core->pool->post([self = shared_from_this(), &frame](int thread) {
        representAndEncode(frame, self->m_core->loops + thread);
        self->m_post([worker = self.get(), &frame] { worker->storeAndFinish(frame); });
    });
}

void Worker::representAndEncode(Frame& frame, int worker) {
    auto& exchange = *frame.exchange;
    const auto& stages = frame.lane->pipeline->stages(worker);
    frame.isForStore = true;
    if (exchange.answered)
        return;
    gate::represent(stages, exchange);
    if (!exchange.answered)
        gate::encode(stages, exchange);
    frame.isForStore = !exchange.answered;  // refused on the way
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
    const Nanos now = monotonicNow(), duration = since(*frame.asked, now);
    const auto timing = serverTiming(exchange, duration);
    response.fields.add("Server-Timing", timing);
    if (frame.isArmAsked)
        response.fields.add("Hone-Arm", exchange.arm == 0 ? "A" : "B");
    record(exchange, *frame.asked, frame.name, now, duration, timing);
    // The frame is free before the answer goes: the connection may hand over its next request at once.
    auto answer = std::move(response);
    auto respond = std::move(frame.respond);
    release(frame);
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
