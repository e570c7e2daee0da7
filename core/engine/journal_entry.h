#pragma once

#include "core/engine/engine.h"

namespace hone::engine {

/// What is written down of a finished exchange: fields with credentials masked and long values cut, a step
/// per timing, and why. `asked` is the request as it was received. The number, the time and the endpoint's
/// name are left to the caller. Thread: the worker's; asked only for exchanges that are kept.
[[nodiscard]] JournalEntry describeExchange(const Exchange& exchange, const http::Request& asked);

/// Bytes of the content as far as they are known when the answer begins.
[[nodiscard]] std::uint64_t contentBytes(const http::Request& request, const http::Response& response);

/// Which entries somebody wants to see.
struct JournalFilter {
    std::string text;  ///< In method, target, endpoint or why, in any case; empty: any.
    int statusFrom = 0, statusTo = 999;
    std::string toggle, note;  ///< A step of that name, with that note if one is given.

    /// `status` as "404" or "4xx", `toggle` as "cache" or "cache:hit". InvalidArgument for another status.
    static Result<JournalFilter> parse(std::string_view text, std::string_view status,
                                       std::string_view toggle);
    [[nodiscard]] bool matches(const JournalEntry& entry) const;
};

}  // namespace hone::engine
