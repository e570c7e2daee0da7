#pragma once

#include "core/http/message.h"
#include "core/http/syntax.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hone::caching {

/// Which request fields the answers of a URL depend on, beyond those in every key (RFC 9111 section 4.1), and
/// which variants of it are kept.
///
/// Answers of one URL may name different fields; all that were ever named count, so that a variant is never
/// given to a request that differs in one of them. Beyond `limit` variants the oldest makes way.
///
/// Thread: any; one lock, not taken as long as nothing varies. Owner: the toggle's State.
class VaryIndex {
public:
    explicit VaryIndex(std::size_t limit) : m_limit(limit) {}

    /// Appends the values of the fields that count for this URL (`primary`: its key without them) to `key`.
    void appendTo(std::string& key, std::string_view primary, const http::Request& request) const;
    /// That answers of the URL depend on these fields (in lower case), too.
    void learn(std::string_view primary, const std::vector<std::string>& names);
    /// A variant is about to be kept under `key`; the key of the one that makes way for it.
    [[nodiscard]] std::optional<std::string> admit(std::string_view primary, std::string_view key);
    /// Whether other variants of the URL are known.
    [[nodiscard]] bool varies(std::string_view primary) const;
    void clear();

private:
    struct Url {
        std::vector<std::string> names;  ///< Sorted.
        std::vector<std::string> keys;   ///< Oldest first.
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    const std::size_t m_limit;
    std::atomic<bool> m_isUsed{false};
    mutable std::mutex m_mutex;
    std::unordered_map<std::string, Url, Hash, std::equal_to<>> m_urls;  ///< Guarded by m_mutex.
};

/// The members of Vary in lower case, without those that `isCovered`.
[[nodiscard]] std::vector<std::string> namesIn(std::string_view vary, const auto& isCovered) {
    std::vector<std::string> names;
    std::string_view name;
    while (http::nextMember(vary, name))
        if (!isCovered(name))
            names.push_back(http::lower(name));
    return names;
}

/// A field's value as far as it can make a difference: lines joined, whitespace around commas gone, languages
/// and charsets in lower case.
[[nodiscard]] std::string normalisedField(const http::Request& request, std::string_view name);

}  // namespace hone::caching
