#include "core/report/report.h"

#include "core/report/escape.h"
#include "core/report/figures.h"

#include <QTemporaryDir>
#include <QtTest>

#include <sys/resource.h>

#include <csignal>
#include <filesystem>

using namespace hone;

namespace {

constexpr char kHostile[] = "<script>alert(1)</script>|=cmd()\n\"'`&";

model::RunResult someRun() {
    model::RunResult run;
    run.id = "R1";
    run.name = kHostile;
    run.profile.name = "tuned";
    run.workload.name = "Browse";
    run.workload.requests.push_back({.name = kHostile, .url = "/api"});
    run.measuredS = 2;
    run.requests = 1000;
    for (int i = 1; i <= 1000; ++i)
        run.latency.record(i * 10);
    run.byRequest = {{.name = kHostile, .requests = 600}, {.name = "other", .requests = 400}};
    run.series = {
        {.startS = 0, .lengthS = 1, .warmup = true, .requests = 400, .p50Us = 10, .p95Us = 20, .p99Us = 30},
        {.startS = 1, .lengthS = 1, .requests = 500, .p50Us = 10, .p95Us = 20, .p99Us = 30}};
    run.warnings = {kHostile};
    return run;
}

model::Comparison someComparison() {
    model::Comparison comparison;
    comparison.id = "C1";
    comparison.name = kHostile;
    comparison.a = comparison.b = someRun();
    comparison.sentence = kHostile;
    model::Effect effect;
    effect.metric = "p95";
    effect.title = "p95 latency";
    effect.a = 2000;
    effect.b = 1380;
    effect.paired = {.pairs = 10, .ratio = 0.69, .lo = 0.66, .hi = 0.72};
    effect.verdict = stats::Verdict::Better;
    comparison.effects.push_back(effect);
    for (int i = 0; i < 4; ++i)
        comparison.blocks.push_back(
            {.pair = i / 2, .arm = i % 2, .order = i, .seconds = 1, .metrics = {{"p95", 1000.0 + i}}});
    comparison.answerDifferences.push_back(
        {.request = kHostile, .explanation = kHostile, .a = kHostile, .b = "x"});
    return comparison;
}

void hasNothingForeign(const std::string& page) {
    QVERIFY(page.starts_with("<!DOCTYPE html>"));
    QVERIFY(page.find("<script") == std::string::npos);
    QVERIFY(page.find("src=") == std::string::npos);
    QVERIFY(page.find("href=") == std::string::npos);
    QVERIFY(page.find("url(") == std::string::npos);
    QVERIFY(page.find("&lt;script&gt;") != std::string::npos);
    QVERIFY(page.find("<svg") != std::string::npos);
}

}  // namespace

class ReportTest : public QObject {
    Q_OBJECT
private slots:
    void hostileNamesCannotEscapeIntoHtml() {
        hasNothingForeign(report::render(someRun(), report::Format::Html));
        hasNothingForeign(report::render(someComparison(), report::Format::Html));
    }

    void hostileNamesCannotEscapeIntoMarkdownTables() {
        const auto text = report::render(someComparison(), report::Format::Markdown);
        QVERIFY(text.find("<script") == std::string::npos);
        QVERIFY(text.find("\\|=cmd") != std::string::npos);
    }

    void spreadsheetsSeeTextNotFormulas() {
        QCOMPARE(report::csvField("=1+1"), std::string("'=1+1"));
        QCOMPARE(report::csvField("@x,y"), std::string("\"'@x,y\""));
        QCOMPARE(report::csvField("-12.5"), std::string("-12.5"));
        QCOMPARE(report::csvField("+1e-3"), std::string("+1e-3"));
        QCOMPARE(report::csvField("-2+3"), std::string("'-2+3"));
        QCOMPARE(report::csvField("--1"), std::string("'--1"));
        QCOMPARE(report::csvField("say \"hi\""), std::string("\"say \"\"hi\"\"\""));
    }

    void csvHasARowAnIntervalOrABlock() {
        const auto run = report::render(someRun(), report::Format::Csv);
        QCOMPARE(std::ranges::count(run, '\n'), 3);
        QVERIFY(run.find("warm-up") != std::string::npos);
        const auto comparison = report::render(someComparison(), report::Format::Csv);
        QCOMPARE(std::ranges::count(comparison, '\n'), 5);
    }

    void jsonReadsBack() {
        const auto text = report::render(someComparison(), report::Format::Json);
        const auto back = model::Comparison::fromJson(nlohmann::json::parse(text));
        QVERIFY(back.has_value());
        QCOMPARE(back->name, std::string(kHostile));
        QCOMPARE(back->a.latency.quantile(0.95), someRun().latency.quantile(0.95));
    }

    void hgrmIsTheLayoutOtherToolsRead() {
        const auto text = report::render(someRun(), report::Format::Hgrm);
        QVERIFY(text.find("Percentile") != std::string::npos);
        QVERIFY(text.find("#[Max     =") != std::string::npos);
    }

    void theTerminalTableCannotBeSteeredByNames() {
        auto comparison = someComparison();
        comparison.sentence = "evil \033[2J";
        const auto table = report::terminalTable(comparison, false);
        QVERIFY(table.find('\033') == std::string::npos);
        QVERIFY(table.find("p95 latency") != std::string::npos);
    }

    void largeChangesAreFactors() {
        QCOMPARE(report::changeText(0.002), std::string("÷500"));
        QCOMPARE(report::changeText(41.0), std::string("×41.0"));
        QVERIFY(report::changeText(0.69).find('%') != std::string::npos);
    }

    void anUnknownKindListsTheKnown() {
        QCOMPARE(*report::formatFrom("a/b.HTML.md"), report::Format::Markdown);
        const auto refused = report::formatFrom("x.docx");
        QVERIFY(!refused.has_value());
        QVERIFY(refused.error().hint.find("html") != std::string::npos);
    }

    void aFileAppearsWholeOrNotAtAll() {
        QTemporaryDir dir;
        const auto target = std::filesystem::path(dir.filePath("r.md").toStdString());
        QVERIFY(report::writeFile(target, "whole").has_value());
        const auto refused = report::writeFile("/proc/nowhere/r.md", "x");
        QVERIFY(!refused.has_value());
        QVERIFY(refused.error().what.find("/proc/nowhere/r.md") != std::string::npos);
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files), QStringList{"r.md"});
    }

    void aFullDiskLeavesTheOldFileAsItWas() {
        QTemporaryDir dir;
        const auto target = std::filesystem::path(dir.filePath("r.md").toStdString());
        QVERIFY(report::writeFile(target, "old").has_value());
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        const rlimit small{1024, before.rlim_max};
        signal(SIGXFSZ, SIG_IGN);
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto refused = report::writeFile(target, std::string(100'000, 'x'));
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, Error::ResourceExhausted);
        QCOMPARE(std::filesystem::file_size(target), std::uintmax_t{3});
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files), QStringList{"r.md"});
    }
};

QTEST_GUILESS_MAIN(ReportTest)
#include "report_test.moc"
