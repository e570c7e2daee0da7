#include "core/model/arrivals.h"
#include "core/model/workload.h"

#include <QtTest>

using namespace hone;
using namespace hone::model;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

json openLoop(const json& load) {
    json out = {{"hone", 1}, {"requests", {{{"url", "/"}}}}, {"load", load}};
    out["load"]["model"] = "open";
    return out;
}

}  // namespace

class ArrivalsTest : public QObject {
    Q_OBJECT
private slots:
    void readsHoldsAndRamps();
    void pointsAtTheStageItCannotRead_data();
    void pointsAtTheStageItCannotRead();
    void stagesSurviveARoundTripAndSetTheDuration();
    void stagesMayBeOneLineOfText();
    void replaySurvivesARoundTrip();
    void refusesWhatContradictsItself_data();
    void refusesWhatContradictsItself();
};

void ArrivalsTest::readsHoldsAndRamps() {
    const auto stages = parseStages("10s:100/s, 30s:100/s..1k/s,1m:60/m");
    QVERIFY(stages);
    const std::vector<RateStage> expected = {{10s, 100, 100}, {30s, 100, 1000}, {60s, 1, 1}};
    QCOMPARE(*stages, expected);
    QCOMPARE(lengthOf(*stages).count(), 100'000LL);
    QCOMPARE(stagesText(*stages), std::string("10s:100/s, 30s:100/s..1000/s, 1m:1/s"));
}

void ArrivalsTest::pointsAtTheStageItCannotRead_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("no colon") << "10s" << "stage 1 (column 1): \"10s\" is no stage";
    QTest::newRow("no unit") << "10s:1/s,10:2/s" << "stage 2 (column 9): duration \"10\" has no unit";
    QTest::newRow("no rate") << "10s:fast" << "stage 1 (column 1): \"fast\" is not a rate";
    QTest::newRow("empty stage") << "10s:1/s,," << "stage 2 (column 9)";
    QTest::newRow("silence") << "10s:0/s" << "every stage has rate 0";
    QTest::newRow("too fast") << "10s:1/s..1000000000/s" << "stage 1 (column 1): a stage's rate must be";
}

void ArrivalsTest::pointsAtTheStageItCannotRead() {
    QFETCH(QString, text);
    QFETCH(QString, named);
    const auto stages = parseStages(text.toStdString());
    QVERIFY(!stages);
    QVERIFY2(stages.error().what.contains(named.toStdString()), stages.error().what.c_str());
}

void ArrivalsTest::stagesSurviveARoundTripAndSetTheDuration() {
    const auto workload = Workload::fromJson(openLoop(
        {{"stages",
          {{{"duration", "5s"}, {"rate", "10/s"}}, {{"duration", "15s"}, {"rate", 10}, {"to", 0.5}}}}}));
    QVERIFY2(workload, workload ? "" : workload.error().line().c_str());
    QCOMPARE(workload->duration, std::chrono::milliseconds(20s));
    const std::vector<RateStage> expected = {{5s, 10, 10}, {15s, 10, 0.5}};
    QCOMPARE(workload->stages, expected);
    const auto again = Workload::fromJson(workload->toJson());
    QCOMPARE(again->stages, expected);

    auto shortened = workload->toJson();
    shortened["duration"] = "3s";
    QCOMPARE(Workload::fromJson(shortened)->duration, std::chrono::milliseconds(3s));
}

void ArrivalsTest::stagesMayBeOneLineOfText() {
    const auto workload = Workload::fromJson(openLoop({{"stages", "1s:5/s, 2s:5/s..9/s"}}));
    QVERIFY(workload);
    const std::vector<RateStage> expected = {{1s, 5, 5}, {2s, 5, 9}};
    QCOMPARE(workload->stages, expected);
}

void ArrivalsTest::replaySurvivesARoundTrip() {
    const auto workload = Workload::fromJson(
        openLoop({{"replay", {{"file", "access.log"}, {"speed", 2}, {"targets", false}}}}));
    QVERIFY(workload);
    const Replay expected{"access.log", 2, false};
    QCOMPARE(workload->replay, expected);
    QCOMPARE(Workload::fromJson(workload->toJson())->replay, expected);
}

void ArrivalsTest::refusesWhatContradictsItself_data() {
    QTest::addColumn<QString>("load");
    QTest::addColumn<QString>("named");
    QTest::newRow("two schedules") << R"({"model":"open","stages":"1s:5/s","replay":{"file":"a"}})"
                                   << "load has stages and a replay";
    QTest::newRow("closed loop") << R"({"model":"closed","stages":"1s:5/s"})"
                                 << "load.stages needs an open loop";
    QTest::newRow("no file") << R"({"model":"open","replay":{"speed":2}})"
                             << "load.replay needs the \"file\"";
    QTest::newRow("speed") << R"({"model":"open","replay":{"file":"a","speed":0}})" << "load.replay.speed";
    QTest::newRow("stage rate") << R"({"model":"open","stages":[{"duration":"1s","rate":"fast"}]})"
                                << "load.stages[0].rate: \"fast\" is not a rate";
    QTest::newRow("stage member") << R"({"model":"open","stages":[{"rate":"1/s"}]})"
                                  << "load.stages[0] needs a \"duration\"";
    QTest::newRow("open sequence") << R"({"model":"open","order":"sequence"})" << "load.order is sequence";
}

void ArrivalsTest::refusesWhatContradictsItself() {
    QFETCH(QString, load);
    QFETCH(QString, named);
    const auto workload = Workload::fromJson(
        {{"hone", 1}, {"requests", {{{"url", "/"}}}}, {"load", json::parse(load.toStdString())}});
    QVERIFY(!workload);
    QVERIFY2(workload.error().what.contains(named.toStdString()), workload.error().what.c_str());
}

QTEST_GUILESS_MAIN(ArrivalsTest)
#include "arrivals_test.moc"
