#include "core/toggles/edge/places.h"

#include "core/toggles/edge/clients.h"

#include <QtTest>

#include <map>

using namespace hone;
using namespace hone::toggles::edge;
using namespace std::chrono_literals;

namespace {

Point at(std::string_view pop) { return pops()[static_cast<std::size_t>(*findPop(pop))].at; }

double inMs(Nanos time) { return static_cast<double>(time.count()) / 1e6; }

int regionOf(const Clients& clients, std::uint64_t connection, std::vector<http::FieldView> fields = {}) {
    http::Request request;
    request.connection = connection;
    request.fields = fields;
    return clients.regionOf(request);
}

}  // namespace

class PlacesTest : public QObject {
    Q_OBJECT
private slots:
    void distancesAreThoseOfTheGlobe_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<double>("km");  // of great-circle tables
        QTest::newRow("over the Atlantic") << "lhr" << "iad" << 5900.0;
        QTest::newRow("over the date line") << "syd" << "sjc" << 11950.0;
        QTest::newRow("over the equator") << "fra" << "jnb" << 8680.0;
        QTest::newRow("to itself") << "nrt" << "nrt" << 0.0;
    }
    void distancesAreThoseOfTheGlobe() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(double, km);
        const double found = greatCircleKm(at(from.toStdString()), at(to.toStdString()));
        QVERIFY2(std::abs(found - km) < 60, qPrintable(QString::number(found)));
        QCOMPARE(greatCircleKm(at(to.toStdString()), at(from.toStdString())), found);
    }

    void roundTripsAreTwiceTheWayOfLightTimesTheDetour() {
        const Network network{.detour = 2, .lastMile = 10ms, .hop = 1ms};
        const double km = greatCircleKm(at("fra"), at("sin"));
        const double light = km / 200 * 2 * 2;
        QVERIFY(std::abs(inMs(network.between(at("fra"), at("sin"))) - (1 + light)) < 1e-3);
        QVERIFY(std::abs(inMs(network.fromClient(at("fra"), at("sin"))) - (10 + light)) < 1e-3);
        QCOMPARE(inMs(network.between(at("fra"), at("fra"))), 1.0);
    }

    void clientsAreDrawnByWeightAndEvenly() {
        const auto clients = Clients::parse("de=3, us-east=1");
        QVERIFY(clients);
        std::map<int, int> drawn;
        for (std::uint64_t connection = 0; connection < 400; ++connection)
            ++drawn[regionOf(*clients, connection)];
        QCOMPARE(drawn.size(), std::size_t{2});
        QVERIFY(std::abs(drawn[*findRegion("de")] - 300) <= 3);
        QVERIFY(std::abs(drawn[*findRegion("US")] - 100) <= 3);
        QCOMPARE(regionOf(*clients, 7), regionOf(*clients, 7));
    }

    void aRequestMaySayWhereItIsFrom() {
        const auto clients = Clients::parse("de");
        QVERIFY(clients);
        QCOMPARE(regionOf(*clients, 1, {{"hone-region", "au"}}), *findRegion("au"));
        QCOMPARE(regionOf(*clients, 1, {{"CF-IPCountry", "JP"}}), *findRegion("jp"));
        QCOMPARE(regionOf(*clients, 1, {{"CF-IPCountry", "XX"}}), *findRegion("de"));
    }

    void aContinentIsAllItsRegions() {
        const auto clients = Clients::parse("Europe");
        QVERIFY(clients);
        for (std::uint64_t connection = 0; connection < 50; ++connection)
            QCOMPARE(regions()[static_cast<std::size_t>(regionOf(*clients, connection))].continent,
                     std::string_view("europe"));
    }

    void refusesWhatIsNowhere_data() {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("named");
        QTest::newRow("unknown") << "atlantis" << "atlantis";
        QTest::newRow("one of two") << "de=1,xx=2" << "xx";
        QTest::newRow("weight") << "de=-1" << "-1";
        QTest::newRow("no number") << "de=many" << "many";
        QTest::newRow("nothing") << "" << "got \"\"";
    }
    void refusesWhatIsNowhere() {
        QFETCH(QString, where);
        QFETCH(QString, named);
        const auto clients = Clients::parse(where.toStdString());
        QVERIFY(!clients);
        QVERIFY2(clients.error().what.find(named.toStdString()) != std::string::npos,
                 clients.error().what.c_str());
        QVERIFY(!clients.error().hint.empty());
    }
};

QTEST_GUILESS_MAIN(PlacesTest)
#include "places_test.moc"
