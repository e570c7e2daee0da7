#pragma once

#include "core/model/gate.h"
#include "core/report/report.h"

#include <array>
#include <string>

/// Results for the tests of documents: the same on every machine, with names nobody should trust. Only tests
/// include this.
namespace hone::report::samples {

/// HTML, script, CSV formulas, Markdown links, pictures and table rows, terminal control, broken UTF-8
/// excepted.
inline const std::array<std::string, 9> kHostile{"<script>alert(1)</script>",
                                                 "=HYPERLINK(\"http://evil.example/\",\"x\")",
                                                 "+1+cmd|' /C calc'!A0",
                                                 "-2+3",
                                                 "@SUM(A1:A9)",
                                                 "[click](javascript:alert(1))",
                                                 "![x](http://evil.example/x.png)",
                                                 "a | b\n| --- |\n# head",
                                                 "\"><img src=x onerror=alert(1)>\033[2J"};

inline model::RunResult run(const std::string& name = "Browse the cities") {
    using namespace std::chrono_literals;
    model::RunResult run;
    run.id = "01SAMPLERUN";
    run.name = name;
    run.startedAt = std::chrono::system_clock::time_point(1'700'000'000s);
    run.target = "http://127.0.0.1:8437";
    run.dataset = "cities (150 000 rows)";
    run.profile.name = name;
    run.profile.toggles["cache"].on = true;
    run.workload = model::Workload::forUrl("/api/cities/1");
    run.workload.name = name;
    run.environment.os = "Debian GNU/Linux 12";
    run.environment.kernel = "6.1.0";
    run.environment.cpu = "Sample CPU";
    run.environment.cores = 2;
    run.environment.build = "release";
    run.measuredS = 4;
    run.warmupS = 1;
    run.warmupRequests = 200;
    run.requests = 1000;
    run.errors = 3;
    run.wireBytes = 1'500'000;
    run.engineCpuUsPerRequest = 42;
    for (int i = 1; i <= 1000; ++i) {
        run.latency.record(200 + i * i / 100);
        run.ttfb.record(150 + i * i / 110);
        run.lateness.record(i % 7);
    }
    for (int i = 0; i < 5; ++i)
        run.series.push_back({.startS = double(i),
                              .lengthS = 1,
                              .warmup = i == 0,
                              .requests = 200,
                              .errors = i == 3 ? 3U : 0U,
                              .bytes = 300'000,
                              .p50Us = 2700.0 + 10 * i,
                              .p95Us = 9200.0 + 50 * i,
                              .p99Us = 10000.0 + 90 * i,
                              .maxUs = 10200.0 + 100 * i});
    for (const std::string& request : {name, std::string("GET /api/cities")}) {
        model::RequestResult part{
            .name = request, .requests = 500, .errors = 1, .bytes = 750'000, .latency = {}};
        part.latency.recordN(3000, 500);
        part.checks.push_back({.text = "status is 200", .passed = 499, .failed = 1});
        run.byRequest.push_back(std::move(part));
    }
    run.warnings = {name};
    return run;
}

inline model::Comparison comparison(const std::string& name = "Cache on or off") {
    model::Comparison comparison;
    comparison.id = "01SAMPLECMP";
    comparison.name = name;
    comparison.a = run(name);
    comparison.b = run(name);
    comparison.a.profile.toggles["cache"].on = false;
    comparison.startedAt = comparison.a.startedAt;
    comparison.sentence = name + ": B answers p95 31 % faster.";
    comparison.verdict = stats::Verdict::Better;
    for (const auto& [metric, title, a, b] : {std::tuple{"p95", "p95 latency", 9200.0, 6350.0},
                                              std::tuple{"bytes", "bytes per request", 1500.0, 1500.0}}) {
        model::Effect effect;
        effect.metric = metric;
        effect.title = title;
        effect.a = a;
        effect.b = b;
        effect.paired = {.pairs = 6, .sdLog = 0.04, .ratio = b / a, .lo = b / a * 0.96, .hi = b / a * 1.04};
        effect.anytime.lo = b / a * 0.94;
        effect.anytime.hi = b / a * 1.06;
        effect.verdict = b < a ? stats::Verdict::Better : stats::Verdict::NoDifference;
        comparison.effects.push_back(effect);
    }
    for (int i = 0; i < 12; ++i)
        comparison.blocks.push_back(
            {.pair = i / 2,
             .arm = i % 2,
             .order = i,
             .startS = double(i),
             .seconds = 1,
             .requests = 100,
             .metrics = {{"p95", (i % 2 ? 6350.0 : 9200.0) + 10 * i}, {"bytes", 1500}}});
    comparison.answersCompared = 12;
    comparison.answerDifferences.push_back({.request = name, .explanation = name, .a = name, .b = "x"});
    comparison.warnings = {name};
    return comparison;
}

inline model::Attribution attribution(const std::string& name = "What the toggles earn") {
    model::Attribution a;
    a.id = "01SAMPLEATT";
    a.name = name;
    a.startedAt = run().startedAt;
    a.toggles = {"cache", name};
    a.workload = run(name).workload;
    a.base.name = name;
    model::AttributionStage stage{.kind = "resolve", .design = "full 2^2", .toggles = a.toggles};
    stage.plannedReplicates = stage.replicates = 1;
    for (int cell = 0; cell < 4; ++cell)
        stage.runs.push_back({.order = cell,
                              .cell = cell,
                              .setting = static_cast<std::uint32_t>(cell),
                              .seconds = 1,
                              .requests = 1000,
                              .metrics = {{"p95", 4000.0 / (cell + 1)}}});
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
                    .verdict = stats::Verdict::Better}};
    p95.shares = {{.toggle = "cache", .ratio = 0.5, .lo = 0.4, .hi = 0.6, .amount = -2000, .part = 0.5},
                  {.toggle = name, .ratio = 0.5, .lo = 0.4, .hi = 0.6, .amount = -1000, .part = 0.5}};
    stage.metrics = {p95};
    a.stages = {stage};
    a.waterfall = p95.shares;
    a.decisions = {{.toggle = "cache", .recommended = true, .reason = "p95 −50 %"},
                   {.toggle = name, .recommended = true, .reason = name}};
    a.predicted = {{.metric = "p95",
                    .title = "p95 latency",
                    .from = 4000,
                    .to = 1000,
                    .ratio = 0.25,
                    .lo = 0.2,
                    .hi = 0.3}};
    a.warnings = {name};
    a.sentence = name;
    return a;
}

inline model::Sweep sweep(const std::string& name = "A level over its values") {
    model::Sweep sweep;
    sweep.id = "01SAMPLESWP";
    sweep.name = name;
    sweep.startedAt = run().startedAt;
    sweep.toggle = "cache";
    sweep.param = "ttl";
    sweep.values = {"1s", name, "60s"};
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
    sweep.sentence = name;
    sweep.warnings = {name};
    return sweep;
}

inline model::GateResult gate(const std::string& name = "p95<20ms") {
    model::GateResult gate;
    gate.run = run(name);
    gate.checks = {
        {.name = name,
         .group = name,
         .outcome = model::Check::Outcome::Failed,
         .observed = name,
         .limit = "< 20.0 ms",
         .note = name,
         .metric = "p95"},
        {.name = "errors<1%", .group = "all", .observed = "0.3 %", .limit = "< 1 %", .metric = "errors"}};
    return gate;
}

inline Extras extras(const std::string& answer = "Fast enough.") {
    Extras extras;
    extras.answers.push_back({});
    extras.answers.back().values = {{answer, answer}};
    return extras;
}

}  // namespace hone::report::samples
