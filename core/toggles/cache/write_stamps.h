#pragma once

#include "core/caching/response_store.h"
#include "core/data/dataset.h"
#include "core/http/message.h"

#include <array>
#include <atomic>
#include <memory>
#include <span>
#include <unordered_map>

namespace hone::toggles::cache {

using namespace caching;

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
        Url,      ///< Those to its own URL, as RFC 9111 section 4.4 has it.
        None,     ///< None: only time does (of an upstream's answers, as Url: the RFC leaves no choice).
    };
    WriteStamps(std::span<const std::shared_ptr<data::Dataset>> datasets, Scope scope);

    /// The stamp of answers about `table` (null: about more than one) now.
    [[nodiscard]] WriteStamp now(const data::Dataset* dataset, const data::Table* table) const;
    /// Of an upstream's answers to `path`. Nobody knows its tables: Dataset is any write through this
    /// pipeline, Table one to the path, what it named in Location or Content-Location, and the collection
    /// above.
    [[nodiscard]] WriteStamp ofUpstream(std::string_view path) const;
    /// The part that writes to one path move on; zero where they do not count.
    [[nodiscard]] WriteStamp ofPath(std::string_view path) const;
    /// After a write; null: it may have been to any table.
    void wrote(const data::Table* table);
    /// After a write to `path` that was answered with these fields: outdates it and, on the same origin, what
    /// Location and Content-Location name.
    void wroteTo(const http::Request& request, const http::Response& response);

private:
    [[nodiscard]] std::atomic<WriteStamp>& ofHash(std::string_view path) const;

    /// Paths share counters: a write may outdate too much, never too little.
    static constexpr std::size_t kPathCounters = 4096;

    Scope m_scope;
    std::unordered_map<const data::Table*, std::atomic<WriteStamp>> m_tables;
    std::atomic<WriteStamp> m_all{0};      ///< Writes to any table.
    std::atomic<WriteStamp> m_unknown{0};  ///< Writes to tables that are not in m_tables.
    const std::unique_ptr<std::array<std::atomic<WriteStamp>, kPathCounters>> m_paths =
        std::make_unique<std::array<std::atomic<WriteStamp>, kPathCounters>>();
};

}  // namespace hone::toggles::cache
