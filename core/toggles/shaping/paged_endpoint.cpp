#include "core/toggles/shaping/paged_endpoint.h"

#include "core/http/semantics.h"
#include "core/toggles/shaping/cursor.h"
#include "core/toggles/shaping/projection.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone::toggles::shaping {
namespace {

using engine::Exchange;
using engine::Payload;

void addIfMissing(std::vector<std::string>& fields, const std::string& name) {
    if (std::ranges::find(fields, name) == fields.end())
        fields.push_back(name);
}

PagePosition positionOf(const ListRequest& request, std::size_t rowCount) {
    return {.by = request.byCursor ? PagePosition::By::Cursor
                  : request.byPage ? PagePosition::By::Page
                                   : PagePosition::By::Offset,
            .limit = *request.query.limit,
            .offset = request.query.offset,
            .hasMore = static_cast<std::int64_t>(rowCount) > *request.query.limit};
}

Result<std::string> cursorAfterLast(const Exchange& exchange, const ListRequest& request) {
    const auto& rows = exchange.payload.rows;
    const auto& table = *exchange.route.table;
    auto after = data::keysetAfter(rows, rows.rowCount() - 1, request.query.sorts, table.key);
    if (!after)
        return fail(Error::Internal, "the rows of {} lack the columns their cursor is made of", table.name);
    return encodeCursor({table.name, request.sort, std::move(*after)});
}

}  // namespace

void askForPage(data::Query& query, const ListRequest& request, const data::Table& table) {
    const data::Query& wanted = request.query;
    query.fields = wanted.fields;
    query.filters.insert(query.filters.end(), wanted.filters.begin(), wanted.filters.end());
    query.search = wanted.search;
    query.sorts = wanted.sorts;
    query.limit = *wanted.limit + 1;
    query.offset = wanted.offset;
    query.after = wanted.after;
    if (!request.byCursor || query.fields.empty())
        return;
    // The cursor is made of these; finishPage takes them away again.
    for (const data::Sort& sort : query.sorts)
        addIfMissing(query.fields, sort.column);
    addIfMissing(query.fields, table.key);
}

void PageEndpoint::handle(Exchange& exchange) const {
    exchange.route.endpoint = &m_inner;
    m_inner.handle(exchange);
    if (exchange.answered || exchange.payload.kind != Payload::List)
        return;
    if (auto finished = finishPage(exchange); !finished) {
        exchange.cacheable = false;
        exchange.answer(http::problem(finished.error()));
    }
}

Result<> PageEndpoint::finishPage(Exchange& exchange) const {
    auto& rows = exchange.payload.rows;
    const auto& fields = m_request.query.fields;
    PagePosition position = positionOf(m_request, rows.rowCount());
    cutRows(rows, static_cast<std::size_t>(position.limit));
    if (m_request.byCursor && position.hasMore) {
        auto next = cursorAfterLast(exchange, m_request);
        if (!next)
            return fail(std::move(next.error()));
        position.nextCursor = std::move(*next);
    }
    if (m_totals->countsExactly) {
        const auto total = totalOf(exchange, position);
        if (!total)
            return fail(total.error());
        position.total = *total;
        exchange.response.fields.set("X-Total-Count", fmt::format("{}", *total));
    }
    if (!fields.empty() && rows.columns.size() != fields.size())
        rows = project(rows, fields);
    exchange.response.fields.set("Link", linkField(exchange.request.path, exchange.request.query, position));
    count(exchange);
    return {};
}

/// A first page that is also the last one, and a last page by offset, know it already. The rows and their
/// number are two statements: a write between them shows in one of them.
Result<std::int64_t> PageEndpoint::totalOf(Exchange& exchange, const PagePosition& position) const {
    const auto returned = static_cast<std::int64_t>(exchange.payload.rows.rowCount());
    if (m_request.query.after.empty() && !position.hasMore && (returned > 0 || position.offset == 0))
        return position.offset + returned;
    const Nanos begin = monotonicNow();
    auto& dataset = *exchange.route.dataset;
    auto session = dataset.session(exchange.access);
    if (!session)
        return fail(std::move(session.error()));
    const data::SqlStats before = (*session)->stats();
    auto total = (*session)->count(exchange.query);
    const data::SqlStats after = (*session)->stats();
    dataset.release(std::move(*session));
    exchange.sql.statements += after.statements - before.statements;
    exchange.sql.rowsRead += after.rowsRead - before.rowsRead;
    exchange.note("count", monotonicNow() - begin);
    m_totals->counts.fetch_add(1, std::memory_order_relaxed);
    return total;
}

void PageEndpoint::count(const Exchange& exchange) const {
    const auto returned = static_cast<std::int64_t>(exchange.payload.rows.rowCount());
    const auto avoided = std::max<std::int64_t>(0, exchange.route.table->rowCount - returned);
    m_totals->pages.fetch_add(1, std::memory_order_relaxed);
    m_totals->rowsReturned.fetch_add(returned, std::memory_order_relaxed);
    m_totals->rowsAvoided.fetch_add(avoided, std::memory_order_relaxed);
}

void ItemEndpoint::handle(Exchange& exchange) const {
    exchange.route.endpoint = &m_inner;
    m_inner.handle(exchange);
    if (!exchange.answered && exchange.payload.kind == Payload::Object)
        exchange.payload.rows = project(exchange.payload.rows, m_fields);
}

}  // namespace hone::toggles::shaping
