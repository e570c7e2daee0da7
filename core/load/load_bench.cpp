// Our generator against wrk on the same nginx: METHOD section 7. Prints ratios (ours : wrk) as median and
// range.
//   bench.load [rounds = 5] [seconds = 2] [connections = 32]
// nginx answers 1 KiB from memory on CPU 0; the generators take turns on CPU 1. CPU time comes from wait4.

#include "core/base/random.h"
#include "core/load/load.h"
#include "core/net/client.h"
#include "core/net/scripted_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace hone;
using namespace std::chrono_literals;

namespace {

struct Round {
    double requests = 0, seconds = 0, cpuSeconds = 0;
    [[nodiscard]] double rps() const { return seconds > 0 ? requests / seconds : 0; }
    [[nodiscard]] double cpuUs() const { return requests > 0 ? cpuSeconds * 1e6 / requests : 0; }
};

void pinTo(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
}

int freePort() {
    const int probe = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(probe, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
    close(probe);
    return ntohs(address.sin_port);
}

/// nginx in a directory of its own on CPU 0; stopped and removed with this object.
class Nginx {
public:
    explicit Nginx(int port) {
        char name[] = "/tmp/hone-bench-XXXXXX";
        m_folder = mkdtemp(name);
        std::ofstream(m_folder / "nginx.conf")
            << "daemon off; worker_processes 1; pid " << (m_folder / "pid").string()
            << "; error_log /dev/null;\n"
            << "events { worker_connections 2048; }\n"
            << "http { access_log off; keepalive_requests 1000000000; client_body_temp_path "
            << m_folder.string() << "; server { listen 127.0.0.1:" << port << "; location / { return 200 '"
            << std::string(1024, 'x') << "'; } } }\n";
        m_pid = fork();
        if (m_pid == 0) {
            pinTo(0);
            const int sink = open("/dev/null", O_WRONLY);
            dup2(sink, 2);
            execlp("nginx", "nginx", "-p", m_folder.c_str(), "-c", (m_folder / "nginx.conf").c_str(),
                   nullptr);
            _exit(127);
        }
    }
    ~Nginx() {
        kill(m_pid, SIGTERM);
        waitpid(m_pid, nullptr, 0);
        std::filesystem::remove_all(m_folder);
    }

private:
    std::filesystem::path m_folder;
    pid_t m_pid = 0;
};

/// Runs `child` in a process on CPU 1; what it writes to its standard output goes to `output`.
template <class Child>
double cpuOf(Child child, std::string& output) {
    int ends[2];
    if (pipe(ends) != 0)
        return 0;
    std::fflush(stdout);  // Else the child would write our buffered lines once more.
    const pid_t pid = fork();
    if (pid == 0) {
        pinTo(1);
        dup2(ends[1], 1);
        close(ends[0]);
        child();
        _exit(127);
    }
    close(ends[1]);
    char buffer[4096];
    for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
        output.append(buffer, static_cast<std::size_t>(got));
    close(ends[0]);
    rusage usage{};
    wait4(pid, nullptr, 0, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

model::Workload workloadOf(int seconds, int connections) {
    model::Workload workload;
    workload.requests = {{.name = "get", .url = "/"}};
    workload.clients = connections;
    workload.warmup = 0ms;
    workload.duration = std::chrono::seconds(seconds);
    return workload;
}

[[noreturn]] void generate(const std::string& url, const model::Workload& workload) {
    const auto result = load::runLoad({.workload = workload, .baseUrl = url}, {});
    if (!result) {
        fmt::print(stderr, "{}\n", result.error().line());
        _exit(3);
    }
    const auto& run = result->run;
    fmt::print("{} {} {} {} {} {}\n", run.requests, run.measuredS, run.lateness.quantile(0.5),
               run.lateness.quantile(0.99), run.generatorCpuShare, run.errors);
    std::fflush(stdout);
    _exit(0);
}

Round ours(const std::string& url, int seconds, int connections) {
    Round round;
    std::string output;
    round.cpuSeconds = cpuOf([&] { generate(url, workloadOf(seconds, connections)); }, output);
    std::sscanf(output.c_str(), "%lf %lf", &round.requests, &round.seconds);
    return round;
}

Round wrk(const std::string& url, int seconds, int connections) {
    Round round;
    std::string output;
    const auto c = fmt::format("-c{}", connections), d = fmt::format("-d{}s", seconds);
    round.cpuSeconds =
        cpuOf([&] { execlp("wrk", "wrk", "-t1", c.c_str(), d.c_str(), url.c_str(), nullptr); }, output);
    double measured = 0;
    if (const auto at = output.find(" requests in "); at != std::string::npos) {
        const auto line = output.rfind('\n', at);
        std::sscanf(output.c_str() + line + 1, "%lf requests in %lfs", &round.requests, &measured);
    }
    round.seconds = measured;
    return round;
}

void printRatios(const char* name, std::vector<double> ratios) {
    std::ranges::sort(ratios);
    fmt::print("{:<24} median {:.3f}   range {:.3f} … {:.3f}\n", name, ratios[ratios.size() / 2],
               ratios.front(), ratios.back());
}

void printLateness(const std::string& url, model::Workload workload, int rate, model::Arrival arrival) {
    workload.model = model::LoadModel::Open;
    workload.ratePerSecond = rate;
    workload.arrival = arrival;
    std::string output;
    cpuOf([&] { generate(url, workload); }, output);
    double requests = 0, measured = 0, p50 = 0, p99 = 0, share = 0;
    std::sscanf(output.c_str(), "%lf %lf %lf %lf %lf", &requests, &measured, &p50, &p99, &share);
    fmt::print("open loop {:>6}/s {}: {:.0f} sent, late by p50 {:.0f} µs, p99 {:.0f} µs, {:.2f} of a core\n",
               rate, arrival == model::Arrival::Constant ? "constant" : "Poisson ", requests, p50, p99,
               share);
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
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
    const int seconds = argc > 2 ? std::atoi(argv[2]) : 2;
    const int connections = argc > 3 ? std::atoi(argv[3]) : 32;
    const int port = freePort();
    const std::string url = fmt::format("http://127.0.0.1:{}", port);
    const Nginx nginx(port);
    for (int tries = 0; tries < 100 && !net::reach({"127.0.0.1", static_cast<std::uint16_t>(port)}, 1s);
         ++tries)
        std::this_thread::sleep_for(20ms);

    wrk(url, 1, connections);  // One warm-up each.
    ours(url, 1, connections);
    std::vector<double> rps, cpu;
    for (int i = 0; i < rounds; ++i) {
        const bool oursFirst = i % 2 == 0;
        Round mine, theirs;
        if (oursFirst)
            mine = ours(url, seconds, connections);
        theirs = wrk(url, seconds, connections);
        if (!oursFirst)
            mine = ours(url, seconds, connections);
        if (mine.requests == 0 || theirs.requests == 0) {
            fmt::print(stderr, "a generator measured nothing: are nginx and wrk installed?\n");
            return 3;
        }
        fmt::print("round {}: hone {:.0f}/s at {:.2f} µs CPU, wrk {:.0f}/s at {:.2f} µs CPU\n", i + 1,
                   mine.rps(), mine.cpuUs(), theirs.rps(), theirs.cpuUs());
        rps.push_back(mine.rps() / theirs.rps());
        cpu.push_back(mine.cpuUs() / theirs.cpuUs());
    }
    printRatios("requests/s, hone : wrk", rps);
    printRatios("CPU/request, hone : wrk", cpu);

    for (const int rate : {1'000, 5'000, 20'000})
        for (const auto arrival : {model::Arrival::Constant, model::Arrival::Poisson})
            printLateness(url, workloadOf(seconds, connections), rate, arrival);
    knownLatencies(seconds);
    coordinatedOmission();
    return 0;
}
