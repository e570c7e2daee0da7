#include "core/report/documents.h"
#include "core/report/escape.h"

#include <fmt/format.h>

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
.card{background:var(--surface);border:1px solid var(--line);border-radius:6px;padding:16px;overflow-x:auto}
.grid{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(440px,1fr))}
.figures{display:flex;flex-wrap:wrap;gap:24px}
.figures dt{font-size:11px;font-weight:600;letter-spacing:.04em;color:var(--muted)}
.figures dd{margin:0;font-size:24px;font-weight:600}
table{border-collapse:collapse;width:100%}
td:not(.n),dd,p,li{overflow-wrap:anywhere}
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
.summary p{margin:0 0 6px;max-width:75ch}.summary p:first-of-type{font-size:20px;line-height:1.4}
.card+.card{margin-top:16px}.grid .card{margin:0}h3{font-size:13px;font-weight:600;margin:0 0 8px}
.head{display:flex;gap:24px;justify-content:space-between;align-items:flex-start}.logo{max-height:48px;max-width:220px;width:auto}
.card>:first-child{margin-top:0}.card>:last-child{margin-bottom:0}.card ul{padding-left:20px}
@page{margin:16mm}
@media print{:root{color-scheme:light;--bg:#fff;--surface:#fff;--line:#c9ced8;--text:#000;--muted:#444;--a:#1f6feb;--b:#c2620e;--good:#1a7f4b;--bad:#c93c37;--warn:#7a5200}
body{font-size:10pt}main{max-width:none;padding:0}.card{break-inside:auto;overflow:visible;border:0;padding:0 0 8px}
.grid{grid-template-columns:1fr 1fr}svg,tr,.figures div{break-inside:avoid}h2,h3{break-after:avoid}thead{display:table-header-group}td,dd{overflow-wrap:anywhere}
.line,.dot,rect{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

}  // namespace

std::string htmlPage(const std::string& title, const std::string& body) {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; img-src data:; style-src "
        "'unsafe-inline'\"><title>{}</title><style>{}</style></head>\n"
        "<body><main>\n{}<footer>Made by Hone.</footer>\n</main></body></html>\n",
        html(title), kStyle, body);
}

}  // namespace hone::report
