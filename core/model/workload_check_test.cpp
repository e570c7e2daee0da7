#include "core/model/json_path.h"
#include "core/model/workload.h"

#include <QtTest>

using namespace hone;
using namespace hone::model;
using nlohmann::json;

/// What a workload may ask of its answers, and the paths that name places in them.
class WorkloadCheckTest : public QObject {
    Q_OBJECT
private slots:
    void survivesARoundTrip_data();
    void survivesARoundTrip();
    void namesAMistake_data();
    void namesAMistake();
    void findsThePlaceAPathNames_data();
    void findsThePlaceAPathNames();
    void refusesPathsOfManyPlaces_data();
    void refusesPathsOfManyPlaces();
};

void WorkloadCheckTest::survivesARoundTrip_data() {
    QTest::addColumn<QByteArray>("check");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* check, const char* text) {
        QTest::newRow(text) << QByteArray(check) << QByteArray(text);
    };
    row(R"({"status": 200})", "status is 200");
    row(R"({"body-contains": "Rome"})", "body contains \"Rome\"");
    row(R"({"header": "ETag"})", "header ETag is there");
    row(R"({"header": "Content-Type", "contains": "json"})", "header Content-Type contains \"json\"");
    row(R"({"jsonpath": "$.id", "equals": 7})", "$.id is 7");
    row(R"({"jsonpath": "$.name", "contains": "R"})", "$.name contains \"R\"");
    row(R"({"jsonpath": "$.a", "equals": {"b": [1]}})", "$.a is {\"b\":[1]}");
}

void WorkloadCheckTest::survivesARoundTrip() {
    QFETCH(QByteArray, check);
    QFETCH(QByteArray, text);
    const json document = {{"requests", {{{"url", "/"}, {"checks", {json::parse(check.toStdString())}}}}}};
    const auto workload = Workload::fromJson(document);
    QVERIFY2(workload, workload ? "" : workload.error().what.c_str());
    QCOMPARE(workload->requests[0].checks.size(), std::size_t(1));
    QCOMPARE(workload->requests[0].checks[0].text(), text.toStdString());
    QCOMPARE(workload->toJson()["requests"][0]["checks"][0], json::parse(check.toStdString()));
}

void WorkloadCheckTest::namesAMistake_data() {
    QTest::addColumn<QByteArray>("check");
    QTest::addColumn<QByteArray>("mentions");
    const auto row = [](const char* check, const char* mentions) {
        QTest::newRow(check) << QByteArray(check) << QByteArray(mentions);
    };
    row(R"({"staus": 200})", "says nothing to check");
    row(R"({"status": 42})", "checks[0].status");
    row(R"({"status": 200, "equals": 1})", "\"equals\"");
    row(R"({"header": "A", "equals": 1})", "checks[0].equals must be a text");
    row(R"({"jsonpath": "id"})", "\"id\" is no JSONPath (at character 1)");
    row(R"({"jsonpath": "$.a", "equals": 1, "contains": "1"})", "both");
    row(R"({"jsonpath": "$.a", "contains": 1})", "checks[0].contains must be a text");
}

void WorkloadCheckTest::namesAMistake() {
    QFETCH(QByteArray, check);
    QFETCH(QByteArray, mentions);
    const auto read = WorkloadCheck::fromJson(json::parse(check.toStdString()), "requests[0].checks[0]");
    QVERIFY(!read);
    QVERIFY2(read.error().what.contains(mentions.toStdString()), read.error().what.c_str());
}

void WorkloadCheckTest::findsThePlaceAPathNames_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("found");
    const auto row = [](const char* path, const char* found) {
        QTest::newRow(path) << QByteArray(path) << QByteArray(found);
    };
    row("$", R"({"items":[{"id":1},{"id":2}],"a b":{"it's":true},"ключ":null})");
    row("$.items[0].id", "1");
    row("$.items[-1].id", "2");
    row("$['a b']['it\\'s']", "true");
    row("$[\"a b\"]", R"({"it's":true})");
    row("$.ключ", "null");
    row("$.items[2]", "");
    row("$.items[-3]", "");
    row("$.items.id", "");
    row("$.none.at.all", "");
    row("$.items[0].id[0]", "");
}

void WorkloadCheckTest::findsThePlaceAPathNames() {
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, found);
    const json document = {
        {"items", {{{"id", 1}}, {{"id", 2}}}}, {"a b", {{"it's", true}}}, {"ключ", nullptr}};
    const auto parsed = JsonPath::parse(path.toStdString());
    QVERIFY2(parsed, parsed ? "" : parsed.error().what.c_str());
    const json* value = parsed->find(document);
    QCOMPARE(value != nullptr, !found.isEmpty());
    if (value)
        QCOMPARE(*value, json::parse(found.toStdString()));
}

void WorkloadCheckTest::refusesPathsOfManyPlaces_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("code");
    for (const char* path : {"$.*", "$[*]", "$..id", "$[?@.a]", "$[0:2]"})
        QTest::newRow(path) << QByteArray(path) << int(Error::Unsupported);
    for (const char* path : {"", "a", "$a", "$.", "$[", "$['a", "$['a'", "$[a]", "$[0"})
        QTest::newRow(path) << QByteArray(path) << int(Error::Malformed);
}

void WorkloadCheckTest::refusesPathsOfManyPlaces() {
    QFETCH(QByteArray, path);
    QFETCH(int, code);
    const auto parsed = JsonPath::parse(path.toStdString());
    QVERIFY(!parsed);
    QCOMPARE(int(parsed.error().code), code);
    QVERIFY(parsed.error().hint.contains("$.items[0].id"));
}

QTEST_APPLESS_MAIN(WorkloadCheckTest)
#include "workload_check_test.moc"
