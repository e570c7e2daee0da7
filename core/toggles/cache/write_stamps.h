#pragma once

#include "core/data/dataset.h"
#include "core/toggles/cache/response_store.h"

#include <atomic>
#include <memory>
#include <span>
#include <unordered_map>

namespace hone::toggles::cache {

/// Counts writes per table, so that an answer computed before a write can be told from one computed after it.
///
/// The stamp is taken before an answer is computed and kept with it; a write moves the table's stamp on once
/// it has succeeded and before it is acknowledged. An answer whose stamp is behind may have missed the write
/// and is not used.
///
/// Thread: any; no lock (the set of tables is fixed). Owner: the toggle's State.
class WriteStamps {
public:
    /// Which writes outdate an answer.
    enum class Scope : std::uint8_t {
        Table,    ///< Those to its table through this pipeline.
        Dataset,  ///< Any to its dataset, by whomever (the other arm, another port).
        None,     ///< None: only time does.
    };
    WriteStamps(std::span<const std::shared_ptr<data::Dataset>> datasets, Scope scope);

    /// The stamp of answers about `table` (null: about more than one) now.
    [[nodiscard]] WriteStamp now(const data::Dataset* dataset, const data::Table* table) const;
    /// After a write; null: it may have been to any table.
    void wrote(const data::Table* table);

private:
    Scope m_scope;
    std::unordered_map<const data::Table*, std::atomic<WriteStamp>> m_tables;
    std::atomic<WriteStamp> m_all{0};      ///< Writes to any table.
    std::atomic<WriteStamp> m_unknown{0};  ///< Writes to tables that are not in m_tables.
};

}  // namespace hone::toggles::cache
