#include "core/report/attribution_tables.h"
#include "core/report/report.h"

#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::report;

namespace {

model::Attribution sample() {
    model::Attribution a;
    a.id = "01TEST";
    a.name = "What <cache> earns";
    a.toggles = {"cache", "encoding"};
    a.workload.name = "=cmd|calc";
    model::AttributionStage stage{.kind = "resolve", .design = "full 2^2", .toggles = {"cache", "encoding"}};
    stage.plannedReplicates = stage.replicates = 1;
    for (int cell = 0; cell < 4; ++cell)
        stage.runs.push_back({.order = cell,
                              .cell = cell,
                              .setting = static_cast<std::uint32_t>(cell),
                              .seconds = 1,
                              .requests = 1000,
                              .metrics = {{"p95", 4000.0 / (cell + 1)}, {"bytes", 100}}});
    model::AttributionMetric p95{.metric = "p95",
                                 .title = "p95 latency",
                                 .none = 4000,
                                 .all = 1000,
                                 .errorSource = "replicates",
                                 .df = 6,
                                 .smallestEffect = 0.03};
    p95.effects = {{.toggles = {"cache"},
                    .ratio = 0.5,
                    .lo = 0.45,
                    .hi = 0.55,
                    .pHolm = 0.0003,
                    .verdict = stats::Verdict::Better},
                   {.toggles = {"encoding"}, .ratio = 0.5, .lo = 0, .hi = INFINITY},
                   {.toggles = {"cache", "encoding"}, .ratio = 1.05, .lo = 1.03, .hi = 1.07, .pHolm = 0.001}};
    p95.shares = {{.toggle = "cache", .ratio = 0.5, .lo = 0.4, .hi = 0.6, .amount = -2000, .part = 0.5},
                  {.toggle = "encoding", .ratio = 0.5, .lo = 0.4, .hi = 0.6, .amount = -1000, .part = 0.5}};
    stage.metrics = {p95};
    a.stages = {stage};
    a.waterfall = p95.shares;
    a.decisions = {{.toggle = "cache", .recommended = true, .reason = "p95 −50 %"},
                   {.toggle = "encoding", .recommended = true, .reason = "p95 −50 %"}};
    a.predicted = {{.metric = "p95",
                    .title = "p95 latency",
                    .from = 4000,
                    .to = 1000,
                    .ratio = 0.25,
                    .lo = 0.2,
                    .hi = 0.3}};
    a.warnings = {"<b>careful</b>"};
    a.sentence = model::describe(a);
    return a;
}

model::Sweep sampleSweep() {
    model::Sweep sweep;
    sweep.name = "cache.ttl over its values";
    sweep.toggle = "cache";
    sweep.param = "ttl";
    sweep.values = {"1s", "10s", "60s"};
    sweep.positions = {1, 10, 60};
    sweep.numeric = true;
    sweep.replicates = sweep.plannedReplicates = 1;
    for (int point = 0; point < 3; ++point)
        sweep.runs.push_back({.order = point, .point = point, .requests = 10, .metrics = {{"p95", 900}}});
    sweep.curves = {{.metric = "p95",
                     .title = "p95 latency",
                     .points = {{.value = 900, .lo = 850, .hi = 950, .toBest = 2.25},
                                {.value = 405, .lo = 400, .hi = 410, .toBest = 1.0125},
                                {.value = 400, .lo = 395, .hi = 405}},
                     .best = 2,
                     .enough = 1,
                     .knee = 1}};
    sweep.sentence = model::describe(sweep);
    return sweep;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

class AttributionReportTest : public QObject {
    Q_OBJECT
private slots:
    void everyDocumentHasTheSentenceAndTheShares();
    void foreignTextIsHarmless();
    void aRowARunSaysWhatWasOn();
    void theWaterfallHasABarForEveryStep();
    void jsonReadsBack();
    void nothingRecommendedNeedsNoWaterfall();
    void aSweepIsATableAndACurve();
    void aTableAlignsCharactersNotBytes();
};

void AttributionReportTest::everyDocumentHasTheSentenceAndTheShares() {
    const auto attribution = sample();
    for (const auto format : {Format::Html, Format::Markdown}) {
        const auto text = render(attribution, format);
        QVERIFY(holds(text, "Turn on cache and encoding"));
        QVERIFY(holds(text, "Shapley shares of p95"));
        QVERIFY(holds(text, "cache × encoding"));
        QVERIFY(holds(text, "all of it"));
    }
    const auto terminal = terminalTable(attribution, false);
    QVERIFY(holds(terminal, "Main effects on p95 (full 2^2)") && holds(terminal, "Interactions on p95"));
    QVERIFY(!holds(terminal, "\033["));
    QVERIFY(holds(terminalTable(attribution, true), "\033[32m"));
}

void AttributionReportTest::foreignTextIsHarmless() {
    const auto page = render(sample(), Format::Html);
    QVERIFY(!holds(page, "<cache>") && holds(page, "&lt;cache&gt;"));
    QVERIFY(!holds(page, "<b>careful"));
    QVERIFY(!holds(page, "<script"));
    QVERIFY(holds(render(sample(), Format::Markdown), "&lt;b\\>careful"));
    auto hostile = sample();
    hostile.sentence = "a\033[2Jb";
    QVERIFY(!holds(terminalTable(hostile, false), "\033"));
}

void AttributionReportTest::aRowARunSaysWhatWasOn() {
    const auto csv = render(sample(), Format::Csv);
    QVERIFY(csv.starts_with(
        "stage,replicate,order,cell,cache,encoding,start_s,seconds,requests,errors,bytes,p95\n"));
    QVERIFY(holds(csv, "resolve,1,3,3,0,1,0.000,1.000,1000,0,100,1333.33\n"));
    QCOMPARE(std::ranges::count(csv, '\n'), 5);
}

void AttributionReportTest::theWaterfallHasABarForEveryStep() {
    const auto svg = svgWaterfall(sample());
    std::size_t bars = 0;
    for (auto at = svg.find("<rect"); at != std::string::npos; at = svg.find("<rect", at + 1))
        ++bars;
    QCOMPARE(bars, std::size_t{4});  // Base, two steps, recommended.
    QVERIFY(holds(svg, "role=\"img\""));
}

void AttributionReportTest::jsonReadsBack() {
    const auto read = model::Attribution::fromJson(nlohmann::json::parse(render(sample(), Format::Json)));
    QVERIFY(read && read->toJson() == sample().toJson());
}

void AttributionReportTest::nothingRecommendedNeedsNoWaterfall() {
    auto attribution = sample();
    attribution.waterfall.clear();
    attribution.predicted.clear();
    QVERIFY(svgWaterfall(attribution).empty());
    QVERIFY(holds(render(attribution, Format::Html), "Recommended"));
    attribution.stages.clear();
    QVERIFY(!render(attribution, Format::Html).empty() && !terminalTable(attribution, false).empty());
}

void AttributionReportTest::aSweepIsATableAndACurve() {
    const auto sweep = sampleSweep();
    const auto page = render(sweep, Format::Html);
    QVERIFY(holds(page, "<svg class=\"chart\"") && holds(page, "cache.ttl = 10s is enough"));
    QVERIFY(holds(terminalTable(sweep, false), "enough"));
    QVERIFY(render(sweep, Format::Csv).starts_with("replicate,order,cache.ttl,"));
    QVERIFY(holds(render(sweep, Format::Markdown), "cache.ttl over its values"));
    QCOMPARE(nlohmann::json::parse(render(sweep, Format::Json))["kind"], "sweep");
}

void AttributionReportTest::aTableAlignsCharactersNotBytes() {
    Table table{.title = "T", .columns = {{"a", false}, {"b"}}};
    table.add({"µµ", "1"});
    table.add({"xx", "22"});
    const auto text = terminalTable(table, false);
    QVERIFY(holds(text, "  µµ    1\n") && holds(text, "  xx   22\n"));
    QVERIFY(terminalTable(Table{.title = "E"}, false).empty() && htmlTable(Table{}).empty());
}

QTEST_GUILESS_MAIN(AttributionReportTest)
#include "attribution_report_test.moc"
