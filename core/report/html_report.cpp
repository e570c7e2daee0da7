#include "core/base/units.h"
#include "core/report/curves.h"
#include "core/report/documents.h"
#include "core/report/escape.h"
#include "core/report/figures.h"

namespace hone::report {
namespace {

// One file, no script, no network: system fonts, light and dark by the reader's setting, plain when printed.
constexpr char kStyle[] = R"css(
:root{color-scheme:light dark;--bg:#f6f7f9;--surface:#fff;--line:#dfe3ea;--text:#1a1d23;--muted:#5b6472;--a:#1f6feb;--b:#c2620e;--good:#1a7f4b;--bad:#c93c37;--warn:#9a6700}
@media (prefers-color-scheme:dark){:root{--bg:#14161a;--surface:#1b1e24;--line:#2e333d;--text:#e6e9ef;--muted:#9aa3b2;--a:#4c8dff;--b:#f28e2b;--good:#2ea66a;--bad:#e5534b;--warn:#d9a03f}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:14px/1.5 Inter,"Segoe UI",system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1080px;margin:0 auto;padding:32px 24px}
h1{font-size:22px;font-weight:600;margin:0}
h2{font-size:12px;font-weight:600;letter-spacing:.05em;text-transform:uppercase;color:var(--muted);margin:32px 0 8px}
.sub{color:var(--muted);margin:4px 0 24px}
.sentence{font-size:20px;line-height:1.4;margin:0 0 8px}
.card{background:var(--surface);border:1px solid var(--line);border-radius:6px;padding:16px;overflow-x:auto}
.grid{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(440px,1fr))}
.figures{display:flex;flex-wrap:wrap;gap:24px}
.figures dt{font-size:11px;font-weight:600;letter-spacing:.04em;color:var(--muted)}
.figures dd{margin:0;font-size:24px;font-weight:600}
table{border-collapse:collapse;width:100%}
.answers{table-layout:fixed}.answers td{overflow-wrap:anywhere}
th{font-size:11px;letter-spacing:.04em;color:var(--muted);text-align:left;font-weight:600}
th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:middle}
tr:last-child td{border-bottom:0}
td.n,th.n{text-align:right;white-space:nowrap}
.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}.muted{color:var(--muted)}
.chip{border:1px solid currentColor;border-radius:10px;padding:0 8px;font-size:12px}
svg{display:block;width:100%;height:auto}svg.interval{width:220px}
svg text{font-size:11px;fill:var(--muted)}
svg .grid{stroke:var(--line)}svg .axis{stroke:var(--muted)}
svg .shade{fill:var(--muted);opacity:.12}svg .band{fill:var(--muted);opacity:.2}
svg .line{fill:none;stroke-width:1.6;stroke:var(--muted)}
svg .a{stroke:var(--a)}svg .b{stroke:var(--b);stroke-dasharray:7 4}
svg .p50{stroke:var(--a);stroke-width:1;opacity:.65}svg .p95{stroke:var(--a)}svg .p99{stroke:var(--a);stroke-width:2.4}
svg .line.bad{stroke:var(--bad);stroke-dasharray:2 3}svg .line.good{stroke:var(--good)}
svg .dot{stroke:none}svg .dot.a{fill:var(--a)}svg .dot.b{fill:var(--b)}svg .dot.good{fill:var(--good)}svg .dot.bad{fill:var(--bad)}svg .dot.muted{fill:var(--muted)}
footer{color:var(--muted);font-size:12px;margin-top:32px}
@media print{body{background:#fff;color:#000}.card{break-inside:avoid}h2{break-after:avoid}}
)css";

std::string card(const std::string& content) {
    return content.empty() ? std::string() : "<div class=\"card\">" + content + "</div>\n";
}

std::string factsTable(const std::vector<Fact>& facts) {
    std::string out = "<table>";
    for (const auto& fact : facts)
        out +=
            fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", html(fact.label), html(fact.value));
    return out + "</table>";
}

std::string figures(const std::vector<Fact>& facts) {
    std::string out = "<dl class=\"figures\">";
    for (const auto& fact : facts)
        out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", html(fact.label), html(fact.value));
    return out + "</dl>";
}

std::string warningList(const std::vector<std::string>& warnings) {
    if (warnings.empty())
        return {};
    std::string out = "<h2>Take care</h2><div class=\"card\"><ul>";
    for (const auto& warning : warnings)
        out += fmt::format("<li class=\"warn\">{}</li>", html(warning));
    return out + "</ul></div>\n";
}

std::string requestTable(const model::RunResult& run) {
    if (run.byRequest.size() < 2)
        return {};
    std::string out =
        "<h2>By request</h2><div class=\"card\"><table><tr><th>Request</th><th class=\"n\">Requests</th><th "
        "class=\"n\">Errors</th>"
        "<th class=\"n\">p50</th><th class=\"n\">p95</th><th class=\"n\">p99</th><th "
        "class=\"n\">Bytes</th></tr>";
    for (const auto& r : run.byRequest)
        out += fmt::format(
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
            "class=\"n\">{}</td>"
            "<td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            html(r.name), r.requests, r.errors, formatMicros(static_cast<double>(r.latency.quantile(0.5))),
            formatMicros(static_cast<double>(r.latency.quantile(0.95))),
            formatMicros(static_cast<double>(r.latency.quantile(0.99))),
            formatBytes(r.requests > 0 ? static_cast<double>(r.bytes) / static_cast<double>(r.requests) : 0));
    return out + "</table></div>\n";
}

const char* tone(stats::Verdict verdict) {
    using enum stats::Verdict;
    switch (verdict) {
        case Better:
        case BetterMaybeTrivial: return "good";
        case Worse:
        case WorseMaybeTrivial:
        case Invalid: return "bad";
        default: return "muted";
    }
}

std::string effectTable(const model::Comparison& comparison) {
    const auto [min, max] = ratioRange(comparison);
    std::string out = fmt::format(
        "<table><tr><th>Metric</th><th class=\"n\">A</th><th class=\"n\">B</th><th class=\"n\">Change, 95 % "
        "interval</th>"
        "<th>Against ±{:.0f} %</th><th>Verdict</th></tr>",
        comparison.delta * 100);
    for (const auto& effect : comparison.effects) {
        const char* style = tone(effect.verdict);
        out += fmt::format(
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
            "class=\"n\">{}</td><td>{}</td><td class=\"{}\">{}</td></tr>",
            html(effect.title), metricValue(effect.metric, effect.a), metricValue(effect.metric, effect.b),
            html(effectText(effect)),
            svgInterval(effect.paired.ratio, effect.paired.lo, effect.paired.hi, comparison.delta, min, max,
                        style),
            style, html(verdictText(effect)));
    }
    return out + "</table>";
}

std::string differenceTable(const model::Comparison& comparison) {
    const auto found = model::differences(comparison.a.profile, comparison.b.profile);
    if (found.empty())
        return {};
    std::string out =
        "<h2>What differs</h2><div class=\"card\"><table><tr><th>Setting</th><th>A</th><th>B</th></tr>";
    for (const auto& d : found)
        out += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                           html(d.param.empty() ? d.toggle : d.toggle + "." + d.param), html(d.a), html(d.b));
    return out + "</table></div>\n";
}

std::string answerTable(const model::Comparison& comparison) {
    if (comparison.answerDifferences.empty())
        return fmt::format(
            "<h2>Answers</h2><div class=\"card\">{} answers were compared between the arms; all were the "
            "same.</div>\n",
            comparison.answersCompared);
    std::string out =
        "<h2>Answers that differ</h2><div "
        "class=\"card\"><table class=\"answers\"><tr><th>Request</th><th>Why</th><th>A</th><th>B</th></tr>";
    for (const auto& d : comparison.answerDifferences)
        out +=
            fmt::format("<tr><td>{}</td><td class=\"{}\">{}</td><td>{}</td><td>{}</td></tr>", html(d.request),
                        d.expected ? "muted" : "bad", html(d.explanation), html(d.a), html(d.b));
    return out + "</table></div>\n";
}

std::string answersOf(const Extras& extras) {
    if (extras.answers.empty())
        return {};
    std::string out = "<h2>How it felt</h2><div class=\"card\"><table>";
    for (const auto& answer : extras.answers)
        for (const auto& [question, value] : answer.values.items())
            out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", html(question),
                               html(value.is_string() ? value.get<std::string>() : value.dump()));
    return out + "</table></div>\n";
}

}  // namespace

std::string htmlPage(const std::string& title, const std::string& body) {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src "
        "'unsafe-inline'\"><title>{}</title><style>{}</style></head>\n"
        "<body><main>\n{}<footer>Made by Hone.</footer>\n</main></body></html>\n",
        html(title), kStyle, body);
}

std::string htmlReport(const model::RunResult& run, const Extras& extras) {
    std::string body = fmt::format("<h1>{}</h1>\n<p class=\"sub\">{}{} · {}</p>\n", html(run.name),
                                   run.partial ? "<span class=\"chip warn\">partial</span> " : "",
                                   html(formatTimestamp(run.startedAt)), html(run.profile.name));
    body += card(figures(headline(run)));
    body += warningList(run.warnings);
    body += "<h2>Over time</h2><div class=\"grid\">" + card(svg(percentilesOverTime(run))) +
            card(svg(throughputOverTime(run))) + "</div>\n";
    body += "<h2>Distribution</h2><div class=\"grid\">" + card(svg(spectrum({{"latency", &run.latency}}))) +
            card(svg(distribution({{"latency", &run.latency}}))) + "</div>\n";
    body += requestTable(run);
    body += answersOf(extras);
    body += "<h2>How it was measured</h2>" + card(factsTable(method(run)));
    return htmlPage(run.name, body);
}

std::string htmlReport(const model::Comparison& comparison, const Extras& extras) {
    const auto& [a, b] = std::tie(comparison.a, comparison.b);
    std::string body =
        fmt::format("<h1>{}</h1>\n<p class=\"sub\">{}{} · A = {} · B = {}</p>\n", html(comparison.name),
                    comparison.partial ? "<span class=\"chip warn\">partial</span> " : "",
                    html(formatTimestamp(comparison.startedAt)), html(a.profile.name), html(b.profile.name));
    body += fmt::format("<p class=\"sentence\">{}</p>\n<p><span class=\"chip {}\">{}</span></p>\n",
                        html(comparison.sentence), tone(comparison.verdict),
                        html(model::verdictWords(comparison.verdict)));
    body += "<h2>Effects</h2>" + card(effectTable(comparison));
    body += warningList(comparison.warnings);
    body += "<h2>Distribution</h2><div class=\"grid\">" +
            card(svg(distribution({{"A", &a.latency}, {"B", &b.latency}}))) +
            card(svg(spectrum({{"A", &a.latency}, {"B", &b.latency}}))) + "</div>\n";
    body += "<h2>Blocks</h2><div class=\"grid\">" + card(svg(blockStrip(comparison))) + "</div>\n";
    body += differenceTable(comparison);
    body += answerTable(comparison);
    body += answersOf(extras);
    body += "<h2>How it was measured</h2>" + card(factsTable(method(comparison)));
    return htmlPage(comparison.name, body);
}

}  // namespace hone::report
