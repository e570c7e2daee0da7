#include "core/interop/script.h"

#include <yaml-cpp/yaml.h>
#include <nlohmann/json.hpp>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <set>

using namespace hone;
using namespace hone::interop;
using namespace std::chrono_literals;

namespace {

model::Workload browse() {
    model::Workload workload;
    workload.name = "browse";
    workload.requests = {{.name = "list",
                          .url = "/api/cities?limit=100",
                          .headers = {{"Accept", "application/json"}},
                          .weight = 2},
                         {.name = "city",
                          .url = "/api/cities/{{id}}",
                          .headers = {{"Accept", "application/json"}},
                          .weight = 7},
                         {.name = "write",
                          .method = "POST",
                          .url = "/api/cities",
                          .body = "{\"name\": \"{{town}}\"}",
                          .weight = 0.5}};
    workload.variables["id"] = {.first = 1, .last = 150'000, .draw = model::Variable::Draw::Zipf};
    workload.variables["town"] = {.values = {"Oslo", "It's \"Rome\""},
                                  .draw = model::Variable::Draw::Sequential};
    workload.model = model::LoadModel::Open;
    return workload;
}

ExportOptions optionsOf(std::initializer_list<const char*> thresholds) {
    ExportOptions options;
    options.samples = 6;
    for (const char* text : thresholds)
        options.thresholds.push_back(*model::parseThreshold(text));
    return options;
}

ExportOptions allThresholds() {
    return optionsOf({"p95<20ms", "p95{city}<15ms", "errors<0.1%", "rps>400", "bytes<30KiB",
                      "apdex(50ms)>0.9", "cpu<50us"});
}

std::string exported(const model::Workload& workload, Tool tool, const ExportOptions& options) {
    auto text = exportWorkload(workload, tool, options);
    if (!text)
        qFatal("%s", text.error().line().c_str());
    return *text;
}

QString goldenFile(Tool tool) {
    return QString(HONE_SOURCE_DIR "/tests/golden/interop/browse.") +
           QString::fromStdString(std::string(toolId(tool))) +
           QString::fromStdString(std::string(fileEnding(tool)));
}

}  // namespace

class ExportTest : public QObject {
    Q_OBJECT
private slots:
    void equalsItsGoldenFile_data();
    void equalsItsGoldenFile();
    void namesWhatAToolCannotDo_data();
    void namesWhatAToolCannotDo();
    void readsAsTheLanguageOfTheTool_data();
    void readsAsTheLanguageOfTheTool();
    void keepsHostileTextInsideLiterals_data();
    void keepsHostileTextInsideLiterals();
    void drawsByPopularity();
    void makesWholeWeightsInProportion();
    void refusesWhatCannotBeExported();
};

void ExportTest::equalsItsGoldenFile_data() {
    QTest::addColumn<int>("tool");
    for (const Tool tool : kTools)
        QTest::newRow(std::string(toolId(tool)).c_str()) << static_cast<int>(tool);
}

/// HONE_RENEW_GOLDEN=1 writes the files instead.
void ExportTest::equalsItsGoldenFile() {
    QFETCH(int, tool);
    const auto text = QByteArray::fromStdString(exported(browse(), static_cast<Tool>(tool), allThresholds()));
    QFile file(goldenFile(static_cast<Tool>(tool)));
    if (qEnvironmentVariableIsSet("HONE_RENEW_GOLDEN")) {
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
        return;
    }
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
    const auto expected = file.readAll().split('\n'), actual = text.split('\n');
    for (qsizetype i = 0; i < std::min(expected.size(), actual.size()); ++i)
        QCOMPARE(actual[i], expected[i]);
    QCOMPARE(actual.size(), expected.size());
}

void ExportTest::namesWhatAToolCannotDo_data() {
    QTest::addColumn<int>("tool");
    QTest::addColumn<QString>("note");
    const auto row = [](Tool tool, const char* note) {
        QTest::newRow((std::string(toolId(tool)) + note).c_str()) << static_cast<int>(tool) << QString(note);
    };
    row(Tool::K6, "no Poisson arrivals");
    row(Tool::K6, "Not mapped: cpu<50us");
    row(Tool::Locust, "no open loop");
    row(Tool::Gatling, "Not mapped: apdex(50ms)>0.9");
    row(Tool::Artillery, "Not mapped: apdex(50ms)>0.9");
    row(Tool::Wrk, "no open loop");
    row(Tool::Wrk, "Not mapped: p95{city}<15ms");
    row(Tool::Oha, "Left out: 1 of 3 requests");
    row(Tool::H2load, "Left out: 1 of 3 requests");
    row(Tool::Curl, "curl has no thresholds");
}

void ExportTest::namesWhatAToolCannotDo() {
    QFETCH(int, tool);
    QFETCH(QString, note);
    const auto text = QString::fromStdString(exported(browse(), static_cast<Tool>(tool), allThresholds()));
    QVERIFY2(text.contains(note), qPrintable(text.left(1500)));
}

void ExportTest::readsAsTheLanguageOfTheTool_data() {
    QTest::addColumn<int>("tool");
    QTest::addColumn<QStringList>("checker");  // %1: the file
    const auto row = [](Tool tool, QStringList checker) {
        QTest::newRow(std::string(toolId(tool)).c_str()) << static_cast<int>(tool) << checker;
    };
    row(Tool::K6, {"node", "--check", "%1"});
    row(Tool::Locust, {"python3", "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", "%1"});
    for (const Tool tool : {Tool::Wrk, Tool::Oha, Tool::H2load, Tool::Curl})
        row(tool, {"sh", "-n", "%1"});
}

void ExportTest::readsAsTheLanguageOfTheTool() {
    QFETCH(int, tool);
    QFETCH(QStringList, checker);
    QTemporaryDir dir;
    // Modules end in .mjs for node.
    const auto ending = static_cast<Tool>(tool) == Tool::K6 ? "mjs" : "txt";
    QFile file(dir.filePath(QString("script.") + ending));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(exported(browse(), static_cast<Tool>(tool), allThresholds())));
    file.close();
    QStringList arguments = checker.mid(1);
    arguments.replaceInStrings("%1", file.fileName());
    QProcess process;
    process.start(checker[0], arguments);
    if (!process.waitForStarted())
        QSKIP(qPrintable(checker[0] + " is not installed: the script's syntax is NOT checked here"));
    QVERIFY(process.waitForFinished(60'000));
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
}

void ExportTest::keepsHostileTextInsideLiterals_data() { equalsItsGoldenFile_data(); }

void ExportTest::keepsHostileTextInsideLiterals() {
    QFETCH(int, tool);
    model::Workload workload = browse();
    workload.variables.clear();
    workload.name = "x\nrm -rf /tmp/x";
    workload.requests = {{.name = "a\"b'c\\\n", .url = "/x?q='$(id)`id`\nEND_OF_URLS\n\"", .weight = 1}};
    const auto text = QString::fromStdString(exported(workload, static_cast<Tool>(tool), {}));
    for (const auto& line : text.split('\n')) {
        QVERIFY2(!line.startsWith("rm "), qPrintable(line));
        QVERIFY2(line != "\"", qPrintable(text));
    }
    const auto ends = text.split('\n').count("END_OF_URLS");
    const bool isList = static_cast<Tool>(tool) == Tool::Oha || static_cast<Tool>(tool) == Tool::H2load;
    // curl's script holds the URL in single quotes, where a line break is a line break.
    if (static_cast<Tool>(tool) != Tool::Curl)
        QCOMPARE(ends, isList ? 1 : 0);
    if (static_cast<Tool>(tool) == Tool::Artillery) {
        const auto yaml = YAML::Load(text.toStdString());
        QCOMPARE(yaml["scenarios"][0]["name"].as<std::string>(), workload.requests[0].name);
        QCOMPARE(yaml["scenarios"][0]["flow"][0]["get"]["url"].as<std::string>(), workload.requests[0].url);
    }
}

void ExportTest::drawsByPopularity() {
    model::Variable variable{.first = 1, .last = 100, .draw = model::Variable::Draw::Zipf, .skew = 1.0};
    const auto count = [&](const std::string& value) {
        const auto values = sampledValues(variable, 10'000, 3);
        return static_cast<double>(std::ranges::count(values, value));
    };
    // 1/k over the harmonic number of 100, 5.187.
    QVERIFY(std::abs(count("1") - 1928) < 150);
    QVERIFY(std::abs(count("2") - 964) < 110);
    variable.last = 50'000'000;
    const auto far = sampledValues(variable, 1'000, 3);
    QVERIFY(std::ranges::count(far, "1") > 20);
    variable = {
        .first = 1, .last = 100, .draw = model::Variable::Draw::HotSet, .hotShare = 0.9, .hotKeys = 0.1};
    double hot = 0;
    for (const auto& value : sampledValues(variable, 10'000, 5))
        hot += std::stoi(value) <= 10 ? 1 : 0;
    QVERIFY(std::abs(hot - 9'000) < 150);
    variable = {.values = {"a", "b"}, .draw = model::Variable::Draw::Sequential};
    QCOMPARE(sampledValues(variable, 3, 1), (std::vector<std::string>{"a", "b", "a"}));
    QCOMPARE(drawnRequests(browse(), 50).size(), std::size_t(50));
}

void ExportTest::makesWholeWeightsInProportion() {
    QCOMPARE(wholeWeights(browse()), (std::vector<int>{4, 14, 1}));
    model::Workload workload = browse();
    workload.requests[0].weight = 1e9;
    const auto weights = wholeWeights(workload);
    QVERIFY(weights[0] <= 10'000 && weights[2] == 1);
}

void ExportTest::refusesWhatCannotBeExported() {
    QVERIFY(!toolFrom("jmeter"));
    QVERIFY(toolFrom("jmeter").error().hint.contains("artillery"));
    QVERIFY(!exportWorkload({}, Tool::K6, {}));
    ExportOptions options;
    options.target = "ftp://x";
    QVERIFY(!exportWorkload(browse(), Tool::K6, options));
    options.target = "http://x/$(id)";
    QVERIFY(!exportWorkload(browse(), Tool::Wrk, options));
    QVERIFY(!exportWorkload(browse(), Tool::K6, optionsOf({"p95{nobody}<1s"})));
    model::Workload workload = browse();
    workload.requests = {workload.requests[2]};
    const auto refused = exportWorkload(workload, Tool::Oha, {});
    QVERIFY(!refused && refused.error().what.contains("\"write\""));
}

QTEST_GUILESS_MAIN(ExportTest)
#include "export_test.moc"
