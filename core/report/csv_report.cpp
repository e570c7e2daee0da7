#include "core/report/documents.h"
#include "core/report/escape.h"

#include <set>

namespace hone::report {

std::string csvReport(const model::RunResult& run) {
    std::string out = "start_s,length_s,phase,requests,errors,bytes,rps,p50_us,p95_us,p99_us,max_us\n";
    for (const auto& i : run.series)
        out += fmt::format("{:.3f},{:.3f},{},{},{},{},{:.3f},{:g},{:g},{:g},{:g}\n", i.startS, i.lengthS,
                           i.warmup ? "warm-up" : "measured", i.requests, i.errors, i.bytes, i.rps(), i.p50Us,
                           i.p95Us, i.p99Us, i.maxUs);
    return out;
}

std::string csvReport(const model::Comparison& comparison) {
    std::set<std::string> metrics;
    for (const auto& block : comparison.blocks)
        for (const auto& [metric, value] : block.metrics)
            metrics.insert(metric);
    std::string out = "pair,order,arm,profile,start_s,seconds,requests,errors";
    for (const auto& metric : metrics)
        out += "," + csvField(metric);
    out += "\n";
    for (const auto& block : comparison.blocks) {
        out += fmt::format("{},{},{},{},{:.3f},{:.3f},{},{}", block.pair + 1, block.order + 1,
                           block.arm == 0 ? "A" : "B",
                           csvField((block.arm == 0 ? comparison.a : comparison.b).profile.name),
                           block.startS, block.seconds, block.requests, block.errors);
        for (const auto& metric : metrics) {
            const auto found = block.metrics.find(metric);
            out += found == block.metrics.end() ? "," : fmt::format(",{:g}", found->second);
        }
        out += "\n";
    }
    return out;
}

}  // namespace hone::report
