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
    const std::lock_guard lock(m_mutex);
    if (m_ring.size() < kCapacity) {
        m_ring.push_back(std::move(entry));
        return;
    }
    m_ring[m_next] = std::move(entry);
    m_next = (m_next + 1) % kCapacity;
}

void Journal::read(std::vector<JournalEntry>& out) const {
    const std::lock_guard lock(m_mutex);
    out.insert(out.end(), m_ring.begin(), m_ring.end());
}

}  // namespace hone::engine
