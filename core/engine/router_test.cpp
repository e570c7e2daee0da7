#include "core/engine/router.h"

#include "core/engine/test_support.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace hone::engine::test;

class RouterTest : public QObject {
    Q_OBJECT
private slots:
    void findsTheEndpointOfAPath_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("key");
        QTest::newRow("root") << "GET" << "/" << "GET /" << "";
        QTest::newRow("index") << "GET" << "/api" << "GET /api" << "";
        QTest::newRow("index with slash") << "GET" << "/api/" << "GET /api" << "";
        QTest::newRow("description") << "GET" << "/openapi.json" << "GET /openapi.json" << "";
        QTest::newRow("list") << "GET" << "/api/two words" << "GET /api/<resource>" << "";
        QTest::newRow("list, encoded") << "GET" << "/api/two%20words" << "GET /api/<resource>" << "";
        QTest::newRow("list with slash") << "GET" << "/api/two%20words/" << "GET /api/<resource>" << "";
        QTest::newRow("HEAD is GET") << "HEAD" << "/api/two%20words" << "GET /api/<resource>" << "";
        QTest::newRow("create") << "POST" << "/api/two%20words" << "POST /api/<resource>" << "";
        QTest::newRow("read") << "GET" << "/api/two%20words/7" << "GET /api/<resource>/<key>" << "7";
        QTest::newRow("encoded key") << "GET" << "/api/two%20words/a%2Fb" << "GET /api/<resource>/<key>"
                                     << "a/b";
        QTest::newRow("replace") << "PUT" << "/api/two%20words/7" << "PUT /api/<resource>/<key>" << "7";
        QTest::newRow("change") << "PATCH" << "/api/two%20words/7" << "PATCH /api/<resource>/<key>" << "7";
        QTest::newRow("remove") << "DELETE" << "/api/two%20words/7" << "DELETE /api/<resource>/<key>" << "7";
        QTest::newRow("stats") << "GET" << "/api/two%20words/stats" << "GET /api/<resource>/stats" << "";
        QTest::newRow("options") << "OPTIONS" << "/api/two%20words" << "OPTIONS" << "";
        QTest::newRow("wrong method") << "DELETE" << "/api/two%20words" << "method not allowed" << "";
        QTest::newRow("unknown method") << "BREW" << "/api" << "method not allowed" << "";
        QTest::newRow("unknown resource") << "GET" << "/api/nothing" << "unknown path" << "";
        QTest::newRow("too deep") << "GET" << "/api/two%20words/7/8" << "unknown path" << "";
        QTest::newRow("malformed escape") << "GET" << "/api/two%2words" << "unknown path" << "";
        QTest::newRow("elsewhere") << "GET" << "/apis" << "unknown path" << "";
    }
    void findsTheEndpointOfAPath() {
        QFETCH(QString, method);
        QFETCH(QString, path);
        QFETCH(QString, name);
        QFETCH(QString, key);
        const std::vector<std::shared_ptr<data::Dataset>> datasets{
            std::make_shared<FakeDataset>("fake", "two words")};
        const auto router = Router::create(datasets);
        QVERIFY(router);
        Route route;
        const int index = router->match(http::methodFrom(method.toStdString()), path.toStdString(), route);
        QCOMPARE(QString::fromStdString(router->names()[static_cast<std::size_t>(index)]), name);
        QCOMPARE(QString::fromUtf8(route.endpoint->name()), name);
        QCOMPARE(QString::fromStdString(route.key), key);
        QCOMPARE(route.table != nullptr, path.startsWith("/api/two") && name != "unknown path");
        QCOMPARE(route.endpoint->isList(), name == "GET /api/<resource>");
    }

    void refusesTwoTablesOfOneName() {
        const std::vector<std::shared_ptr<data::Dataset>> datasets{std::make_shared<FakeDataset>("left"),
                                                                   std::make_shared<FakeDataset>("right")};
        const auto router = Router::create(datasets);
        QVERIFY(!router);
        QCOMPARE(router.error().code, Error::AlreadyExists);
        QCOMPARE(router.error().what,
                 std::string("the datasets \"left\" and \"right\" both have a table \"things\""));
    }
};

QTEST_GUILESS_MAIN(RouterTest)
#include "router_test.moc"
