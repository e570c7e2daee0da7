#include "core/http/semantics.h"

#include <QTest>
#include <nlohmann/json.hpp>

using namespace hone;
using namespace hone::http;

class ProblemTest : public QObject {
    Q_OBJECT
private slots:
    void problemsAreJsonWithTheirStatus();
    void aProblemSurvivesBytesThatAreNotUtf8();
};

void ProblemTest::problemsAreJsonWithTheirStatus() {
    const Response plain = problem(429, "too many", "Wait a second.");
    QCOMPARE(plain.status, 429);
    QCOMPARE(plain.fields.get("content-type").value_or(""), std::string_view("application/problem+json"));
    const auto json = nlohmann::json::parse(plain.body);
    QCOMPARE(json["title"].get<std::string>(), std::string("Too Many Requests"));
    QCOMPARE(json["status"].get<int>(), 429);
    QCOMPARE(json["detail"].get<std::string>(), std::string("too many"));
    QCOMPARE(json["hint"].get<std::string>(), std::string("Wait a second."));
    const Response mapped = problem(Error{Error::NotFound, "no such row", {}});
    QCOMPARE(mapped.status, 404);
    QCOMPARE(nlohmann::json::parse(mapped.body)["code"].get<std::string>(), std::string("not_found"));
    QVERIFY(!nlohmann::json::parse(mapped.body).contains("hint"));
}

void ProblemTest::aProblemSurvivesBytesThatAreNotUtf8() {
    const Response answer = problem(400, "bad \xff byte");
    QVERIFY(nlohmann::json::accept(answer.body));
}

QTEST_GUILESS_MAIN(ProblemTest)
#include "problem_test.moc"
