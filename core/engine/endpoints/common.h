#pragma once

#include "core/engine/exchange.h"

#include <utility>

namespace hone::engine::endpoints {

/// Runs `ask` on a session of `dataset`, got and given back the way the plan says. Notes the time as
/// "connect" (which a pool saves) and "sql", and counts statements and rows. A failed session is its error.
template <class Ask>
auto withSession(Exchange& exchange, data::Dataset& dataset, Ask&& ask)
    -> decltype(ask(std::declval<data::Session&>())) {
    const Nanos begin = monotonicNow();
    auto session = dataset.session(exchange.access);
    const Nanos opened = monotonicNow();
    exchange.note("connect", opened - begin);
    if (!session)
        return fail(std::move(session.error()));
    const data::SqlStats before = (*session)->stats();
    auto answer = ask(**session);
    const data::SqlStats after = (*session)->stats();
    exchange.sql.statements += after.statements - before.statements;
    exchange.sql.rowsRead += after.rowsRead - before.rowsRead;
    exchange.note("sql", monotonicNow() - opened);
    dataset.release(std::move(*session));
    return answer;
}

/// The 404 for a key nobody has.
[[nodiscard]] http::Response noSuchRow(const Route& route);
/// "/api/orders/17".
[[nodiscard]] std::string itemPath(const data::Table& table, std::string_view key);

}  // namespace hone::engine::endpoints
