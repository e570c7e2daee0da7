#pragma once

#include "core/base/clock.h"
#include "core/net/client.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hone::load {

/// The private cache of one virtual client, as a browser has it (RFC 9111): what an answer allows to reuse,
/// under which request fields (Vary), and how to ask whether it still holds (ETag, Last-Modified). Bodies are
/// not kept: a load generator only needs to know whether it would have asked.
///
/// Thread: its generator's. Invariant: at most kMaxEntries entries.
class PrivateCache {
public:
    static constexpr std::size_t kMaxEntries = 4096;

    struct Lookup {
        bool isFresh = false;   ///< Nothing need be sent.
        std::string condition;  ///< Field lines to add to the request: "If-None-Match: …\r\n"; may be empty.
    };
    /// `wire` is a request in HTTP/1.1 form to server `server`. Only GET without a body is looked up, and
    /// only when it brings no condition of its own.
    [[nodiscard]] Lookup find(std::size_t server, std::string_view wire, Nanos now) const;
    /// Stores, refreshes (304) or, after an unsafe method, drops what is known (section 4.4).
    void note(std::size_t server, std::string_view wire, const net::Answer& answer, Nanos now);
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }

private:
    struct Entry {
        Nanos freshUntil{0};
        std::string etag, lastModified;
        std::string vary, head;  ///< Names the answer varies by; the request that got it, when there are any.
    };
    [[nodiscard]] const Entry* matching(std::size_t server, std::string_view wire) const;

    std::unordered_map<std::string, Entry> m_entries;  ///< By server and target.
};

}  // namespace hone::load
