/// CPU time per request of the server beside nginx where wrk does not reach: HTTP/2 with one and ten streams,
/// in clear and over TLS, and a stored answer of 100 KiB, which nginx sends from a file as it does with what
/// was compressed before.
///
/// Server on CPU 0, h2load on CPU 1, rounds in alternating order. Usage:
///   bench.protocols [rounds=5] [seconds=1] [connections=16]
#include "core/net/bench_support.h"
#include "core/net/certificate_authority.h"
#include "core/net/listen_socket.h"

#include <fmt/format.h>

#include <filesystem>
#include <thread>

namespace hone::net::bench {
namespace {

struct Case {
    const char* name;
    bool isTls, isHttp2;
    int streams;
    std::size_t bytes;
};
constexpr Case kCases[] = {
    {"HTTP/2 over TLS, 1 stream, 1 KiB", true, true, 1, 1024},
    {"HTTP/2 over TLS, 10 streams, 1 KiB", true, true, 10, 1024},
    {"HTTP/2 in clear, 1 stream, 1 KiB", false, true, 1, 1024},
    {"HTTP/2 in clear, 10 streams, 1 KiB", false, true, 10, 1024},
    {"HTTP/1.1, stored 100 KiB", false, false, 1, 100 * 1024},
    {"HTTP/1.1 over TLS, stored 100 KiB", true, false, 1, 100 * 1024},
};

void runHone(const Case& what, std::uint16_t port, const CertificateFiles& files) {
    ServerOptions options{.port = port, .threads = 1, .firstCpu = 0};
    if (what.isTls)
        options.tls =
            TlsOptions{.certificateFile = files.certificate.string(), .keyFile = files.key.string()};
    http::Fields fields;
    fields.add("Content-Type", "application/octet-stream");
    servePage(options, http::prepare(200, fields, std::string(what.bytes, 'x')));
}

void runNginx(const Case& what, std::uint16_t port, const CertificateFiles& files,
              const std::filesystem::path& folder) {
    std::ofstream(folder / "page") << std::string(what.bytes, 'x');
    std::ofstream(folder / "nginx.conf") << fmt::format(
        "daemon off; master_process off; worker_processes 1; pid {0}/pid; error_log {0}/error.log crit; user "
        "root;\n"
        "events {{ worker_connections 1024; }}\n"
        "http {{ access_log off; keepalive_requests 1000000000; keepalive_timeout 300s;\n"
        "  sendfile on; tcp_nopush on; open_file_cache max=10; default_type application/octet-stream;\n"
        "  client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c; uwsgi_temp_path "
        "{0}/d;\n"
        "  scgi_temp_path {0}/e; ssl_certificate {2}; ssl_certificate_key {3};\n"
        "  server {{ listen 127.0.0.1:{1}{4}{5}; root {0}; {6} }} }}\n",
        folder.string(), port, files.certificate.string(), files.key.string(), what.isTls ? " ssl" : "",
        what.isHttp2 ? " http2" : "",
        what.bytes > 4096 ? ""
                          : fmt::format("location / {{ return 200 \"{}\"; }}", std::string(what.bytes, 'x')));
    const std::string config = (folder / "nginx.conf").string();
    for (const char* program : {"nginx", "/usr/sbin/nginx"})
        ::execlp(program, "nginx", "-c", config.c_str(), nullptr);
    std::perror("nginx (install the package of that name)");
}

/// Requests h2load got answered by 2xx; 0 when it failed.
double runH2load(const Case& what, std::uint16_t port, int seconds, int connections) {
    const std::string command = fmt::format(
        "taskset -c 1 h2load {}-t1 -c{} -m{} -D{} {}://127.0.0.1:{}/page 2>&1", what.isHttp2 ? "" : "--h1 ",
        connections, what.streams, seconds, what.isTls ? "https" : "http", port);
    FILE* const pipe = ::popen(command.c_str(), "r");
    if (!pipe)
        return 0;
    double answered = 0;
    char line[512];
    while (std::fgets(line, sizeof line, pipe)) {
        double value = 0;
        if (std::sscanf(line, "status codes: %lf 2xx", &value) == 1)
            answered = value;
    }
    return ::pclose(pipe) == 0 ? answered : 0;
}

bool measureOnce(const Case& what, Subject& subject, int seconds, int connections) {
    const Nanos before = subject.cpuTime();
    const double answered = runH2load(what, subject.port(), seconds, connections);
    if (answered == 0) {
        std::fprintf(stderr, "h2load got no answers from %s: %s\n", subject.name().c_str(), what.name);
        return false;
    }
    subject.usPerRequest.push_back(static_cast<double>((subject.cpuTime() - before).count()) / 1000.0 /
                                   answered);
    return true;
}

bool measure(const Case& what, int rounds, int seconds, int connections, const CertificateFiles& files,
             const std::filesystem::path& folder) {
    const std::uint16_t honePort = listenOn("127.0.0.1", 0).value().port;
    const std::uint16_t nginxPort = listenOn("127.0.0.1", 0).value().port;
    Subject hone("hone", honePort, [&] { runHone(what, honePort, files); });
    Subject nginx("nginx", nginxPort, [&] { runNginx(what, nginxPort, files, folder); });
    std::this_thread::sleep_for(std::chrono::milliseconds(400));  // for both to listen
    std::vector<Subject*> order{&hone, &nginx};
    for (int round = 0; round <= rounds; ++round) {
        for (Subject* subject : order)
            if (!measureOnce(what, *subject, seconds, connections))
                return false;
        std::ranges::reverse(order);
        if (round == 0)  // warm-up
            for (Subject* subject : order)
                subject->usPerRequest.clear();
    }
    if (rounds > 0)
        printRatio(fmt::format("{:<36}", what.name), hone, nginx);
    return true;
}

}  // namespace
}  // namespace hone::net::bench

int main(int argc, char** argv) {
    using namespace hone::net;
    const auto number = [&](int index, int otherwise) {
        return argc > index ? std::atoi(argv[index]) : otherwise;
    };
    char pattern[] = "/tmp/hone-bench-XXXXXX";
    const std::filesystem::path folder = ::mkdtemp(pattern);
    const auto files = ensureLocalCertificate(folder / "tls").value();
    const bool isFine = std::ranges::all_of(bench::kCases, [&](const auto& what) {
        return bench::measure(what, number(1, 5), number(2, 1), number(3, 16), files, folder);
    });
    std::filesystem::remove_all(folder);
    return isFine ? 0 : 1;
}
