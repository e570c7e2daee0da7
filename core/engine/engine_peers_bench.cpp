// Our engine against the mock servers people use today, each a process of its own: METHOD section 7.
//   bench.engine_peers [rounds = 3] [seconds = 3] [connections = 32]
// The server runs on CPU 0, wrk on CPU 1; rounds alternate ours and theirs; CPU time is that of the server's
// process group, because a loader saturates before a fast server does. The peers come from npm into the cache
// folder, once; WireMock needs java. What is not there is named and left out.

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace fs = std::filesystem;

namespace {

constexpr const char* kPackages =
    "json-server-0@npm:json-server@0.17.4 json-server-1@npm:json-server@1.0.0-beta.3 "
    "@mockoon/cli@9.3.0 @stoplight/prism-cli@5.12.0 wiremock@3.13.2";

struct Figures {
    double rps = 0, p50Us = 0, p99Us = 0, cpuUs = 0, mebibytes = 0;
};

struct Peer {
    std::string name, command, target;
    int warmupSeconds = 1;
};

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

void pinTo(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
}

std::string output(const std::string& command) {
    std::string text;
    FILE* pipe = popen(command.c_str(), "r");
    char part[4096];
    while (const auto got = fread(part, 1, sizeof part, pipe))
        text.append(part, got);
    pclose(pipe);
    return text;
}

/// A server in a process group of its own on CPU 0; gone with this object.
class Process {
public:
    explicit Process(const std::string& command) : m_group(fork()) {
        if (m_group == 0) {
            setpgid(0, 0);
            pinTo(0);
            const int sink = open("/dev/null", O_RDWR);
            for (const int stream : {0, 1, 2})
                dup2(sink, stream);
            execl("/bin/sh", "sh", "-c", ("exec " + command).c_str(), nullptr);
            _exit(127);
        }
    }
    ~Process() {
        kill(-m_group, SIGTERM);
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        kill(-m_group, SIGKILL);
        waitpid(m_group, nullptr, 0);
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Seconds of CPU and resident MiB of every process of the group.
    [[nodiscard]] std::pair<double, double> use() const {
        double seconds = 0, mebibytes = 0;
        for (const auto& entry : fs::directory_iterator("/proc")) {
            std::ifstream file(entry.path() / "stat");
            std::string line;
            if (!std::isdigit(entry.path().filename().string()[0]) || !std::getline(file, line))
                continue;
            std::istringstream fields(line.substr(line.rfind(')') + 2));
            std::string state;
            long parent = 0, group = 0, skipped = 0, user = 0, system = 0, resident = 0;
            fields >> state >> parent >> group;
            for (int i = 0; i < 8; ++i)
                fields >> skipped;
            fields >> user >> system;
            for (int i = 0; i < 8; ++i)
                fields >> skipped;
            fields >> resident;
            if (group != m_group)
                continue;
            seconds += double(user + system) / double(sysconf(_SC_CLK_TCK));
            mebibytes += double(resident) * double(sysconf(_SC_PAGESIZE)) / 1048576;
        }
        return {seconds, mebibytes};
    }

private:
    pid_t m_group;
};

/// "1.23ms" of wrk in microseconds.
double microseconds(const std::string& text) {
    const double value = std::atof(text.c_str());
    if (text.ends_with("us"))
        return value;
    return text.ends_with("ms") ? value * 1e3 : value * 1e6;
}

std::string wordAfter(const std::string& text, const std::string& label) {
    const auto at = text.find(label);
    if (at == std::string::npos)
        return {};
    std::istringstream rest(text.substr(at + label.size()));
    std::string word;
    rest >> word;
    return word;
}

std::string wrk(const std::string& url, int seconds, int connections) {
    return output("taskset -c 1 wrk --latency -t1 -c" + std::to_string(connections) + " -d" +
                  std::to_string(seconds) + "s '" + url + "' 2>&1");
}

bool answers(const std::string& url) {
    for (int i = 0; i < 300; ++i) {
        if (output("curl -s -o /dev/null -w '%{http_code}' '" + url + "'") == "200")
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

bool measure(const Peer& peer, int seconds, int connections, Figures& out) {
    const int port = freePort();
    const Process server(replaced(peer.command, "PORT", std::to_string(port)));
    const std::string url = "http://127.0.0.1:" + std::to_string(port) + peer.target;
    if (!answers(url))
        return false;
    wrk(url, peer.warmupSeconds, connections);
    const auto before = server.use();
    const std::string said = wrk(url, seconds, connections);
    const auto after = server.use();
    const std::string upToCount = said.substr(0, said.find(" requests in"));
    const double requests = std::atof(upToCount.substr(upToCount.rfind('\n') + 1).c_str());
    out.rps = std::atof(wordAfter(said, "Requests/sec:").c_str());
    out.p50Us = microseconds(wordAfter(said, "50%"));
    out.p99Us = microseconds(wordAfter(said, "99%"));
    out.cpuUs = requests > 0 ? (after.first - before.first) * 1e6 / requests : 0;
    out.mebibytes = after.second;
    return requests > 0 && said.find("Non-2xx") == std::string::npos;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values.empty() ? 0 : values[values.size() / 2];
}

void compare(const Peer& ours, const Peer& theirs, int rounds, int seconds, int connections) {
    std::vector<double> rps, cpu, theirRps, theirCpu, theirP99, memory;
    for (int round = 0; round < rounds; ++round) {
        Figures a, b;
        if (!measure(ours, seconds, connections, a) || !measure(theirs, seconds, connections, b)) {
            std::printf("%-26s did not answer as it should; left out\n", theirs.name.c_str());
            return;
        }
        rps.push_back(a.rps / b.rps);
        cpu.push_back(b.cpuUs / a.cpuUs);
        theirRps.push_back(b.rps);
        theirCpu.push_back(b.cpuUs);
        theirP99.push_back(b.p99Us);
        memory.push_back(b.mebibytes);
    }
    const auto [low, high] = std::ranges::minmax(cpu);
    std::printf("%-26s %9.0f %9.1f %9.0f %8.0f   %7.2f   %7.2f (%.2f … %.2f)\n", theirs.name.c_str(),
                median(theirRps), median(theirCpu), median(theirP99), median(memory), median(rps),
                median(cpu), low, high);
    std::fflush(stdout);
}

/// What every server serves: objects of about one KiB.
void writeInputs(const fs::path& folder) {
    const std::string filler(1000, 'x');
    std::ofstream items(folder / "items.json"), db(folder / "db.json");
    items << "[";
    db << "{\"items\":[";
    for (int i = 1; i <= 100; ++i) {
        const std::string item = "{\"id\":" + std::to_string(i) + ",\"text\":\"" + filler + "\"}";
        items << (i > 1 ? "," : "") << item;
        db << (i > 1 ? "," : "") << item;
    }
    items << "]";
    db << "]}";
    const std::string one = "{\"id\":1,\"text\":\"" + filler + "\"}";
    std::ofstream(folder / "nginx.conf.in")
        << "daemon off; worker_processes 1; pid " << folder.string() << "/nginx.pid; error_log /dev/null;\n"
        << "events { worker_connections 2048; }\nhttp { access_log off; keepalive_requests 1000000000; "
        << "client_body_temp_path " << folder.string()
        << "; server { listen LISTEN; location / { default_type application/json; return 200 '" << one
        << "'; } } }\n";
    std::ofstream(folder / "openapi.json")
        << R"({"openapi":"3.0.0","info":{"title":"i","version":"1"},"paths":{"/items/1":{"get":{"responses":{"200":{"description":"one","content":{"application/json":{"example":)"
        << one << "}}}}}}}}";
    fs::create_directories(folder / "wiremock" / "mappings");
    std::ofstream(folder / "wiremock" / "mappings" / "one.json")
        << R"({"request":{"method":"GET","url":"/items/1"},"response":{"status":200,"headers":{"Content-Type":"application/json"},"jsonBody":)"
        << one << "}}";
    std::ofstream(folder / "mockoon.json")
        << R"({"uuid":"e","lastMigration":33,"name":"e","port":3000,"hostname":"127.0.0.1","endpointPrefix":"","latency":0,"folders":[],"rootChildren":[{"type":"route","uuid":"r"}],"proxyMode":false,"headers":[],"cors":false,"tlsOptions":{"enabled":false},"data":[],"callbacks":[],"routes":[{"uuid":"r","type":"http","method":"get","endpoint":"items/1","documentation":"","responseMode":null,"responses":[{"uuid":"a","statusCode":200,"label":"","headers":[{"key":"Content-Type","value":"application/json"}],"body":)"
        << "\"" << replaced(one, "\"", "\\\"")
        << R"(","bodyType":"INLINE","latency":0,"filePath":"","sendFileAsBody":false,"rules":[],"rulesOperator":"OR","disableTemplating":true,"fallbackTo404":false,"default":true}]}]})";
}

bool install(const fs::path& folder) {
    if (fs::exists(folder / "node_modules" / "wiremock"))
        return true;
    fs::create_directories(folder);
    std::fprintf(stderr, "installing the peers from npm into %s (once, about 200 MiB)\n", folder.c_str());
    return std::system(("cd '" + folder.string() + "' && npm install --no-audit --no-fund --silent " +
                        kPackages + " 1>&2")
                           .c_str()) == 0;
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 3;
    const int seconds = argc > 2 ? std::atoi(argv[2]) : 3;
    const int connections = argc > 3 ? std::atoi(argv[3]) : 32;
    char name[] = "/tmp/hone-peers-XXXXXX";
    const fs::path folder = mkdtemp(name);
    writeInputs(folder);
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const fs::path peers =
        (cache ? fs::path(cache) : fs::path(std::getenv("HOME") ? std::getenv("HOME") : "/tmp") / ".cache") /
        "hone" / "bench-peers";
    const bool isInstalled = install(peers);
    if (!isInstalled)
        std::fprintf(stderr, "npm is missing or failed: only nginx is compared\n");
    const std::string bin = (peers / "node_modules").string(), at = folder.string();

    const Peer cached{
        "hone",
        "'" HONE_BINARY "' serve --dataset '" + at + "/items.json' --on cache --threads 1 --port PORT",
        "/api/items/1"};
    const Peer uncached{"hone",
                        "'" HONE_BINARY "' serve --dataset '" + at + "/items.json' --threads 1 --port PORT",
                        "/api/items"};
    std::printf("%-26s %9s %9s %9s %8s   %7s   %s\n", "1 KiB GET", "req/s", "CPU µs", "p99 µs", "MiB",
                "rps ×", "CPU × of ours (range)");
    std::vector<Peer> all{{"nginx return",
                           "sh -c \"sed s/LISTEN/127.0.0.1:PORT/ '" + at + "/nginx.conf.in' > '" + at +
                               "/nginx.conf'; exec nginx -p '" + at + "' -c '" + at + "/nginx.conf'\"",
                           "/"}};
    if (isInstalled) {
        all.push_back(
            {"WireMock 3.13 (tuned)",
             "java -Xmx512m -jar '" + bin +
                 "'/wiremock/build/wiremock-standalone-*.jar --port PORT --root-dir '" + at +
                 "/wiremock' --no-request-journal --disable-request-logging --async-response-enabled=false "
                 "--container-threads 50 --jetty-acceptor-threads 2",
             "/items/1", 15});
        all.push_back({"json-server 1.0 beta",
                       "node '" + bin + "/json-server-1/lib/bin.js' '" + at + "/db.json' --port PORT",
                       "/items/1", 3});
        all.push_back(
            {"json-server 0.17",
             "node '" + bin + "/json-server-0/lib/cli/bin.js' --quiet --port PORT '" + at + "/db.json'",
             "/items/1", 3});
        all.push_back(
            {"Prism 5.12",
             "node '" + bin + "/@stoplight/prism-cli/dist/index.js' mock -p PORT '" + at + "/openapi.json'",
             "/items/1", 3});
        all.push_back({"Mockoon 9.3",
                       "node '" + bin + "/@mockoon/cli/bin/run.js' start --port PORT --data '" + at +
                           "/mockoon.json' --disable-log-to-file --disable-admin-api",
                       "/items/1", 3});
    }
    for (const Peer& peer : all)
        compare(cached, peer, rounds, seconds, connections);
    if (isInstalled) {
        std::printf("\n%-26s (ours from SQL each time, every toggle off)\n", "list of 100 rows, 100 KiB");
        compare(uncached,
                {"json-server 1.0 beta",
                 "node '" + bin + "/json-server-1/lib/bin.js' '" + at + "/db.json' --port PORT", "/items", 3},
                rounds, seconds, connections);
        compare(uncached,
                {"json-server 0.17",
                 "node '" + bin + "/json-server-0/lib/cli/bin.js' --quiet --port PORT '" + at + "/db.json'",
                 "/items", 3},
                rounds, seconds, connections);
    }
    fs::remove_all(folder);
    return 0;
}
