#include "core/caching/flights.h"

#include <QtTest>

#include <latch>
#include <thread>

using namespace hone;
using namespace hone::caching;

namespace {

/// Counts what its waiters were told.
struct Told {
    int answers = 0, nothing = 0;
    std::function<Flights::Waiter()> maker() {
        return [this] { return [this](const Answer& answer) { ++(answer ? answers : nothing); }; };
    }
};

}  // namespace

class FlightsTest : public QObject {
    Q_OBJECT
private slots:
    void letsTheFirstLeadAndTheOthersWait();
    void handsTheAnswerToEverybodyOnce();
    void releasesWaitersWhenTheLeaderGivesUp();
    void keepsKeysApart();
    void leadsAgainAfterLanding();
    void letsAWaiterLeadTheNextFlightAtOnce();
    void outlivesItsOwnerInTheHandsOfALeader();
    void callsEveryWaiterExactlyOnceUnderThreads();
};

void FlightsTest::letsTheFirstLeadAndTheOthersWait() {
    const auto flights = std::make_shared<Flights>();
    Told told;
    auto lead = flights->leadOrWait("k", told.maker());
    QVERIFY(bool(lead));
    QVERIFY(!flights->leadOrWait("k", told.maker()));
    QVERIFY(!flights->tryLead("k"));
    QCOMPARE(told.answers + told.nothing, 0);
    QCOMPARE(flights->size(), std::size_t(1));
    lead.finish(nullptr);
    QCOMPARE(flights->size(), std::size_t(0));
}

void FlightsTest::handsTheAnswerToEverybodyOnce() {
    const auto flights = std::make_shared<Flights>();
    Told told;
    auto lead = flights->leadOrWait("k", told.maker());
    for (int i = 0; i < 3; ++i)
        QVERIFY(!flights->leadOrWait("k", told.maker()));
    lead.finish(std::make_shared<StoredAnswer>());
    lead.finish(std::make_shared<StoredAnswer>());
    QCOMPARE(told.answers, 3);
    QCOMPARE(told.nothing, 0);
    QVERIFY(!lead);
}

void FlightsTest::releasesWaitersWhenTheLeaderGivesUp() {
    const auto flights = std::make_shared<Flights>();
    Told told;
    {
        const auto lead = flights->leadOrWait("k", told.maker());
        QVERIFY(!flights->leadOrWait("k", told.maker()));
    }
    QCOMPARE(told.nothing, 1);
    auto a = flights->tryLead("a");
    QVERIFY(!flights->leadOrWait("a", told.maker()));
    a = flights->tryLead("b");  // giving one up for another
    QCOMPARE(told.nothing, 2);
    QVERIFY(bool(a));
}

void FlightsTest::keepsKeysApart() {
    const auto flights = std::make_shared<Flights>();
    const auto a = flights->tryLead("a");
    const auto b = flights->tryLead("b");
    QVERIFY(bool(a) && bool(b));
}

void FlightsTest::leadsAgainAfterLanding() {
    const auto flights = std::make_shared<Flights>();
    flights->tryLead("k").finish(std::make_shared<StoredAnswer>());
    QVERIFY(bool(flights->tryLead("k")));
}

void FlightsTest::letsAWaiterLeadTheNextFlightAtOnce() {
    const auto flights = std::make_shared<Flights>();
    Flights::Leadership next;
    auto lead = flights->tryLead("k");
    QVERIFY(!flights->leadOrWait(
        "k", [&]() -> Flights::Waiter { return [&](const Answer&) { next = flights->tryLead("k"); }; }));
    lead.finish(nullptr);
    QVERIFY(bool(next));
}

void FlightsTest::outlivesItsOwnerInTheHandsOfALeader() {
    auto flights = std::make_shared<Flights>();
    Told told;
    auto lead = flights->tryLead("k");
    QVERIFY(!flights->leadOrWait("k", told.maker()));
    flights.reset();
    lead.finish(nullptr);
    QCOMPARE(told.nothing, 1);
}

void FlightsTest::callsEveryWaiterExactlyOnceUnderThreads() {
    const auto flights = std::make_shared<Flights>();
    constexpr int kThreads = 4, kRounds = 5000;
    std::atomic<int> leads = 0, waits = 0, told = 0;
    std::latch start(kThreads);
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < kThreads; ++t)
            threads.emplace_back([&] {
                start.arrive_and_wait();
                for (int i = 0; i < kRounds; ++i) {
                    auto lead = flights->leadOrWait("k" + std::to_string(i % 3), [&]() -> Flights::Waiter {
                        ++waits;
                        return [&](const Answer&) { ++told; };
                    });
                    leads += lead ? 1 : 0;
                    if (i % 2 == 0)
                        lead.finish(std::make_shared<StoredAnswer>());
                }
            });
    }
    QCOMPARE(leads + waits, kThreads * kRounds);
    QCOMPARE(told.load(), waits.load());
    QCOMPARE(flights->size(), std::size_t(0));
}

QTEST_GUILESS_MAIN(FlightsTest)
#include "flights_test.moc"
