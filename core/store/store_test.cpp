#include "core/store/store.h"

#include "core/base/ids.h"
#include "core/sqlite/sqlite.h"
#include "core/store/migrate.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace hone;

namespace {

model::RunResult someRun(const std::string& name) {
    model::RunResult run;
    run.id = newId();
    run.name = name;
    run.startedAt = std::chrono::system_clock::now();
    run.profile.name = "tuned";
    run.workload.name = "Browse";
    run.workload.requests.push_back({.name = "list", .url = "/api/cities"});
    run.measuredS = 2;
    run.requests = 1000;
    for (int i = 1; i <= 1000; ++i)
        run.latency.record(i * 10);
    run.series.push_back({.startS = 0, .lengthS = 1, .requests = 500, .p95Us = 9500});
    return run;
}

}  // namespace

class StoreTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    std::filesystem::path file(const char* name) const { return m_dir.filePath(name).toStdString(); }

private slots:
    void aSavedRunComesBackWithItsHistogram() {
        auto store = store::Store::open(file("a.db"));
        QVERIFY2(store.has_value(), store ? "" : store.error().what.c_str());
        const auto run = someRun("first");
        QVERIFY((*store)->saveRun(run).has_value());
        const auto back = (*store)->run(run.id);
        QVERIFY2(back.has_value(), back ? "" : back.error().what.c_str());
        QCOMPARE(back->name, run.name);
        QCOMPARE(back->requests, run.requests);
        QCOMPARE(back->latency.quantile(0.95), run.latency.quantile(0.95));
        QCOMPARE(back->latency.count(), run.latency.count());
    }

    void listsNewestFirstAndSearchesNameProfileAndTags() {
        auto store = *store::Store::open(file("b.db"));
        auto older = someRun("older"), newer = someRun("newer");
        older.startedAt -= std::chrono::hours(1);
        newer.tags = {"release"};
        QVERIFY(store->saveRun(newer).has_value());
        QVERIFY(store->saveRun(older).has_value());
        const auto all = *store->list();
        QCOMPARE(all.size(), std::size_t{2});
        QCOMPARE(all[0].name, std::string("newer"));
        QCOMPARE(all[0].p95Us, static_cast<double>(newer.latency.quantile(0.95)));
        QCOMPARE(all[0].sparkline, std::vector<double>{9500});
        QCOMPARE(store->list("release")->size(), std::size_t{1});
        QCOMPARE(store->list("tuned")->size(), std::size_t{2});
        QCOMPARE(store->list("%")->size(), std::size_t{0});  // a wildcard is an ordinary character
    }

    void aSavedAttributionComesBackAndIsListedWithItsSentence() {
        auto store = *store::Store::open(file("attribution.db"));
        model::Attribution attribution;
        attribution.id = newId();
        attribution.name = "what earns";
        attribution.startedAt = std::chrono::system_clock::now();
        attribution.base.name = "bare";
        attribution.workload.name = "Browse";
        attribution.workload.requests.push_back({.name = "list", .url = "/api/cities"});
        attribution.toggles = {"cache", "encoding"};
        attribution.sentence = "Turn on cache.";
        attribution.predicted.push_back({.metric = "p95", .title = "p95", .from = 900, .to = 300});
        const auto saved = store->saveAttribution(attribution);
        QVERIFY2(saved.has_value(), saved ? "" : saved.error().what.c_str());
        const auto listed = *store->list("Turn on");
        QCOMPARE(listed.size(), std::size_t{1});
        QCOMPARE(listed[0].kind, std::string("attribution"));
        QCOMPARE(listed[0].p95Us, 300.0);
        const auto back = store->attribution(attribution.id);
        QVERIFY2(back.has_value(), back ? "" : back.error().what.c_str());
        QCOMPARE(back->toggles, attribution.toggles);
        QCOMPARE(back->sentence, attribution.sentence);
        QVERIFY(store->annotate(attribution.id, "renamed", "", {"x"}).has_value());
        QCOMPARE(store->attribution(attribution.id)->name, std::string("renamed"));
    }

    void aWorkspaceOfTheFirstVersionKeepsItsResults() {
        const auto path = file("first.db");
        {
            auto store = *store::Store::open(path);
            QVERIFY(store->saveRun(someRun("kept")).has_value());
        }
        {
            // Back to the table as the first version made it.
            auto db = *sqlite::Connection::open(path, sqlite::Mode::Create);
            const auto undone = db->exec(
                "ALTER TABLE results RENAME TO later; DROP INDEX results_by_time;"
                "CREATE TABLE results (id TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL CHECK (kind IN "
                "('run', "
                "'comparison')), started_at INTEGER NOT NULL, name TEXT NOT NULL, note TEXT NOT NULL, tags "
                "TEXT "
                "NOT NULL, profile TEXT NOT NULL, profile_b TEXT NOT NULL, workload TEXT NOT NULL, source "
                "TEXT "
                "NOT NULL, target TEXT NOT NULL, dataset TEXT NOT NULL, p50_us REAL NOT NULL, p95_us REAL "
                "NOT "
                "NULL, p99_us REAL NOT NULL, rps REAL NOT NULL, error_rate REAL NOT NULL, seconds REAL NOT "
                "NULL, bytes_per_request REAL NOT NULL, requests INTEGER NOT NULL, verdict TEXT NOT NULL, "
                "sentence TEXT NOT NULL, partial INTEGER NOT NULL, sparkline TEXT NOT NULL, removed_at "
                "INTEGER, body TEXT NOT NULL) STRICT;"
                "INSERT INTO results SELECT * FROM later; DROP TABLE later;"
                "CREATE INDEX results_by_time ON results (started_at DESC); PRAGMA user_version = 2");
            QVERIFY2(undone.has_value(), undone ? "" : undone.error().what.c_str());
        }
        auto store = store::Store::open(path);
        QVERIFY2(store.has_value(), store ? "" : store.error().what.c_str());
        const auto listed = *(*store)->list();
        QCOMPARE(listed.size(), std::size_t{1});
        QCOMPARE((*store)->run(listed[0].id)->requests, std::uint64_t{1000});
        model::Attribution attribution;
        attribution.id = newId();
        QVERIFY((*store)->saveAttribution(attribution).has_value());
    }

    void findsByUniqueBeginningAndByLast() {
        auto store = *store::Store::open(file("c.db"));
        auto one = someRun("one"), two = someRun("two");
        one.id = "AAAA1";
        two.id = "AAAB2";
        two.startedAt += std::chrono::seconds(5);
        QVERIFY(store->saveRun(one).has_value());
        QVERIFY(store->saveRun(two).has_value());
        QCOMPARE(store->find("AAAA")->name, std::string("one"));
        QCOMPARE(store->find("last")->name, std::string("two"));
        QCOMPARE(store->find("AAA").error().code, Error::InvalidArgument);
        QCOMPARE(store->find("ZZZ").error().code, Error::NotFound);
    }

    void aRemovedRunCanBeRestoredUntilTheStoreCloses() {
        const auto run = someRun("gone");
        {
            auto store = *store::Store::open(file("d.db"));
            QVERIFY(store->saveRun(run).has_value());
            QVERIFY(store->remove(run.id).has_value());
            QVERIFY(store->list()->empty());
            QVERIFY(store->restore(run.id).has_value());
            QCOMPARE(store->list()->size(), std::size_t{1});
            QVERIFY(store->remove(run.id).has_value());
        }
        auto store = *store::Store::open(file("d.db"));
        QVERIFY(!store->restore(run.id).has_value());
    }

    void annotationsReachTheListAndTheResult() {
        auto store = *store::Store::open(file("e.db"));
        const auto run = someRun("plain");
        QVERIFY(store->saveRun(run).has_value());
        QVERIFY(store->annotate(run.id, "renamed", "with a note", {"x", "y"}).has_value());
        QCOMPARE(store->list()->front().name, std::string("renamed"));
        QCOMPARE(store->run(run.id)->note, std::string("with a note"));
        QCOMPARE(store->run(run.id)->tags, (std::vector<std::string>{"x", "y"}));
    }

    void aComparisonIsListedWithItsVerdict() {
        auto store = *store::Store::open(file("f.db"));
        model::Comparison comparison;
        comparison.id = newId();
        comparison.name = "A or B";
        comparison.startedAt = std::chrono::system_clock::now();
        comparison.a = someRun("a");
        comparison.b = someRun("b");
        comparison.verdict = stats::Verdict::Better;
        comparison.sentence = "B is better";
        comparison.blocks.push_back({.pair = 0, .arm = 1, .metrics = {{"p95", 1234.0}}});
        QVERIFY(store->saveComparison(comparison).has_value());
        const auto summary = store->list()->front();
        QCOMPARE(summary.kind, std::string("comparison"));
        QCOMPARE(summary.verdict, std::string("better"));
        QCOMPARE(summary.sparkline, std::vector<double>{1234});
        QCOMPARE(store->comparison(comparison.id)->sentence, comparison.sentence);
    }

    void answersAreKeptWithTheRunTheyAreAbout() {
        auto store = *store::Store::open(file("g.db"));
        model::SurveyAnswer answer;
        answer.id = newId();
        answer.surveyId = "after-run";
        answer.at = std::chrono::system_clock::now();
        answer.runId = "R1";
        answer.p95Us = 1500;
        answer.values = {{"stars", 4}, {"comment", "quick <b>enough</b>"}};
        QVERIFY(store->saveAnswer(answer).has_value());
        const auto back = *store->answers("after-run");
        QCOMPARE(back.size(), std::size_t{1});
        QCOMPARE(back[0].runId, answer.runId);
        QVERIFY(back[0].values == answer.values);
        QVERIFY(store->answers("another")->empty());
    }

    void aFileOfANewerProgramIsRefusedAndLeftAlone() {
        const auto path = file("newer.db");
        {
            auto store = *store::Store::open(path);
        }
        {
            auto db = *sqlite::Connection::open(path, sqlite::Mode::ReadWrite);
            QVERIFY(
                db->exec(fmt::format("PRAGMA user_version = {}", store::newestVersion() + 1)).has_value());
        }
        const auto refused = store::Store::open(path);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, Error::Unsupported);
        auto db = *sqlite::Connection::open(path, sqlite::Mode::ReadOnly);
        QCOMPARE(*db->scalar("PRAGMA user_version"), std::int64_t{store::newestVersion() + 1});
    }

    void aForeignOrBrokenFileIsRefused() {
        const auto foreign = file("foreign.db");
        {
            auto db = *sqlite::Connection::open(foreign, sqlite::Mode::Create);
            QVERIFY(db->exec("CREATE TABLE t (x)").has_value());
        }
        QCOMPARE(store::Store::open(foreign).error().code, Error::Malformed);
        QFile broken(m_dir.filePath("broken.db"));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write(QByteArray(4096, 'x'));
        broken.close();
        QCOMPARE(store::Store::open(file("broken.db")).error().code, Error::Malformed);
    }

    void aFolderThatCannotBeMadeSaysWhich() {
        const auto refused = store::Store::open("/proc/nowhere/hone.db");
        QVERIFY(!refused.has_value());
        QVERIFY(refused.error().what.find("/proc/nowhere") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(StoreTest)
#include "store_test.moc"
