// Gates as a build server runs them: real processes, exit codes, files.

#include <nlohmann/json.hpp>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using nlohmann::json;

namespace {

struct Outcome {
    int code = -1;
    QString out, err;
};

constexpr int kMinute = 60'000;

}  // namespace

class GateTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    QString m_csv;

    Outcome hone(const QStringList& arguments) {
        QProcess process;
        auto env = QProcessEnvironment::systemEnvironment();
        env.insert("XDG_CACHE_HOME", m_dir.filePath("cache"));
        env.insert("XDG_DATA_HOME", m_dir.filePath("data"));
        env.insert("XDG_RUNTIME_DIR", m_dir.path());
        process.setProcessEnvironment(env);
        process.start(HONE_BINARY, arguments);
        if (!process.waitForFinished(2 * kMinute))
            process.kill();
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    /// A gate over a small table that takes about a second.
    Outcome gate(const QStringList& arguments, const QString& duration = "600ms") {
        return hone(QStringList{"gate", "/api/people/1", "--dataset", m_csv, "--duration", duration,
                                "--warmup", "50ms", "--concurrency", "2"} +
                    arguments);
    }

    QByteArray contentOf(const QString& name) {
        QFile file(m_dir.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void initTestCase() {
        m_csv = m_dir.filePath("people.csv");
        QFile file(m_csv);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("id,name\n1,Ada\n2,Grace\n");
    }

    void everyVerbHasHelp() {
        for (const auto* verb : {"gate", "export", "import"}) {
            const auto outcome = hone({verb, "--help"});
            QCOMPARE(outcome.code, 0);
            QVERIFY2(outcome.out.contains("--json") && outcome.out.contains("--workspace"), verb);
        }
    }

    void passesAndWritesEveryFormat() {
        const auto outcome =
            gate({"--threshold", "errors<0.1%", "--threshold", "p95<10s", "--threshold", "rps>1", "--junit",
                  m_dir.filePath("gate.xml"), "--markdown", m_dir.filePath("gate.md"), "--benchmark-json",
                  m_dir.filePath("bench.json"), "--bencher", m_dir.filePath("bencher.json")});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err + outcome.out));
        QVERIFY(outcome.out.contains("passed: 3 checks"));
        QVERIFY(contentOf("gate.xml").contains("tests=\"3\" failures=\"0\""));
        QVERIFY(contentOf("gate.md").startsWith("### ✅ passed"));
        QCOMPARE(json::parse(contentOf("bench.json").toStdString())[0]["unit"], "ms");
        QVERIFY(json::parse(contentOf("bencher.json").toStdString())["/api/people/1"].contains("latency"));
        QVERIFY(hone({"report"}).out.contains("/api/people/1"));
    }

    void exitsWithOneWhenAThresholdFails() {
        const auto outcome =
            gate({"--threshold", "p95<1us", "--threshold", "errors<1%", "--json", "--no-save"});
        QCOMPARE(outcome.code, 1);
        const auto document = json::parse(outcome.out.toStdString());
        QCOMPARE(document["passed"], false);
        QCOMPARE(document["checks"][0]["outcome"], "failed");
        QCOMPARE(document["checks"][1]["outcome"], "passed");
    }

    void marksATypoAndExitsWithTwo() {
        const auto outcome = gate({"--threshold", "p95<20"});
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("    p95<20\n        ^~\n"), qPrintable(outcome.err));
        QVERIFY(gate({"--threshold", "speed<20ms"}).err.contains("Known: p50"));
        QCOMPARE(gate({"--threshold", "p95{nobody}<20ms"}).code, 2);
        QCOMPARE(gate({}).code, 2);
        QCOMPARE(gate({"--threshold", "p95<1s", "--junit", "/nonexistent/x.xml"}).code, 2);
        QCOMPARE(gate({"--threshold", "p95<1s", "--rounds", "50"}).code, 2);
        QCOMPARE(gate({"--baseline", "/nonexistent/x.json"}).code, 2);
    }

    void exitsWithThreeWhenNothingAnswers() {
        const auto outcome = hone({"gate", "http://127.0.0.1:9/", "--threshold", "p95<1s", "--duration",
                                   "500ms", "--warmup", "0ms"});
        QVERIFY2(outcome.code == 3, qPrintable(outcome.err + outcome.out));
        QVERIFY2(outcome.err.contains("127.0.0.1:9"), qPrintable(outcome.err));
    }

    void comparesWithItsOwnBaselineAndRefusesAnother() {
        const auto file = m_dir.filePath("people.baseline.json");
        const auto written = gate({"--write-baseline", file, "--rounds", "3"}, "1500ms");
        QVERIFY2(written.code == 0, qPrintable(written.err + written.out));
        const auto baseline = json::parse(contentOf("people.baseline.json").toStdString());
        QCOMPARE(baseline["rounds"].size(), std::size_t(3));
        QCOMPARE(baseline["kind"], "baseline");

        const auto compared = gate({"--baseline", file, "--rounds", "3", "--json", "--no-save"}, "1500ms");
        const auto document = json::parse(compared.out.toStdString());
        bool bytes = false;
        for (const auto& check : document["checks"])
            if (check["metric"] == "bytes") {
                bytes = true;
                QCOMPARE(check["outcome"],
                         "passed");  // the same answers have the same size, however noisy the machine
            }
        QVERIFY(bytes);

        const auto other = gate({"--baseline", file, "--seed", "5"});
        QCOMPARE(other.code, 2);
        QVERIFY2(other.err.contains("seed is 1 in the baseline and 5 now"), qPrintable(other.err));
    }

    void doesNotKeepAFailedStateAsBaseline() {
        const auto file = m_dir.filePath("failed.baseline.json");
        const auto outcome =
            gate({"--threshold", "p95<1us", "--write-baseline", file, "--rounds", "3"}, "1500ms");
        QCOMPARE(outcome.code, 1);
        QVERIFY(!QFile::exists(file));
        QVERIFY(outcome.err.contains("not written"));
    }

    void readsTheHistoryOfTheWorkload() {
        const auto outcome = gate({"--history"});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.out.contains("too few"), qPrintable(outcome.out));
        const auto document = json::parse(gate({"--history", "--metric", "rps", "--json"}).out.toStdString());
        QCOMPARE(document["metric"], "rps");
        QVERIFY(!document["runs"].empty());
        QCOMPARE(gate({"--history", "--metric", "speed"}).code, 2);
    }
};

QTEST_GUILESS_MAIN(GateTest)
#include "gate_test.moc"
