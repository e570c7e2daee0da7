#pragma once

#include "core/caching/response_store.h"

#include <atomic>
#include <mutex>

namespace hone::caching {

/// What to forget; members that are empty restrict nothing.
struct Purge {
    std::string_view url;  ///< A target, or with a last * everything that begins so.
    std::string_view tag;  ///< A surrogate key.
};

/// A purge, ready to be compared with answers: by URL (query parts in any order; with a last * whatever
/// begins so), by surrogate key, or by both. A value.
class PurgeRule {
public:
    explicit PurgeRule(const Purge& what);
    [[nodiscard]] bool matches(const StoredAnswer& answer) const;

private:
    std::string m_url, m_tag;
    bool m_isPrefix = false;
};

/// Purges of answers kept elsewhere, where nobody can look through them: each answer carries the number of
/// the last purge before it was computed, and is compared with those after it when it is read.
///
/// Thread: any; the lock is taken for answers older than the last purge only. Owner: the toggle's State.
class PurgeRules {
public:
    void add(PurgeRule rule);
    [[nodiscard]] std::uint64_t now() const { return m_count.load(std::memory_order_acquire); }
    /// Whether a purge since `since` was about it; true also when that is so long ago that nobody knows.
    [[nodiscard]] bool purged(const StoredAnswer& answer, std::uint64_t since) const;

private:
    std::atomic<std::uint64_t> m_count{0};
    mutable std::mutex m_mutex;
    std::vector<PurgeRule> m_rules;  ///< Guarded by m_mutex; the newest, numbered up to m_count.
};

}  // namespace hone::caching
