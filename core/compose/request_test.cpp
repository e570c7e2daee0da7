#include "core/compose/request.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace hone;
using compose::Request;

class RequestTest : public QObject {
    Q_OBJECT
private slots:
    void aRequestSurvivesItsFileWithMembersWeDoNotKnow() {
        QTemporaryDir dir;
        const auto file = std::filesystem::path(dir.filePath("a.request.json").toStdString());
        using json = nlohmann::json;
        const json source{{"hone", 1},
                          {"kind", "request"},
                          {"name", "List"},
                          {"method", "POST"},
                          {"url", "{{engine}}/api"},
                          {"docs", "kept"},
                          {"params", json::array({{{"name", "limit"}, {"value", "10"}},
                                                  {{"name", "q"}, {"value", "x"}, {"on", false}}})},
                          {"headers", json::array({{{"name", "Accept"}, {"value", "application/json"}}})},
                          {"body", {{"type", "json"}, {"text", "{\"a\":1}"}}},
                          {"version", "2"},
                          {"timeoutMs", 500}};
        auto request = *Request::fromJson(source);
        QVERIFY(request.save(file).has_value());
        const auto back = Request::load(file);
        QVERIFY2(back.has_value(), back ? "" : back.error().what.c_str());
        QCOMPARE(back->name, QString("List"));
        QCOMPARE(back->params, request.params);
        QCOMPARE(back->headers, request.headers);
        QCOMPARE(back->body, QByteArray("{\"a\":1}"));
        QVERIFY(back->version == compose::HttpVersion::Http2);
        QCOMPARE(back->timeoutMs, 500);
        QCOMPARE(back->extra.value("docs", ""), std::string("kept"));
    }

    void malformedFilesAreRefusedWithTheReason_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("not an object") << QByteArray("[]");
        QTest::newRow("no url") << QByteArray(R"({"method":"GET"})");
        QTest::newRow("wrong type") << QByteArray(R"({"url":5})");
        QTest::newRow("headers not a list") << QByteArray(R"({"url":"/","headers":{"a":"b"}})");
        QTest::newRow("newer") << QByteArray(R"({"url":"/","hone":2})");
    }
    void malformedFilesAreRefusedWithTheReason() {
        QFETCH(QByteArray, json);
        const auto request = Request::fromJson(nlohmann::json::parse(json.toStdString()));
        QVERIFY(!request.has_value());
        QVERIFY(!request.error().what.empty());
    }

    void variablesAreReplacedEverywhere() {
        Request request;
        request.url = "{{engine}}/api/{{ table }}";
        request.params = {{true, "q", "{{word}}"}, {false, "off", "{{nothing}}"}};
        request.headers = {{true, "X-Word", "{{word}}"}};
        request.bodyType = "text";
        request.body = "say {{word}}";
        const auto ready = compose::resolved(
            request, {{"engine", "http://127.0.0.1:1"}, {"table", "cities"}, {"word", "a&b c"}});
        QVERIFY2(ready.has_value(), ready ? "" : ready.error().what.c_str());
        QCOMPARE(ready->url, QString("http://127.0.0.1:1/api/cities?q=a%26b%20c"));
        QCOMPARE(ready->headers.front().value, QString("a&b c"));
        QCOMPARE(ready->body, QByteArray("say a&b c"));
    }

    void anUnknownVariableNamesTheKnownOnes() {
        const auto expanded = compose::expand("{{nope}}", {{"engine", "x"}});
        QVERIFY(!expanded.has_value());
        QVERIFY(expanded.error().what.find("nope") != std::string::npos);
        QVERIFY(expanded.error().hint.find("engine") != std::string::npos);
    }

    void aUrlWithoutASchemeGetsOneAndOthersAreRefused() {
        Request request;
        request.url = "localhost:8080/x";
        QCOMPARE(compose::resolved(request, {})->url, QString("http://localhost:8080/x"));
        request.url = "ftp://localhost/x";
        QVERIFY(!compose::resolved(request, {}).has_value());
    }

    void curlQuotesWhatAShellWouldInterpret() {
        Request request;
        request.method = "POST";
        request.url = "http://localhost/it's";
        request.headers = {{true, "X", "$HOME"}};
        request.bodyType = "json";
        request.body = "{}";
        QCOMPARE(compose::toCurl(request),
                 QString("curl -X POST 'http://localhost/it'\\''s' -H 'X: $HOME' --data-binary '{}'"));
    }
};

QTEST_GUILESS_MAIN(RequestTest)
#include "request_test.moc"
