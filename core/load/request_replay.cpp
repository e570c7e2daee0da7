#include "core/http/semantics.h"
#include "core/load/request_set.h"

namespace hone::load {

/// The first request lends its server and fields; what is asked and when comes from the recording.
Result<> RequestSet::addReplay(const model::Workload& workload) {
    auto log = readRecordedLog(workload.pathOf(workload.replay.file));
    if (!log)
        return fail(std::move(log.error()));
    if (log->unreadable > 0)
        m_notes.push_back(fmt::format("{} entries of {} were not readable as requests and were left out.",
                                      log->unreadable, workload.replay.file));
    const bool useTargets = workload.replay.targets && log->hasTargets();
    std::size_t withoutBody = 0;
    std::vector<Nanos> times;
    for (auto& one : log->requests) {
        // An access log does not hold what was posted: sent without, it would measure error answers.
        if (useTargets && !http::isSafe(http::methodFrom(one.method)) && one.body.empty()) {
            ++withoutBody;
            continue;
        }
        times.push_back(one.at);
        if (useTargets)
            m_recorded.push_back(std::move(one));
    }
    if (withoutBody > 0)
        m_notes.push_back(fmt::format(
            "{} recorded requests that write (POST, PUT …) were left out: {} does not have their bodies.",
            withoutBody, workload.replay.file));
    if (times.empty())
        return fail(Error::InvalidArgument, "{} has no request that can be sent again", workload.replay.file)
            .hint("Set \"targets\": false to use only its times.");
    m_arrivals = std::make_shared<const std::vector<Nanos>>(std::move(times));
    if (!useTargets)
        return {};
    const Request& lender = m_requests.front();
    if (!lender.isFixed || !workload.requests.front().body.empty())
        return fail(Error::InvalidArgument,
                    "request \"{}\" has variables or a body, but its targets come "
                    "from {}",
                    lender.name, workload.replay.file)
            .hint("Give the first request only a URL and fixed headers, or set \"targets\": false.");
    const auto line = lender.fixed.find("\r\n") + 2;
    m_recordedFields = lender.fixed.substr(line, lender.fixed.size() - line - 2);
    return {};
}

}  // namespace hone::load
