#include "core/engine/engine.h"
#include "core/engine/test_client.h"
#include "core/net/raw_client.h"
#include "core/toggles/test_rig.h"

#include <QTest>

using namespace hone;
using namespace hone::toggles::test;
using engine::Arm;
using net::testing::RawClient;

namespace hone::toggles::transport {
const engine::ToggleDef& def();
}

class TransportToggleTest : public QObject {
    Q_OBJECT
private slots:
    void saysWhatConnectionsMayDo_data();
    void saysWhatConnectionsMayDo();
    void refusesEarlyDataWithoutWhatItNeeds();
    void closesEveryConnectionWhileItIsOff();
    void keepsConnectionsOfTheArmThatHasIt();
    void offersHttp2WhileEitherArmHasIt();
    void doesNotTakeUnsafeMethodsThatCameEarly();

private:
    [[nodiscard]] static std::unique_ptr<engine::Engine> engine();
    static model::Profile on(std::string_view setting = {});
};

namespace {

constexpr std::string_view kGet = "GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace

std::unique_ptr<engine::Engine> TransportToggleTest::engine() {
    static const engine::ToggleDef* const kCatalogue[] = {&toggles::transport::def()};
    engine::EngineOptions options;
    options.catalogue = kCatalogue;
    auto made = engine::Engine::create(std::move(options));
    return made ? std::move(*made) : nullptr;
}

model::Profile TransportToggleTest::on(std::string_view setting) {
    model::Profile profile;
    profile.toggles["transport"].on = true;
    if (!setting.empty())
        static_cast<void>(profile.setText(setting));
    return profile;
}

void TransportToggleTest::saysWhatConnectionsMayDo_data() {
    QTest::addColumn<QByteArray>("connection");
    QTest::addColumn<bool>("keepAlive");
    QTest::addColumn<int>("version");
    QTest::addColumn<bool>("http2");
    QTest::addColumn<bool>("http3");
    QTest::newRow("any") << QByteArray("any") << true << 0 << true << true;
    QTest::newRow("close") << QByteArray("close") << false << 11 << false << false;
    QTest::newRow("keep-alive") << QByteArray("keep-alive") << true << 11 << false << false;
    QTest::newRow("h2") << QByteArray("h2") << true << 20 << true << false;
    QTest::newRow("h3") << QByteArray("h3") << true << 20 << true << true;
}

void TransportToggleTest::saysWhatConnectionsMayDo() {
    QFETCH(QByteArray, connection);
    const Rig rig(toggles::transport::def(), {{"connection", connection.toStdString()}, {"tls", "1.3"}});
    auto got = engine::kNaiveConnections;
    rig.state->govern(got);
    QTEST(got.keepAlive, "keepAlive");
    QTEST(got.version, "version");
    QTEST(got.offer.http2, "http2");
    QTEST(got.offer.http3, "http3");
    QCOMPARE(got.offer.minTls, 13);
    QCOMPARE(got.offer.maxTls, 13);
    QVERIFY(got.offer.tickets && got.offer.noDelay && !got.offer.earlyData);
}

void TransportToggleTest::refusesEarlyDataWithoutWhatItNeeds() {
    const auto running = engine();
    for (const auto* other : {"transport.tls=1.2", "transport.resumption=false"}) {
        auto profile = on("transport.earlyData=true");
        QVERIFY(profile.setText(other));
        const auto refused = running->apply(Arm::A, profile);
        QVERIFY(!refused);
        QVERIFY(refused.error().what.contains("earlyData"));
    }
    QVERIFY(running->apply(Arm::A, on("transport.earlyData=true")));
}

void TransportToggleTest::closesEveryConnectionWhileItIsOff() {
    const auto running = engine();
    RawClient client(running->port());
    const auto answer = client.ask(kGet);
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.has("Connection: close"));
    QVERIFY(client.ended());
}

void TransportToggleTest::keepsConnectionsOfTheArmThatHasIt() {
    const auto running = engine();
    QVERIFY(running->apply(Arm::A, on()));
    RawClient client(running->port());
    for (int i = 0; i < 3; ++i)
        QVERIFY(!client.ask(kGet).has("Connection: close"));
    const auto counters = running->snapshot().counters[0];
    QCOMPARE(counters.at("transport.opened"), 1.0);
    QCOMPARE(counters.at("transport.reused"), 2.0);
    QVERIFY(
        client.ask("GET /api HTTP/1.1\r\nHost: localhost\r\nHone-Arm: B\r\n\r\n").has("Connection: close"));
    QVERIFY(client.ended());
}

void TransportToggleTest::offersHttp2WhileEitherArmHasIt() {
    const auto running = engine();
    QVERIFY(!running->connections(Arm::A).offer.http2);
    // The preface is no HTTP/1 request a server that does not speak HTTP/2 could answer.
    constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    RawClient before(running->port());
    QVERIFY(before.ask(kPreface).status >= 400);
    QVERIFY(running->apply(Arm::B, on("transport.connection=h2")));
    RawClient client(running->port());
    client.send(kPreface);
    client.send(std::string_view("\0\0\0\4\0\0\0\0\0", 9));  // SETTINGS
    const auto said = client.readOnce();
    QVERIFY(said.size() >= 9);
    QCOMPARE(said[3], '\4');  // SETTINGS
    QCOMPARE(running->connections(Arm::B).version, 20);
    QCOMPARE(running->connections(Arm::A).version, 11);
}

void TransportToggleTest::doesNotTakeUnsafeMethodsThatCameEarly() {
    const auto running = engine();
    QVERIFY(running->apply(Arm::A, on()));
    RawClient client(running->port());
    const auto post =
        client.ask("POST /api HTTP/1.1\r\nHost: localhost\r\nEarly-Data: 1\r\nContent-Length: 0\r\n\r\n");
    QCOMPARE(post.status, 425);
    QVERIFY(post.body.contains("POST may not come as early data"));
    QCOMPARE(client.ask("GET /api HTTP/1.1\r\nHost: localhost\r\nEarly-Data: 1\r\n\r\n").status, 200);
}

QTEST_GUILESS_MAIN(TransportToggleTest)
#include "toggle_test.moc"
