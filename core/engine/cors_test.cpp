#include "core/engine/cors.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;

namespace {

using Fields = std::vector<http::FieldView>;

http::Response preflightOf(const Cors& cors, const Fields& fields) {
    http::Request request;
    request.method = http::Method::Options;
    request.methodText = "OPTIONS";
    request.fields = fields;
    return cors.preflight(request);
}

Cors corsOf(std::vector<std::string> origins) { return Cors(origins); }

}  // namespace

class CorsTest : public QObject {
    Q_OBJECT
private slots:
    void originsAreCheckedBeforeAnythingStarts_data() {
        QTest::addColumn<QString>("origin");
        QTest::addColumn<bool>("isFine");
        QTest::newRow("any") << "*" << true;
        QTest::newRow("with port") << "http://localhost:3000" << true;
        QTest::newRow("without port") << "https://app.example" << true;
        QTest::newRow("IPv6") << "http://[::1]:3000" << true;
        QTest::newRow("path") << "https://app.example/" << false;
        QTest::newRow("no scheme") << "app.example" << false;
        QTest::newRow("opaque") << "null" << false;
        QTest::newRow("wildcard inside") << "https://*.app example" << false;
        QTest::newRow("empty") << "" << false;
    }
    void originsAreCheckedBeforeAnythingStarts() {
        QFETCH(QString, origin);
        QFETCH(bool, isFine);
        const std::vector<std::string> origins{origin.toStdString()};
        const auto checked = Cors::check(origins);
        QCOMPARE(checked.has_value(), isFine);
        if (!isFine) {
            QCOMPARE(checked.error().code, Error::InvalidArgument);
            QVERIFY(checked.error().hint.find("http://localhost:3000") != std::string::npos);
        }
    }

    void isOffWithoutOrigins() {
        QVERIFY(!corsOf({}).isOn());
        QVERIFY(corsOf({"*"}).isOn());
    }

    void aPreflightIsAnOptionsWithOriginAndMethod() {
        http::Request request;
        request.method = http::Method::Options;
        const Fields fields{{"Origin", "http://a"}, {"access-control-request-method", "PUT"}};
        request.fields = fields;
        QVERIFY(Cors::isPreflight(request));
        request.fields = std::span(fields).first(1);
        QVERIFY(!Cors::isPreflight(request));
        request.fields = fields;
        request.method = http::Method::Get;
        QVERIFY(!Cors::isPreflight(request));
    }

    void aKnownOriginMayAskForWhatItWants() {
        const auto answer = preflightOf(corsOf({"http://Localhost:3000"}),
                                        {{"Origin", "http://localhost:3000"},
                                         {"Access-Control-Request-Method", "PUT"},
                                         {"Access-Control-Request-Headers", "content-type,if-match"}});
        QCOMPARE(answer.status, 204);
        QCOMPARE(answer.fields.get("Access-Control-Allow-Origin"), std::string_view("http://localhost:3000"));
        QCOMPARE(answer.fields.get("Access-Control-Allow-Headers"),
                 std::string_view("content-type,if-match"));
        QVERIFY(answer.fields.get("Access-Control-Allow-Methods")->find("PUT") != std::string_view::npos);
        QVERIFY(answer.fields.joined("Vary").find("Origin") != std::string::npos);
        QVERIFY(!answer.fields.has("Access-Control-Allow-Credentials"));
    }

    void anotherOriginIsRefusedInWords() {
        const auto answer =
            preflightOf(corsOf({"http://localhost:3000"}),
                        {{"Origin", "https://attacker.example"}, {"Access-Control-Request-Method", "PUT"}});
        QCOMPARE(answer.status, 403);
        QVERIFY(!answer.fields.has("Access-Control-Allow-Origin"));
        QVERIFY(answer.body.find("attacker.example") != std::string::npos);
    }

    void theOriginOfAListVariesTheAnswerAndAnyDoesNot() {
        http::Response one, none, any;
        corsOf({"http://a"}).addTo(one, "http://a");
        QCOMPARE(one.fields.get("Vary"), std::string_view("Origin"));
        QCOMPARE(one.fields.get("Access-Control-Allow-Origin"), std::string_view("http://a"));
        corsOf({"http://a"}).addTo(none, std::nullopt);
        QCOMPARE(none.fields.get("Vary"), std::string_view("Origin"));
        QVERIFY(!none.fields.has("Access-Control-Allow-Origin"));
        corsOf({"*"}).addTo(any, "http://b");
        QVERIFY(!any.fields.has("Vary"));
        QCOMPARE(any.fields.get("Access-Control-Allow-Origin"), std::string_view("*"));
    }
};

QTEST_GUILESS_MAIN(CorsTest)
#include "cors_test.moc"
