#include "core/model/threshold.h"

#include "core/base/assert.h"
#include "core/base/units.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hone::model {
namespace {

using Figure = Threshold::Figure;
using Op = Threshold::Op;

// The longer spelling first, so that "<=" is not read as "<".
constexpr std::pair<std::string_view, Op> kOps[] = {
    {"<=", Op::LessEqual}, {"<", Op::Less},   {">=", Op::GreaterEqual},
    {">", Op::Greater},    {"==", Op::Equal}, {"!=", Op::NotEqual},
};

const RequestResult* requestOf(const Threshold& threshold, const RunResult& run) {
    const auto it = std::ranges::find(run.byRequest, threshold.request, &RequestResult::name);
    return it == run.byRequest.end() ? nullptr : &*it;
}

/// What thresholds look at, of the whole run or of one request.
struct View {
    const stats::Histogram* latency;
    std::uint64_t requests, errors;
    double bytes;
};

std::optional<View> viewOf(const Threshold& threshold, const RunResult& run) {
    if (threshold.request.empty())
        return View{&run.latency, run.requests, run.errors, static_cast<double>(run.wireBytes)};
    const RequestResult* one = requestOf(threshold, run);
    if (!one)
        return std::nullopt;
    return View{&one->latency, one->requests, one->errors, static_cast<double>(one->bytes)};
}

std::string plain(double value) {
    std::string text = fmt::format("{:.6g}", value);
    return text;
}

}  // namespace

std::string Threshold::figureText() const {
    switch (figure) {
        case Figure::Quantile: return "p" + plain(quantile * 100);
        case Figure::Mean: return "mean";
        case Figure::Min: return "min";
        case Figure::Max: return "max";
        case Figure::Errors: return "errors";
        case Figure::Throughput: return "rps";
        case Figure::Bytes: return "bytes";
        case Figure::Requests: return "requests";
        case Figure::Cpu: return "cpu";
        case Figure::Apdex:
            return fmt::format("apdex({})", durationText(Nanos(std::llround(apdexUs * 1'000))));
    }
    return {};
}

std::string_view Threshold::opText() const {
    const auto* it = std::ranges::find(kOps, op, &std::pair<std::string_view, Op>::second);
    HONE_ASSERT(it != std::end(kOps), "every operator has a sign");
    return it->first;
}

bool Threshold::isLatency() const {
    return figure == Figure::Quantile || figure == Figure::Mean || figure == Figure::Min ||
           figure == Figure::Max || figure == Figure::Cpu;
}

std::string Threshold::valueText(double value) const {
    if (isLatency())
        return formatMicros(value);
    switch (figure) {
        case Figure::Errors: return formatPercent(value);
        case Figure::Throughput: return formatRate(value);
        case Figure::Bytes: return formatBytes(value);
        case Figure::Requests: return formatCount(value);
        default: return formatNumber(value);
    }
}

bool Threshold::holds(double value) const {
    switch (op) {
        case Op::Less: return value < limit;
        case Op::LessEqual: return value <= limit;
        case Op::Greater: return value > limit;
        case Op::GreaterEqual: return value >= limit;
        case Op::Equal: return value == limit;
        case Op::NotEqual: return value != limit;
    }
    return false;
}

Result<> checkAgainst(const Threshold& threshold, const Workload& workload) {
    if (threshold.request.empty())
        return {};
    if (threshold.figure == Figure::Cpu)
        return fail(Error::InvalidArgument, "threshold {}: CPU is measured for the engine, not per request",
                    threshold.text)
            .hint("Write cpu{}… without {{{}}}.", threshold.opText(), threshold.request);
    std::string known;
    for (const auto& request : workload.requests) {
        if (request.name == threshold.request)
            return {};
        known += (known.empty() ? "" : ", ") + request.name;
    }
    return fail(Error::InvalidArgument, "threshold {}: the workload has no request named \"{}\"",
                threshold.text, threshold.request)
        .hint("Its requests: {}.", known);
}

std::uint64_t samplesOf(const Threshold& threshold, const RunResult& run) {
    const auto view = viewOf(threshold, run);
    return view ? view->requests : 0;
}

std::optional<double> observed(const Threshold& threshold, const RunResult& run) {
    const auto view = viewOf(threshold, run);
    const bool counts = threshold.figure == Figure::Requests || threshold.figure == Figure::Throughput;
    if (!view || (view->requests == 0 && !counts))
        return std::nullopt;
    const auto requests = static_cast<double>(view->requests);
    switch (threshold.figure) {
        case Figure::Quantile: return static_cast<double>(view->latency->quantile(threshold.quantile));
        case Figure::Mean: return view->latency->mean();
        case Figure::Min: return static_cast<double>(view->latency->min());
        case Figure::Max: return static_cast<double>(view->latency->max());
        case Figure::Errors: return static_cast<double>(view->errors) / requests;
        case Figure::Throughput:
            return run.measuredS > 0 ? std::optional(requests / run.measuredS) : std::nullopt;
        case Figure::Bytes: return view->bytes / requests;
        case Figure::Requests: return requests;
        case Figure::Cpu:
            return run.engineCpuUsPerRequest > 0 ? std::optional(run.engineCpuUsPerRequest) : std::nullopt;
        case Figure::Apdex: return apdex(*view->latency, view->errors, threshold.apdexUs);
    }
    return std::nullopt;
}

double apdex(const stats::Histogram& latencyUs, std::uint64_t errors, double satisfiedUs) {
    const auto all = static_cast<double>(latencyUs.count());
    if (all == 0)
        return std::numeric_limits<double>::quiet_NaN();
    const auto within = [&](double us) {
        const auto count = latencyUs.countAtOrBelow(static_cast<std::int64_t>(us));
        return std::max(0.0, static_cast<double>(count) - static_cast<double>(errors));
    };
    return (within(satisfiedUs) + within(4 * satisfiedUs)) / (2 * all);
}

}  // namespace hone::model
