#include "core/interop/script.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace hone;
using namespace hone::interop;
using namespace std::chrono_literals;
using model::WorkloadCheck;

namespace {

/// Everything a workload can say beyond weights and one rate.
model::Workload rich() {
    model::Workload workload;
    workload.name = "rich";
    workload.requests = {
        {.name = "list",
         .url = "/api/cities",
         .checks = {{.expected = 200},
                    {.subject = WorkloadCheck::Subject::Header,
                     .relation = WorkloadCheck::Relation::Exists,
                     .name = "ETag",
                     .expected = {}},
                    {.subject = WorkloadCheck::Subject::Body,
                     .relation = WorkloadCheck::Relation::Contains,
                     .name = {},
                     .expected = "Rome"},
                    {.subject = WorkloadCheck::Subject::Json, .name = "$[0].id", .expected = 7},
                    {.subject = WorkloadCheck::Subject::Json, .name = "$[-1].id", .expected = 8}}}};
    workload.model = model::LoadModel::Open;
    workload.stages = {{10s, 0, 100}, {20s, 100, 100}, {5s, 400, 400}};
    workload.duration = 35s;
    workload.tls.verify = false;
    workload.http = model::HttpVersion::Http2;
    workload.streams = 4;
    return workload;
}

QString exported(const model::Workload& workload, Tool tool, const char* target = "https://127.0.0.1:8443") {
    auto text = exportWorkload(workload, tool, {.target = target, .thresholds = {}, .samples = 3});
    if (!text)
        qFatal("%s", text.error().line().c_str());
    return QString::fromStdString(*text);
}

void addTools() {
    QTest::addColumn<int>("tool");
    for (const Tool tool : kTools)
        QTest::newRow(std::string(toolId(tool)).c_str()) << static_cast<int>(tool);
}

}  // namespace

/// Stages, protocol, trust and checks: carried over where the tool can, named where it cannot.
class ExportPartsTest : public QObject {
    Q_OBJECT
private slots:
    void carriesWhatTheToolCan_data();
    void carriesWhatTheToolCan();
    void namesWhatIsLost_data();
    void namesWhatIsLost();
    void isStillAScript_data();
    void isStillAScript();
    void aPlainWorkloadLosesNothing_data() { addTools(); }
    void aPlainWorkloadLosesNothing();
    void toolsWithoutStagesGetTheMeanRate();
};

void ExportPartsTest::carriesWhatTheToolCan_data() {
    QTest::addColumn<int>("tool");
    QTest::addColumn<QString>("text");
    const auto row = [](Tool tool, const char* text) {
        QTest::newRow((std::string(toolId(tool)) + ": " + text).c_str())
            << static_cast<int>(tool) << QString(text);
    };
    row(Tool::K6, "executor: 'ramping-arrival-rate'");
    row(Tool::K6, "startRate: 0,");
    row(Tool::K6, "{ target: 100, duration: '10s' }");
    row(Tool::K6, "{ target: 400, duration: '0s' }");  // A jump.
    row(Tool::K6, "maxVUs: 400,");
    row(Tool::K6, "insecureSkipTLSVerify: true");
    row(Tool::K6, "import { check, sleep } from 'k6'");
    row(Tool::K6, "(r) => r.status === 200");
    row(Tool::K6, "(r) => field(r, \"ETag\") !== undefined");
    row(Tool::K6, "(r) => String(r.body).includes(\"Rome\")");
    row(Tool::Gatling, "rampUsersPerSec(0).to(100).during(Duration.ofMillis(10000))");
    row(Tool::Gatling, "constantUsersPerSec(400).during(Duration.ofMillis(5000))");
    row(Tool::Gatling, ".enableHttp2()");
    row(Tool::Gatling, ".check(status().is(200))");
    row(Tool::Gatling, ".check(substring(\"Rome\").exists())");
    row(Tool::Gatling, ".check(jsonPath(\"$[0].id\").is(\"7\"))");
    row(Tool::Artillery, "arrivalRate: 0\n      rampTo: 100");
    row(Tool::Artillery, "rejectUnauthorized: false");
    row(Tool::Artillery, "- statusCode: 200");
    row(Tool::Artillery, "- hasHeader: \"ETag\"");
    row(Tool::Oha, "--insecure --http2 -p 4");
    row(Tool::H2load, "h2load -m 4 ");
    row(Tool::Curl, "ask --insecure --http2 ");
}

void ExportPartsTest::carriesWhatTheToolCan() {
    QFETCH(int, tool);
    QFETCH(QString, text);
    const auto script = exported(rich(), static_cast<Tool>(tool));
    QVERIFY2(script.contains(text), qPrintable(script));
}

void ExportPartsTest::namesWhatIsLost_data() {
    QTest::addColumn<int>("tool");
    QTest::addColumn<QString>("note");
    const auto row = [](Tool tool, const char* note) {
        QTest::newRow((std::string(toolId(tool)) + ": " + note).c_str())
            << static_cast<int>(tool) << QString(note);
    };
    row(Tool::K6, "Not mapped: the check \"$[-1].id is 8\" of \"list\"");
    row(Tool::Artillery, "Not mapped: the check \"body contains");
    row(Tool::Artillery, "Left out: HTTP/2 with 4 streams");
    for (const Tool tool : {Tool::Locust, Tool::Wrk, Tool::Oha, Tool::H2load})
        row(tool, "Left out: the stages 10s:0/s..100/s");
    for (const Tool tool : kTools) {
        row(tool, "Left out: {{token}}, taken from answers to \"list\"");
        row(tool, "Left out: clients that cache");
        row(tool, "Not mapped: connections without TLS resumption");
    }
}

void ExportPartsTest::namesWhatIsLost() {
    QFETCH(int, tool);
    QFETCH(QString, note);
    auto workload = rich();
    workload.requests[0].extract = {{.name = "token", .where = "$.token"}};
    workload.clientCache = true;
    workload.tls.resume = false;
    const auto script = exported(workload, static_cast<Tool>(tool));
    QVERIFY2(script.contains(note), qPrintable(script.left(2500)));
}

void ExportPartsTest::isStillAScript_data() {
    QTest::addColumn<int>("tool");
    QTest::addColumn<QStringList>("checker");  // %1: the file
    QTest::newRow("k6") << static_cast<int>(Tool::K6) << QStringList{"node", "--check", "%1"};
    QTest::newRow("locust") << static_cast<int>(Tool::Locust)
                            << QStringList{"python3", "-c", "import ast,sys; ast.parse(open('%1').read())"};
    for (const Tool tool : {Tool::Wrk, Tool::Oha, Tool::H2load, Tool::Curl})
        QTest::newRow(std::string(toolId(tool)).c_str())
            << static_cast<int>(tool) << QStringList{"sh", "-n", "%1"};
}

void ExportPartsTest::isStillAScript() {
    QFETCH(int, tool);
    QFETCH(QStringList, checker);
    const QTemporaryDir folder;
    // A module, as k6 reads it.
    const auto path = folder.filePath(tool == static_cast<int>(Tool::K6) ? "script.mjs" : "script");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(exported(rich(), static_cast<Tool>(tool)).toUtf8());
    file.close();
    QStringList arguments = checker.mid(1);
    for (auto& argument : arguments)
        argument.replace("%1", path);
    QProcess process;
    process.start(checker[0], arguments);
    if (!process.waitForStarted()) {
        if (qEnvironmentVariableIsSet("CI"))
            QFAIL(qPrintable(checker[0] + " is not installed"));
        QSKIP(qPrintable(checker[0] + " is not installed: the script's syntax is NOT checked here"));
    }
    QVERIFY(process.waitForFinished());
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
}

void ExportPartsTest::aPlainWorkloadLosesNothing() {
    QFETCH(int, tool);
    model::Workload workload;
    workload.requests = {{.name = "list", .url = "/api/cities"}};
    const auto script = exported(workload, static_cast<Tool>(tool), "http://127.0.0.1:8080");
    QVERIFY2(!script.contains("Left out") && !script.contains("Not mapped"), qPrintable(script.left(2000)));
}

void ExportPartsTest::toolsWithoutStagesGetTheMeanRate() {
    // (10 s · 50 + 20 s · 100 + 5 s · 400) / 35 s
    QVERIFY(exported(rich(), Tool::Oha).contains("-q 129 "));
    QVERIFY(exported(rich(), Tool::Wrk).contains("wrk2 adds -R 128.57"));
}

QTEST_GUILESS_MAIN(ExportPartsTest)
#include "export_parts_test.moc"
