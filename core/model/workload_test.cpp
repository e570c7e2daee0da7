#include "core/model/workload.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace hone;
using namespace hone::model;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

json browseJson() {
    return json::parse(R"({"hone": 1, "kind": "workload", "name": "browse", "labels": ["demo"],
        "requests": [
            {"name": "one", "method": "GET", "url": "/api/cities/{{id}}", "headers": {"Accept": "application/json"},
             "weight": 9.0},
            {"name": "write", "method": "POST", "url": "/api/cities", "body": "name={{name}}", "weight": 1.0}],
        "variables": {"id": {"range": [1, 150000], "draw": "zipf", "skew": 0.9},
                      "name": {"values": ["Rome", "Oslo"], "draw": "sequential"}},
        "load": {"model": "open", "clients": 8, "rate": "500/s", "arrival": "poisson", "thinkTime": "5ms"},
        "duration": "10s", "warmup": "2s", "timeout": "10s", "keepAlive": true, "threads": 1, "seed": 7})");
}

/// The base workload with one member replaced; `where` is a JSON pointer.
Result<Workload> with(const char* where, json value) {
    json document = browseJson();
    document[json::json_pointer(where)] = std::move(value);
    return Workload::fromJson(document);
}

}  // namespace

class WorkloadTest : public QObject {
    Q_OBJECT
private slots:
    void readsEveryMember();
    void writesWhatItReads();
    void needsNothingButRequests();
    void namesTheMemberAndTheValueOfAMistake_data();
    void namesTheMemberAndTheValueOfAMistake();
    void namesUndefinedVariablesAndTheKnownOnes();
    void readsRatesWithTheirUnit();
    void keepsOrderAndRepetitionOfHeaders();
    void savesAndLoadsJsonAndYaml_data();
    void savesAndLoadsJsonAndYaml();
    void asksForOneUrl();
    void readsHowSecureServersAreChecked();
    void readsTheHttpVersionAndItsStreams();
    void readsHowMuchOfAnAnswerIsKept();
};

void WorkloadTest::readsHowSecureServersAreChecked() {
    QVERIFY(!Workload::fromJson(browseJson())->toJson().contains("tls"));  // as ever
    const auto workload = with("/tls", {{"caFile", "ca.pem"}, {"verify", false}, {"resume", false}});
    QVERIFY(workload);
    QCOMPARE(workload->tls, (WorkloadTls{.caFile = "ca.pem", .verify = false, .resume = false}));
    QCOMPARE(Workload::fromJson(workload->toJson())->tls, workload->tls);
    const auto wrong = with("/tls", {{"verify", "no"}});
    QVERIFY(!wrong && wrong.error().what.contains("tls.verify"));
}

void WorkloadTest::readsHowMuchOfAnAnswerIsKept() {
    json document = {{"requests", {{{"url", "/"}}}}};
    const auto usual = Workload::fromJson(document);
    QVERIFY(usual);
    QCOMPARE(usual->maxBodyBytes, std::int64_t{64} << 20);
    QVERIFY(!usual->toJson().contains("maxBody"));
    document["maxBody"] = "256MiB";
    const auto larger = Workload::fromJson(document);
    QVERIFY(larger);
    QCOMPARE(larger->maxBodyBytes, std::int64_t{256} << 20);
    QCOMPARE(larger->toJson()["maxBody"], json("256MiB"));
}

void WorkloadTest::readsTheHttpVersionAndItsStreams() {
    const json plain = Workload::fromJson(browseJson())->toJson();
    QVERIFY(!plain.contains("http") && !plain.contains("streams"));  // as ever
    json document = browseJson();
    document["http"] = "2";
    document["streams"] = 20;
    const auto workload = Workload::fromJson(document);
    QVERIFY(workload);
    QCOMPARE(workload->http, HttpVersion::Http2);
    QCOMPARE(workload->streams, 20);
    QCOMPARE(workload->toJson()["http"], json("2"));
    QCOMPARE(Workload::fromJson(workload->toJson())->streams, 20);
    const auto streams = with("/streams", 20);
    QVERIFY(!streams && streams.error().what.contains("HTTP/1.1 has no streams"));
    const auto version = with("/http", "3");
    QVERIFY(!version && version.error().what.contains("1.1, 2"));
}

void WorkloadTest::readsEveryMember() {
    const auto workload = Workload::fromJson(browseJson());
    QVERIFY2(workload, workload ? "" : workload.error().what.c_str());
    QCOMPARE(workload->requests.size(), std::size_t(2));
    QCOMPARE(workload->requests[0].url, std::string("/api/cities/{{id}}"));
    QCOMPARE(workload->requests[0].headers[0].second, std::string("application/json"));
    QCOMPARE(workload->requests[1].weight, 1.0);
    QCOMPARE(workload->variables.at("id").draw, Variable::Draw::Zipf);
    QCOMPARE(workload->variables.at("id").last, std::int64_t(150'000));
    QCOMPARE(workload->variables.at("name").values[1], std::string("Oslo"));
    QCOMPARE(workload->model, LoadModel::Open);
    QCOMPARE(workload->ratePerSecond, 500.0);
    QCOMPARE(workload->thinkTime, std::chrono::milliseconds(5));
    QCOMPARE(workload->duration, std::chrono::milliseconds(10'000));
    QCOMPARE(workload->seed, std::uint64_t(7));
    QCOMPARE(workload->extra, json({{"labels", {"demo"}}}));
}

void WorkloadTest::writesWhatItReads() {
    QCOMPARE(Workload::fromJson(browseJson())->toJson(), browseJson());
    Workload workload = Workload::forUrl("/api/cities");
    workload.ratePerSecond = 1e-7;  // would need an exponent as text
    workload.variables["hot"] = {
        .first = -5, .last = 5, .draw = Variable::Draw::HotSet, .hotShare = 0.8, .hotKeys = 0.2};
    const auto back = Workload::fromJson(workload.toJson());
    QVERIFY2(back, back ? "" : back.error().what.c_str());
    QCOMPARE(back->ratePerSecond, 1e-7);
    QCOMPARE(back->variables, workload.variables);
    QCOMPARE(back->toJson(), workload.toJson());
}

void WorkloadTest::needsNothingButRequests() {
    const auto workload = Workload::fromJson({{"requests", {{{"url", "/api/cities"}}}}});
    QVERIFY(workload);
    QCOMPARE(workload->requests[0].name, std::string("GET /api/cities"));
    QCOMPARE(workload->clients, 8);
    QCOMPARE(workload->warmup, std::chrono::milliseconds(2000));
    QVERIFY(!Workload::fromJson(json::object()));
}

void WorkloadTest::namesTheMemberAndTheValueOfAMistake_data() {
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("named");
    QTest::newRow("weight") << "/requests/1/weight" << "-1"
                            << "requests[1].weight must be 0 … 1000000000, got -1";
    QTest::newRow("method") << "/requests/0/method" << "\"GET x\"" << "requests[0].method must be one word";
    QTest::newRow("url") << "/requests/0/url" << "\"api\""
                         << "requests[0].url must begin with / or http://, got \"api\"";
    QTest::newRow("header") << "/requests/0/headers" << "{\"A\": 1}"
                            << "requests[0].headers.A must be a text";
    QTest::newRow("model") << "/load/model" << "\"ajar\""
                           << "load.model must be one of closed, open, got \"ajar\"";
    QTest::newRow("rate") << "/load/rate" << "\"0/s\"" << "load.rate must be above 0";
    QTest::newRow("rate unit") << "/load/rate" << "\"5/week\"" << "load.rate: \"5/week\"";
    QTest::newRow("no clients") << "/load/clients" << "0"
                                << "load.clients must be a whole number 1 … 100000, got 0";
    QTest::newRow("clients") << "/load/clients" << "100001"
                             << "load.clients must be a whole number 1 … 100000";
    QTest::newRow("half a client") << "/load/clients" << "1.5" << "load.clients must be a whole number";
    QTest::newRow("bare duration") << "/duration" << "\"10\"" << "duration: duration \"10\" has no unit";
    QTest::newRow("number as duration") << "/duration" << "10" << "duration must be a duration with its unit";
    QTest::newRow("no duration") << "/duration" << "\"0s\"" << "duration must be 1ms … 168h, got \"0s\"";
    QTest::newRow("largest body") << "/maxBody" << "\"lots\"" << "maxBody: ";
    QTest::newRow("no body") << "/maxBody" << "\"0B\""
                             << "maxBody must be between 1 byte and 1 TiB, got \"0B\"";
    QTest::newRow("number as body") << "/maxBody" << "64" << "maxBody must be a text";
    QTest::newRow("seed") << "/seed" << "-1" << "seed must be a whole number";
    QTest::newRow("threads") << "/threads" << "0" << "threads must be a whole number 1 … 256";
    QTest::newRow("range") << "/variables/id/range" << "[5, 1]"
                           << "variables.id.range must go from a smaller";
    QTest::newRow("half range") << "/variables/id/range" << "[5]"
                                << "variables.id.range must be two whole numbers";
    QTest::newRow("draw") << "/variables/id/draw" << "\"dice\""
                          << "variables.id.draw must be one of uniform, zipf";
    QTest::newRow("no source") << "/variables/id" << "{}" << "variables.id needs a \"range\"";
    QTest::newRow("no values") << "/variables/name/values" << "[]"
                               << "variables.name.values must not be empty";
    QTest::newRow("kind") << "/kind" << "\"profile\"" << "a profile, not a workload";
}

void WorkloadTest::namesTheMemberAndTheValueOfAMistake() {
    QFETCH(QString, where);
    QFETCH(QString, value);
    QFETCH(QString, named);
    const auto workload = with(where.toUtf8().constData(), json::parse(value.toStdString()));
    QVERIFY(!workload);
    QVERIFY2(workload.error().what.contains(named.toStdString()), workload.error().what.c_str());
}

void WorkloadTest::namesUndefinedVariablesAndTheKnownOnes() {
    const auto url = with("/requests/0/url", "/api/{{key}}");
    QVERIFY(!url);
    QCOMPARE(url.error().line(),
             std::string(
                 "requests[0].url, column 6: nothing defines {{key}} here. Known: id, name. Define it under "
                 "\"variables\", or \"extract\" it from an earlier answer."));
    QVERIFY(!with("/requests/1/body", "{{id}} and {{x}}"));
    QVERIFY(!with("/requests/0/headers", {{"If-None-Match", "{{tag}}"}}));
    QVERIFY(with("/requests/1/body", "{\"a\": {\"b\": {{id}}}}"));
    QVERIFY(with("/requests/1/body", "an open {{ is no variable"));
}

void WorkloadTest::readsRatesWithTheirUnit() {
    QCOMPARE(with("/load/rate", "30/m")->ratePerSecond, 0.5);
    QCOMPARE(with("/load/rate", 250)->ratePerSecond, 250.0);
    QVERIFY(!with("/load/rate", true));
}

void WorkloadTest::keepsOrderAndRepetitionOfHeaders() {
    Workload workload = Workload::forUrl("http://localhost:1/x");
    workload.requests[0].headers = {{"X-B", "1"}, {"X-A", "2"}, {"X-B", "3"}};
    const auto back = Workload::fromJson(workload.toJson());
    QVERIFY(back);
    QCOMPARE(back->requests, workload.requests);
}

void WorkloadTest::savesAndLoadsJsonAndYaml_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("json") << "browse.workload.json";
    QTest::newRow("yaml") << "browse.workload.yml";
}

void WorkloadTest::savesAndLoadsJsonAndYaml() {
    QFETCH(QString, name);
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(name).toStdString();
    QVERIFY(Workload::fromJson(browseJson())->save(file));
    const auto loaded = Workload::load(file);
    QVERIFY2(loaded, loaded ? "" : loaded.error().what.c_str());
    QCOMPARE(loaded->toJson(), browseJson());
}

void WorkloadTest::asksForOneUrl() {
    QCOMPARE(Workload::forUrl("/api/cities").requests[0].url, std::string("/api/cities"));
    QCOMPARE(Workload::forUrl("localhost:80/x").requests[0].url, std::string("http://localhost:80/x"));
    QCOMPARE(Workload::forUrl("https://example.org/").requests[0].url, std::string("https://example.org/"));
    QCOMPARE(Workload::forUrl("/x").requests[0].weight, 1.0);
}

QTEST_GUILESS_MAIN(WorkloadTest)
#include "workload_test.moc"
