#include "core/engine/endpoints/endpoints.h"

#include <QTemporaryDir>
#include <QtTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

using namespace hone;
using namespace hone::engine;
using nlohmann::json;

class OpenApiTest : public QObject {
    Q_OBJECT
private slots:
    void namesWhatAListCanBeAskedFor();
};

void OpenApiTest::namesWhatAListCanBeAskedFor() {
    const QTemporaryDir folder;
    const std::filesystem::path dir = folder.path().toStdString();
    const json rows{{"posts", {{{"id", 1}, {"limit", 3}}}},
                    {"comments", {{{"id", 1}, {"postId", 1}, {"body", "x"}}}}};
    std::ofstream(dir / "db.json") << rows;
    QVERIFY(data::importFile(dir / "db.json", dir / "db.db"));
    const std::vector<std::shared_ptr<data::Dataset>> datasets{data::Dataset::open(dir / "db.db").value()};
    const http::Request request;
    Exchange exchange(request);
    endpoints::makeOpenApi(datasets)->handle(exchange);
    QCOMPARE(exchange.payload.kind, Payload::Document);
    const json& list = exchange.payload.document->at("paths").at("/api/comments").at("get");
    const auto parameter = [](const json& operation, std::string_view name) -> json {
        for (const json& each : operation.at("parameters"))
            if (each.contains("name") && each.at("name") == name)
                return each;
        return {};
    };
    const auto names = [&](std::string_view name) {
        return parameter(list, name).at("schema").at("items").at("examples");
    };
    QCOMPARE(names("embed"), json::parse(R"(["post"])"));
    QVERIFY(std::ranges::count(names("sort"), json("-body")) == 1);
    QVERIFY(std::ranges::count(names("fields"), json("post.limit")) == 1);
    const std::string key = parameter(list, "postId").at("description");
    QVERIFY2(key.find("a key of posts") != std::string::npos, key.c_str());
    const std::string body = parameter(list, "body").at("description");
    QVERIFY2(body.find("startsWith") != std::string::npos, body.c_str());
    QVERIFY(list.at("responses").at("200").at("headers").contains("X-Total-Count"));
    // A column that is named like a parameter is reached with its operator.
    const json& posts = exchange.payload.document->at("paths").at("/api/posts").at("get");
    QVERIFY(!parameter(posts, "limit:eq").is_null());
    QVERIFY(parameter(posts, "limit").is_null());
}

QTEST_GUILESS_MAIN(OpenApiTest)
#include "openapi_test.moc"
