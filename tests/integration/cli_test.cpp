// The program as a person at a shell uses it: real processes, real sockets, real files.

#include <nlohmann/json.hpp>

#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
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

class CliTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;

    [[nodiscard]] QProcessEnvironment environment() const {
        auto env = QProcessEnvironment::systemEnvironment();
        env.insert("XDG_CACHE_HOME", m_dir.filePath("cache"));
        env.insert("XDG_DATA_HOME", m_dir.filePath("data"));
        env.insert("XDG_RUNTIME_DIR", m_dir.path());
        env.insert("QT_QPA_PLATFORM", "offscreen");
        return env;
    }

    Outcome hone(const QStringList& arguments) {
        QProcess process;
        process.setProcessEnvironment(environment());
        process.start(HONE_BINARY, arguments);
        if (!process.waitForFinished(2 * kMinute))
            process.kill();
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    /// Errors are one line: what, the value, a hint.
    static void isOneLine(const Outcome& outcome, int code, const QString& mentions) {
        QVERIFY2(outcome.code == code, qPrintable(QString("exit %1: %2").arg(outcome.code).arg(outcome.err)));
        const auto lines = outcome.err.trimmed().split('\n');
        QVERIFY2(lines.size() == 1, qPrintable(outcome.err));
        QVERIFY2(lines.front().startsWith("hone: "), qPrintable(outcome.err));
        QVERIFY2(lines.front().contains(mentions), qPrintable(outcome.err));
    }

    QString writeFile(const QString& name, const QByteArray& content) {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(name));
        return file.fileName();
    }

    static QByteArray get(const QUrl& url, const QByteArray& extra = {}) {
        QTcpSocket socket;
        socket.connectToHost(url.host(), static_cast<quint16>(url.port()));
        if (!socket.waitForConnected(5000))
            return {};
        socket.write("GET " + url.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority) +
                     " HTTP/1.1\r\nHost: " + url.host().toUtf8() + "\r\n" + extra +
                     "Connection: close\r\n\r\n");
        QByteArray answer;
        while (socket.waitForReadyRead(10'000))
            answer += socket.readAll();
        return answer + socket.readAll();
    }

    /// A thread of that name has used processor time (/proc/PID/task/TID/stat, field 14).
    static bool threadHasWorked(qint64 process, const char* name) {
        const QDir tasks(QStringLiteral("/proc/%1/task").arg(process));
        for (const QString& task : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            QFile stat(tasks.filePath(task + "/stat"));
            if (!stat.open(QIODevice::ReadOnly))
                continue;
            const QByteArray line = stat.readAll();
            const auto fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
            if (line.contains(QByteArray("(") + name + ")") && fields.size() > 11 && fields[11].toInt() > 0)
                return true;
        }
        return false;
    }

private slots:
    void withoutAProfileTheTogglesAreListedInOrder() {
        const auto outcome = hone({"toggles", "list", "--json"});
        QCOMPARE(outcome.code, 0);
        const auto all = json::parse(outcome.out.toStdString());
        QStringList ids;
        for (const auto& toggle : all)
            ids << QString::fromStdString(toggle["id"]);
        for (const auto* id : {"cache", "ratelimit", "encoding", "shaping"})
            QVERIFY2(ids.contains(id), id);
        for (std::size_t i = 1; i < all.size(); ++i)
            QVERIFY(all[i - 1]["number"] < all[i]["number"]);
    }

    void everyVerbHasHelp_data() {
        QTest::addColumn<QString>("verb");
        for (const auto* verb : {"serve", "bench", "compare", "attribute", "estimate", "gate", "export",
                                 "import", "toggles", "profile", "report", "gui"})
            QTest::newRow(verb) << QString(verb);
    }
    void everyVerbHasHelp() {
        QFETCH(QString, verb);
        const auto outcome = hone({verb, "--help"});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.out.contains("--json"));
    }

    void badInputIsRefusedInOneLine_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("unknown verb") << QStringList{"server"} << "server";
        QTest::newRow("unknown toggle") << QStringList{"serve", "--on", "cahce"} << "cache";
        QTest::newRow("unknown parameter") << QStringList{"serve", "--set", "cache.tll=3s"} << "ttl";
        QTest::newRow("out of range") << QStringList{"serve", "--set", "ratelimit.burst=-5"} << "-5";
        QTest::newRow("no such profile") << QStringList{"serve", "--profile", "nobody"} << "baseline";
        QTest::newRow("no such dataset") << QStringList{"serve", "--dataset", "nowhere.csv"} << "nowhere.csv";
        QTest::newRow("shop of two rows") << QStringList{"serve", "--dataset", "shop:2"} << "2";
        QTest::newRow("rate without sense") << QStringList{"bench", "/api", "--rate", "fast"} << "fast";
        QTest::newRow("duration without unit") << QStringList{"bench", "/api", "--duration", "10"} << "10";
        QTest::newRow("no such workload") << QStringList{"bench", "nothing"} << "nothing";
        QTest::newRow("report of unknown kind")
            << QStringList{"bench", "/api", "--report", "x.docx"} << "html";
        QTest::newRow("result that is not there") << QStringList{"report", "ZZZZ"} << "ZZZZ";
        QTest::newRow("toggle help for nobody") << QStringList{"toggles", "help", "chache"} << "cache";
    }
    void badInputIsRefusedInOneLine() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, mentions);
        isOneLine(hone(arguments), 2, mentions);
    }

    void aMalformedDatasetNamesFileLineColumnAndValue() {
        const auto ragged = writeFile("ragged.csv", "id,name\n1,a\n2,b,surplus\n");
        const auto outcome = hone({"serve", "--dataset", ragged});
        isOneLine(outcome, 2, "ragged.csv");
        QVERIFY2(outcome.err.contains("3"), qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains("surplus"), qPrintable(outcome.err));
    }

    void aPortInUseOffersAFreeOne() {
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost));
        const auto csv = writeFile("tiny.csv", "id,name\n1,a\n2,b\n");
        const auto outcome = hone({"serve", "--dataset", csv, "--port", QString::number(taken.serverPort())});
        isOneLine(outcome, 3, QString::number(taken.serverPort()));
        QVERIFY2(outcome.err.contains("--port") || outcome.err.contains("free"), qPrintable(outcome.err));
    }

    void anotherMachineNeedsAConfirmation() {
        const auto outcome = hone({"bench", "http://192.0.2.1/", "--duration", "1s"});
        isOneLine(outcome, 2, "192.0.2.1");
    }

    void servePrintsOneLineAndAnswersUntilItIsStopped() {
        const auto csv = writeFile("people.csv", "id,name,age\n1,Ada,36\n2,Grace,85\n");
        QProcess server;
        server.setProcessEnvironment(environment());
        server.start(HONE_BINARY, {"serve", "--dataset", csv, "--on", "shaping"});
        QVERIFY(server.waitForReadyRead(kMinute));
        const auto line = QString::fromUtf8(server.readLine()).trimmed();
        QVERIFY2(line.startsWith("listening on http://127.0.0.1:"), qPrintable(line));
        const QUrl url(line.section(' ', -1));

        const auto list = get(url.resolved(QUrl("/api/people?age:gt=40")));
        QVERIFY2(list.startsWith("HTTP/1.1 200"), list.left(200));
        QVERIFY(list.contains("Grace") && !list.contains("Ada"));
        QVERIFY(list.toLower().contains("server-timing:"));
        QVERIFY(get(url.resolved(QUrl("/api/nobody"))).contains("application/problem+json"));
        QVERIFY(get(url.resolved(QUrl("/_hone/profile"))).startsWith("HTTP/1.1 401"));

        server.terminate();
        QVERIFY(server.waitForFinished(kMinute));
        QCOMPARE(server.exitCode(), 0);
        QVERIFY(server.readAllStandardOutput().isEmpty());
    }

    void aBenchIsMeasuredReportedAndKept() {
        const auto csv = writeFile("people2.csv", "id,name\n1,Ada\n2,Grace\n");
        const auto html = m_dir.filePath("run.html");
        const auto outcome =
            hone({"bench", "/api/people2/1", "--dataset", csv, "--duration", "500ms", "--warmup", "100ms",
                  "--concurrency", "2", "--json", "--report", html, "--name", "short run"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        const auto run = json::parse(outcome.out.toStdString());
        QVERIFY(run["requests"].get<int>() > 0);
        QCOMPARE(run["errors"].get<int>(), 0);
        QFile report(html);
        QVERIFY(report.open(QIODevice::ReadOnly));
        const auto page = report.readAll();
        QVERIFY(page.contains("short run") && page.contains("<svg") && !page.contains("http://www"));

        const auto kept = hone({"report", "last", "--to", "md"});
        QCOMPARE(kept.code, 0);
        QVERIFY(kept.out.contains("short run"));
        QVERIFY(hone({"report", "last", "--to", "hgrm"}).out.contains("#[Mean"));
        QVERIFY(hone({"report"}).out.contains(QString::fromStdString(run["id"])));
    }

    void aComparisonFindsThatPagesSendFewerBytes() {
        QByteArray rows = "id,name\n";
        for (int i = 1; i <= 2000; ++i)
            rows += QByteArray::number(i) + ",name number " + QByteArray::number(i) + "\n";
        const auto csv = writeFile("rows.csv", rows);
        const auto paged =
            writeFile("paged.profile.json",
                      R"({"hone":1,"kind":"profile","name":"paged","toggles":{"shaping":{"on":true}}})");
        const auto outcome =
            hone({"compare", "--a", "baseline", "--b", paged, "/api/rows", "--dataset", csv, "--pairs", "6",
                  "--block", "150ms", "--warmup", "100ms", "--metric", "bytes", "--json", "--full"});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        const auto result = json::parse(outcome.out.toStdString());
        QCOMPARE(QString::fromStdString(result["verdict"]), QString("better"));
        bool seen = false;
        for (const auto& effect : result["effects"])
            if (effect["metric"] == "bytes") {
                seen = true;
                QVERIFY(effect["b"].get<double>() < effect["a"].get<double>() / 4);
            }
        QVERIFY(seen);
        QCOMPARE(result["blocks"].size(), std::size_t{12});
    }

    void anInterruptedBenchKeepsWhatItHasAndSaysPartial() {
        const auto csv = writeFile("people3.csv", "id,name\n1,Ada\n");
        QProcess bench;
        bench.setProcessEnvironment(environment());
        bench.start(HONE_BINARY, {"bench", "/api/people3/1", "--dataset", csv, "--duration", "60s",
                                  "--warmup", "0ms", "--json", "--name", "cut short"});
        QVERIFY(bench.waitForStarted());
        // Wait until the engine listens: the bench has no output before its end, its working copy is the
        // sign.
        QTRY_VERIFY_WITH_TIMEOUT(!QDir(m_dir.filePath("cache/hone/working")).isEmpty(), kMinute);
        // Some requests are measured: a generator thread has worked for a tick of the clock. How many does
        // not matter.
        QTRY_VERIFY_WITH_TIMEOUT(threadHasWorked(bench.processId(), "load-0"), kMinute);
        bench.terminate();
        QVERIFY(bench.waitForFinished(kMinute));
        QCOMPARE(bench.exitCode(), 0);
        const auto run = json::parse(bench.readAllStandardOutput().toStdString());
        QVERIFY(run["partial"].get<bool>());
        QVERIFY(hone({"report", "last", "--to", "md"}).out.contains("Partial"));
    }

    void aDiskThatIsFullIsSaidAndNothingHalfWrittenStays() {
        const auto csv = writeFile("people4.csv", "id,name\n1,Ada\n");
        QVERIFY(hone({"bench", "/api/people4/1", "--dataset", csv, "--duration", "200ms", "--warmup", "0ms",
                      "--name", "kept"})
                    .code == 0);
        const auto target = m_dir.filePath("full.html");
        QProcess shell;
        shell.setProcessEnvironment(environment());
        shell.start("bash",
                    {"-c", QString("ulimit -f 2; exec %1 report last -o %2").arg(HONE_BINARY, target)});
        QVERIFY(shell.waitForFinished(kMinute));
        const auto err = QString::fromUtf8(shell.readAllStandardError());
        QVERIFY2(shell.exitCode() == 3, qPrintable(err));
        QVERIFY2(err.startsWith("hone: ") && err.trimmed().count('\n') == 0, qPrintable(err));
        QVERIFY2(err.contains("hone.db") || err.contains("full.html"), qPrintable(err));
        QVERIFY(!QFile::exists(target));
        QVERIFY(QDir(m_dir.path()).entryList({"full.html*"}).isEmpty());
    }
};

QTEST_GUILESS_MAIN(CliTest)
#include "cli_test.moc"
