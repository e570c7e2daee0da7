#include "core/load/load.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <fstream>

using namespace hone;
using namespace hone::load;

class ArrivalScheduleTest : public QObject {
    Q_OBJECT
private slots:
    void poissonMatchesTheReferenceVector();
    void constantArrivalsDoNotDrift();
    void poissonKeepsItsRate();
    void sameSeedGivesTheSameSchedule();
};

void ArrivalScheduleTest::poissonMatchesTheReferenceVector() {
    std::ifstream file(HONE_SOURCE_DIR "/tests/support/stat-vectors.json");
    const auto vector = nlohmann::json::parse(file)["arrival_schedules"]["poisson"];
    ArrivalSchedule schedule(model::Arrival::Poisson, vector["rate_per_s"],
                             vector["seed"].get<std::uint64_t>());
    QVERIFY(vector["t_ms"].size() > 0);
    for (const auto& expected : vector["t_ms"]) {
        const double ms = static_cast<double>(schedule.next().count()) * 1e-6;
        QVERIFY2(std::abs(ms - expected.get<double>()) < 2e-6, qPrintable(QString::number(ms, 'g', 12)));
    }
}

void ArrivalScheduleTest::constantArrivalsDoNotDrift() {
    ArrivalSchedule schedule(model::Arrival::Constant, 3, 1);
    QCOMPARE(schedule.next().count(), 0LL);
    QCOMPARE(schedule.next().count(), 333'333'333LL);
    for (int i = 2; i < 3'000'000; ++i)
        static_cast<void>(schedule.next());
    QCOMPARE(schedule.next().count(), 1'000'000'000'000'000LL);
}

void ArrivalScheduleTest::poissonKeepsItsRate() {
    ArrivalSchedule schedule(model::Arrival::Poisson, 1000, 7);
    Nanos last{0};
    for (int i = 0; i < 100'000; ++i) {
        const Nanos next = schedule.next();
        QVERIFY(next >= last);
        last = next;
    }
    // 100 000 gaps: the standard error of their sum is 0.32 %.
    QVERIFY(std::abs(static_cast<double>(last.count()) * 1e-9 - 100) < 1.6);
}

void ArrivalScheduleTest::sameSeedGivesTheSameSchedule() {
    ArrivalSchedule one(model::Arrival::Poisson, 50, 9), same(model::Arrival::Poisson, 50, 9),
        other(model::Arrival::Poisson, 50, 10);
    bool differs = false;
    for (int i = 0; i < 100; ++i) {
        const Nanos next = one.next();
        QCOMPARE(same.next().count(), next.count());
        differs = differs || other.next() != next;
    }
    QVERIFY(differs);
}

QTEST_GUILESS_MAIN(ArrivalScheduleTest)
#include "arrival_schedule_test.moc"
