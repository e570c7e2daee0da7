#include "core/caching/purge_rules.h"

#include "core/caching/cache_key.h"

#include <algorithm>

namespace hone::caching {
namespace {

constexpr std::size_t kMostRules = 1024;

std::string normalTarget(std::string_view target) {
    const auto mark = target.find('?');
    std::string out(target.substr(0, mark));
    if (mark == target.npos)
        return out;
    std::vector<std::string_view> scratch;
    out += '?';
    appendNormalisedQuery(target.substr(mark + 1), scratch, out);
    return out;
}

}  // namespace

PurgeRule::PurgeRule(const Purge& what) : m_tag(what.tag), m_isPrefix(what.url.ends_with('*')) {
    m_url = m_isPrefix ? std::string(what.url.substr(0, what.url.size() - 1)) : normalTarget(what.url);
}

bool PurgeRule::matches(const StoredAnswer& answer) const {
    if (!m_tag.empty() && std::ranges::find(answer.tags, m_tag) == answer.tags.end())
        return false;
    if (m_isPrefix)
        return answer.target.starts_with(m_url);
    return m_url.empty() || normalTarget(answer.target) == m_url;
}

void PurgeRules::add(PurgeRule rule) {
    const std::scoped_lock lock(m_mutex);
    if (m_rules.size() == kMostRules)
        m_rules.erase(m_rules.begin());
    m_rules.push_back(std::move(rule));
    m_count.fetch_add(1, std::memory_order_release);
}

bool PurgeRules::purged(const StoredAnswer& answer, std::uint64_t since) const {
    if (since >= now())
        return false;
    const std::scoped_lock lock(m_mutex);
    const auto missed = m_count.load() - since;
    if (missed > m_rules.size())
        return true;
    return std::any_of(m_rules.end() - static_cast<std::ptrdiff_t>(missed), m_rules.end(),
                       [&](const PurgeRule& rule) { return rule.matches(answer); });
}

}  // namespace hone::caching
