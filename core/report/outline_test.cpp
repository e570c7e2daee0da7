#include "core/report/outline.h"

#include "core/report/companions.h"

#include <QtTest>

#include <algorithm>

using namespace hone;

namespace {

model::Comparison fasterB() {
    model::Comparison comparison;
    comparison.name = "cache";
    comparison.sentence = "B is faster.";
    model::Effect effect;
    effect.metric = "p95";
    effect.title = "p95 latency";
    effect.paired = {.pairs = 6, .sdLog = 0.1, .ratio = 0.5, .lo = 0.45, .hi = 0.55};
    comparison.effects.push_back(effect);
    for (int i = 0; i < 12; ++i)
        comparison.blocks.push_back(
            {.pair = i / 2, .arm = i % 2, .order = i, .metrics = {{"p95", (i % 2 ? 500.0 : 1000.0) + i}}});
    return comparison;
}

std::string cell(const report::Table& table, std::string_view label) {
    for (const auto& row : table.rows)
        if (row[0] == label)
            return row[1];
    return {};
}

}  // namespace

class OutlineTest : public QObject {
    Q_OBJECT

private slots:
    void companionsAgreeThatEveryBlockOfBIsLower() {
        const auto table = report::companionTable(fasterB());
        QCOMPARE(cell(table, "Cliff's delta"), std::string("-1.00"));
        QVERIFY(cell(table, "P(B < A)").starts_with("100"));
        QVERIFY(cell(table, "Hodges–Lehmann shift").starts_with("−"));
        QCOMPARE(report::shiftTable(fasterB()).rows.size(), std::size_t{9});
        QCOMPARE(report::powerTable(fasterB()).rows.size(), std::size_t{1});
    }

    void aRunWithoutRequestsClaimsNothing() {
        const auto outline = report::outlineOf(model::RunResult{});
        QCOMPARE(outline.summary.size(), std::size_t{1});
        QVERIFY(outline.summary[0].find("nothing to say") != std::string::npos);
        for (const auto& section : outline.sections)
            QVERIFY2(!section.empty(), section.id.c_str());
    }

    void failedChecksReachTheSummaryAndTheirTable() {
        model::RunResult run;
        run.requests = 4;
        for (int i = 0; i < 4; ++i)
            run.latency.record(100);
        run.byRequest.push_back({.name = "list", .requests = 4});
        run.byRequest[0].checks.push_back({.text = "status is 200", .passed = 3, .failed = 1});
        const auto outline = report::outlineOf(run);
        QVERIFY(std::ranges::find(outline.summary, "1 of 4 checks of the answers failed.") !=
                outline.summary.end());
        QCOMPARE(report::checkTable(run).rows[0].back(), std::string("✗ failed"));
    }
};

QTEST_GUILESS_MAIN(OutlineTest)
#include "outline_test.moc"
