#include "core/toggles/catalogue.h"
#include "core/toggles/test_rig.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace hone::toggles::test;
using namespace std::chrono_literals;

namespace {

const ToggleDef& limitDef() { return *toggles::find("ratelimit"); }

/// A whole request: admitted or refused, then finished.
std::unique_ptr<Ask> pass(Stage& stage, std::vector<http::FieldView> fields = {}) {
    auto ask = std::make_unique<Ask>("/t", std::move(fields));
    stage.admit(ask->exchange);
    if (!ask->exchange.answered)
        ask->compute("ok");
    stage.finish(ask->exchange);
    return ask;
}

}  // namespace

class RateLimitToggleTest : public QObject {
    Q_OBJECT
private slots:
    void refusesBeyondTheBurstAndSaysWhenToComeBack();
    void tellsAllowedClientsWhatIsLeft();
    void keepsApiKeysApart();
    void countsAddressesForWhoHasNoKey();
    void countsEverybodyTogetherWhenAsked();
    void sharesBucketsBetweenWorkers();
    void roundsWaitsUpToWholeSeconds();
    void refusesAHeaderThatIsNoFieldName();
    void startsAfreshOnReset();
};

void RateLimitToggleTest::refusesBeyondTheBurstAndSaysWhenToComeBack() {
    Rig rig(limitDef(), {{"rate", "0.5/s"}, {"burst", "2"}});
    const auto stage = rig.stage();
    QCOMPARE(pass(*stage)->status(), 200);
    QCOMPARE(pass(*stage)->status(), 200);
    const auto refused = pass(*stage);
    QCOMPARE(refused->status(), 429);
    QCOMPARE(refused->field("Retry-After"), std::string("2"));
    QCOMPARE(refused->field("Content-Type"), std::string("application/problem+json"));
    QCOMPARE(refused->field("RateLimit"), std::string("\"ip\";r=0;t=4"));
    QVERIFY(refused->body().find("0.5 requests/s") != std::string::npos);
    QCOMPARE(rig.counter("allowed"), 2.0);
    QCOMPARE(rig.counter("refused"), 1.0);
    QCOMPARE(rig.counter("keys"), 1.0);
    rig.clock.advance(2s);
    QCOMPARE(pass(*stage)->status(), 200);
}

void RateLimitToggleTest::tellsAllowedClientsWhatIsLeft() {
    const Rig rig(limitDef(), {{"rate", "10/s"}, {"burst", "100"}});
    const auto ask = pass(*rig.stage());
    QCOMPARE(ask->field("X-RateLimit-Limit"), std::string("100"));
    QCOMPARE(ask->field("X-RateLimit-Remaining"), std::string("99"));
    QCOMPARE(ask->field("X-RateLimit-Reset"), std::string("1"));
    QCOMPARE(ask->field("RateLimit-Policy"), std::string("\"ip\";q=100;w=10"));
    QCOMPARE(ask->field("RateLimit"), std::string("\"ip\";r=99;t=1"));
    QVERIFY(ask->field("Retry-After").empty());
}

void RateLimitToggleTest::keepsApiKeysApart() {
    const Rig rig(limitDef(), {{"rate", "1/s"}, {"burst", "1"}, {"key", "apiKey"}});
    const auto stage = rig.stage();
    QCOMPARE(pass(*stage, {{"x-api-key", "ann"}})->status(), 200);
    QCOMPARE(pass(*stage, {{"X-API-Key", "ann"}})->status(), 429);
    QCOMPARE(pass(*stage, {{"X-API-Key", "bob"}})->status(), 200);
    QCOMPARE(rig.counter("keys"), 2.0);
    const Rig named(limitDef(),
                    {{"rate", "1/s"}, {"burst", "1"}, {"key", "apiKey"}, {"header", "Client-Id"}});
    const auto other = named.stage();
    QCOMPARE(pass(*other, {{"Client-Id", "a"}})->status(), 200);
    QCOMPARE(pass(*other, {{"Client-Id", "b"}})->status(), 200);
}

void RateLimitToggleTest::countsAddressesForWhoHasNoKey() {
    const Rig rig(limitDef(), {{"rate", "1/s"}, {"burst", "1"}, {"key", "apiKey"}});
    const auto stage = rig.stage();
    QCOMPARE(pass(*stage)->status(), 200);
    QCOMPARE(pass(*stage)->status(), 429);
    // A key that is spelt like the address is another one.
    QCOMPARE(pass(*stage, {{"X-API-Key", "192.0.2.1"}})->status(), 200);
}

void RateLimitToggleTest::countsEverybodyTogetherWhenAsked() {
    const Rig rig(limitDef(), {{"rate", "1/s"}, {"burst", "1"}, {"key", "global"}});
    const auto stage = rig.stage();
    QCOMPARE(pass(*stage, {{"X-API-Key", "ann"}})->status(), 200);
    QCOMPARE(pass(*stage, {{"X-API-Key", "bob"}})->status(), 429);
    QCOMPARE(rig.counter("keys"), 1.0);
}

void RateLimitToggleTest::sharesBucketsBetweenWorkers() {
    const Rig rig(limitDef(), {{"rate", "1/s"}, {"burst", "1"}});
    QCOMPARE(pass(*rig.stage())->status(), 200);
    QCOMPARE(pass(*rig.stage())->status(), 429);
}

void RateLimitToggleTest::roundsWaitsUpToWholeSeconds() {
    const Rig rig(limitDef(), {{"rate", "1000/s"}, {"burst", "1"}});
    const auto stage = rig.stage();
    QCOMPARE(pass(*stage)->status(), 200);
    QCOMPARE(pass(*stage)->field("Retry-After"), std::string("1"));
}

void RateLimitToggleTest::refusesAHeaderThatIsNoFieldName() {
    ParamSet params(limitDef().params);
    QVERIFY(params.setText("header", "X API Key"));
    const FakeClock clock;
    const auto refused = limitDef().make({.clock = clock, .params = params});
    QVERIFY(!refused);
    QVERIFY(refused.error().what.find("\"X API Key\"") != std::string::npos);
}

void RateLimitToggleTest::startsAfreshOnReset() {
    const Rig rig(limitDef(), {{"rate", "1/s"}, {"burst", "1"}});
    QCOMPARE(pass(*rig.stage())->status(), 200);
    rig.state->reset();
    QCOMPARE(pass(*rig.stage())->status(), 200);
}

QTEST_GUILESS_MAIN(RateLimitToggleTest)
#include "toggle_test.moc"
