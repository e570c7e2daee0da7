#pragma once

#include "core/base/thread.h"
#include "core/net/server.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

/// What the server's benches share: servers in processes of their own, and ratios of paired rounds.
namespace hone::net::bench {

/// A server in a child process on CPU 0; killed with its owner.
class Subject {
public:
    /// `main` serves on `port` and does not return.
    Subject(std::string name, std::uint16_t port, const std::function<void()>& main)
        : m_name(std::move(name)), m_port(port) {
        m_pid = ::fork();
        if (m_pid == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            pinThread(0);
            main();
            ::_exit(1);
        }
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
        std::ifstream file("/proc/" + std::to_string(m_pid) + "/statm");
        std::uint64_t size = 0, resident = 0, shared = 0;
        file >> size >> resident >> shared;
        return static_cast<double>(resident - shared) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    }
    std::vector<double> usPerRequest;  ///< CPU time, one value a round.

private:
    std::string m_name;
    std::uint16_t m_port;
    pid_t m_pid = -1;
};

/// Answers every request with the same bytes from memory.
class PreparedHandler final : public Handler {
public:
    explicit PreparedHandler(std::shared_ptr<const http::Prepared> page) : m_page(std::move(page)) {}
    void handle(const http::Request&, Responder respond) override {
        http::Response out;
        out.prepared = m_page;
        respond(std::move(out));
    }

private:
    const std::shared_ptr<const http::Prepared> m_page;
};

/// Serves `page` on one loop for ever.
inline void servePage(const ServerOptions& options, const std::shared_ptr<const http::Prepared>& page) {
    const auto server =
        Server::create(options, [page](int) { return std::make_unique<PreparedHandler>(page); });
    if (!server)
        std::fprintf(stderr, "%s\n", server.error().line().c_str());
    for (;;)
        ::pause();
}

/// The descriptor limit must hold every connection; children inherit it.
inline void raiseDescriptorLimit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

inline void printRatio(const std::string& what, const Subject& a, const Subject& b) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < a.usPerRequest.size(); ++i)
        ratios.push_back(a.usPerRequest[i] / b.usPerRequest[i]);
    std::ranges::sort(ratios);
    std::printf("%s%s / %s  median %.3f  range %.3f – %.3f  (%zu paired rounds)\n", what.c_str(),
                a.name().c_str(), b.name().c_str(), ratios[ratios.size() / 2], ratios.front(), ratios.back(),
                ratios.size());
    std::fflush(stdout);
}

}  // namespace hone::net::bench
