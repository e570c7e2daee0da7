// Our generator against wrk and h2load on the same nginx: METHOD section 7. Prints ratios (ours : theirs) as
// median and range, then how late sends leave at given rates.
//   bench.load [rounds = 5] [seconds = 2] [connections = 32]
// nginx answers 1 KiB from memory on CPU 0; the generators take turns on CPU 1. CPU time comes from wait4.

#include "core/load/load.h"
#include "core/net/client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
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
    /// HTTP/1.1 on `port`, HTTP/2 in clear on `port2`.
    Nginx(int port, int port2) {
        char name[] = "/tmp/hone-bench-XXXXXX";
        m_folder = mkdtemp(name);
        std::ofstream(m_folder / "nginx.conf")
            << "daemon off; worker_processes 1; pid " << (m_folder / "pid").string()
            << "; error_log /dev/null;\n"
            << "events { worker_connections 2048; }\n"
            << "http { access_log off; keepalive_requests 1000000000; client_body_temp_path "
            << m_folder.string() << "; server { listen 127.0.0.1:" << port << "; listen 127.0.0.1:" << port2
            << " http2; location / { return 200 '" << std::string(1024, 'x') << "'; } } }\n";
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

/// How many ask at a time: connections, times streams of each over HTTP/2.
struct Shape {
    std::string url;
    int seconds = 2, connections = 32, streams = 1;
    bool http2 = false;
};

Round ours(const Shape& shape) {
    auto workload = workloadOf(shape.seconds, shape.connections);
    workload.streams = shape.streams;
    workload.http = shape.http2 ? model::HttpVersion::Http2 : model::HttpVersion::Http11;
    Round round;
    std::string output;
    round.cpuSeconds = cpuOf([&] { generate(shape.url, workload); }, output);
    std::sscanf(output.c_str(), "%lf %lf", &round.requests, &round.seconds);
    return round;
}

Round wrk(const Shape& shape) {
    Round round;
    std::string output;
    const auto c = fmt::format("-c{}", shape.connections), d = fmt::format("-d{}s", shape.seconds);
    round.cpuSeconds =
        cpuOf([&] { execlp("wrk", "wrk", "-t1", c.c_str(), d.c_str(), shape.url.c_str(), nullptr); }, output);
    if (const auto at = output.find(" requests in "); at != std::string::npos) {
        const auto line = output.rfind('\n', at);
        std::sscanf(output.c_str() + line + 1, "%lf requests in %lfs", &round.requests, &round.seconds);
    }
    return round;
}

Round h2load(const Shape& shape) {
    Round round;
    std::string output;
    const auto c = fmt::format("-c{}", shape.connections), m = fmt::format("-m{}", shape.streams),
               d = fmt::format("-D{}", shape.seconds);
    round.cpuSeconds = cpuOf(
        [&] {
            execlp("h2load", "h2load", "-t1", shape.http2 ? "-ph2c" : "--h1", c.c_str(), m.c_str(), d.c_str(),
                   shape.url.c_str(), nullptr);
        },
        output);
    double rate = 0;
    if (const auto at = output.find("finished in "); at != std::string::npos)
        std::sscanf(output.c_str() + at, "finished in %lfs, %lf req/s", &round.seconds, &rate);
    round.requests = rate * round.seconds;
    return round;
}

void printRatios(const std::string& name, std::vector<double> ratios) {
    std::ranges::sort(ratios);
    fmt::print("{:<36} median {:.3f}   range {:.3f} … {:.3f}\n", name, ratios[ratios.size() / 2],
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

/// Rounds of ours and theirs, taking turns in who begins. False when one of them measured nothing.
bool compare(const char* name, const Shape& shape, Round (*theirs)(const Shape&), int rounds) {
    Shape warmup = shape;
    warmup.seconds = 1;
    theirs(warmup);
    ours(warmup);
    std::vector<double> rps, cpu;
    for (int i = 0; i < rounds; ++i) {
        Round mine, other;
        if (i % 2 == 0)
            mine = ours(shape);
        other = theirs(shape);
        if (i % 2 != 0)
            mine = ours(shape);
        if (mine.requests == 0 || other.requests == 0) {
            fmt::print(stderr, "{}: a generator measured nothing; are nginx, wrk and h2load installed?\n",
                       name);
            return false;
        }
        fmt::print("{}, round {}: hone {:.0f}/s at {:.2f} µs CPU, theirs {:.0f}/s at {:.2f} µs CPU\n", name,
                   i + 1, mine.rps(), mine.cpuUs(), other.rps(), other.cpuUs());
        rps.push_back(mine.rps() / other.rps());
        cpu.push_back(mine.cpuUs() / other.cpuUs());
    }
    printRatios(fmt::format("{}: requests/s", name), rps);
    printRatios(fmt::format("{}: CPU/request", name), cpu);
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
    const int seconds = argc > 2 ? std::atoi(argv[2]) : 2;
    const int connections = argc > 3 ? std::atoi(argv[3]) : 32;
    const int port = freePort(), port2 = freePort();
    const std::string url = fmt::format("http://127.0.0.1:{}", port);
    const Nginx nginx(port, port2);
    for (int tries = 0; tries < 100 && !net::reach({"127.0.0.1", static_cast<std::uint16_t>(port)}, 1s);
         ++tries)
        std::this_thread::sleep_for(20ms);

    const Shape plain{.url = url, .seconds = seconds, .connections = connections};
    // As many at a time as over HTTP/1.1, eight on each connection.
    const Shape streams{.url = fmt::format("http://127.0.0.1:{}", port2),
                        .seconds = seconds,
                        .connections = std::max(connections / 8, 1),
                        .streams = 8,
                        .http2 = true};
    const bool haveAll = compare("hone : wrk", plain, wrk, rounds) &&
                         compare("hone : h2load, HTTP/1.1", plain, h2load, rounds) &&
                         compare("hone : h2load, HTTP/2", streams, h2load, rounds);
    for (const int rate : {1'000, 5'000, 20'000})
        for (const auto arrival : {model::Arrival::Constant, model::Arrival::Poisson})
            printLateness(url, workloadOf(seconds, connections), rate, arrival);
    return haveAll ? 0 : 3;
}
