#include "core/load/load.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <fstream>

using namespace hone;
using namespace hone::load;
using namespace std::chrono_literals;

class ArrivalScheduleTest : public QObject {
    Q_OBJECT
private slots:
    void poissonMatchesTheReferenceVector();
    void constantArrivalsDoNotDrift();
    void poissonKeepsItsRate();
    void sameSeedGivesTheSameSchedule();
    void aRampMatchesTheReferenceVector();
    void stepsAndSilencesFollowOneAnother();
    void poissonFollowsTheStages();
    void aRecordingIsRepeatedAtItsSpeed();
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

void ArrivalScheduleTest::aRampMatchesTheReferenceVector() {
    std::ifstream file(HONE_SOURCE_DIR "/tests/support/stat-vectors.json");
    const auto vector = nlohmann::json::parse(file)["arrival_schedules"]["linear_ramp"];
    const double from = vector["r0"], slope = vector["slope_per_s"];
    ArrivalSchedule schedule(model::Arrival::Constant, {{100s, from, from + 100 * slope}}, 1);
    int k = 0;
    QVERIFY(vector["t_s_of_k"].size() > 3);
    for (const auto& expected : vector["t_s_of_k"]) {
        Nanos at{0};
        for (; k <= expected["k"].get<int>(); ++k)
            at = schedule.next();
        const double seconds = static_cast<double>(at.count()) * 1e-9;
        QVERIFY2(std::abs(seconds - expected["t"].get<double>()) < 2e-9,
                 qPrintable(QString::number(seconds, 'g', 12)));
    }
}

void ArrivalScheduleTest::stepsAndSilencesFollowOneAnother() {
    // Two a second, nothing for a second, ten a second falling to none, and then nothing.
    ArrivalSchedule schedule(model::Arrival::Constant, {{1s, 0, 0}, {1s, 2, 2}, {1s, 0, 0}, {1s, 10, 0}}, 1);
    QCOMPARE(schedule.next().count(), 1'000'000'000LL);
    QCOMPARE(schedule.next().count(), 1'500'000'000LL);
    QCOMPARE(schedule.next().count(), 2'000'000'000LL);  // The integral stands at two until the next stage.
    int falling = 0;
    Nanos last{0};
    for (Nanos at = schedule.next(); at < 100s; at = schedule.next()) {
        QVERIFY(at > 3s && at <= 4s && at > last);
        last = at;
        ++falling;
    }
    QCOMPARE(falling, 5);
}

void ArrivalScheduleTest::poissonFollowsTheStages() {
    ArrivalSchedule schedule(model::Arrival::Poisson, {{10s, 100, 1000}, {10s, 1000, 1000}}, 5);
    int ramp = 0, hold = 0, after = 0;
    for (Nanos at = schedule.next(); at < 30s; at = schedule.next())
        ++(at < 10s ? ramp : at < 20s ? hold : after);
    // Means 5 500 and 10 000; four standard deviations of a Poisson count.
    QVERIFY2(std::abs(ramp - 5500) < 300, qPrintable(QString::number(ramp)));
    QVERIFY2(std::abs(hold - 10'000) < 400, qPrintable(QString::number(hold)));
    QVERIFY2(std::abs(after - 10'000) < 400, qPrintable(QString::number(after)));
}

void ArrivalScheduleTest::aRecordingIsRepeatedAtItsSpeed() {
    const auto times = std::make_shared<const std::vector<Nanos>>(std::vector<Nanos>{0ms, 30ms, 30ms, 2s});
    ArrivalSchedule schedule(times, 2);
    for (const Nanos expected : {Nanos(0ms), Nanos(15ms), Nanos(15ms), Nanos(1s)})
        QCOMPARE(schedule.next().count(), expected.count());
    QVERIFY(schedule.next() > std::chrono::hours(24 * 365));
    QVERIFY(schedule.next() > std::chrono::hours(24 * 365));
}

QTEST_GUILESS_MAIN(ArrivalScheduleTest)
#include "arrival_schedule_test.moc"
