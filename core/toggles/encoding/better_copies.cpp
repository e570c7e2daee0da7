#include "core/toggles/encoding/better_copies.h"

#include "core/http/semantics.h"

#include <algorithm>

namespace hone::toggles::encoding {
namespace {

constexpr std::size_t kMostWaiting = 64;  ///< A flood of answers must not become a queue of hours.

/// None for what is not coded, or must be left as it is.
std::optional<coding::Coding> codingOf(const http::Prepared& prepared) {
    const auto control = prepared.fields.get("Cache-Control");
    if (control && http::parseCacheControl(*control).noTransform)
        return std::nullopt;
    const auto name = prepared.fields.get("Content-Encoding");
    return name ? coding::codingFrom(*name) : std::nullopt;
}

std::size_t costOf(const http::Prepared& copy) { return copy.body.size() + copy.head11.size() + 1024; }

}  // namespace

BetterCopies::BetterCopies(const coding::Levels& levels, std::size_t budgetBytes)
    : m_budget(budgetBytes), m_compressor(levels), m_thread("recompress", 1) {}

BetterCopies::~BetterCopies() = default;

Prepared BetterCopies::of(const Prepared& kept) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find(kept.get());
    if (found != m_entries.end() && found->second.kept.lock() == kept)
        return found->second.copy;
    if (m_waiting >= kMostWaiting)
        return nullptr;
    if (found != m_entries.end() && found->second.copy)
        m_bytes -= costOf(*found->second.copy);  // another answer was at this address
    if (m_entries.size() >= m_nextSweep) {
        dropDead();
        m_nextSweep = std::max(kFirstSweep, m_entries.size() * 2);
    }
    m_entries.insert_or_assign(kept.get(), Entry{.kept = kept, .copy = nullptr});
    ++m_waiting;
    m_thread.post([this, weak = std::weak_ptr(kept)](int) { make(weak); });
    return nullptr;
}

/// On the thread. Who keeps the answer may have let go of it meanwhile.
void BetterCopies::make(const std::weak_ptr<const http::Prepared>& weak) {
    if (const auto kept = weak.lock())
        if (const auto coding = codingOf(*kept)) {
            const auto plain = coding::decodeContent(coding::codingName(*coding), kept->body);
            std::string coded;
            if (plain && m_compressor.compress(*coding, *plain, coded) && coded.size() < kept->body.size()) {
                coded.shrink_to_fit();
                auto fields = kept->fields;
                if (const auto tag = fields.get("ETag"); tag && !tag->starts_with("W/"))
                    fields.set("ETag", http::etagOf(coded));
                keep(kept, http::prepare(kept->status, std::move(fields), std::move(coded)));
            }
        }
    const std::lock_guard lock(m_mutex);
    if (--m_waiting == 0)
        m_idle.notify_all();
}

void BetterCopies::keep(const Prepared& kept, Prepared copy) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find(kept.get());
    if (found == m_entries.end())  // cleared meanwhile
        return;
    const std::size_t cost = costOf(*copy);
    if (m_bytes + cost > m_budget)
        dropDead();
    if (m_bytes + cost > m_budget)
        return;
    ++m_counts.made;
    m_counts.bytesBefore += kept->body.size();
    m_counts.bytesAfter += copy->body.size();
    m_bytes += cost;
    found->second.copy = std::move(copy);
}

/// Copies of answers nobody keeps any more. Called with the lock.
void BetterCopies::dropDead() {
    std::erase_if(m_entries, [&](const auto& entry) {
        if (!entry.second.kept.expired())
            return false;
        if (entry.second.copy)
            m_bytes -= costOf(*entry.second.copy);
        return true;
    });
}

void BetterCopies::clear() {
    const std::lock_guard lock(m_mutex);
    m_entries.clear();
    m_bytes = 0;
}

std::size_t BetterCopies::bytes() const {
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

BetterCopies::Counts BetterCopies::counts() const {
    const std::lock_guard lock(m_mutex);
    return m_counts;
}

void BetterCopies::settle() {
    std::unique_lock lock(m_mutex);
    m_idle.wait(lock, [this] { return m_waiting == 0; });
}

const Prepared& Popularity::swap(const Prepared& kept) {
    // Neighbouring allocations differ above the low bits.
    auto& place = m_places[(reinterpret_cast<std::uintptr_t>(kept.get()) >> 6) % m_places.size()];
    if (place.address != kept.get() || place.kept.owner_before(kept) || kept.owner_before(place.kept)) {
        place = {.kept = kept, .address = kept.get(), .sends = 0, .nextAsk = m_sendsBefore, .copy = nullptr};
    }
    if (place.copy)
        return place.copy;
    if (++place.sends < place.nextAsk)
        return m_none;
    place.copy = m_copies.of(kept);
    place.nextAsk = place.sends * 2;  // it may never come: ask less and less often
    return place.copy;
}

}  // namespace hone::toggles::encoding
