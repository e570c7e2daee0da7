#include "core/experiment/blocks.h"

#include <algorithm>
#include <cmath>

namespace hone::experiment {

namespace {

double weighted(double a, double weightA, double b, double weightB) {
    const double sum = weightA + weightB;
    return sum > 0 ? (a * weightA + b * weightB) / sum : 0;
}

template <class Map>
void addAll(Map& into, const Map& from) {
    for (const auto& [key, value] : from)
        into[key] += value;
}

void mergeRequests(std::vector<model::RequestResult>& into, const std::vector<model::RequestResult>& from) {
    if (into.empty())
        into.resize(from.size());
    for (std::size_t i = 0; i < std::min(into.size(), from.size()); ++i) {
        into[i].name = from[i].name;
        into[i].requests += from[i].requests;
        into[i].errors += from[i].errors;
        into[i].bytes += from[i].bytes;
        into[i].latency.merge(from[i].latency);
        into[i].checks.resize(from[i].checks.size());
        for (std::size_t k = 0; k < from[i].checks.size(); ++k) {
            into[i].checks[k].text = from[i].checks[k].text;
            into[i].checks[k].passed += from[i].checks[k].passed;
            into[i].checks[k].failed += from[i].checks[k].failed;
        }
    }
}

}  // namespace

const Metric* metric(std::string_view id) {
    const auto found = std::ranges::find(kMetrics, id, &Metric::id);
    return found == kMetrics.end() ? nullptr : &*found;
}

model::Block blockOf(const model::RunResult& run, int pair, int arm, int order, double startS) {
    model::Block block{.pair = pair,
                       .arm = arm,
                       .order = order,
                       .startS = startS,
                       .seconds = run.measuredS,
                       .requests = run.requests,
                       .errors = run.errors,
                       .metrics = {}};
    for (const auto& one : kMetrics)
        if (one.quantile > 0)
            block.metrics[std::string(one.id)] = static_cast<double>(run.latency.quantile(one.quantile));
    block.metrics["mean"] = run.latency.mean();
    block.metrics["rps"] = run.rps();
    block.metrics["bytes"] = run.bytesPerRequest();
    block.metrics["cpu"] = run.engineCpuUsPerRequest;
    block.metrics["errors"] = run.errorRate();
    return block;
}

void mergeInto(model::RunResult& whole, const model::RunResult& block) {
    const double requestsBefore = static_cast<double>(whole.requests),
                 requestsNow = static_cast<double>(block.requests);
    whole.engineCpuUsPerRequest =
        weighted(whole.engineCpuUsPerRequest, requestsBefore, block.engineCpuUsPerRequest, requestsNow);
    whole.generatorCpuShare =
        weighted(whole.generatorCpuShare, whole.measuredS, block.generatorCpuShare, block.measuredS);
    const double offset = whole.measuredS + whole.warmupS;
    for (model::Interval slice : block.series) {
        slice.startS += offset;
        whole.series.push_back(slice);
    }
    whole.measuredS += block.measuredS;
    whole.warmupS += block.warmupS;
    whole.requests += block.requests;
    whole.errors += block.errors;
    whole.warmupRequests += block.warmupRequests;
    whole.unfinished += block.unfinished;
    whole.wireBytes += block.wireBytes;
    whole.bodyBytes += block.bodyBytes;
    addAll(whole.errorsByKind, block.errorsByKind);
    addAll(whole.byStatus, block.byStatus);
    addAll(whole.counters, block.counters);
    whole.latency.merge(block.latency);
    whole.serviceTime.merge(block.serviceTime);
    whole.ttfb.merge(block.ttfb);
    whole.connect.merge(block.connect);
    whole.tls.merge(block.tls);
    whole.tlsResumed += block.tlsResumed;
    whole.lateness.merge(block.lateness);
    mergeRequests(whole.byRequest, block.byRequest);
}

std::vector<double> PairedValues::logRatios() const {
    std::vector<double> out;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] > 0 && b[i] > 0)
            out.push_back(std::log(b[i] / a[i]));
    return out;
}

PairedValues pairedValues(const std::vector<model::Block>& blocks, std::string_view metricId) {
    std::map<int, std::array<std::optional<double>, 2>> pairs;
    for (const auto& block : blocks)
        if (const auto found = block.metrics.find(std::string(metricId)); found != block.metrics.end())
            pairs[block.pair][block.arm == 0 ? 0 : 1] = found->second;
    PairedValues out;
    for (const auto& [pair, values] : pairs) {
        if (!values[0] || !values[1])
            continue;
        out.a.push_back(*values[0]);
        out.b.push_back(*values[1]);
    }
    return out;
}

}  // namespace hone::experiment
