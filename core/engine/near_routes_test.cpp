#include "core/engine/near_routes.h"

#include <QtTest>

using namespace hone::engine;

namespace {

const RoutePattern kRoutes[] = {
    {"/", {"GET", "HEAD"}},
    {"/api", {"GET", "HEAD"}},
    {"/api/cities", {"GET", "HEAD", "POST"}},
    {"/api/cities/{key}", {"GET", "HEAD", "PUT", "PATCH", "DELETE"}},
    {"/api/cities/stats", {"GET", "HEAD"}},
    {"/api/countries", {"GET", "HEAD", "POST"}},
    {"/api/countries/{key}", {"GET", "HEAD", "PUT", "PATCH", "DELETE"}},
};

}  // namespace

class NearRoutesTest : public QObject {
    Q_OBJECT
private slots:
    void theNearestRoutesAreNamed_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("near");
        QTest::newRow("misspelt") << "GET" << "/api/citys" << "GET /api/cities, GET /api/cities/{key}";
        QTest::newRow("misspelt with key")
            << "GET" << "/api/citties/7" << "GET /api/cities/{key}, GET /api/cities";
        QTest::newRow("without the prefix") << "GET" << "/cities" << "GET /api/cities";
        QTest::newRow("another prefix")
            << "GET" << "/apis/cities" << "GET /api/cities, GET /api/cities/{key}";
        QTest::newRow("a segment too many")
            << "GET" << "/api/cities/7/x" << "GET /api/cities/{key}, GET /api/cities";
        QTest::newRow("by what takes the method") << "DELETE" << "/api/citis/7" << "DELETE /api/cities/{key}";
        QTest::newRow("a method that suits none")
            << "BREW" << "/api/countrys" << "GET /api/countries, GET /api/countries/{key}";
        QTest::newRow("nothing near") << "GET" << "/wp-login.php" << "";
    }
    void theNearestRoutesAreNamed() {
        QFETCH(QString, method);
        QFETCH(QString, path);
        QFETCH(QString, near);
        QStringList found;
        for (const auto& route : nearestRoutes(kRoutes, method.toStdString(), path.toStdString()))
            found << QString::fromStdString(route);
        QCOMPARE(found.join(", "), near);
    }

    void withoutRoutesNothingIsNear() { QVERIFY(nearestRoutes({}, "GET", "/api/cities").empty()); }
};

QTEST_GUILESS_MAIN(NearRoutesTest)
#include "near_routes_test.moc"
