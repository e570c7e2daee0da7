/// What an idle connection costs in memory, for each protocol the server speaks, after it was asked once.
///
/// Usage: bench.idle [connections=10000]
/// The pages of the server's process that are in memory, without the kernel's socket buffers; growth from the
/// hundredth connection on, so that what is allocated once does not count.
#include "core/net/bench_support.h"
#include "core/net/certificate_authority.h"
#include "core/net/listen_socket.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

namespace hone::net::bench {
namespace {

struct Kind {
    const char* name;
    bool isTls, isHttp2;
};
constexpr Kind kKinds[] = {{"HTTP/1.1", false, false},
                           {"HTTP/1.1 over TLS", true, false},
                           {"HTTP/2 in clear", false, true},
                           {"HTTP/2 over TLS", true, true}};
constexpr int kWaves = 5;    ///< They come over time, and those that came before are silent by then.
constexpr int kFirst = 100;  ///< Connections before the growth is measured.

constexpr std::string_view kHttp1Ask = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
/// The preface, empty SETTINGS, and HEADERS of stream 1 that end it: GET, scheme, /, localhost (RFC 7541
/// appendix A names the first three 0x82, 0x86 or 0x87, 0x84).
std::string http2Ask(bool isTls) {
    std::string ask = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    ask.append("\0\0\0\x04\0\0\0\0\0", 9);
    ask.append("\0\0\x0e\x01\x05\0\0\0\x01", 9);
    ask.append(1, '\x82').append(1, isTls ? '\x87' : '\x86').append(1, '\x84');
    return ask.append("\x41\x09localhost");
}

/// Where bytes go, in clear or over TLS. `ssl` null: in clear.
struct Wire {
    int fd;
    SSL* ssl;
    bool send(std::string_view bytes) const {
        const auto size = static_cast<int>(bytes.size());
        return (ssl ? SSL_write(ssl, bytes.data(), size)
                    : static_cast<int>(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL))) == size;
    }
    /// Reads until `end` came.
    bool readTo(std::string_view end) const {
        std::string all;
        char bytes[8192];
        while (!all.contains(end)) {
            const int size = ssl ? SSL_read(ssl, bytes, sizeof bytes)
                                 : static_cast<int>(::recv(fd, bytes, sizeof bytes, 0));
            if (size <= 0)
                return false;
            all.append(bytes, static_cast<std::size_t>(size));
        }
        return true;
    }
};

bool ask(const Wire& wire, const Kind& kind) {
    if (!kind.isHttp2)
        return wire.send(kHttp1Ask) && wire.readTo("xyz");
    // The acknowledgement of the server's SETTINGS, as every client sends it.
    return wire.send(http2Ask(kind.isTls)) && wire.readTo("xyz") &&
           wire.send(std::string_view("\0\0\0\x04\x01\0\0\0\0", 9));
}

/// Opens a connection and gets one answer on it; -1 when that fails. The client's side of TLS is given up:
/// nothing more is said on it.
int connectAndAsk(std::uint16_t port, const Kind& kind, SSL_CTX* context) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return -1;
    SSL* const ssl = kind.isTls ? SSL_new(context) : nullptr;
    if (ssl) {
        static constexpr unsigned char kHttp2[] = {2, 'h', '2'};
        SSL_set_fd(ssl, fd);
        if (kind.isHttp2)
            SSL_set_alpn_protos(ssl, kHttp2, sizeof kHttp2);
    }
    const bool isFine = (!ssl || SSL_connect(ssl) == 1) && ask({fd, ssl}, kind);
    SSL_free(ssl);
    if (isFine)
        return fd;
    ::close(fd);
    return -1;
}

/// Longer than a connection is silent before it gives its buffers back, and a tick.
void fallAsleep() { std::this_thread::sleep_for(std::chrono::milliseconds(3'500)); }

bool measure(const Kind& kind, int connections, const CertificateFiles& files) {
    ServerOptions options{.port = listenOn("127.0.0.1", 0).value().port, .threads = 1};
    options.limits.connections = 100'000;
    options.limits.idleTimeout = std::chrono::minutes(10);
    if (kind.isTls)
        options.tls =
            TlsOptions{.certificateFile = files.certificate.string(), .keyFile = files.key.string()};
    const auto page = http::prepare(200, {}, std::string(1021, 'x') + "xyz");
    const Subject subject(kind.name, options.port, [&] { servePage(options, page); });
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // for it to listen
    SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
    std::vector<int> open;
    const auto openUpTo = [&](int count) {
        while (static_cast<int>(open.size()) < count && (open.empty() || open.back() >= 0))
            open.push_back(connectAndAsk(subject.port(), kind, context));
    };
    openUpTo(kFirst);
    fallAsleep();
    const double before = subject.residentBytes();
    for (int wave = 1; wave <= kWaves; ++wave) {
        openUpTo(kFirst + connections * wave / kWaves);
        fallAsleep();
    }
    const double each = (subject.residentBytes() - before) / connections;
    const bool isFine = open.back() >= 0;
    if (isFine)
        std::printf("%-18s %6.2f KiB each of %d\n", kind.name, each / 1024.0, connections);
    else
        std::fprintf(stderr, "%s: only %zu connections could be opened: %s\n", kind.name, open.size() - 1,
                     std::strerror(errno));
    std::fflush(stdout);
    for (const int fd : open)
        ::close(fd);
    SSL_CTX_free(context);
    return isFine;
}

}  // namespace
}  // namespace hone::net::bench

int main(int argc, char** argv) {
    using namespace hone::net;
    bench::raiseDescriptorLimit();
    char pattern[] = "/tmp/hone-bench-XXXXXX";
    const std::filesystem::path folder = ::mkdtemp(pattern);
    const auto files = ensureLocalCertificate(folder / "tls").value();
    const int connections = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 10'000;
    const bool isFine = std::ranges::all_of(
        bench::kKinds, [&](const auto& kind) { return bench::measure(kind, connections, files); });
    std::filesystem::remove_all(folder);
    return isFine ? 0 : 1;
}
