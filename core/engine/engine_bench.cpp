/// What the pipeline with every toggle off costs over the bare connection, and what an idle connection keeps.
///
/// Both subjects answer the same kilobyte from memory: one straight from the connection's handler, one by an
/// endpoint at the end of the pipeline (routing, gate, Server-Timing, metrics, journal). Subject on CPU 0,
/// wrk on CPU 1, rounds in alternating order, CPU time of the subject's process a request. Usage:
///   bench.engine [rounds=7] [seconds=2] [connections=32] [idle=10000]
#include "core/engine/worker.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace hone::engine::bench {
namespace {

const std::string kBody(1024, 'x');

std::shared_ptr<const http::Prepared> page() {
    http::Fields fields;
    fields.add("Content-Type", "text/plain");
    return http::prepare(200, fields, kBody);
}

http::Response pageAnswer(const std::shared_ptr<const http::Prepared>& page) {
    http::Response response;
    response.prepared = page;
    return response;
}

class ConnectionAlone final : public net::Handler {
public:
    void handle(const http::Request&, net::Responder respond) override { respond(pageAnswer(m_page)); }

private:
    const std::shared_ptr<const http::Prepared> m_page = page();
};

class FromMemory final : public Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "GET /"; }
    [[nodiscard]] bool blocks() const override { return false; }
    void handle(Exchange& exchange) const override { exchange.response = pageAnswer(m_page); }

private:
    const std::shared_ptr<const http::Prepared> m_page = page();
};

/// A server in a child process that tells its port; killed with its owner.
class Subject {
public:
    Subject(std::string name, const std::function<net::HandlerFactory()>& handlers)
        : m_name(std::move(name)) {
        int ends[2];
        if (::pipe(ends) != 0)
            std::abort();
        m_pid = ::fork();
        if (m_pid == 0)
            serve(handlers(), ends[1]);
        ::close(ends[1]);
        if (::read(ends[0], &m_port, sizeof m_port) != sizeof m_port)
            std::fprintf(stderr, "%s did not start\n", m_name.c_str());
        ::close(ends[0]);
    }
    Subject(const Subject&) = delete;
    Subject& operator=(const Subject&) = delete;
    ~Subject() {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }

    [[nodiscard]] const std::string& name() const { return m_name; }
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] Nanos cpuTime() const {
        clockid_t clock{};
        timespec time{};
        if (::clock_getcpuclockid(m_pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0)
            return Nanos(0);
        return Nanos(time.tv_sec * 1'000'000'000LL + time.tv_nsec);
    }
    /// Pages of its own that are in memory; the kernel's socket buffers are not among them.
    [[nodiscard]] double residentBytes() const {
        std::ifstream file(fmt::format("/proc/{}/statm", m_pid));
        std::uint64_t size = 0, resident = 0, shared = 0;
        file >> size >> resident >> shared;
        return static_cast<double>(resident - shared) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    }
    std::vector<double> usPerRequest;

private:
    [[noreturn]] static void serve(const net::HandlerFactory& handlers, int tellPort) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        net::ServerOptions options{.threads = 1, .firstCpu = 0};
        options.limits.connections = 100'000;
        options.limits.idleTimeout = std::chrono::minutes(10);
        const auto server = net::Server::create(options, handlers);
        if (!server)
            std::fprintf(stderr, "%s\n", server.error().line().c_str());
        const std::uint16_t port = server ? (*server)->port() : 0;
        if (::write(tellPort, &port, sizeof port) != sizeof port)
            ::_exit(1);
        for (;;)
            ::pause();
    }

    std::string m_name;
    std::uint16_t m_port = 0;
    pid_t m_pid = -1;
};

net::HandlerFactory connectionAlone() {
    return [](int) { return std::make_unique<ConnectionAlone>(); };
}

net::HandlerFactory pipelineAllOff() {
    EngineOptions options;
    options.poolThreads = 0;
    auto core = std::make_shared<EngineCore>(
        std::move(options), Router::forAll(std::make_unique<FromMemory>()), SystemClock::instance());
    return [core](int index) { return std::make_unique<LoopHandler>(core, index); };
}

/// Requests wrk got answered; 0 when it failed or an answer was no 2xx.
double runWrk(std::uint16_t port, int seconds, int connections) {
    const std::string command =
        fmt::format("taskset -c 1 wrk -t1 -c{} -d{}s http://127.0.0.1:{}/ 2>&1", connections, seconds, port);
    FILE* const pipe = ::popen(command.c_str(), "r");
    if (!pipe)
        return 0;
    double requests = 0;
    char line[256];
    while (std::fgets(line, sizeof line, pipe)) {
        double value = 0;
        if (std::sscanf(line, " %lf requests in", &value) == 1)
            requests = value;
        if (std::string_view(line).contains("Non-2xx"))
            requests = 0;
    }
    return ::pclose(pipe) == 0 ? requests : 0;
}

bool measure(Subject& subject, int seconds, int connections) {
    const Nanos before = subject.cpuTime();
    const double requests = runWrk(subject.port(), seconds, connections);
    if (requests == 0) {
        fmt::print(stderr, "wrk got no answers from {}\n", subject.name());
        return false;
    }
    subject.usPerRequest.push_back(static_cast<double>((subject.cpuTime() - before).count()) / 1000.0 /
                                   requests);
    return true;
}

bool comparePipeline(int rounds, int seconds, int connections) {
    Subject alone("connection", connectionAlone), pipeline("pipeline", pipelineAllOff);
    std::vector<Subject*> order{&alone, &pipeline};
    std::vector<double> ratios;
    for (int round = 0; round <= rounds; ++round) {
        for (Subject* subject : order)
            if (!measure(*subject, seconds, connections))
                return false;
        std::ranges::reverse(order);
        if (round == 0)  // warm-up
            continue;
        ratios.push_back(pipeline.usPerRequest.back() / alone.usPerRequest.back());
        fmt::print("round {}: connection {:.2f}  pipeline {:.2f} µs CPU per request\n", round,
                   alone.usPerRequest.back(), pipeline.usPerRequest.back());
    }
    if (ratios.empty())
        return true;
    std::ranges::sort(ratios);
    fmt::print("pipeline, all off / connection  median {:.3f}  range {:.3f} – {:.3f}  ({} paired rounds)\n",
               ratios[ratios.size() / 2], ratios.front(), ratios.back(), ratios.size());
    return true;
}

/// Opens a connection and gets one answer on it; -1 when that fails.
int connectAndAsk(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    constexpr std::string_view kAsk = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    char answer[4096];
    const bool isFine =
        fd >= 0 && ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        ::send(fd, kAsk.data(), kAsk.size(), MSG_NOSIGNAL) > 0 && ::recv(fd, answer, sizeof answer, 0) > 0;
    if (isFine)
        return fd;
    if (fd >= 0)
        ::close(fd);
    return -1;
}

bool measureIdle(int connections) {
    Subject subject("pipeline", pipelineAllOff);
    std::vector<int> open;
    for (int i = 0; i < 100; ++i)  // what is allocated once
        open.push_back(connectAndAsk(subject.port()));
    const double before = subject.residentBytes();
    while (static_cast<int>(open.size()) < 100 + connections && open.back() >= 0)
        open.push_back(connectAndAsk(subject.port()));
    const double each = (subject.residentBytes() - before) / connections;
    const bool isFine = std::ranges::find(open, -1) == open.end();
    for (const int fd : open)
        ::close(fd);
    if (isFine)
        fmt::print("idle keep-alive connection  {:.2f} KiB each, {} of them (without the kernel's buffers)\n",
                   each / 1024.0, connections);
    else
        fmt::print(stderr, "only {} connections could be opened: {}\n", open.size(), std::strerror(errno));
    return isFine;
}

/// The descriptor limit must hold every connection; children inherit it.
void raiseDescriptorLimit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

}  // namespace
}  // namespace hone::engine::bench

int main(int argc, char** argv) {
    using namespace hone::engine::bench;
    const auto number = [&](int index, int otherwise) {
        return argc > index ? std::atoi(argv[index]) : otherwise;
    };
    raiseDescriptorLimit();
    const int rounds = number(1, 7), idle = number(4, 10'000);
    const bool isCompared = rounds == 0 || comparePipeline(rounds, number(2, 2), number(3, 32));
    return isCompared && (idle == 0 || measureIdle(idle)) ? 0 : 1;
}
