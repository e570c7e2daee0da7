#pragma once

#include "core/toggles/graphql/parser.h"
#include "core/toggles/graphql/schema.h"

#include <atomic>
#include <list>
#include <mutex>
#include <unordered_map>

namespace hone::toggles::graphql {

/// The least recently used goes first. Thread: one at a time; the owner locks.
template <class Value>
class Recent {
public:
    explicit Recent(std::size_t most) : m_most(most) {}

    Value* find(std::string_view key) {
        const auto found = m_byKey.find(key);
        if (found == m_byKey.end())
            return nullptr;
        m_order.splice(m_order.begin(), m_order, found->second);
        return &found->second->second;
    }
    void put(std::string key, Value value) {
        if (m_most == 0 || find(key))
            return;
        m_order.emplace_front(std::move(key), std::move(value));
        m_byKey.emplace(m_order.front().first, m_order.begin());
        if (m_order.size() <= m_most)
            return;
        m_byKey.erase(m_order.back().first);
        m_order.pop_back();
    }
    void clear() {
        m_byKey.clear();
        m_order.clear();
    }
    [[nodiscard]] std::size_t size() const { return m_order.size(); }

private:
    using Order = std::list<std::pair<std::string, Value>>;
    const std::size_t m_most;
    Order m_order;                                                           ///< Newest first.
    std::unordered_map<std::string_view, typename Order::iterator> m_byKey;  ///< Keys lie in m_order.
};

/// Documents that were parsed and found valid, by their text; and texts by their SHA-256, for persisted
/// queries ("automatic persisted queries", as Apollo's clients speak it).
///
/// Thread: any; a lock for each look. Owner: the toggle's State. Invariant: what is kept is valid for the
/// schema.
class Documents {
public:
    Documents(std::shared_ptr<const Schema> schema, std::size_t most, ParseLimits limits)
        : m_schema(std::move(schema)), m_limits(limits), m_parsed(most), m_persisted(most) {}

    /// Parsed and validated, or why not.
    std::expected<std::shared_ptr<const Document>, std::vector<Problem>> get(const std::string& text);
    [[nodiscard]] std::optional<std::string> persisted(std::string_view hash);
    void persist(std::string hash, std::string text);
    void clear();

    std::atomic<std::uint64_t> parsed{0}, reused{0};

private:
    const std::shared_ptr<const Schema> m_schema;
    const ParseLimits m_limits;
    std::mutex m_mutex;
    Recent<std::shared_ptr<const Document>> m_parsed;  ///< Guarded by m_mutex.
    Recent<std::string> m_persisted;                   ///< Guarded by m_mutex.
};

/// In lower-case hexadecimal digits.
[[nodiscard]] std::string sha256Hex(std::string_view text);

}  // namespace hone::toggles::graphql
