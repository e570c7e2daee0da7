#include "core/base/units.h"
#include "core/report/escape.h"
#include "core/report/gate_report.h"

namespace hone::report {
namespace {

using Outcome = model::Check::Outcome;

std::string bodyOf(const model::Check& check) {
    return fmt::format("observed: {}\nlimit: {}{}", check.observed, check.limit,
                       check.note.empty() ? std::string() : "\n" + check.note);
}

std::string caseOf(const model::Check& check, double seconds) {
    const std::string head = fmt::format(R"(    <testcase classname="{}" name="{}" time="{:.3f}")",
                                         html(check.group), html(check.name), seconds);
    switch (check.outcome) {
        case Outcome::Failed:
            return fmt::format(
                "{}>\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n", head,
                check.kind == model::Check::Kind::Baseline ? "regression" : "threshold",
                html(check.observed + ", limit " + check.limit), html(bodyOf(check)));
        case Outcome::Unclear:
            return fmt::format("{}>\n      <skipped message=\"{}\"/>\n    </testcase>\n", head,
                               html(check.note.empty() ? check.observed : check.note));
        case Outcome::Passed: break;
    }
    return fmt::format("{}>\n      <system-out>{}</system-out>\n    </testcase>\n", head,
                       html(bodyOf(check)));
}

/// Unclear checks of a strict gate fail it, so they are failures for whoever reads the file as well.
model::Check asCounted(model::Check check, bool strict) {
    if (strict && check.outcome == Outcome::Unclear)
        check.outcome = Outcome::Failed;
    return check;
}

}  // namespace

std::string junit(const model::GateResult& gate) {
    std::string cases;
    int failures = 0, skipped = 0;
    // The measurement belongs to all checks together: each case gets its share, so that sums stay true.
    const double all = gate.run.measuredS + gate.run.warmupS;
    const double each = gate.checks.empty() ? 0 : all / static_cast<double>(gate.checks.size());
    for (const auto& one : gate.checks) {
        const auto check = asCounted(one, gate.strict);
        failures += check.outcome == Outcome::Failed ? 1 : 0;
        skipped += check.outcome == Outcome::Unclear ? 1 : 0;
        cases += caseOf(check, each);
    }
    const std::string counts =
        fmt::format(R"(tests="{}" failures="{}" errors="0" skipped="{}" time="{:.3f}")", gate.checks.size(),
                    failures, skipped, all);
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"hone\" {}>\n"
        "  <testsuite name=\"hone gate {}\" {} timestamp=\"{}\">\n{}  </testsuite>\n</testsuites>\n",
        counts, html(gate.run.workload.name), counts, formatTimestamp(gate.run.startedAt).substr(0, 19),
        cases);
}

}  // namespace hone::report
