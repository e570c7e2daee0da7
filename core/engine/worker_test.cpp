#include "core/engine/worker.h"

#include "core/engine/test_support.h"
#include "core/http/semantics.h"

#include <QtTest>

#include <latch>

using namespace hone;
using namespace hone::engine;
using namespace hone::engine::test;

namespace {

using Calls = std::vector<std::string>;

http::Response textAnswer(std::string body) {
    http::Response response;
    response.body = std::move(body);
    return response;
}

bool contains(const http::Response& response, std::string_view part) {
    return response.content().find(part) != std::string_view::npos;
}

}  // namespace

class WorkerTest : public QObject {
    Q_OBJECT
private slots:
    void init() { fresh(); }

    void callsNothingButTheEndpointWhenEverythingIsOff();
    void callsTheHooksPhaseByPhaseInCatalogueOrder();
    void skipsToFinishWhenAdmissionAnswers();
    void skipsToFinishWhenLookupAnswers();
    void skipsToFinishWhenThePlanIsRefused();
    void offersAnAbsenceToStoreButDoesNotRepresentIt();
    void skipsStoreWhenTheRepresentationIsRefused();
    void letsAStageRepresentInsteadOfTheDefault();
    void answersAHundredTimesFromTheSameFrames();
    void leavesStreamedContentToTheConnection();
    void showsStagesTheWholeWhenARangeIsAskedFor();
    void remembersWhoAnswered();
    void waitsAndGoesOnWithTheAnswerItWasResumedWith();
    void computesItselfWhenItWasResumedWithout();
    void releasesWhatAStageKeptInItsSlotWhenTheExchangeIsOver();
    void turnsAnExceptionOfAStageIntoA500AndGoesOn();
    void endsARequestOnThePipelineItBeganWith();
    void letsGoOfAReplacedPipelineWithoutANextRequest();
    void asksTheStagesOfTheArmTheRequestNames();
    void runsBlockingEndpointsOnThePoolWithStagesOfTheirOwn();
    void handsThePlanToTheDataset();
    void refusesHostsItDoesNotKnow();
    void namesEveryHookInServerTiming();
    void metersAndJournalsWhatItAnswered();
};

void WorkerTest::callsNothingButTheEndpointWhenEverythingIsOff() {
    Bench bench;
    Asked asked("/api/things");
    bench.ask(asked);
    QCOMPARE(asked.answers, 1);
    QCOMPARE(asked.got.finalStatus(), 200);
    QVERIFY(script().taken().empty());
    QCOMPARE(asked.got.fields.get("Content-Type"), std::string_view("application/json"));
    QVERIFY(contains(asked.got, "\"name\": \"first\""));
    QVERIFY(!asked.got.fields.has("Hone-Arm"));
}

void WorkerTest::callsTheHooksPhaseByPhaseInCatalogueOrder() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"three", "two", "one"})));
    Asked asked("/api/things");
    bench.ask(asked);
    QCOMPARE(script().taken(),
             (Calls{"one.admit", "two.admit", "one.lookup", "two.lookup", "one.plan", "two.plan",
                    "three.plan", "one.represent", "two.represent", "one.encode", "two.encode", "one.store",
                    "two.store", "one.finish", "two.finish"}));
}

void WorkerTest::skipsToFinishWhenAdmissionAnswers() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one", "two"})));
    script().behaviour[0].admit = [](Exchange& x) { x.answer(http::problem(429, "slow down")); };
    Asked asked("/api/things");
    bench.ask(asked);
    QCOMPARE(asked.got.finalStatus(), 429);
    QCOMPARE(script().taken(), (Calls{"one.admit", "one.finish", "two.finish"}));
    QCOMPARE(bench.dataset->released.load(), 0);
}

void WorkerTest::skipsToFinishWhenLookupAnswers() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one", "two"})));
    const auto kept = http::prepare(200, {}, "kept");
    script().behaviour[0].lookup = [kept](Exchange& x, Resume&) {
        http::Response response;
        response.prepared = kept;
        x.answer(std::move(response));
        return Lookup::Continue;
    };
    Asked asked("/api/things");
    bench.ask(asked);
    QCOMPARE(asked.got.content(), std::string_view("kept"));
    QCOMPARE(script().taken(), (Calls{"one.admit", "two.admit", "one.lookup", "one.finish", "two.finish"}));
}

void WorkerTest::skipsToFinishWhenThePlanIsRefused() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one", "three"})));
    script().behaviour[0].plan = [](Exchange& x) { x.answer(http::problem(400, "which page?")); };
    Asked asked("/api/things?page=x");
    bench.ask(asked);
    QCOMPARE(asked.got.finalStatus(), 400);
    QCOMPARE(script().taken(), (Calls{"one.admit", "one.lookup", "one.plan", "one.finish"}));
}

void WorkerTest::offersAnAbsenceToStoreButDoesNotRepresentIt() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    bool isCacheable = false;
    script().behaviour[0].store = [&](Exchange& x) { isCacheable = x.cacheable; };
    Asked asked("/api/things/99");
    bench.ask(asked);
    QCOMPARE(asked.got.finalStatus(), 404);
    QVERIFY(isCacheable);
    QCOMPARE(script().taken(), (Calls{"one.admit", "one.lookup", "one.plan", "one.store", "one.finish"}));
}

void WorkerTest::skipsStoreWhenTheRepresentationIsRefused() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    script().behaviour[0].represent = [](Exchange& x) {
        x.answer(http::problem(406, "no such media type"));
        return true;
    };
    Asked asked("/api/things");
    bench.ask(asked);
    QCOMPARE(asked.got.finalStatus(), 406);
    QCOMPARE(script().taken(), (Calls{"one.admit", "one.lookup", "one.plan", "one.represent", "one.finish"}));
}

void WorkerTest::letsAStageRepresentInsteadOfTheDefault() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one", "two"})));
    script().behaviour[0].represent = [](Exchange& x) {
        x.response.body = fmt::format("{} rows", x.payload.rows.rowCount());
        return true;
    };
    Asked asked("/api/things");
    bench.ask(asked);
    QCOMPARE(asked.got.content(), std::string_view("1 rows"));
    const auto calls = script().taken();
    QVERIFY(std::ranges::find(calls, "two.represent") == calls.end());
}

void WorkerTest::answersAHundredTimesFromTheSameFrames() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    const Exchange* first = nullptr;
    bool isSame = true, isClean = true;
    script().behaviour[0].admit = [&](Exchange& x) {
        first = first ? first : &x;
        isSame = isSame && first == &x;
        isClean = isClean && x.timingCount == 0 && !x.notes[0] && !x.answered && x.response.body.empty();
        x.notes[0] = std::make_shared<int>(1);
    };
    for (int i = 0; i < 100; ++i) {
        Asked asked("/api/things");
        bench.ask(asked);
        QCOMPARE(asked.answers, 1);
    }
    QVERIFY(isSame);
    QVERIFY(isClean);
}

void WorkerTest::leavesStreamedContentToTheConnection() {
    class Untouched final : public http::BodySource {
    public:
        State read(std::string&, std::size_t) override {
            ++reads;
            return State::End;
        }
        int reads = 0;
    };
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    const auto source = std::make_shared<Untouched>();
    script().behaviour[0].represent = [source](Exchange& x) {
        x.response.source = source;
        x.response.fields.set("ETag", "\"a\"");
        return true;
    };
    Asked asked("/api/things", {{"Host", "localhost"}, {"Range", "bytes=0-1"}});
    bench.ask(asked);
    QCOMPARE(asked.got.finalStatus(), 200);
    QVERIFY(asked.got.source == source);
    QCOMPARE(source->reads, 0);
    QVERIFY(!asked.got.fields.has("Accept-Ranges"));
    QCOMPARE(script().taken(), (Calls{"one.admit", "one.lookup", "one.plan", "one.represent", "one.finish"}));
}

void WorkerTest::showsStagesTheWholeWhenARangeIsAskedFor() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    std::vector<std::string> seen;
    script().behaviour[0].admit = [&](Exchange& x) {
        for (const auto& line : x.request.fields)
            seen.emplace_back(line.name);
    };
    script().behaviour[0].encode = [](Exchange& x) { x.response.fields.set("ETag", http::etagOf("x")); };
    Asked part(
        "/api/things",
        {{"Host", "localhost"}, {"Range", "bytes=2-4"}, {"If-None-Match", "\"y\""}, {"Accept", "*/*"}});
    bench.ask(part);
    QCOMPARE(part.got.finalStatus(), 206);
    QCOMPARE(part.got.content().size(), std::size_t{3});
    QCOMPARE(seen, (std::vector<std::string>{"Host", "Accept"}));
    seen.clear();
    const std::string tag = http::etagOf("x");
    Asked again("/api/things", {{"Host", "localhost"}, {"If-None-Match", tag}});
    bench.ask(again);
    QCOMPARE(again.got.finalStatus(), 304);
    QCOMPARE(seen, (std::vector<std::string>{"Host", "If-None-Match"}));  // a cache answers it from memory
    std::vector<JournalEntry> entries;
    bench.core->journals[0]->read(entries);
    QCOMPARE(entries[0].requestFields.size(), std::size_t{4});  // as it was received
}

void WorkerTest::remembersWhoAnswered() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one", "two"})));
    script().behaviour[1].plan = [](Exchange& x) { x.answer(http::problem(400, "which page?")); };
    Asked asked("/api/things");
    bench.ask(asked);
    std::vector<JournalEntry> entries;
    bench.core->journals[0]->read(entries);
    QCOMPARE(entries.at(0).why, std::string("two refused: which page?"));
    QCOMPARE(entries.at(0).steps.size(), std::size_t{2});
}

void WorkerTest::waitsAndGoesOnWithTheAnswerItWasResumedWith() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    Resume kept;
    script().behaviour[0].lookup = [&](Exchange&, Resume& resume) {
        kept = std::move(resume);
        return Lookup::Wait;
    };
    Asked waiting("/api/things");
    bench.ask(waiting);
    QCOMPARE(waiting.answers, 0);
    script().behaviour[0].lookup = {};
    Asked other("/api/things/1");  // the loop is free meanwhile
    bench.ask(other);
    QCOMPARE(other.answers, 1);
    script().taken();

    kept([](Exchange& x) { x.answer(textAnswer("theirs")); });
    bench.loop.runUntilAnswered(waiting);
    QCOMPARE(waiting.got.content(), std::string_view("theirs"));
    QCOMPARE(script().taken(), (Calls{"one.finish"}));
    QVERIFY(waiting.got.fields.get("Server-Timing")->find("wait;dur=") != std::string_view::npos);
}

void WorkerTest::computesItselfWhenItWasResumedWithout() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one", "two"})));
    Resume kept;
    script().behaviour[0].lookup = [&](Exchange&, Resume& resume) {
        kept = std::move(resume);
        return Lookup::Wait;
    };
    for (int round = 0; round < 2; ++round) {  // the second shows that a frame can wait again
        Asked asked("/api/things");
        bench.ask(asked);
        script().taken();
        kept({});
        bench.loop.runUntilAnswered(asked);
        QCOMPARE(asked.got.finalStatus(), 200);
        QCOMPARE(script().taken().front(), std::string("two.lookup"));
    }
}

void WorkerTest::releasesWhatAStageKeptInItsSlotWhenTheExchangeIsOver() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    const auto note = std::make_shared<int>(7);
    script().behaviour[0].admit = [&](Exchange& x) {
        x.notes[0] = note;
        x.answer(http::problem(503, "busy"));
    };
    Asked asked("/api/things");
    bench.ask(asked);
    QCOMPARE(note.use_count(), 1L);
}

void WorkerTest::turnsAnExceptionOfAStageIntoA500AndGoesOn() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    script().behaviour[0].encode = [](Exchange&) { throw std::runtime_error("codec broke"); };
    Asked broken("/api/things");
    bench.ask(broken);
    QCOMPARE(broken.got.finalStatus(), 500);
    QVERIFY(!contains(broken.got, "codec broke"));
    const auto calls = script().taken();
    QVERIFY(std::ranges::find(calls, "one.store") == calls.end());
    script().behaviour[0].encode = {};
    script().behaviour[0].finish = [](Exchange&) { throw std::runtime_error("no collector"); };
    Asked next("/api/things");
    bench.ask(next);
    QCOMPARE(next.got.finalStatus(), 200);
}

void WorkerTest::endsARequestOnThePipelineItBeganWith() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    Resume kept;
    script().behaviour[0].lookup = [&](Exchange&, Resume& resume) {
        kept = std::move(resume);
        return Lookup::Wait;
    };
    Asked old("/api/things");
    bench.ask(old);
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"two"})));
    script().taken();
    Asked young("/api/things");
    bench.ask(young);
    QCOMPARE(script().taken().front(), std::string("two.admit"));
    kept({});
    bench.loop.runUntilAnswered(old);
    QCOMPARE(script().taken(), (Calls{"one.plan", "one.represent", "one.encode", "one.store", "one.finish"}));
}

void WorkerTest::letsGoOfAReplacedPipelineWithoutANextRequest() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    Asked asked("/api/things");
    bench.ask(asked);
    const std::weak_ptr<const Pipeline> old = bench.core->arms.pipeline(Arm::A);
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({})));
    QVERIFY(!old.expired());
    bench.core->dropStalePipelines();
    bench.loop.runPosted();
    QVERIFY(old.expired());
}

void WorkerTest::asksTheStagesOfTheArmTheRequestNames() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    QVERIFY(bench.core->arms.apply(Arm::B, profileOf({"two"})));
    int arm = -1;
    script().behaviour[1].admit = [&](Exchange& x) { arm = x.arm; };
    Asked b("/api/things", {{"Host", "localhost"}, {"hone-arm", "B"}});
    bench.ask(b);
    QCOMPARE(script().taken().front(), std::string("two.admit"));
    QCOMPARE(arm, 1);
    QCOMPARE(b.got.fields.get("Hone-Arm"), std::string_view("B"));
    Asked wrong("/api/things", {{"Host", "localhost"}, {"Hone-Arm", "C"}});
    bench.ask(wrong);
    QCOMPARE(wrong.got.finalStatus(), 400);
    QVERIFY(script().taken().empty());
}

void WorkerTest::runsBlockingEndpointsOnThePoolWithStagesOfTheirOwn() {
    Bench bench(/*poolThreads=*/2);
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    const auto loopThread = std::this_thread::get_id();
    std::thread::id admitted, represented, stored;
    script().behaviour[0].admit = [&](Exchange&) { admitted = std::this_thread::get_id(); };
    script().behaviour[0].represent = [&](Exchange&) {
        represented = std::this_thread::get_id();
        return false;
    };
    script().behaviour[0].store = [&](Exchange&) { stored = std::this_thread::get_id(); };
    Asked asked("/api/things");
    bench.ask(asked);
    bench.loop.runUntilAnswered(asked);
    QCOMPARE(asked.got.finalStatus(), 200);
    QVERIFY(admitted == loopThread && stored == loopThread);
    QVERIFY(represented != loopThread && represented != std::thread::id());

    Asked quick("/openapi.json");  // does not block: answered before handle() returns
    bench.ask(quick);
    QCOMPARE(quick.answers, 1);
}

void WorkerTest::handsThePlanToTheDataset() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one"})));
    std::string table;
    script().behaviour[0].plan = [&](Exchange& x) {
        table = x.query.table;
        x.access.pooledConnection = true;
    };
    Asked asked("/api/things");
    bench.ask(asked);
    QCOMPARE(table, std::string("things"));
    QVERIFY(bench.dataset->lastAccess.pooledConnection);
    QCOMPARE(bench.dataset->released.load(), 1);
}

void WorkerTest::refusesHostsItDoesNotKnow() {
    Bench bench;
    Asked unnamed("/api/things", {{"Host", ""}});
    bench.ask(unnamed);
    QCOMPARE(unnamed.got.finalStatus(), 421);
    Asked known("/api/things", {{"Host", "localhost:8437"}});
    bench.ask(known);
    QCOMPARE(known.got.finalStatus(), 200);
    Asked rebound("/api/things", {{"Host", "attacker.example:8437"}});  // whoever was let in before
    bench.ask(rebound);
    QCOMPARE(rebound.got.finalStatus(), 421);
    QVERIFY(contains(rebound.got, "attacker.example"));
    QVERIFY(contains(rebound.got, "\"hint\""));
    QVERIFY(rebound.got.fields.has("Server-Timing"));
}

void WorkerTest::namesEveryHookInServerTiming() {
    Bench bench;
    QVERIFY(bench.core->arms.apply(Arm::A, profileOf({"one", "two"})));
    script().behaviour[1].lookup = [](Exchange& x, Resume&) {
        x.note("two", Nanos(0), "miss");
        return Lookup::Continue;
    };
    Asked asked("/api/things");
    bench.ask(asked);
    const auto timing = QString::fromStdString(std::string(*asked.got.fields.get("Server-Timing")));
    const QRegularExpression form(
        R"(^one;dur=[\d.]+, two;dur=[\d.]+;desc="miss", connect;dur=[\d.]+, sql;dur=[\d.]+, json;dur=[\d.]+, total;dur=[\d.]+$)");
    QVERIFY2(form.match(timing).hasMatch(), qPrintable(timing));
}

void WorkerTest::metersAndJournalsWhatItAnswered() {
    Bench bench;
    for (const auto* target : {"/api/things", "/api/things/1", "/api/things/99", "/nowhere"}) {
        Asked asked(target);
        bench.ask(asked);
    }
    Snapshot snapshot;
    Meter::sum(bench.core->meters, bench.core->router.names(), snapshot);
    QCOMPARE(snapshot.requests, 4U);
    QCOMPARE(snapshot.errors, 0U);
    QCOMPARE(snapshot.latency.count(), 4);
    QCOMPARE(snapshot.byStatus, (std::map<int, std::uint64_t>{{200, 2}, {404, 2}}));
    std::map<std::string, std::uint64_t> requests;
    for (const auto& at : snapshot.endpoints)
        requests[at.name] = at.requests;
    QCOMPARE(requests,
             (std::map<std::string, std::uint64_t>{
                 {"GET /api/<resource>", 1}, {"GET /api/<resource>/<key>", 2}, {"unknown path", 1}}));
    std::vector<JournalEntry> entries;
    bench.core->journals[0]->read(entries);
    QCOMPARE(entries.size(), std::size_t{4});
    QCOMPARE(entries[3].target, std::string("/nowhere"));
    QCOMPARE(entries[3].status, 404);
    QCOMPARE(entries[3].number, 4U);
}

QTEST_GUILESS_MAIN(WorkerTest)
#include "worker_test.moc"
