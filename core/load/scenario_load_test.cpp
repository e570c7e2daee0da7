#include "core/load/load.h"
#include "core/net/scripted_server.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <set>

using namespace hone;
using namespace hone::load;
using namespace std::chrono_literals;
using net::ScriptedServer;

namespace {

/// Answers by a function and remembers what it was asked.
class Api {
public:
    using Answer = std::function<std::string(const std::string& request)>;
    explicit Api(Answer answer)
        : m_server([this, answer = std::move(answer)](ScriptedServer::Peer& peer) {
              for (std::string request; !(request = peer.request()).empty();) {
                  {
                      const std::lock_guard lock(m_mutex);
                      m_requests.push_back(request);
                  }
                  peer.send(answer(request));
              }
          }) {}
    std::vector<std::string> requests() {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }
    std::vector<std::string> lines() {
        std::vector<std::string> out;
        for (const auto& request : requests())
            out.push_back(request.substr(0, request.find(" HTTP")));
        return out;
    }
    [[nodiscard]] std::string url() const { return m_server.url(); }

private:
    std::mutex m_mutex;
    std::vector<std::string> m_requests;  ///< Guarded by m_mutex.
    ScriptedServer m_server;
};

std::string answer(std::string_view fields, std::string_view body, std::string_view status = "200 OK") {
    return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, fields, body.size(), body);
}

model::Workload closedWith(std::vector<model::WorkloadRequest> requests, int clients = 1) {
    model::Workload workload;
    workload.requests = std::move(requests);
    workload.clients = clients;
    workload.warmup = 0ms;
    workload.duration = 200ms;
    workload.thinkTime = 1ms;
    return workload;
}

model::RunResult mustRun(const LoadPlan& plan) {
    auto result = runLoad(plan, {});
    if (!result)
        qFatal("%s", result.error().line().c_str());
    return std::move(result->run);
}

}  // namespace

/// Recordings, rows of files and chains of requests, over real connections.
class ScenarioLoadTest : public QObject {
    Q_OBJECT
private slots:
    void stagesAreSentAsTheirIntegralSays();
    void aRecordingIsAskedAgainInItsOrder();
    void onlyTheTimesOfARecordingMayBeUsed();
    void aRowOfAFileStaysTogether();
    void missingFilesAndColumnsAreNamed();
    void eachClientUsesWhatItsOwnAnswersSaid();
    void anAnswerWithoutTheValueBeginsAgain();
    void valuesThatWouldSplitARequestAreRefused();

private:
    std::filesystem::path write(const char* name, const std::string& text) {
        const auto path = std::filesystem::path(m_folder.path().toStdString()) / name;
        std::ofstream(path) << text;
        return path;
    }
    model::Workload replayOf(const std::string& text, bool targets) {
        auto workload = closedWith({{.name = "logged", .url = "/", .headers = {{"X-From", "log"}}}});
        workload.model = model::LoadModel::Open;
        workload.replay = {write("log", text).filename().string(), 1, targets};
        workload.folder = m_folder.path().toStdString();
        return workload;
    }
    QTemporaryDir m_folder;
};

void ScenarioLoadTest::stagesAreSentAsTheirIntegralSays() {
    Api api([](const auto&) { return answer("", "{}"); });
    auto workload = closedWith({{.url = "/"}}, 8);
    workload.model = model::LoadModel::Open;
    workload.arrival = model::Arrival::Constant;
    workload.stages = {{100ms, 100, 100}, {200ms, 100, 900}, {100ms, 0, 0}, {100ms, 500, 500}};
    workload.duration = 500ms;
    const auto run = mustRun({.workload = workload, .baseUrl = api.url()});
    // 10 + 100 + 0 + 50, the first at the very beginning.
    QCOMPARE(run.requests + run.unfinished, std::uint64_t(160));
    QCOMPARE(api.requests().size(), std::size_t(160));
}

void ScenarioLoadTest::aRecordingIsAskedAgainInItsOrder() {
    Api api([](const std::string& request) { return answer("", request.starts_with("HEAD") ? "" : "ok"); });
    const auto workload = replayOf(
        "{\"time\": 0, \"url\": \"/a?x=1\"}\n"
        "{\"time\": 0.05, \"method\": \"PUT\", \"url\": \"/b\", \"body\": \"12345\"}\n"
        "{\"time\": 0.07, \"method\": \"DELETE\", \"url\": \"/gone\"}\n"
        "{\"time\": 0.1, \"method\": \"HEAD\", \"url\": \"/c\"}\n"
        "{\"time\": 5, \"url\": \"/too-late\"}\n",
        true);
    const auto run = mustRun({.workload = workload, .baseUrl = api.url()});
    QCOMPARE(api.lines(), (std::vector<std::string>{"GET /a?x=1", "PUT /b", "HEAD /c"}));
    QCOMPARE(run.requests, std::uint64_t(3));
    QCOMPARE(run.errors, std::uint64_t(0));
    const std::string put = api.requests()[1];
    QVERIFY(put.contains("\r\nX-From: log\r\n") && put.contains("\r\nContent-Length: 5\r\n"));
    QVERIFY(put.ends_with("\r\n\r\n12345"));
    const bool said = std::ranges::any_of(run.warnings, [](const std::string& warning) {
        return warning.starts_with("1 recorded requests that write (POST, PUT …) were left out");
    });
    QVERIFY(said);
}

void ScenarioLoadTest::onlyTheTimesOfARecordingMayBeUsed() {
    Api api([](const auto&) { return answer("", "{}"); });
    auto workload = replayOf("{\"time\": 0, \"url\": \"/a\"}\n{\"time\": 0.05, \"url\": \"/b\"}\n", false);
    workload.duration = 3s;
    workload.replay.speed = 0.5;
    std::stop_source stop;
    const auto run = runLoad({.workload = workload, .baseUrl = api.url()}, stop.get_token(),
                             [&](const LoadProgress& progress) {
                                 if (progress.requests == 2)
                                     stop.request_stop();
                             });
    QVERIFY(run);
    QCOMPARE(api.lines(), (std::vector<std::string>{"GET /", "GET /"}));
    const bool said = std::ranges::any_of(run->run.warnings, [](const std::string& warning) {
        return warning.starts_with("The recording ended after 100ms: no requests were due in the rest");
    });
    QVERIFY(said);
}

void ScenarioLoadTest::aRowOfAFileStaysTogether() {
    Api api([](const auto&) { return answer("", "{}"); });
    write("users.csv", "name,city\nAnn Lee,Rome\nBob,Oslo\n");
    auto workload = closedWith({{.method = "POST", .url = "/{{user.name}}", .body = "{{ user.city }}"}});
    workload.folder = m_folder.path().toStdString();
    workload.variables["user"] = {.file = "users.csv", .draw = model::Variable::Draw::Sequential};
    mustRun({.workload = workload, .baseUrl = api.url()});
    const auto requests = api.requests();
    QVERIFY(requests.size() >= 2);
    QVERIFY(requests[0].starts_with("POST /Ann%20Lee HTTP") && requests[0].ends_with("\r\n\r\nRome"));
    QVERIFY(requests[1].starts_with("POST /Bob HTTP") && requests[1].ends_with("\r\n\r\nOslo"));
}

void ScenarioLoadTest::missingFilesAndColumnsAreNamed() {
    write("users.csv", "name,city\nAnn,Rome\n");
    auto workload = closedWith({{.url = "/{{user.mail}}"}});
    workload.folder = m_folder.path().toStdString();
    workload.variables["user"] = {.file = "users.csv"};
    const auto column = runLoad({.workload = workload, .baseUrl = "http://127.0.0.1:1"}, {});
    QVERIFY(!column);
    QCOMPARE(column.error().line(),
             std::string("users.csv has no column \"mail\" for {{user.mail}}. It has: name, city."));
    workload.variables["user"].file = "people.csv";
    const auto file = runLoad({.workload = workload, .baseUrl = "http://127.0.0.1:1"}, {});
    QVERIFY(!file);
    QCOMPARE(file.error().code, Error::NotFound);
    QVERIFY(file.error().what.contains("variable \"user\": cannot read the values in"));
}

void ScenarioLoadTest::eachClientUsesWhatItsOwnAnswersSaid() {
    std::atomic<int> logins{0};
    Api api([&](const std::string& request) {
        if (request.starts_with("GET /login"))
            return answer("", fmt::format("{{\"auth\": {{\"token\": \"t{}\"}}}}", logins++));
        if (request.starts_with("GET /cart")) {
            const auto at = request.find("Bearer ") + 7;
            const std::string token = request.substr(at, request.find("\r\n", at) - at);
            return answer("Location: http://elsewhere/orders/" + token + "?a=b\r\n", "csrf=x" + token + ";");
        }
        return answer("", "{}", "201 Created");
    });
    model::WorkloadRequest login{.url = "/login"}, cart{.url = "/cart"},
        order{.method = "POST", .url = "{{next}}"};
    login.extract = {{"token", model::Extraction::Source::Json, "$.auth.token"}};
    cart.headers = {{"Authorization", "Bearer {{token}}"}};
    cart.extract = {{"next", model::Extraction::Source::Header, "location"},
                    {"csrf", model::Extraction::Source::Regex, "csrf=([a-z0-9]+);"}};
    order.body = "{{csrf}}";
    auto workload = closedWith({login, cart, order}, 3);
    workload.order = model::Order::Sequence;
    const auto run = mustRun({.workload = workload, .baseUrl = api.url()});
    QCOMPARE(run.errors, std::uint64_t(0));
    std::set<std::string> orders;
    for (const auto& request : api.requests())
        if (request.starts_with("POST")) {
            const auto number = request.substr(14, request.find('?') - 14);  // "POST /orders/t"
            QVERIFY2(request.starts_with("POST /orders/t" + number + "?a=b HTTP"), request.c_str());
            QVERIFY2(request.ends_with("\r\n\r\nxt" + number), request.c_str());
            QVERIFY(orders.insert(number).second);  // Every token is used once.
        }
    QVERIFY(orders.size() > 3);
    QVERIFY(run.byRequest[0].requests >= run.byRequest[2].requests);
}

void ScenarioLoadTest::anAnswerWithoutTheValueBeginsAgain() {
    Api api([](const auto&) { return answer("", "{\"other\": 1}"); });
    model::WorkloadRequest login{.url = "/login"}, use{.url = "/use/{{token}}"};
    login.extract = {{"token", model::Extraction::Source::Json, "$.token"}};
    auto workload = closedWith({login, use});
    workload.order = model::Order::Sequence;
    const auto run = mustRun({.workload = workload, .baseUrl = api.url()});
    QVERIFY(run.requests > 1);
    QCOMPARE(run.errors, run.requests);
    QCOMPARE(run.errorsByKind.at("no \"token\" in the answer"), run.requests);
    QCOMPARE(run.byRequest[1].requests, std::uint64_t(0));
}

void ScenarioLoadTest::valuesThatWouldSplitARequestAreRefused() {
    Api api([](const auto&) { return answer("", "{\"token\": \"a\\r\\nX-Evil: 1\"}"); });
    model::WorkloadRequest login{.url = "/login"}, use{.url = "/use", .headers = {{"X-Token", "{{token}}"}}};
    login.extract = {{"token", model::Extraction::Source::Json, "$.token"}};
    auto workload = closedWith({login, use});
    workload.order = model::Order::Sequence;
    const auto run = mustRun({.workload = workload, .baseUrl = api.url()});
    QVERIFY(run.errorsByKind.contains("no \"token\" in the answer"));
    for (const auto& request : api.requests())
        QVERIFY(!request.contains("X-Evil"));
}

QTEST_GUILESS_MAIN(ScenarioLoadTest)
#include "scenario_load_test.moc"
