// What wrk and h2load print.

#include "core/interop/import_parts.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hone::interop {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos)
        return {};
    return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

std::vector<std::string_view> words(std::string_view line) {
    std::vector<std::string_view> all;
    while (true) {
        line = trimmed(line);
        if (line.empty())
            return all;
        const auto end = std::min(line.find_first_of(" \t"), line.size());
        all.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

std::uint64_t wholeIn(std::string_view text) {
    std::uint64_t value = 0;
    const auto at = text.find_first_of("0123456789");
    if (at != std::string_view::npos)
        std::from_chars(text.data() + at, text.data() + text.size(), value);
    return value;
}

/// "connect 0, read 3, write 0, timeout 2": pairs of a word and a count.
std::uint64_t addKinds(model::RunResult& run, std::string_view list) {
    std::uint64_t sum = 0;
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        const auto parts = words(list.substr(0, comma));
        if (parts.size() == 2 && wholeIn(parts[1]) > 0) {
            run.errorsByKind[std::string(parts[0])] = wholeIn(parts[1]);
            sum += wholeIn(parts[1]);
        }
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return sum;
}

/// "    1000 requests in 2.00s, 1.16MB read"
void readWrkTotals(model::RunResult& run, std::string_view line) {
    run.requests = wholeIn(line);
    const auto in = line.find(" in ") + 4, comma = line.find(',', in);
    run.measuredS = microsFrom(line.substr(in, comma - in)).value_or(0) / 1e6;
    const auto read = trimmed(line.substr(std::min(comma + 1, line.size())));
    run.wireBytes = static_cast<std::uint64_t>(scaledBytes(read.substr(0, read.find(' '))).value_or(0));
}

}  // namespace

Result<model::RunResult> importWrk(std::string_view text, std::string_view name) {
    model::RunResult run = foreignRun("wrk", name);
    std::vector<KnownQuantile> known;
    for (const auto line : linesOf(text)) {
        const auto parts = words(line);
        if (line.starts_with("Running ") && line.contains(" @ "))
            run.target = std::string(trimmed(line.substr(line.find(" @ ") + 3)));
        else if (parts.size() >= 4 && parts[0] == "Latency" && parts[1] != "Distribution") {
            if (const auto most = microsFrom(parts[3]))
                known.push_back({1, *most});
        } else if (parts.size() == 2 && parts[0].ends_with('%')) {
            const auto percent = plainNumber(parts[0].substr(0, parts[0].size() - 1));
            const auto us = microsFrom(parts[1]);
            if (percent && us)
                known.push_back({*percent / 100, *us});
        } else if (line.contains(" requests in "))
            readWrkTotals(run, line);
        else if (line.contains("Socket errors:"))
            run.errors += addKinds(run, line.substr(line.find(':') + 1));
        else if (line.contains("Non-2xx or 3xx responses:")) {
            run.errorsByKind["status"] = wholeIn(line.substr(line.find(':')));
            run.errors += run.errorsByKind["status"];
        }
    }
    if (run.requests == 0 || known.empty())
        return fail(Error::Malformed, "{} has no \"N requests in\" line of wrk", name)
            .hint("Keep the whole output: wrk --latency … >FILE");
    run.errors = std::min(run.errors, run.requests);
    run.latency = histogramFrom(known, run.requests);
    if (known.size() < 3)
        run.warnings.emplace_back(
            "No percentiles: run wrk with --latency. What is shown is the maximum alone.");
    warnOfSteps(run);
    run.warnings.emplace_back(
        "wrk is a closed loop that counts from the send: a stalled server hides its queue.");
    return run;
}

Result<model::RunResult> importH2load(std::string_view text, std::string_view name) {
    model::RunResult run = foreignRun("h2load", name);
    std::vector<KnownQuantile> known;
    std::optional<double> mean, rate;
    for (const auto line : linesOf(text)) {
        const auto parts = words(line);
        if (line.starts_with("finished in ")) {
            const auto from = std::string_view("finished in ").size();
            run.measuredS = microsFrom(line.substr(from, line.find(',') - from)).value_or(0) / 1e6;
            rate = parts.size() > 3 ? plainNumber(parts[3]) : std::nullopt;
        } else if (line.starts_with("requests: ") && parts.size() > 2) {
            for (std::size_t i = 1; i + 1 < parts.size(); i += 2) {
                const auto word = parts[i + 1].substr(0, parts[i + 1].find(','));
                if (word == "done")
                    run.requests = wholeIn(parts[i]);
                else if (word == "failed")
                    run.errors = wholeIn(parts[i]);
                else if ((word == "errored" || word == "timeout") && wholeIn(parts[i]) > 0)
                    run.errorsByKind[std::string(word)] = wholeIn(parts[i]);
            }
        } else if (line.starts_with("traffic: ")) {
            const auto open = line.find('(');
            run.wireBytes = open == std::string_view::npos ? 0 : wholeIn(line.substr(open));
        } else if (line.starts_with("time for request:") && parts.size() >= 6) {
            if (const auto least = microsFrom(parts[3]))
                known.push_back({0, *least});
            if (const auto most = microsFrom(parts[4]))
                known.push_back({1, *most});
            mean = microsFrom(parts[5]);
        }
    }
    if (run.requests == 0 || known.size() < 2 || !mean)
        return fail(Error::Malformed, "{} has no requests or no \"time for request\" line of h2load", name)
            .hint("Keep the whole output: h2load … >FILE");
    // The time it prints includes the warm-up, its rate does not.
    if (rate && *rate > 0)
        run.measuredS = static_cast<double>(run.requests) / *rate;
    // h2load prints no percentiles: the middle is its mean, and the warning says so.
    known.push_back({0.5, *mean});
    run.latency = histogramFrom(known, run.requests);
    run.warnings.emplace_back(
        "h2load prints minimum, mean and maximum only: the median shown is its mean, percentiles "
        "above it are its maximum. Do not compare percentiles with it.");
    return run;
}

}  // namespace hone::interop
