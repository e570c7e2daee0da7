#include "core/model/workload.h"

#include <QtTest>

using namespace hone::model;
using nlohmann::json;

namespace {

json shop() {
    const json user = {{"file", "users.csv"}, {"draw", "sequential"}};
    return {{"hone", 1},
            {"requests",
             {{{"url", "/login?u={{user.name}}"}, {"extract", {{"token", {{"jsonpath", "$.token"}}}}}},
              {{"url", "/cart"},
               {"headers", {{"Authorization", "Bearer {{token}}"}}},
               {"extract", {{"next", {{"header", "Location"}}}, {"csrf", {{"regex", "c=([0-9]+)"}}}}}},
              {{"url", "{{next}}"}, {"method", "POST"}, {"body", "{{csrf}}"}}}},
            {"variables", {{"user", user}}},
            {"load", {{"model", "closed"}, {"order", "sequence"}}}};
}

}  // namespace

class WorkloadUsesTest : public QObject {
    Q_OBJECT
private slots:
    void chainsAndColumnsSurviveARoundTrip();
    void namesTheRequestAndColumnOfAMistake_data();
    void namesTheRequestAndColumnOfAMistake();
};

void WorkloadUsesTest::chainsAndColumnsSurviveARoundTrip() {
    const auto workload = Workload::fromJson(shop());
    QVERIFY2(workload, workload ? "" : workload.error().line().c_str());
    QCOMPARE(workload->order, Order::Sequence);
    QCOMPARE(workload->variables.at("user").file, std::string("users.csv"));
    QCOMPARE(workload->requests[1].extract.size(), std::size_t{2});
    const auto again = Workload::fromJson(workload->toJson());
    QCOMPARE(again->requests[0].extract, workload->requests[0].extract);
    QCOMPARE(again->requests[1].extract, workload->requests[1].extract);
    QCOMPARE(again->variables, workload->variables);
    QCOMPARE(again->order, Order::Sequence);
}

void WorkloadUsesTest::namesTheRequestAndColumnOfAMistake_data() {
    QTest::addColumn<QString>("patch");
    QTest::addColumn<QString>("named");
    QTest::newRow("used before it is known")
        << R"([{"op":"replace","path":"/requests/0/url","value":"/login/{{token}}"}])"
        << "requests[0].url, column 8: nothing defines {{token}} here";
    QTest::newRow("a file without a column")
        << R"([{"op":"replace","path":"/requests/0/url","value":"/{{user}}"}])"
        << "requests[0].url, column 2: nothing defines {{user}} here";
    QTest::newRow("in a header")
        << R"([{"op":"replace","path":"/requests/1/headers/Authorization","value":"Bearer {{tokn}}"}])"
        << "requests[1].headers.Authorization, column 8: nothing defines {{tokn}}";
    QTest::newRow("not in sequence") << R"([{"op":"replace","path":"/load/order","value":"weighted"}])"
                                     << "requests[0].extract.token is taken from an answer, but";
    QTest::newRow("two of one name") << R"([{"op":"add","path":"/variables/token","value":{"range":[1,2]}}])"
                                     << "requests[0].extract.token has the name of one of the";
    QTest::newRow("a broken JSONPath")
        << R"([{"op":"replace","path":"/requests/0/extract/token","value":{"jsonpath":"token"}}])"
        << "requests[0].extract.token.jsonpath";
    QTest::newRow("a broken expression")
        << R"([{"op":"replace","path":"/requests/0/extract/token","value":{"regex":"a(b"}}])"
        << "\"a(b\" is no regular expression at column";
    QTest::newRow("an unknown source")
        << R"([{"op":"replace","path":"/requests/0/extract/token","value":{"xpath":"//a"}}])"
        << "requests[0].extract.token must be one of jsonpath, header, regex";
}

void WorkloadUsesTest::namesTheRequestAndColumnOfAMistake() {
    QFETCH(QString, patch);
    QFETCH(QString, named);
    const auto workload = Workload::fromJson(shop().patch(json::parse(patch.toStdString())));
    QVERIFY(!workload);
    QVERIFY2(workload.error().what.contains(named.toStdString()), workload.error().what.c_str());
}

QTEST_GUILESS_MAIN(WorkloadUsesTest)
#include "workload_uses_test.moc"
