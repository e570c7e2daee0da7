#pragma once

#include "core/toggles/graphql/limits.h"
#include "core/toggles/graphql/page_request.h"

#include "core/base/clock.h"

#include <mutex>
#include <unordered_map>

namespace hone::toggles::graphql {

/// What an execution cost the database.
struct Work {
    data::SqlStats sql;
    Nanos connect{0}, time{0};
};

/// The sessions of one execution, one per dataset, opened when first asked for and given back at the end.
class Sessions {
public:
    explicit Sessions(const data::Access& access) : m_access(access) {}
    Sessions(const Sessions&) = delete;
    Sessions& operator=(const Sessions&) = delete;
    ~Sessions();

    /// `ask(session)`, timed and counted.
    template <class Ask>
    auto run(data::Dataset& dataset, Ask&& ask) -> decltype(ask(std::declval<data::Session&>())) {
        const auto session = of(dataset);
        if (!session)
            return fail(Error(session.error()));
        const Nanos begin = monotonicNow();
        const data::SqlStats before = (*session)->stats();
        auto answer = ask(**session);
        const data::SqlStats after = (*session)->stats();
        work.sql.statements += after.statements - before.statements;
        work.sql.rowsRead += after.rowsRead - before.rowsRead;
        work.time += monotonicNow() - begin;
        return answer;
    }

    Work work;

private:
    Result<data::Session*> of(data::Dataset& dataset);

    const data::Access m_access;
    std::vector<std::pair<data::Dataset*, std::unique_ptr<data::Session>>> m_open;
};

struct Related;

/// Rows of one table that were fetched together, and what is related to them.
struct Level {
    const TableBinding* table = nullptr;
    data::RowSet rows;
    std::vector<int> at;                ///< Where each column of the table is among those read; -1: not.
    std::vector<std::uint32_t> wanted;  ///< Rows that will be written: whose relations are worth fetching.
    std::vector<std::pair<const PlannedField*, std::unique_ptr<Related>>> related;

    [[nodiscard]] const data::Cell& cell(std::size_t row, std::size_t column) const {
        return rows.cell(row, static_cast<std::size_t>(at[column]));
    }
};

/// Some rows of a level in order, as a connection answers them.
struct Page {
    Level* level = nullptr;
    std::vector<std::uint32_t> rows;
    bool hasNext = false, hasPrevious = false;
    std::int64_t total = 0;  ///< When it was asked for.
    const PageRequest* request = nullptr;
};

/// What one relation leads to from all rows of a level, by the value it follows.
struct Related {
    std::optional<Error> fault;
    std::unique_ptr<Level> level;
    PageRequest request;
    std::unordered_map<std::string, std::uint32_t> one;
    std::unordered_map<std::string, Page> many;
    Page empty;
};

/// A page with what it lies in.
struct LoadedPage {
    std::unique_ptr<Level> level;
    PageRequest request;
    Page page;
};

/// Reads what a plan selects, and only the columns it selects.
///
/// Batching: what a level's rows are related to is fetched at once by the values of all of them, one
/// statement per relation of the query however many rows there are. Without it every row asks for its own
/// (N+1), as resolvers do that nobody has thought about. Thread: one. Owner: one execution.
class Loader {
public:
    Loader(const Api& api, Planner& planner, Sessions& sessions, const Limits& limits, bool batching)
        : m_api(api), m_planner(planner), m_sessions(sessions), m_limits(limits), m_batching(batching) {}

    Result<std::unique_ptr<LoadedPage>> connection(PlannedField& field, const TableBinding& table);
    Result<std::unique_ptr<Level>> list(PlannedField& field, const TableBinding& table);
    Result<std::unique_ptr<Level>> row(PlannedField& field, const TableBinding& table,
                                       const std::string& key);
    /// Rows that a write gave back.
    std::unique_ptr<Level> written(PlannedField& field, const TableBinding& table, data::RowSet rows);
    /// Of one row: taken from what was fetched for all, or fetched for it alone into `own`.
    Related& related(PlannedField& field, Level& level, std::size_t row, std::unique_ptr<Related>& own);

private:
    using Plans = std::vector<SelectionPlan*>;
    std::unique_ptr<Related> load(PlannedField& field, const Level& level,
                                  std::span<const std::uint32_t> parents);
    Result<> loadOne(PlannedField& field, const Relation& relation, const std::vector<std::string>& keys,
                     Related& into);
    Result<> loadMany(PlannedField& field, const Relation& relation, const std::vector<std::string>& keys,
                      Related& into);
    Result<Page> page(const PageRequest& request, std::vector<data::Filter> filters, PlannedField& field,
                      const TableBinding& table, std::unique_ptr<Level>& level);
    void slice(const PageRequest& request, const std::string& key, Page& page) const;
    Result<std::unique_ptr<Level>> select(data::Query query, const TableBinding& table);
    Result<std::unique_ptr<Level>> selectIn(data::Query query, const TableBinding& table,
                                            const std::string& column, const std::vector<std::string>& keys);
    void prefetch(const Plans& plans, Level& level);
    Plans rowPlans(PlannedField& field, const TableBinding& table);
    [[nodiscard]] std::vector<std::string> columns(const Plans& plans, const TableBinding& table,
                                                   const std::vector<data::Sort>& sorts) const;
    bool wantsTotal(PlannedField& field);

    const Api& m_api;
    Planner& m_planner;
    Sessions& m_sessions;
    const Limits& m_limits;
    const bool m_batching;
};

}  // namespace hone::toggles::graphql
