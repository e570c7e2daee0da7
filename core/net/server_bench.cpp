/// CPU time per request of the server beside a bare epoll loop and nginx, all answering the same kilobyte.
///
/// Server on CPU 0, wrk on CPU 1, rounds in alternating order; CPU time of the server's process, not requests
/// a second, since the load generator saturates first and neighbours disturb rates more than CPU time. Usage:
///   bench.server [rounds=7] [seconds=2] [connections=32] [tls]
/// With `tls`, hone and nginx serve the same certificate over TLS 1.3 on kept connections.
#include "core/base/thread.h"
#include "core/net/bare_epoll_server.h"
#include "core/net/bench_support.h"
#include "core/net/certificate_authority.h"
#include "core/net/listen_socket.h"
#include "core/net/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

namespace hone::net::bench {

namespace {

const std::string kBody(1024, 'x');

std::uint16_t freePort() { return listenOn("127.0.0.1", 0).value().port; }

void runBare(const ListenSocket& listener) {
    serveBare(listener.fd.get(),
              fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n"
                          "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n{}",
                          kBody.size(), kBody));
}

void runHone(std::uint16_t port, const CertificateFiles* tls) {
    ServerOptions options{.port = port, .threads = 1, .firstCpu = 0};
    if (tls)
        options.tls = TlsOptions{.certificateFile = tls->certificate.string(), .keyFile = tls->key.string()};
    http::Fields fields;
    fields.add("Content-Type", "text/plain");
    servePage(options, http::prepare(200, fields, kBody));
}

void runNginx(const std::filesystem::path& folder, std::uint16_t port, const CertificateFiles* tls) {
    const std::string tlsLines =
        tls ? fmt::format("ssl_certificate {}; ssl_certificate_key {}; ssl_protocols TLSv1.2 TLSv1.3;",
                          tls->certificate.string(), tls->key.string())
            : std::string();
    std::ofstream(folder / "nginx.conf") << fmt::format(
        "daemon off; master_process off; worker_processes 1; pid {0}/pid; error_log {0}/error.log crit;\n"
        "events {{ worker_connections 1024; }}\n"
        "http {{ access_log off; keepalive_requests 1000000000; keepalive_timeout 300s;\n"
        "  client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c; uwsgi_temp_path "
        "{0}/d;\n"
        "  scgi_temp_path {0}/e;\n"
        "  server {{ listen 127.0.0.1:{1}{3}; {4} location / {{ default_type text/plain; return 200 \"{2}\"; "
        "}} }} "
        "}}\n",
        folder.string(), port, kBody, tls ? " ssl" : "", tlsLines);
    const std::string config = (folder / "nginx.conf").string();
    for (const char* program : {"nginx", "/usr/sbin/nginx"})
        ::execlp(program, "nginx", "-c", config.c_str(), nullptr);
    std::perror("nginx (install the package of that name)");
}

/// Requests wrk got answered; 0 when it failed or an answer was no 2xx.
double runWrk(const std::string& url, int seconds, int connections) {
    const std::string command =
        fmt::format("taskset -c 1 wrk -t1 -c{} -d{}s {} 2>&1", connections, seconds, url);
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

bool measure(Subject& subject, const char* scheme, int seconds, int connections) {
    const Nanos before = subject.cpuTime();
    const double requests =
        runWrk(fmt::format("{}://127.0.0.1:{}/", scheme, subject.port()), seconds, connections);
    if (requests == 0) {
        fmt::print(stderr, "wrk got no answers from {}\n", subject.name());
        return false;
    }
    subject.usPerRequest.push_back(static_cast<double>((subject.cpuTime() - before).count()) / 1000.0 /
                                   requests);
    return true;
}

void printRound(int round, const std::vector<Subject*>& subjects) {
    fmt::print("round {}:", round);
    for (const Subject* subject : subjects)
        fmt::print("  {} {:.2f}", subject->name(), subject->usPerRequest.back());
    fmt::print(" µs CPU per request\n");
}

/// Round 0 warms up and is not counted.
bool measureRounds(const std::vector<Subject*>& subjects, const char* scheme, int rounds, int seconds,
                   int connections) {
    std::vector<Subject*> order = subjects;
    for (int round = 0; round <= rounds; ++round) {
        for (Subject* subject : order)
            if (!measure(*subject, scheme, seconds, connections))
                return false;
        if (round == 0)
            for (Subject* subject : order)
                subject->usPerRequest.clear();
        else
            printRound(round, subjects);
        std::ranges::reverse(order);
    }
    return rounds > 0;
}

int run(int rounds, int seconds, int connections, bool withTls) {
    char pattern[] = "/tmp/hone-bench-XXXXXX";
    const std::filesystem::path folder = ::mkdtemp(pattern);
    const CertificateFiles files = ensureLocalCertificate(folder / "tls").value();
    const CertificateFiles* const tls = withTls ? &files : nullptr;
    const ListenSocket bareListener = listenOn("127.0.0.1", 0).value();
    const std::uint16_t honePort = freePort();
    const std::uint16_t nginxPort = freePort();
    Subject bare("bare", bareListener.port, [&] { runBare(bareListener); });
    Subject hone("hone", honePort, [&] { runHone(honePort, tls); });
    Subject nginx("nginx", nginxPort, [&] { runNginx(folder, nginxPort, tls); });
    std::this_thread::sleep_for(std::chrono::milliseconds(500));  // for all three to listen
    const std::vector<Subject*> subjects =
        withTls ? std::vector<Subject*>{&nginx, &hone} : std::vector<Subject*>{&bare, &nginx, &hone};
    const bool ok = measureRounds(subjects, withTls ? "https" : "http", rounds, seconds, connections);
    if (ok) {
        printRatio("", hone, nginx);
        if (!withTls) {
            printRatio("", hone, bare);
            printRatio("", nginx, bare);
        }
    }
    std::filesystem::remove_all(folder);
    return ok ? 0 : 1;
}

}  // namespace

}  // namespace hone::net::bench

int main(int argc, char** argv) {
    const auto number = [&](int index, int otherwise) {
        return argc > index ? std::atoi(argv[index]) : otherwise;
    };
    const bool tls = argc > 4 && std::string_view(argv[4]) == "tls";
    return hone::net::bench::run(number(1, 7), number(2, 2), number(3, 32), tls);
}
