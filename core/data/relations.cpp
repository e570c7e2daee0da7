#include "core/data/relations.h"

#include "core/data/detect_references.h"

#include <algorithm>

namespace hone::data {
namespace {

/// Collects relations, keeping names apart.
class Collector {
public:
    explicit Collector(const Table& table) : m_table(table) {}

    void add(std::string name, const std::string& keyColumn, Hop hop, bool many) {
        if (isTaken(name))
            name += "_by_" + keyColumn;
        while (isTaken(name))
            name += '_';
        m_relations.push_back({std::move(name), std::move(hop), many});
    }
    [[nodiscard]] std::vector<Relation> take() { return std::move(m_relations); }

private:
    [[nodiscard]] bool isTaken(const std::string& name) const {
        return m_table.column(name) ||
               std::ranges::find(m_relations, name, &Relation::name) != m_relations.end();
    }

    const Table& m_table;
    std::vector<Relation> m_relations;
};

}  // namespace

std::vector<Relation> relationsOf(const Schema& schema, const Table& table) {
    Collector found(table);
    for (const ForeignKey& key : table.foreignKeys) {
        const std::string stem = referenceStem(key.column);
        found.add(stem.empty() ? key.table : stem, key.column, {key.column, key.table, key.targetColumn},
                  false);
    }
    for (const Table& other : schema.tables)
        for (const ForeignKey& key : other.foreignKeys)
            if (key.table == table.name)
                found.add(other.name, key.column, {key.targetColumn, other.name, key.column}, true);
    return found.take();
}

}  // namespace hone::data
