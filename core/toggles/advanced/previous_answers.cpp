#include "core/toggles/advanced/previous_answers.h"

#include <cstring>

namespace hone::toggles::advanced {
namespace {

constexpr std::size_t kOverhead = 256;  // list and map nodes, key twice, control block

}  // namespace

/// SHA-256 is as random as it gets: any eight bytes do.
std::size_t PreviousAnswers::KeyHash::operator()(const Key& key) const {
    std::uint64_t a = 0, b = 0;
    std::memcpy(&a, key.hash.data(), sizeof a);
    std::memcpy(&b, key.owner.data(), sizeof b);
    return a ^ b;
}

std::size_t PreviousAnswers::costOf(const Entry& entry) { return entry.answer->bytes.size() + kOverhead; }

PreviousAnswers::Kept PreviousAnswers::find(const coding::DictionaryHash& hash,
                                            const coding::DictionaryHash& owner) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_byKey.find({hash, owner});
    if (found == m_byKey.end())
        return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, found->second);
    return found->second->answer;
}

bool PreviousAnswers::keep(const coding::DictionaryHash& hash, const coding::DictionaryHash& owner,
                           std::string_view body) {
    if (body.size() + kOverhead > m_budget / 4)
        return false;
    if (find(hash, owner))
        return true;
    // Copied before the lock is taken; a second copy made meanwhile is dropped below.
    auto answer = std::make_shared<const coding::Dictionary>(hash, std::string(body));
    const std::lock_guard lock(m_mutex);
    const Key key{hash, owner};
    if (m_byKey.contains(key))
        return true;
    m_entries.push_front({key, std::move(answer)});
    m_byKey.emplace(key, m_entries.begin());
    m_bytes += costOf(m_entries.front());
    while (m_bytes > m_budget)
        dropLast();
    return true;
}

void PreviousAnswers::dropLast() {
    m_bytes -= costOf(m_entries.back());
    m_byKey.erase(m_entries.back().key);
    m_entries.pop_back();
}

std::size_t PreviousAnswers::bytes() const {
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

void PreviousAnswers::clear() {
    const std::lock_guard lock(m_mutex);
    m_byKey.clear();
    m_entries.clear();
    m_bytes = 0;
}

}  // namespace hone::toggles::advanced
