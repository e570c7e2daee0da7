#include "core/base/thread.h"
#include "core/base/units.h"
#include "core/load/generator.h"
#include "core/load/run_warnings.h"

#include <algorithm>
#include <condition_variable>
#include <latch>

namespace hone::load {

namespace {

constexpr char kUnverified[] =
    "Certificates were not checked (insecure): whoever answered, it need not have been the server meant.";

Result<> check(const model::Workload& w) {
    const bool open = w.model == model::LoadModel::Open;
    if (open && w.stages.empty() && w.replay.file.empty() && !(w.ratePerSecond > 0))
        return fail(Error::InvalidArgument, "rate must be above 0 requests/s, got {}", w.ratePerSecond)
            .hint("For one hundred requests a second use --rate 100.");
    if (w.order == model::Order::Sequence && open)
        return fail(Error::InvalidArgument,
                    "the requests are a sequence, but an open loop has no clients "
                    "that go through one")
            .hint("Use a closed loop.");
    if (w.clients < 1)
        return fail(Error::InvalidArgument, "clients must be at least 1, got {}", w.clients);
    if (w.streams < 1 || w.streams > model::kMaxStreams ||
        (w.streams > 1 && w.http != model::HttpVersion::Http2))
        return fail(Error::InvalidArgument, "streams must be from 1 to {}, and 1 over HTTP/1.1, got {}",
                    model::kMaxStreams, w.streams)
            .hint("Over HTTP/2 (--http 2) each connection carries so many requests at a time.");
    if (w.threads < 1 || w.threads > 256)
        return fail(Error::InvalidArgument, "threads must be from 1 to 256, got {}", w.threads);
    if (w.duration.count() <= 0 || w.warmup.count() < 0 || w.timeout.count() <= 0 || w.thinkTime.count() < 0)
        return fail(Error::InvalidArgument, "duration {} ms, warm-up {} ms, timeout {} ms, think time {} ms",
                    w.duration.count(), w.warmup.count(), w.timeout.count(), w.thinkTime.count())
            .hint("Duration and timeout must be above 0, the others not below.");
    return {};
}

/// Lets the calling thread wait until every generator thread has begun, and then ended, its measured part.
class Milestones {
public:
    explicit Milestones(int threads) : m_threads(threads) {}
    void note(bool begins) {
        const std::lock_guard lock(m_mutex);
        ++(begins ? m_begun : m_ended);
        m_changed.notify_all();
    }
    /// False when the run ended without a measured part.
    bool waitForBegin() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_begun == m_threads || m_ended == m_threads; });
        return m_begun > 0;
    }
    void waitForEnd() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_ended == m_threads; });
    }

private:
    int m_threads, m_begun = 0, m_ended = 0;  ///< Guarded by m_mutex.
    std::mutex m_mutex;
    std::condition_variable m_changed;
};

void fill(model::RunResult& run, Totals& totals, const RequestSet& set) {
    run.measuredS = totals.measuredS;
    run.requests = totals.requests;
    run.errors = totals.errors;
    run.warmupRequests = totals.warmupRequests;
    run.unfinished = totals.unfinished;
    run.errorsByKind = {totals.errorsByKind.begin(), totals.errorsByKind.end()};
    for (int status = 0; status < static_cast<int>(totals.byStatus.size()); ++status) {
        const auto count = totals.byStatus[static_cast<std::size_t>(status)];
        if (count == 0)
            continue;
        run.byStatus[status] = count;
        if (status >= 400)
            run.errorsByKind[fmt::format("status {}", status)] = count;
    }
    run.wireBytes = totals.wireBytes;
    run.bodyBytes = totals.bodyBytes;
    run.byRequest = std::move(totals.byRequest);
    for (std::size_t i = 0; i < run.byRequest.size(); ++i) {
        run.byRequest[i].name = set.requests()[i].name;
        run.latency.merge(run.byRequest[i].latency);
    }
    const bool open = run.workload.model == model::LoadModel::Open;
    run.serviceTime = open ? std::move(totals.serviceTime) : run.latency;
    run.ttfb = std::move(totals.ttfb);
    run.connect = std::move(totals.connect);
    run.tls = std::move(totals.tls);
    run.tlsResumed = totals.tlsResumed;
    run.lateness = std::move(totals.lateness);
    run.generatorCpuShare = totals.cpuShare;
    run.partial = totals.partial;
    if (run.workload.clientCache) {
        run.counters["client.cache.hits"] = static_cast<double>(totals.localHits);
        run.counters["client.cache.revalidated"] = static_cast<double>(totals.revalidated);
    }
}

/// A recording shorter than the run leaves its end without load.
void noteEndOfReplay(const RequestSet& set, const model::Workload& workload,
                     std::vector<std::string>& notes) {
    if (!set.arrivals())
        return;
    const auto length =
        std::chrono::duration_cast<std::chrono::milliseconds>(set.arrivals()->back() / workload.replay.speed);
    if (length + std::chrono::seconds(1) < workload.duration)
        notes.push_back(
            fmt::format("The recording ended after {}: no requests were due in the rest of the {}.",
                        durationText(length), durationText(workload.duration)));
}

/// Runs the generators to their end on a thread each.
void runAll(std::vector<std::unique_ptr<Generator>>& generators, const LoadPlan& plan, Milestones& milestones,
            std::stop_token stop) {
    std::latch ready(static_cast<std::ptrdiff_t>(generators.size())), go(1);
    Nanos start{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < static_cast<int>(generators.size()); ++i)
        threads.emplace_back([&, i] {
            nameThread(fmt::format("load-{}", i));
            if (plan.firstCpu >= 0)
                pinThread(plan.firstCpu + i);
            ready.count_down();
            go.wait();
            generators[static_cast<std::size_t>(i)]->run(start);
        });
    ready.wait();
    start =
        monotonicNow() + std::chrono::milliseconds(1);  // All threads see the same beginning, slightly ahead.
    go.count_down();
    const std::stop_callback onStop(stop, [&] {
        for (auto& generator : generators)
            generator->cancel();
    });
    const bool measured = milestones.waitForBegin();
    if (measured && plan.onMeasure)
        plan.onMeasure(true);
    milestones.waitForEnd();
    if (measured && plan.onMeasure)
        plan.onMeasure(false);
    threads.clear();  // Joins: answers still under way are drained.
}

}  // namespace

Result<LoadResult> runLoad(const LoadPlan& asked, std::stop_token stop, const OnProgress& onProgress,
                           std::chrono::milliseconds progressEvery) {
    LoadPlan plan = asked;
    if (auto done = check(plan.workload); !done)
        return fail(std::move(done.error()));
    if (plan.workload.model == model::LoadModel::Closed)
        plan.workload.threads = std::min(plan.workload.threads, plan.workload.clients);
    auto set = RequestSet::compile(plan.workload, plan.baseUrl, plan.extraHeaders);
    if (!set)
        return fail(std::move(set.error()));
    const auto targets = Targets::reach(*set, plan.workload);
    if (!targets)
        return fail(targets.error());

    const int threadCount = plan.workload.threads;
    const Timetable timetable(plan.workload.warmup, plan.workload.duration,
                              std::max(progressEvery, std::chrono::milliseconds(1)));
    TickBoard board(timetable, threadCount, onProgress);
    Milestones milestones(threadCount);
    const RunContext context{plan,      *set,  *targets,
                             timetable, board, [&](bool begins) { milestones.note(begins); }};
    std::vector<std::unique_ptr<Generator>> generators;
    for (int i = 0; i < threadCount; ++i)
        generators.push_back(plan.workload.model == model::LoadModel::Open ? makeOpenLoop(context, i)
                                                                           : makeClosedLoop(context, i));

    LoadResult result;
    result.run.startedAt = std::chrono::system_clock::now();
    result.run.target = plan.baseUrl.empty() ? set->servers()[0].url() : plan.baseUrl;
    result.run.workload = asked.workload;
    result.run.warmupS = static_cast<double>(plan.workload.warmup.count()) / 1000;
    runAll(generators, plan, milestones, stop);

    Totals totals(set->requests().size());
    std::size_t connections = 0;
    for (auto& generator : generators) {
        totals.merge(generator->totals());
        connections += generator->connections();
        std::ranges::move(generator->samples(), std::back_inserter(result.samples));
    }
    fill(result.run, totals, *set);
    result.run.series = board.takeSeries();
    if (plan.record)
        result.run.warnings = warningsOf(result.run, totals.backlog, connections, kMaxConnections);
    auto notes = set->notes();
    noteEndOfReplay(*set, plan.workload, notes);
    result.run.warnings.insert(result.run.warnings.end(), notes.begin(), notes.end());
    if (!plan.workload.tls.verify && std::ranges::any_of(set->servers(), &RequestSet::Server::isSecure))
        result.run.warnings.insert(result.run.warnings.begin(), kUnverified);
    return result;
}

}  // namespace hone::load
