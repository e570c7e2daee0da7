#include "core/caching/vary_index.h"

#include <algorithm>

namespace hone::caching {
namespace {

// More URLs than this would be another kind of API; then everything is learned anew.
constexpr std::size_t kMostUrls = 8192;
// No field value holds one, so that values cannot run into each other.
constexpr char kPresent = '\x02', kAbsent = '\x03', kEnd = '\n';

}  // namespace

std::string normalisedField(const http::Request& request, std::string_view name) {
    const std::string joined = request.joined(name);
    std::string out;
    std::string_view rest = joined, member;
    while (http::nextMember(rest, member)) {
        if (!out.empty())
            out += ',';
        out += http::trim(member);
    }
    return name == "accept-language" || name == "accept-charset" ? http::lower(out) : out;
}

void VaryIndex::appendTo(std::string& key, std::string_view primary, const http::Request& request) const {
    if (!m_isUsed.load(std::memory_order_acquire))
        return;
    const std::scoped_lock lock(m_mutex);
    const auto url = m_urls.find(primary);
    if (url == m_urls.end())
        return;
    for (const auto& name : url->second.names) {
        key += kEnd;
        key += name;
        key += request.field(name) ? kPresent : kAbsent;
        key += normalisedField(request, name);
    }
}

void VaryIndex::learn(std::string_view primary, const std::vector<std::string>& names) {
    if (names.empty())
        return;
    const std::scoped_lock lock(m_mutex);
    if (m_urls.size() >= kMostUrls && !m_urls.contains(primary))
        m_urls.clear();
    auto& known = m_urls.try_emplace(std::string(primary)).first->second.names;
    for (const auto& name : names)
        if (const auto place = std::ranges::lower_bound(known, name); place == known.end() || *place != name)
            known.insert(place, name);
    m_isUsed.store(true, std::memory_order_release);
}

std::optional<std::string> VaryIndex::admit(std::string_view primary, std::string_view key) {
    if (!m_isUsed.load(std::memory_order_acquire))
        return std::nullopt;
    const std::scoped_lock lock(m_mutex);
    const auto url = m_urls.find(primary);
    if (url == m_urls.end())
        return std::nullopt;
    auto& keys = url->second.keys;
    if (std::ranges::find(keys, key) != keys.end())
        return std::nullopt;
    keys.emplace_back(key);
    if (keys.size() <= m_limit)
        return std::nullopt;
    auto oldest = std::move(keys.front());
    keys.erase(keys.begin());
    return oldest;
}

bool VaryIndex::varies(std::string_view primary) const {
    if (!m_isUsed.load(std::memory_order_acquire))
        return false;
    const std::scoped_lock lock(m_mutex);
    const auto url = m_urls.find(primary);
    return url != m_urls.end() && !url->second.keys.empty();
}

void VaryIndex::clear() {
    const std::scoped_lock lock(m_mutex);
    m_urls.clear();
    m_isUsed.store(false, std::memory_order_release);
}

}  // namespace hone::caching
