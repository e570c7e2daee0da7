// Does the generator tell the truth? Against servers whose latencies are known: one that writes down how long
// it took, and one that stands still for a second.
//   bench.load_truth [seconds = 2]

#include "core/base/random.h"
#include "core/load/load.h"
#include "core/net/scripted_server.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <thread>

using namespace hone;
using namespace std::chrono_literals;

namespace {

model::Workload workloadOf(int seconds, int clients) {
    model::Workload workload;
    workload.requests = {{.name = "get", .url = "/"}};
    workload.clients = clients;
    workload.warmup = 0ms;
    workload.duration = std::chrono::seconds(seconds);
    return workload;
}

/// A server that answers after lognormal times it has written down: what it did against what we report.
void knownLatencies(int seconds) {
    std::mutex mutex;
    std::vector<double> injected;  // Microseconds; guarded by the mutex.
    net::ScriptedServer server([&](net::ScriptedServer::Peer& peer) {
        SplitMix64 random(static_cast<std::uint64_t>(peer.number()) + 1);
        while (!peer.request().empty()) {
            const Nanos begun = monotonicNow();
            const double normal =
                std::sqrt(-2 * std::log1p(-random.uniform())) * std::cos(2 * M_PI * random.uniform());
            std::this_thread::sleep_for(
                std::chrono::duration<double, std::micro>(2'000 * std::exp(0.8 * normal)));
            const std::lock_guard lock(mutex);
            injected.push_back(static_cast<double>((monotonicNow() - begun).count()) / 1e3);
            peer.answer("{}");
        }
    });
    const auto result = load::runLoad({.workload = workloadOf(seconds, 8), .baseUrl = server.url()}, {});
    if (!result)
        return;
    const std::lock_guard lock(mutex);
    std::ranges::sort(injected);
    for (const double q : {0.5, 0.95, 0.99}) {
        const double truth = injected[static_cast<std::size_t>(q * static_cast<double>(injected.size() - 1))];
        const auto told = static_cast<double>(result->run.latency.quantile(q));
        fmt::print("known latencies, p{:.0f}: the server took {:.0f} µs, we report {:.0f} µs ({:+.1f} %)\n",
                   100 * q, truth, told, 100 * (told / truth - 1));
    }
}

/// A server that stands still for one second of five. A loop that waits for answers sends nothing meanwhile
/// and so hardly sees it; who asks 500 times a second waits up to a second, one time in five.
void coordinatedOmission() {
    for (const auto kind : {model::LoadModel::Closed, model::LoadModel::Open}) {
        std::atomic<Nanos::rep> start{0};
        net::ScriptedServer server([&](net::ScriptedServer::Peer& peer) {
            while (!peer.request().empty()) {
                Nanos::rep none = 0;
                const Nanos now = monotonicNow();
                start.compare_exchange_strong(none, now.count());
                const Nanos since = now - Nanos(start.load());
                if (since > 2s && since < 3s)
                    std::this_thread::sleep_for(3s - since);
                peer.answer("{}");
            }
        });
        auto workload = workloadOf(5, 4);
        workload.model = kind;
        workload.ratePerSecond = 500;
        workload.thinkTime = kind == model::LoadModel::Closed ? 8ms : 0ms;
        const auto result = load::runLoad({.workload = workload, .baseUrl = server.url()}, {});
        if (!result)
            return;
        const auto& run = result->run;
        fmt::print(
            "server stalls 1 s of 5, {} loop: {} requests, p95 {} µs, p99 {} µs (uncorrected service "
            "time p99 {} µs)\n",
            kind == model::LoadModel::Open ? "open  " : "closed", run.requests, run.latency.quantile(0.95),
            run.latency.quantile(0.99), run.serviceTime.quantile(0.99));
    }
    fmt::print("expected of callers at a steady 500/s: p95 about 750 ms, p99 about 950 ms\n");
}

}  // namespace

int main(int argc, char** argv) {
    knownLatencies(argc > 1 ? std::max(std::atoi(argv[1]), 1) : 2);
    coordinatedOmission();
    return 0;
}
