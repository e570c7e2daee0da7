#pragma once

#include "core/coding/dictionary_codec.h"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace hone::toggles::advanced {

/// Answers that went out, so that the next one to the same client can be said as what changed. The least
/// recently used go first when the budget is full.
///
/// An answer is found by its hash and by whose it is: who asks with other credentials has not got it,
/// whatever hash is sent. Thread: any; every method locks. Owner: the toggle's State. Invariant: bytes() <=
/// budget.
class PreviousAnswers {
public:
    using Kept = std::shared_ptr<const coding::Dictionary>;

    explicit PreviousAnswers(std::size_t budget) : m_budget(budget) {}

    /// `owner`: a hash of the credentials, zeroes for none.
    [[nodiscard]] Kept find(const coding::DictionaryHash& hash, const coding::DictionaryHash& owner);
    /// False for an answer above a quarter of the budget: it would drive out everybody else's.
    bool keep(const coding::DictionaryHash& hash, const coding::DictionaryHash& owner, std::string_view body);
    [[nodiscard]] std::size_t bytes() const;
    void clear();

private:
    struct Key {
        coding::DictionaryHash hash, owner;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };
    struct Entry {
        Key key;
        Kept answer;
    };
    using Entries = std::list<Entry>;

    static std::size_t costOf(const Entry& entry);
    void dropLast();

    const std::size_t m_budget;
    mutable std::mutex m_mutex;
    Entries m_entries;  ///< Guarded by m_mutex. The most recently used first.
    std::unordered_map<Key, Entries::iterator, KeyHash> m_byKey;  ///< Guarded by m_mutex.
    std::size_t m_bytes = 0;                                      ///< Guarded by m_mutex.
};

}  // namespace hone::toggles::advanced
