#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"

#include <filesystem>
#include <string>
#include <vector>

namespace hone::load {

/// One request of a recording.
struct RecordedRequest {
    Nanos at{0};         ///< From the first request on.
    std::string method;  ///< Empty when the recording holds times only.
    std::string target, body, contentType;
};

/// What a server or browser was asked, in order of time. A value.
struct RecordedLog {
    enum class Format { AccessLog, Har, JsonLines };
    Format format = Format::AccessLog;
    std::vector<RecordedRequest> requests;
    std::size_t unreadable = 0;  ///< Lines that were skipped.
    [[nodiscard]] bool hasTargets() const { return !requests.empty() && !requests.front().method.empty(); }
    [[nodiscard]] Nanos length() const { return requests.empty() ? Nanos(0) : requests.back().at; }
};

/// Reads an access log of nginx or Apache (common or combined), a HAR file, or JSON lines of
/// {"time": seconds or ISO 8601, "method": …, "url": …, "body": …} where all but time may be missing.
///
/// Logs with whole seconds: the requests of one second are spread evenly over it. Lines that are none are
/// skipped and counted. Errors: NotFound, ResourceExhausted (more than 1 GiB), Malformed when nothing could
/// be read, with the first line's reason.
[[nodiscard]] Result<RecordedLog> readRecordedLog(const std::filesystem::path& file);

}  // namespace hone::load
