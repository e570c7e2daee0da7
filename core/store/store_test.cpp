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
