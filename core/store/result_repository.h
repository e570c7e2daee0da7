#pragma once

#include "core/sqlite/sqlite.h"
#include "core/store/store.h"

namespace hone::store {

/// The `results` table. Thread: its connection's. Owner: the store.
class ResultRepository {
public:
    explicit ResultRepository(sqlite::Connection& db) : m_db(db) {}

    Result<> save(const RunSummary& summary, const std::string& body);
    [[nodiscard]] Result<std::vector<RunSummary>> list(std::string_view search) const;
    /// The whole id, a unique beginning of one (any case), or "last".
    [[nodiscard]] Result<RunSummary> find(std::string_view id) const;
    [[nodiscard]] Result<std::string> body(std::string_view id) const;
    Result<> annotate(std::string_view id, std::string_view name, std::string_view note,
                      const std::vector<std::string>& tags, const std::string& body);
    Result<> setRemoved(std::string_view id, bool removed);
    Result<> forgetRemoved();

private:
    sqlite::Connection& m_db;
};

/// What the list shows of a result.
[[nodiscard]] RunSummary summarise(const model::RunResult& run);
[[nodiscard]] RunSummary summarise(const model::Comparison& comparison);
[[nodiscard]] RunSummary summarise(const model::Attribution& attribution);

}  // namespace hone::store
