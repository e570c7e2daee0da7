// A hit of the simulated edge (without its distance) beside a hit of a real Varnish with the same settings:
// latency of one request at a time over a kept connection, and CPU per request of the server. In turns, so
// that both see the same machine. `./dev bench edge_varnish`.

#include "core/stats/histogram.h"
#include "core/toggles/catalogue.h"
#include "core/toggles/edge/varnish_test_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace hone;
using namespace hone::toggles::test;

namespace {

constexpr int kRounds = 10, kRequests = 3000;
constexpr std::string_view kAsk = "GET /api/towns HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// One kept connection; an answer ends when as many bytes have come as the first one had.
class Connection {
public:
    explicit Connection(std::uint16_t port) : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        ::setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (::connect(m_fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("no connection");
    }
    ~Connection() { ::close(m_fd); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    std::string ask() {
        if (::send(m_fd, kAsk.data(), kAsk.size(), MSG_NOSIGNAL) < 0)
            throw std::runtime_error("connection lost");
        m_answer.clear();
        for (;;) {
            char buffer[16 * 1024];
            const auto got = ::recv(m_fd, buffer, sizeof buffer, 0);
            if (got <= 0)
                throw std::runtime_error("connection lost");
            m_answer.append(buffer, static_cast<std::size_t>(got));
            const auto head = m_answer.find("\r\n\r\n");
            if (head == m_answer.npos)
                continue;
            const auto length = m_answer.find("ontent-Length: ");
            if (length != m_answer.npos && length < head &&
                m_answer.size() >= head + 4 + std::stoul(m_answer.substr(length + 15)))
                return m_answer;
        }
    }

private:
    int m_fd;
    std::string m_answer;
};

/// Of a process and its children, user and system.
Nanos cpuOf(qint64 process) {
    Nanos sum{0};
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "stat");
        std::string line;
        if (!std::getline(file, line) || line.rfind(')') == line.npos)
            continue;
        const auto number = std::atoll(line.c_str());
        std::istringstream rest(line.substr(line.rfind(')') + 2));
        std::string word;
        long long parent = 0, user = 0, system = 0;
        rest >> word >> parent;
        for (int i = 0; i < 9; ++i)
            rest >> word;
        rest >> user >> system;
        if (number == process || parent == process)
            sum += Nanos((user + system) * 1'000'000'000LL / ::sysconf(_SC_CLK_TCK));
    }
    return sum;
}

struct Side {
    const char* name;
    Connection connection;
    std::function<Nanos()> cpu;
    stats::Histogram latency{1, 60'000'000'000, 3};  // nanoseconds
    Nanos cpuUsed{0};

    void round() {
        const Nanos before = cpu();
        for (int i = 0; i < kRequests; ++i) {
            const Nanos from = monotonicNow();
            (void)connection.ask();
            latency.record((monotonicNow() - from).count());
        }
        cpuUsed += cpu() - before;
    }
    void print() const {
        fmt::print("{:<10} p50 {:7.1f} µs   p99 {:7.1f} µs   CPU {:6.1f} µs a request\n", name,
                   static_cast<double>(latency.quantile(0.5)) / 1e3,
                   static_cast<double>(latency.quantile(0.99)) / 1e3,
                   static_cast<double>(cpuUsed.count()) / 1e3 / (kRounds * kRequests));
    }
};

int run() {
    QTemporaryDir folder;
    const auto engine = engineOfCities(folder.path().toStdString(), toggles::catalogue());
    ParamSet settings(toggles::edge::def().params);
    Varnish varnish(settings, engine->port());
    if (!Varnish::isInstalled() || !varnish.start()) {
        fmt::print(stderr, "varnishd does not start (package varnish):\n{}\n",
                   varnish.output().toStdString());
        return 1;
    }
    Connection(varnish.port()).ask();  // it has the plain answer of the engine
    model::Profile profile;
    profile.toggles["edge"].on = true;
    profile.toggles["transport"].on = true;  // keeps connections
    if (!profile.setText("edge.rtt=none") || !engine->apply(engine::Arm::A, profile))
        return 1;
    Side edge{"edge", Connection(engine->port()), [&] { return engine->snapshot().cpu; }};
    Side real{"Varnish", Connection(varnish.port()), [&] { return cpuOf(varnish.processId()); }};
    fmt::print("{} rounds of {} hits each, in turns\n", kRounds, kRequests);
    for (int i = 0; i < kRounds; ++i) {
        edge.round();
        real.round();
    }
    for (const Side* side : {&edge, &real})
        if (const auto answer = const_cast<Side*>(side)->connection.ask();
            answer.find("hit; ttl=") == answer.npos) {
            fmt::print(stderr, "{} did not hit:\n{}\n", side->name, answer);
            return 1;
        }
    edge.print();
    real.print();
    fmt::print(
        "edge / Varnish: p50 {:.2f}, CPU {:.2f}\n",
        static_cast<double>(edge.latency.quantile(0.5)) / static_cast<double>(real.latency.quantile(0.5)),
        static_cast<double>(edge.cpuUsed.count()) / static_cast<double>(real.cpuUsed.count()));
    return 0;
}

}  // namespace

int main() {
    try {
        return run();
    } catch (const std::exception& error) {
        fmt::print(stderr, "edge_varnish: {}\n", error.what());
        return 1;
    }
}
