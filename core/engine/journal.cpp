#include "core/engine/journal.h"

namespace hone::engine {

bool Journal::wants(Nanos now) {
    if (now - m_windowBegan >= kWindow) {
        m_windowBegan = now;
        m_inWindow = 0;
    }
    if (m_inWindow == kPerWindow)
        return false;
    ++m_inWindow;
    return true;
}

void Journal::add(JournalEntry entry) {
    auto shared = std::make_shared<const JournalEntry>(std::move(entry));
    const std::lock_guard lock(m_mutex);
    if (m_ring.size() < kCapacity) {
        m_ring.push_back(std::move(shared));
        return;
    }
    m_ring[m_next].swap(shared);  // the old one is freed after the lock
    m_next = (m_next + 1) % kCapacity;
}

void Journal::read(std::vector<JournalEntry>& out) const {
    std::unique_lock lock(m_mutex);
    const auto kept = m_ring;
    lock.unlock();  // copying the entries may take longer than a request should wait
    for (const auto& entry : kept)
        out.push_back(*entry);
}

}  // namespace hone::engine
