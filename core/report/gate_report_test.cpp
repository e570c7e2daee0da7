#include "core/report/gate_report.h"

#include <nlohmann/json.hpp>

#include <QXmlStreamReader>
#include <QtTest>

using namespace hone;
using namespace hone::report;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// Two requests, one of a hostile name; one check of each outcome.
model::GateResult gateOf() {
    model::GateResult gate;
    gate.run.name = gate.run.workload.name = "browse";
    gate.run.startedAt = std::chrono::system_clock::time_point(1'700'000'000s);
    gate.run.measuredS = 9;
    gate.run.warmupS = 1;
    gate.run.requests = 900;
    gate.run.errors = 9;
    gate.run.wireBytes = 90'000;
    gate.run.latency.recordN(10'000, 900);
    gate.run.byRequest = {
        {.name = "list", .requests = 300, .errors = 9, .bytes = 1, .latency = {}},
        {.name = "<one> & \"two\"", .requests = 600, .errors = 0, .bytes = 1, .latency = {}}};
    for (auto& request : gate.run.byRequest)
        request.latency.recordN(10'000, static_cast<std::int64_t>(request.requests));
    gate.rounds = {model::Round{.seconds = 4, .metrics = {{"p50", 9'000}, {"rps", 90}}},
                   model::Round{.seconds = 5, .metrics = {{"p50", 11'000}, {"rps", 110}}}};
    gate.checks = {
        {.name = "p95<20ms", .group = "browse", .observed = "10.0 ms", .limit = "< 20.0 ms", .metric = "p95"},
        {.name = "errors{<one> & \"two\"}<1%",
         .group = "<one> & \"two\"",
         .outcome = model::Check::Outcome::Failed,
         .observed = "1.5 %",
         .limit = "< 1 %",
         .note = "a | b",
         .metric = "errors"},
        {.kind = model::Check::Kind::Baseline,
         .name = "p99 latency against the baseline",
         .group = "browse",
         .outcome = model::Check::Outcome::Unclear,
         .observed = "+3 %",
         .limit = "within ±5 %",
         .note = "cannot tell",
         .metric = "p99"}};
    return gate;
}

}  // namespace

class GateReportTest : public QObject {
    Q_OBJECT
private slots:
    void writesJUnitThatParsesWithOneCasePerCheck();
    void countsUnclearAsFailureWhenStrict();
    void putsTheVerdictFirstInMarkdown();
    void keepsHostileNamesOutOfMarkup();
    void writesEntriesForGithubActionBenchmark();
    void writesBencherMetricsInNanoseconds();
    void printsALinePerCheckForATerminal();
};

void GateReportTest::writesJUnitThatParsesWithOneCasePerCheck() {
    QXmlStreamReader xml(QByteArray::fromStdString(junit(gateOf())));
    QStringList cases, failures;
    int skipped = 0;
    double seconds = 0;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == u"testsuite") {
            QCOMPARE(xml.attributes().value("tests"), u"3");
            QCOMPARE(xml.attributes().value("failures"), u"1");
            QCOMPARE(xml.attributes().value("skipped"), u"1");
            QCOMPARE(xml.attributes().value("timestamp"), u"2023-11-14T22:13:20");
        } else if (xml.name() == u"testcase") {
            cases << xml.attributes().value("name").toString();
            seconds += xml.attributes().value("time").toDouble();
        } else if (xml.name() == u"failure") {
            failures << xml.readElementText();
        } else if (xml.name() == u"skipped") {
            ++skipped;
        }
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QCOMPARE(cases.size(), 3);
    QCOMPARE(cases[1], QString("errors{<one> & \"two\"}<1%"));
    QCOMPARE(failures, QStringList{"observed: 1.5 %\nlimit: < 1 %\na | b"});
    QCOMPARE(skipped, 1);
    QVERIFY(std::abs(seconds - 10) < 0.01);
}

void GateReportTest::countsUnclearAsFailureWhenStrict() {
    auto gate = gateOf();
    gate.strict = true;
    const auto text = junit(gate);
    QVERIFY(text.contains("failures=\"2\"") && text.contains("skipped=\"0\""));
    QVERIFY(gateSentence(gate).starts_with("failed: 2 of 3"));
}

void GateReportTest::putsTheVerdictFirstInMarkdown() {
    const auto text = gateMarkdown(gateOf());
    QVERIFY2(text.starts_with("### ❌ failed: 1 of 3 checks"), text.c_str());
    QVERIFY(text.contains("| ✓ | p95&lt;20ms | 10.0 ms |"));
    QVERIFY(text.contains("<details>"));
    QVERIFY(text.size() < 1'000'000);
    model::GateResult good = gateOf();
    good.checks.resize(1);
    QVERIFY(gateMarkdown(good).starts_with("### ✅ passed: 1 check\n"));
    good.checks.clear();
    QCOMPARE(gateSentence(good), std::string("measured: nothing was to be checked"));
}

void GateReportTest::keepsHostileNamesOutOfMarkup() {
    const auto text = gateMarkdown(gateOf());
    QVERIFY(!text.contains("<one>"));
    QVERIFY(text.contains("a \\| b"));
    auto gate = gateOf();
    gate.checks[0].name = "p95\x1b[2J";
    QVERIFY(!gateTable(gate, false).contains('\x1b'));
    QVERIFY(!junit(gate).contains('\x1b'));
}

void GateReportTest::writesEntriesForGithubActionBenchmark() {
    const auto all = json::parse(githubBenchmark(gateOf()));
    QVERIFY(all.is_array());
    QCOMPARE(all[0]["name"], "browse p50");
    QCOMPARE(all[0]["unit"], "ms");
    QVERIFY(std::abs(all[0]["value"].get<double>() - 10) < 0.01);
    QCOMPARE(all[0]["range"], "9 … 11");
    for (const auto& one : all)
        QVERIFY(one["name"].is_string() && one["unit"].is_string() && one["value"].is_number());
    const auto name = [](const json& one) { return one["name"] == "browse errors"; };
    const auto errors = std::ranges::find_if(all, name);
    QVERIFY(errors != all.end());
    QCOMPARE((*errors)["value"], 1.0);
    QCOMPARE(all.back()["name"], "browse · <one> & \"two\" p95");
}

void GateReportTest::writesBencherMetricsInNanoseconds() {
    const auto all = json::parse(bencherMetrics(gateOf()));
    QVERIFY(std::abs(all["browse"]["latency"]["value"].get<double>() - 1e7) < 1e4);
    QCOMPARE(all["browse"]["latency"]["lower_value"], 9e6);
    QCOMPARE(all["browse"]["throughput"]["value"], 100.0);
    QCOMPARE(all["browse"]["error-rate"]["value"], 0.01);
    QVERIFY(all.contains("browse / list"));
}

void GateReportTest::printsALinePerCheckForATerminal() {
    const auto text = gateTable(gateOf(), false);
    QVERIFY(text.contains("✓ p95<20ms") && text.contains("? p99 latency"));
    QVERIFY(text.contains("✗ errors{<one> & \"two\"}<1%"));
    QVERIFY(gateTable(gateOf(), true).contains("\x1b[31m✗"));
}

QTEST_GUILESS_MAIN(GateReportTest)
#include "gate_report_test.moc"
