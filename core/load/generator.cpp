#include "core/load/generator.h"

namespace hone::load {

namespace {
// The measured part draws from the seed itself, so that both arms of a comparison get the same keys however
// many requests the warm-up took; the warm-up draws other keys of the same popularity.
constexpr std::uint64_t kWarmupSeed = 0x5741524d2d555021ULL;
}  // namespace

Generator::Generator(const RunContext& run, int thread)
    : m_run(run),
      m_thread(thread),
      m_threads(run.plan.workload.threads),
      m_streams(static_cast<std::size_t>(run.plan.workload.streams)),
      m_loop(net::Loop::create()),
      m_stream(run.requests, run.plan.workload.seed ^ kWarmupSeed, thread, m_threads),
      m_recorder(run.requests, run.plan.workload.model == model::LoadModel::Open),
      m_samplesLeft(run.requests.requests().size(), thread == 0 ? run.plan.sampleBodies : 0) {}

void Generator::run(Nanos start) {
    m_start = start;
    m_loop->at(start + m_run.timetable.warmup(), [this] { startMeasuring(); });
    m_loop->at(start + m_run.timetable.endOf(0), [this] { endTick(0); });
    m_loop->at(start, [this] {
        if (m_phase == Phase::Warmup && m_run.timetable.warmup() > Nanos::zero())
            begin();
    });
    m_loop->run();
}

void Generator::cancel() {
    m_loop->post([this] {
        if (m_phase == Phase::Over)
            return;
        m_recorder.totals().partial = m_phase != Phase::Draining;
        if (m_phase != Phase::Draining)
            stopSending(monotonicNow());
        finish();
    });
}

Generator::User& Generator::addUser() {
    User& user = m_users.emplace_back();
    user.owner = this;
    user.number = m_users.size() - 1;
    user.clients.resize(m_run.targets.size());
    if (m_run.plan.workload.clientCache)
        user.cache = std::make_unique<PrivateCache>();
    return user;
}

void Generator::fire(User& user, Nanos due) {
    auto shot = m_run.requests.isSequence() ? m_stream.next(user.session) : m_stream.next();
    if (user.cache && answerLocally(user, shot))
        return;
    auto& client = user.clients[shot.endpoint];
    if (!client)
        client = clientFor(user, shot.endpoint);
    user.due = due;
    user.request = shot.request;
    user.measured = m_phase == Phase::Measured;
    if (m_samplesLeft[shot.request] > 0 && user.measured) {
        --m_samplesLeft[shot.request];
        user.sampledTarget = std::make_unique<std::string>(m_stream.target());
    }
    ++m_inFlight;
    ++m_recorder.totals().fired;
    const bool wantBody = user.sampledTarget != nullptr || m_run.requests.requests()[shot.request].readBody();
    client->send(shot.wire, shot.isHead, wantBody, m_run.plan.workload.timeout,
                 [&user](const net::Answer& answer) { user.owner->onAnswer(user, answer); });
}

std::unique_ptr<net::Client> Generator::clientFor(const User& user, std::size_t server) {
    const std::size_t first = user.number - user.number % m_streams;
    for (std::size_t i = first; i < std::min(first + m_streams, m_users.size()); ++i)
        if (const auto& neighbour = m_users[i].clients[server])
            return neighbour->beside();
    return m_run.targets.connect(*m_loop, server);
}

void Generator::onAnswer(User& user, const net::Answer& answer) {
    --m_inFlight;
    if (m_phase == Phase::Over)
        return;
    if (user.cache)
        user.cache->note(user.server, user.wire, answer, answer.done);
    m_recorder.record(user.request, user.due, m_run.plan.record && countsAsMeasured(user), answer,
                      {.missing = takeValues(user, answer), .asksAgain = user.asksAgain});
    if (user.sampledTarget)
        takeSample(user, answer);
    if (m_phase == Phase::Draining && m_inFlight == 0)
        return finish();
    answered(user, answer);
}

bool Generator::answerLocally(User& user, RequestStream::Shot& shot) {
    user.asksAgain = false;
    user.server = shot.endpoint;
    const bool isNeeded = !m_run.requests.requests()[shot.request].extracts.empty();
    const auto known =
        isNeeded ? PrivateCache::Lookup{} : user.cache->find(shot.endpoint, shot.wire, monotonicNow());
    if (known.isFresh) {
        m_recorder.totals().localHits += m_phase == Phase::Measured && m_run.plan.record;
        // By way of the loop: a client that has everything would never come back from here.
        m_loop->post([this, &user] {
            if (m_phase != Phase::Draining && m_phase != Phase::Over)
                answered(user, net::Answer{.status = 200, .done = monotonicNow()});
        });
        return true;
    }
    user.wire = shot.wire;
    if (!known.condition.empty()) {
        user.wire.insert(user.wire.size() - 2, known.condition);
        user.asksAgain = true;
    }
    shot.wire = user.wire;
    return false;
}

std::string_view Generator::takeValues(User& user, const net::Answer& answer) {
    if (!m_run.requests.isSequence())
        return {};
    std::string_view missing;
    const bool isError = answer.status == 0 || answer.status >= 400;
    if (const auto& extracts = m_run.requests.requests()[user.request].extracts;
        !isError && !extracts.empty())
        missing = extracts.take(answer, user.session.taken);
    if (isError || !missing.empty())
        user.session.step = 0;  // The steps after it would ask for nonsense.
    return missing;
}

void Generator::takeSample(User& user, const net::Answer& answer) {
    SampledAnswer sample{user.request, *user.sampledTarget, answer.status, {}, std::string(answer.body)};
    for (const auto& field : answer.fields)
        sample.fields.emplace_back(field.name, field.value);
    m_samples.push_back(std::move(sample));
    user.sampledTarget.reset();
}

void Generator::endTick(int index) {
    if (m_phase == Phase::Over)
        return;
    const Nanos now = monotonicNow();
    Tick& tick = m_recorder.tick();
    tick.inFlight = m_inFlight;
    tick.backlog = backlog();
    m_run.board.publish(index, tick);
    tick.reset();
    if (index + 1 == m_run.timetable.ticks())
        return stopSending(now);
    m_loop->at(m_start + m_run.timetable.endOf(index + 1), [this, index] { endTick(index + 1); });
}

void Generator::startMeasuring() {
    if (m_phase != Phase::Warmup)
        return;
    m_phase = Phase::Measured;
    m_stream.restart(m_run.plan.workload.seed);
    for (auto& user : m_users)
        user.session.step = 0;
    m_measureStart = monotonicNow();
    m_cpuAtStart = threadCpuNow();
    m_run.onMeasure(true);
    beginMeasuring();
}

void Generator::stopSending(Nanos now) {
    if (m_phase == Phase::Draining || m_phase == Phase::Over)
        return;
    Totals& totals = m_recorder.totals();
    if (m_phase == Phase::Measured) {
        const double seconds = static_cast<double>((now - m_measureStart).count()) * 1e-9;
        totals.measuredS = seconds;
        totals.cpuShare =
            seconds > 0 ? static_cast<double>((threadCpuNow() - m_cpuAtStart).count()) * 1e-9 / seconds : 0;
        totals.backlog = backlog();
    }
    m_run.onMeasure(false);
    m_phase = Phase::Draining;
    if (m_inFlight == 0 || drain() == Nanos::zero())
        return finish();
    m_loop->at(now + drain(), [this] { finish(); });
}

void Generator::finish() {
    if (m_phase == Phase::Over)
        return;
    m_phase = Phase::Over;
    Totals& totals = m_recorder.totals();
    totals.unfinished = totals.backlog;
    for (const auto& user : m_users)
        for (const auto& client : user.clients)
            totals.unfinished += client && client->busy() && user.measured;
    m_loop->stop();
}

}  // namespace hone::load
