// Exported command lines run for real against our engine, and what they print comes back as a run.

#include <nlohmann/json.hpp>

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using nlohmann::json;

namespace {

constexpr int kMinute = 60'000;

struct Outcome {
    int code = -1;
    QByteArray out, err;
};

}  // namespace

class ExportTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    QProcess m_server;
    QString m_workload, m_url;

    [[nodiscard]] QProcessEnvironment environment() const {
        auto env = QProcessEnvironment::systemEnvironment();
        env.insert("XDG_CACHE_HOME", m_dir.filePath("cache"));
        env.insert("XDG_DATA_HOME", m_dir.filePath("data"));
        env.insert("XDG_RUNTIME_DIR", m_dir.path());
        return env;
    }

    Outcome run(const QString& program, const QStringList& arguments) {
        QProcess process;
        process.setProcessEnvironment(environment());
        process.start(program, arguments);
        if (!process.waitForFinished(2 * kMinute))
            process.kill();
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }

    QString writeFile(const QString& name, const QByteArray& content) {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(name));
        return file.fileName();
    }

    /// Exports for a tool and runs the script.
    Outcome exportAndRun(const QString& tool, const QStringList& thresholds) {
        const auto script = m_dir.filePath(tool + ".sh");
        QStringList arguments{"export", m_workload, "--to", tool, "--target", m_url, "-o", script};
        for (const auto& threshold : thresholds)
            arguments << "--threshold" << threshold;
        const auto exported = run(HONE_BINARY, arguments);
        if (exported.code != 0)
            qFatal("%s", exported.err.constData());
        return run("sh", {script});
    }

    /// The run that a tool's output becomes.
    json imported(const QString& name, const QByteArray& output) {
        const auto outcome = run(HONE_BINARY, {"import", writeFile(name, output), "--json"});
        if (outcome.code != 0)
            qFatal("%s\n%s", outcome.err.constData(), output.constData());
        return json::parse(outcome.out.toStdString());
    }

    static bool isInstalled(const char* tool) { return !QStandardPaths::findExecutable(tool).isEmpty(); }

private slots:
    void initTestCase() {
        const auto csv = writeFile("people.csv", "id,name\n1,Ada\n2,Grace\n3,Barbara\n");
        m_workload = writeFile(
            "people.workload.json",
            "{\"hone\": 1, \"kind\": \"workload\", \"name\": \"people\","
            "\"requests\": [{\"name\": \"one\", \"url\": \"/api/people/{{id}}\", \"weight\": 3}, {\"name\": "
            "\"all\", \"url\": \"/api/people\"}],"
            "\"variables\": {\"id\": {\"range\": [1, 3], \"draw\": \"zipf\"}},"
            "\"load\": {\"model\": \"closed\", \"clients\": 2}, \"duration\": \"1s\", \"warmup\": \"0s\"}");
        m_server.setProcessEnvironment(environment());
        m_server.start(HONE_BINARY, {"serve", "--dataset", csv});
        QVERIFY(m_server.waitForReadyRead(kMinute));
        m_url = QString::fromUtf8(m_server.readLine()).trimmed().section(' ', -1);
    }

    void cleanupTestCase() {
        m_server.terminate();
        QVERIFY(m_server.waitForFinished(kMinute));
    }

    void wrkRunsAndItsThresholdsDecideTheExitCode() {
        if (!isInstalled("wrk"))
            QSKIP("wrk is not installed: the exported script is NOT run here");
        const auto good = exportAndRun("wrk", {"errors<1%", "p99<60s", "requests>1"});
        QVERIFY2(good.code == 0, good.out + good.err);
        QVERIFY(good.out.contains("ok: errors<1%"));
        const auto document = imported("wrk.txt", good.out);
        QCOMPARE(document["source"], "wrk");
        QCOMPARE(document["errors"], 0);
        QVERIFY(document["requests"].get<int>() > 1);

        const auto bad = exportAndRun("wrk", {"p50<1us"});
        QVERIFY2(bad.code == 1, bad.out + bad.err);
        QVERIFY(bad.out.contains("failed: p50<1us"));
    }

    void curlAnswersEveryLine() {
        if (!isInstalled("curl"))
            QSKIP("curl is not installed: the exported script is NOT run here");
        const auto outcome = exportAndRun("curl", {});
        QVERIFY2(outcome.code == 0, outcome.err);
        const auto lines = outcome.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 20);
        for (const auto& line : lines)
            QVERIFY2(line.startsWith("200 ") && line.contains("/api/people"), line);
    }

    void h2loadRunsAndComesBackAsARun() {
        if (!isInstalled("h2load"))
            QSKIP("h2load is not installed: the exported script is NOT run here");
        const auto outcome = exportAndRun("h2load", {});
        QVERIFY2(outcome.code == 0, outcome.out + outcome.err);
        const auto document = imported("h2load.txt", outcome.out);
        QCOMPARE(document["source"], "h2load");
        QVERIFY(document["requests"].get<int>() > 0);
    }

    void importedRunsAreKeptAndReported() {
        const auto file = QString(HONE_SOURCE_DIR "/tests/golden/interop/locust_stats.csv");
        QCOMPARE(run(HONE_BINARY, {"import", file, "--name", "from locust"}).code, 0);
        const auto report = run(HONE_BINARY, {"report", "last", "--to", "md"});
        QVERIFY2(report.out.contains("from locust") && report.out.contains("list, all"), report.out);
        const auto refused = run(HONE_BINARY, {"import", m_workload});
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains("Known: k6"), refused.err);
        QCOMPARE(run(HONE_BINARY, {"import", "/nonexistent"}).code, 2);
    }

    void refusesAToolItDoesNotKnow() {
        const auto outcome = run(HONE_BINARY, {"export", m_workload, "--to", "jmeter"});
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("artillery"), outcome.err);
    }
};

QTEST_GUILESS_MAIN(ExportTest)
#include "export_test.moc"
