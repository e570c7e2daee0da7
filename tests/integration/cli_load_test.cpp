// What a run asks for, as options of the command line: stages, recordings, clients with caches, large
// answers.

#include <nlohmann/json.hpp>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using nlohmann::json;

namespace {

constexpr int kTwoMinutes = 120'000;

struct Outcome {
    int code = -1;
    QString out, err;
    [[nodiscard]] json run() const { return json::parse(out.toStdString(), nullptr, false); }
};

}  // namespace

class CliLoadTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    QString m_csv;

    Outcome hone(const QStringList& arguments) {
        QProcess process;
        auto env = QProcessEnvironment::systemEnvironment();
        env.insert("XDG_CACHE_HOME", m_dir.filePath("cache"));
        env.insert("XDG_DATA_HOME", m_dir.filePath("data"));
        env.insert("XDG_RUNTIME_DIR", m_dir.path());
        env.insert("QT_QPA_PLATFORM", "offscreen");
        process.setProcessEnvironment(env);
        process.start(HONE_BINARY, arguments);
        if (!process.waitForFinished(kTwoMinutes))
            process.kill();
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    /// A bench over a small table, all of it measured, as JSON.
    Outcome bench(const QString& source, const QStringList& arguments) {
        return hone(QStringList{"bench", source, "--dataset", m_csv, "--warmup", "0ms", "--json"} +
                    arguments);
    }

    QString writeFile(const QString& name, const QByteArray& content) {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(name));
        return file.fileName();
    }

private slots:
    void initTestCase() {
        QByteArray rows = "id,name\n";
        for (int i = 1; i <= 500; ++i)
            rows += QByteArray::number(i) + ",somebody\n";
        m_csv = writeFile("people.csv", rows);
    }

    void badValuesAreRefusedInOneLine_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("stages without a rate") << QStringList{"--stages", "10s"} << "column 1";
        QTest::newRow("second stage misspelt") << QStringList{"--stages", "10s:100/s, 20x:5/s"} << "stage 2";
        QTest::newRow("stages of nothing") << QStringList{"--stages", "5s:0/s"} << "rate 0";
        QTest::newRow("stages beside a rate")
            << QStringList{"--stages", "1s:10/s", "--rate", "5/s"} << "--rate";
        QTest::newRow("no such recording") << QStringList{"--replay", "nowhere.log"} << "nowhere.log";
        QTest::newRow("empty recording") << QStringList{"--replay", "/dev/null"} << "--replay";
        QTest::newRow("recording of something else")
            << QStringList{"--replay", HONE_SOURCE_DIR "/LICENSE"} << "LICENSE";
        QTest::newRow("recording beside stages")
            << QStringList{"--replay", "/dev/null", "--stages", "1s:10/s"} << "--stages";
        QTest::newRow("client cache with a value") << QStringList{"--client-cache=often"} << "often";
        QTest::newRow("largest body without sense")
            << QStringList{"--max-body", "lots"} << "\"lots\" is not a size";
        QTest::newRow("largest body of nothing") << QStringList{"--max-body", "0B"} << "at least 1 byte";
    }
    void badValuesAreRefusedInOneLine() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, mentions);
        const auto outcome = hone(QStringList{"bench", "/api/people/1"} + arguments);
        QVERIFY2(outcome.code == 2, qPrintable(outcome.err));
        QVERIFY2(outcome.err.startsWith("hone: ") && outcome.err.trimmed().count('\n') == 0,
                 qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains(mentions), qPrintable(outcome.err));
    }

    void stagesOfRatesAreFollowed() {
        const auto outcome = bench("/api/people/1", {"--stages", "200ms:50/s, 400ms:50/s..450/s"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        const auto run = outcome.run();
        QCOMPARE(run["workload"]["load"]["stages"].size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(run["workload"]["duration"]), QString("600ms"));
        // Due are 200 ms of 50/s and 400 ms of 250/s on average, 110 in all, as a Poisson process of a fixed
        // seed; what a busy machine leaves unsent is told as unfinished.
        const int due = run["requests"].get<int>() + run.value("unfinished", 0);
        QVERIFY2(due > 60 && due < 170, qPrintable(QString::number(due)));
        QCOMPARE(run["errors"].get<int>(), 0);
    }

    void aRecordingIsReplayedTargetByTarget() {
        const auto log = writeFile("access.jsonl",
                                   "{\"time\": 0, \"url\": \"/api/people/1\"}\n"
                                   "{\"time\": 0.05, \"url\": \"/api/people/2\"}\n"
                                   "{\"time\": 0.10, \"url\": \"/api/people/777\"}\n");
        const auto outcome = bench("/api", {"--replay", log});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        const auto run = outcome.run();
        QCOMPARE(run["requests"].get<int>(), 3);
        QCOMPARE(run["errors"].get<int>(), 1);  // Nobody has the number 777.
        QCOMPARE(QString::fromStdString(run["workload"]["load"]["replay"]["file"]), log);
    }

    void clientsThatCacheAskOnlyOnceForWhatIsFresh() {
        const QStringList some{"--on", "cache", "--duration", "300ms", "--concurrency", "2"};
        const auto outcome = bench("/api/people/1", some + QStringList{"--client-cache"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        const auto run = outcome.run();
        QVERIFY(run["workload"]["clientCache"].get<bool>());
        const double local = run["counters"]["client.cache.hits"].get<double>() +
                             run["counters"]["client.cache.revalidated"].get<double>();
        QVERIFY2(local > 0, qPrintable(outcome.out.left(2000)));
        const auto without = bench("/api/people/1", some).run();
        QVERIFY(!without["counters"].contains("client.cache.hits"));
    }

    void answersLargerThanWhatIsReadAreErrorsOfTheirOwnKind() {
        const auto workload = writeFile(
            "checked.workload.json", R"({"hone": 1, "kind": "workload", "requests": )"
                                     R"([{"url": "/api/people", "checks": [{"body-contains": "some"}]}]})");
        const QStringList some{"--duration", "300ms", "--concurrency", "1"};
        const auto outcome = bench(workload, some + QStringList{"--max-body", "1KiB"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        const auto run = outcome.run();
        QVERIFY(run["requests"].get<int>() > 0);
        QCOMPARE(run["errorsByKind"]["answer too large"].get<int>(), run["requests"].get<int>());
        QCOMPARE(QString::fromStdString(run["workload"]["maxBody"]), QString("1KiB"));
        const auto usual = bench(workload, some);
        QVERIFY2(usual.code == 0, qPrintable(usual.err));
        const auto whole = usual.run();
        QVERIFY(whole["requests"].get<int>() > 0);
        QCOMPARE(whole["errors"].get<int>(), 0);
    }
};

QTEST_GUILESS_MAIN(CliLoadTest)
#include "cli_load_test.moc"
