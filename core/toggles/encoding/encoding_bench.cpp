/// What the toggle costs beside the parts it is made of, as ratios of paired rounds in one run:
///  - compressing an answer on the fly against the library alone, on the same bytes;
///  - rows to bytes in each format against minified JSON;
///  - CPU per request of a cached, compressed answer of 100 KiB against nginx sending the same bytes from a
///    file compressed before (gzip_static).
///
/// Servers on CPU 0, h2load on CPU 1, rounds in alternating order. Usage:
///   bench.encoding [rounds=7] [requests=10000] [connections=16]
#include "core/data/packed_rows.h"
#include "core/engine/engine.h"
#include "core/engine/test_client.h"
#include "core/net/bench_support.h"
#include "core/net/listen_socket.h"
#include "core/toggles/catalogue.h"
#include "core/toggles/encoding/schema_rows.h"
#include "core/toggles/test_rig.h"

#include <fmt/format.h>
#include <libdeflate.h>
#include <zstd.h>

#include <filesystem>
#include <thread>

namespace hone::toggles::encoding {
namespace {

using net::bench::Subject;

constexpr int kRows = 2450;  // their gzip is 100 KiB

/// A table whose texts are as hard to compress as identifiers are.
std::filesystem::path writeTable(const std::filesystem::path& folder) {
    const auto file = folder / "items.csv";
    std::ofstream out(file);
    out << "id,token,price,in_stock\n";
    std::uint64_t state = 42;
    for (int i = 1; i <= kRows; ++i) {
        out << i << ',';
        for (int j = 0; j < 4; ++j) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            out << fmt::format("{:016x}", state ^ state >> 29);
        }
        out << fmt::format(",{}.25,{}\n", i % 90, i % 2 == 0 ? "true" : "false");
    }
    return file;
}

std::shared_ptr<data::Dataset> openTable(const std::filesystem::path& folder) {
    if (!data::importFile(writeTable(folder), folder / "items.db"))
        return nullptr;
    return data::Dataset::open(folder / "items.db").value_or(nullptr);
}

double secondsOf(const std::function<void()>& work) {
    const Nanos before = threadCpuNow();
    work();
    return static_cast<double>((threadCpuNow() - before).count()) * 1e-9;
}

/// Median of a's time over b's, measured in turns.
void printPaired(const char* name, int rounds, const std::function<void()>& a,
                 const std::function<void()>& b) {
    std::vector<double> ratios;
    a();
    b();
    for (int round = 0; round < std::max(1, rounds * 3); ++round) {
        double timeA = 0, timeB = 0;
        for (int half = 0; half < 2; ++half)
            ((round + half) % 2 == 0 ? timeA : timeB) = secondsOf([&] {
                for (int i = 0; i < 40; ++i)
                    ((round + half) % 2 == 0 ? a : b)();
            });
        ratios.push_back(timeA / timeB);
    }
    std::ranges::sort(ratios);
    std::printf("%-44s median %.3f  range %.3f – %.3f  (%zu paired rounds)\n", name,
                ratios[ratios.size() / 2], ratios.front(), ratios.back(), ratios.size());
    std::fflush(stdout);
}

void compareWithLibraries(const data::RowSet& rows, int rounds) {
    std::string body;
    writeJsonArray(rows, data::JsonStyle::Minified, body);
    const test::Rig rig(*toggles::find("encoding"));
    const auto stage = rig.stage();
    const auto encode = [&](std::string_view coding) {
        test::Ask ask("/t", {{"Accept-Encoding", coding}});
        ask.compute(body);
        stage->encode(ask.exchange);
    };
    std::string out(ZSTD_compressBound(body.size()), '\0');
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    printPaired(
        "zstd 3 on the fly / ZSTD_compressCCtx", rounds, [&] { encode("zstd"); },
        [&] { ZSTD_compressCCtx(context, out.data(), out.size(), body.data(), body.size(), 3); });
    ZSTD_freeCCtx(context);
    auto* const deflate = libdeflate_alloc_compressor(6);
    printPaired(
        "gzip 6 on the fly / libdeflate", rounds, [&] { encode("gzip"); },
        [&] { libdeflate_gzip_compress(deflate, body.data(), body.size(), out.data(), out.size()); });
    libdeflate_free_compressor(deflate);
}

void compareFormats(const data::Table& table, const data::RowSet& rows, int rounds) {
    const TableSchema schema(table);
    std::string out;
    const auto json = [&] {
        out.clear();
        writeJsonArray(rows, data::JsonStyle::Minified, out);
    };
    const auto compare = [&](const char* name, const std::function<void()>& write) {
        json();
        const auto jsonBytes = static_cast<double>(out.size());
        out.clear();
        write();
        printPaired(
            fmt::format("{} / JSON: {:.2f} of the bytes, time", name,
                        static_cast<double>(out.size()) / jsonBytes)
                .c_str(),
            rounds,
            [&] {
                out.clear();
                write();
            },
            json);
    };
    compare("MessagePack", [&] { writeMsgpackArray(rows, out); });
    compare("CBOR", [&] { writeCborArray(rows, out); });
    compare("Protobuf", [&] { schema.fits(rows) ? schema.writeProtobuf(rows, out) : void(); });
    compare("Avro", [&] { schema.fits(rows) ? schema.writeAvro(rows, true, out) : void(); });
}

void runHone(std::uint16_t port, const std::filesystem::path& folder) {
    engine::EngineOptions options;
    options.server.port = port;
    options.server.threads = 1;
    options.server.firstCpu = 0;
    options.poolThreads = 0;
    options.datasets = {data::Dataset::open(folder / "items.db").value()};
    options.catalogue = toggles::catalogue();
    auto engine = engine::Engine::create(std::move(options));
    model::Profile profile;
    profile.toggles["cache"].on = true;
    profile.toggles["encoding"].on = true;
    (void)profile.setText("cache.ttl=3600");
    if (!engine || !(*engine)->apply(engine::Arm::A, profile))
        return;
    for (;;)
        ::pause();
}

void runNginx(std::uint16_t port, const std::filesystem::path& folder) {
    std::ofstream(folder / "nginx.conf") << fmt::format(
        "daemon off; master_process off; worker_processes 1; pid {0}/pid; error_log {0}/error.log crit; user "
        "root;\n"
        "events {{ worker_connections 1024; }}\n"
        "http {{ access_log off; keepalive_requests 1000000000; keepalive_timeout 300s;\n"
        "  sendfile on; tcp_nopush on; open_file_cache max=10; default_type application/json;\n"
        "  client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c; uwsgi_temp_path "
        "{0}/d; scgi_temp_path {0}/e;\n"
        "  server {{ listen 127.0.0.1:{1}; root {0}/www; gzip_static on; }} }}\n",
        folder.string(), port);
    const std::string config = (folder / "nginx.conf").string();
    for (const char* program : {"nginx", "/usr/sbin/nginx"})
        ::execlp(program, "nginx", "-c", config.c_str(), nullptr);
    std::perror("nginx (install the package of that name)");
}

/// Requests answered by 2xx; 0 when it failed.
double runH2load(std::uint16_t port, int requests, int connections) {
    FILE* const pipe =
        ::popen(fmt::format("taskset -c 1 h2load --h1 -H 'Accept-Encoding: gzip' -t1 -c{} -n{} "
                            "http://127.0.0.1:{}/api/items 2>&1",
                            connections, requests, port)
                    .c_str(),
                "r");
    double answered = 0;
    char line[512];
    while (pipe && std::fgets(line, sizeof line, pipe)) {
        double value = 0;
        if (std::sscanf(line, "status codes: %lf 2xx", &value) == 1)
            answered = value;
    }
    return pipe && ::pclose(pipe) == 0 ? answered : 0;
}

bool compareWithNginx(const std::filesystem::path& folder, int rounds, int requests, int connections) {
    const auto honePort = net::listenOn("127.0.0.1", 0).value().port;
    const auto nginxPort = net::listenOn("127.0.0.1", 0).value().port;
    Subject hone("hone", honePort, [&] { runHone(honePort, folder); });
    const engine::test::TestClient client(honePort);
    const engine::test::TestClient::Lines lines{"Accept-Encoding: gzip"};
    engine::test::Reply first, stored;
    // Until it listens, and until the copy of the high level is what is sent.
    for (int i = 0; i < 300 && (first.status != 200 || stored.body.size() == first.body.size()); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        stored = client.get("/api/items", lines);
        if (first.status != 200)
            first = stored;
    }
    if (stored.status != 200) {
        std::fprintf(stderr, "hone does not answer\n");
        return false;
    }
    std::filesystem::create_directories(folder / "www/api");
    std::ofstream(folder / "www/api/items") << "not compressed";
    std::ofstream(folder / "www/api/items.gz", std::ios::binary) << stored.body;
    Subject nginx("nginx", nginxPort, [&] { runNginx(nginxPort, folder); });
    std::this_thread::sleep_for(std::chrono::milliseconds(400));  // for it to listen
    std::vector<Subject*> order{&hone, &nginx};
    for (int round = 0; round <= rounds; ++round) {
        for (Subject* subject : order) {
            const Nanos before = subject->cpuTime();
            const double answered = runH2load(subject->port(), requests, connections);
            if (answered == 0) {
                std::fprintf(stderr, "h2load got no answers from %s\n", subject->name().c_str());
                return false;
            }
            if (round > 0)  // the first is the warm-up
                subject->usPerRequest.push_back(static_cast<double>((subject->cpuTime() - before).count()) /
                                                1000.0 / answered);
        }
        std::ranges::reverse(order);
    }
    printRatio(fmt::format("cached gzip answer of {} bytes: ", stored.body.size()), hone, nginx);
    return true;
}

}  // namespace
}  // namespace hone::toggles::encoding

int main(int argc, char** argv) {
    using namespace hone;
    using namespace hone::toggles::encoding;
    const auto number = [&](int index, int otherwise) {
        return argc > index ? std::atoi(argv[index]) : otherwise;
    };
    const int rounds = number(1, 7);
    char pattern[] = "/tmp/hone-bench-XXXXXX";
    const std::filesystem::path folder = ::mkdtemp(pattern);
    bool isFine = false;
    if (const auto dataset = openTable(folder)) {
        const auto& table = dataset->schema().tables.front();
        const auto rows = dataset->session({}).value()->select({.table = table.name}).value();
        compareWithLibraries(rows, rounds);
        compareFormats(table, rows, rounds);
        isFine = compareWithNginx(folder, rounds, number(2, 10'000), number(3, 16));
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return isFine ? 0 : 1;
}
