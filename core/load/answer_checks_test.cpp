#include "core/load/load.h"
#include "core/load/request_set.h"
#include "core/net/raw_client.h"

#include <QTest>

using namespace hone;
using namespace hone::load;
using namespace hone::net::testing;
using namespace std::chrono_literals;
using Check = model::WorkloadCheck;

namespace {

Check check(const char* json) {
    auto read = Check::fromJson(nlohmann::json::parse(json), "check");
    if (!read)
        qFatal("%s", read.error().line().c_str());
    return std::move(*read);
}

model::Workload workload(std::vector<Check> checks) {
    model::Workload out;
    out.requests = {{.name = "one", .url = "/one?id={{id}}", .checks = std::move(checks)}};
    out.variables["id"] = {.first = 1, .last = 2, .draw = model::Variable::Draw::Sequential};
    out.clients = 1;
    out.warmup = 0ms;
    out.duration = 100ms;
    return out;
}

}  // namespace

/// Checks of answers, alone and in a run.
class AnswerChecksTest : public QObject {
    Q_OBJECT
private slots:
    void holdsOrFails_data();
    void holdsOrFails();
    void aMissingAnswerIsNoFailedCheck();
    void aCodedBodyFailsItsChecks();
    void aRunCountsThemByRequest();
    void askingForCodedAnswersIsRefused();
};

void AnswerChecksTest::holdsOrFails_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<bool>("holds");
    const auto row = [](const char* json, bool holds) { QTest::newRow(json) << QByteArray(json) << holds; };
    row(R"({"status": 200})", true);
    row(R"({"status": 201})", false);
    row(R"({"header": "content-type"})", true);
    row(R"({"header": "ETag"})", false);
    row(R"({"header": "Content-Type", "contains": "json"})", true);
    row(R"({"header": "Content-Type", "equals": "json"})", false);
    row(R"({"body-contains": "Rome"})", true);
    row(R"({"body-contains": "Oslo"})", false);
    row(R"({"jsonpath": "$.id", "equals": 7})", true);
    row(R"({"jsonpath": "$.id", "equals": "7"})", false);
    row(R"({"jsonpath": "$.name", "contains": "om"})", true);
    row(R"({"jsonpath": "$.id", "contains": "7"})", false);
    row(R"({"jsonpath": "$.tags[1]"})", true);
    row(R"({"jsonpath": "$.tags[2]"})", false);
}

void AnswerChecksTest::holdsOrFails() {
    QFETCH(QByteArray, json);
    QFETCH(bool, holds);
    const http::FieldView fields[] = {{"Content-Type", "application/json"}};
    const net::Answer answer{
        .status = 200, .fields = fields, .body = R"({"id": 7, "name": "Rome", "tags": ["a", "b"]})"};
    const AnswerChecks checks({check(json.constData())});
    auto results = checks.results();
    checks.count(answer, results);
    QCOMPARE(results[0].passed, std::uint64_t(holds));
    QCOMPARE(results[0].failed, std::uint64_t(!holds));
}

void AnswerChecksTest::aMissingAnswerIsNoFailedCheck() {
    const AnswerChecks checks({check(R"({"status": 200})")});
    auto results = checks.results();
    checks.count(net::Answer{.status = 0}, results);
    QCOMPARE(results[0].passed + results[0].failed, std::uint64_t(0));
}

void AnswerChecksTest::aCodedBodyFailsItsChecks() {
    const http::FieldView fields[] = {{"content-encoding", "gzip"}};
    const AnswerChecks checks({check(R"({"body-contains": "Rome"})"), check(R"({"status": 200})")});
    QVERIFY(checks.readBody());
    auto results = checks.results();
    checks.count(net::Answer{.status = 200, .fields = fields, .body = "Rome"}, results);
    QCOMPARE(results[0].failed, std::uint64_t(1));
    QCOMPARE(results[1].passed, std::uint64_t(1));
}

void AnswerChecksTest::aRunCountsThemByRequest() {
    const auto server = serve([](const http::Request& request, net::Responder respond) {
        respond(text(R"({"query": ")" + std::string(request.query) + R"("})"));
    });
    const auto asked =
        workload({check(R"({"status": 200})"), check(R"({"jsonpath": "$.query", "equals": "id=2"})")});
    for (const int threads : {1, 2}) {
        auto plan = asked;
        plan.threads = plan.clients = threads;
        const auto result = runLoad({.workload = plan, .baseUrl = server->url()}, {});
        QVERIFY(result);
        const auto run = model::RunResult::fromJson(result->run.toJson());
        QVERIFY(run);
        const auto& checks = run->byRequest[0].checks;
        QCOMPARE(checks.size(), std::size_t(2));
        QCOMPARE(checks[0].text, std::string("status is 200"));
        QCOMPARE(checks[0].passed, run->requests);
        QCOMPARE(checks[0].failed, std::uint64_t(0));
        QCOMPARE(checks[1].passed + checks[1].failed, run->requests);
        QVERIFY(checks[1].passed > 0 && checks[1].failed > 0);
        const auto expected =
            fmt::format("{} of {} answers to \"one\" failed the check \"$.query is \"id=2\"\".",
                        checks[1].failed, run->requests);
        QVERIFY(std::ranges::find(run->warnings, expected) != run->warnings.end());
        QCOMPARE(run->errors, std::uint64_t(0));
    }
}

void AnswerChecksTest::askingForCodedAnswersIsRefused() {
    auto asked = workload({check(R"({"body-contains": "x"})")});
    asked.requests[0].headers = {{"Accept-Encoding", "gzip"}};
    const auto set = RequestSet::compile(asked, "http://127.0.0.1:1", {});
    QVERIFY(!set);
    QVERIFY(set.error().what.contains("\"one\""));
    asked.requests[0].headers = {{"Accept-Encoding", "identity"}};
    QVERIFY(RequestSet::compile(asked, "http://127.0.0.1:1", {}));
    asked.requests[0].headers = {{"Accept-Encoding", "gzip"}};
    asked.requests[0].checks = {check(R"({"status": 200})")};
    QVERIFY(RequestSet::compile(asked, "http://127.0.0.1:1", {}));
}

QTEST_GUILESS_MAIN(AnswerChecksTest)
#include "answer_checks_test.moc"
