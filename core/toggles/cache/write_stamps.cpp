#include "core/toggles/cache/write_stamps.h"

namespace hone::toggles::cache {

WriteStamps::WriteStamps(std::span<const std::shared_ptr<data::Dataset>> datasets, Scope scope)
    : m_scope(scope) {
    for (const auto& dataset : datasets)
        for (const data::Table& table : dataset->schema().tables)
            m_tables.try_emplace(&table, 0);
}

WriteStamp WriteStamps::now(const data::Dataset* dataset, const data::Table* table) const {
    if (m_scope == Scope::None)
        return 0;
    if (m_scope == Scope::Dataset && dataset)
        return dataset->writeGeneration();
    const auto it = m_tables.find(table);
    // A sum of counts that only grow: equal sums mean equal counts.
    return it == m_tables.end() ? m_all.load() : it->second.load() + m_unknown.load();
}

void WriteStamps::wrote(const data::Table* table) {
    m_all.fetch_add(1);
    const auto it = m_tables.find(table);
    (it == m_tables.end() ? m_unknown : it->second).fetch_add(1);
}

}  // namespace hone::toggles::cache
