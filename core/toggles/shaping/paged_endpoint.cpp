#include "core/toggles/shaping/paged_endpoint.h"

#include "core/http/semantics.h"
#include "core/toggles/shaping/cursor.h"
#include "core/toggles/shaping/embed_loader.h"
#include "core/toggles/shaping/projection.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone::toggles::shaping {
namespace {

using engine::Exchange;
using engine::Payload;
using nlohmann::json;

void addIfMissing(std::vector<std::string>& fields, const std::string& name) {
    if (std::ranges::find(fields, name) == fields.end())
        fields.push_back(name);
}

/// The objects of the rows with what they embed.
Result<json> embedded(Exchange& exchange, SideSession& side, const Selection& selection, PageWork& work) {
    const Nanos begin = monotonicNow();
    const auto session = side.get();
    if (!session)
        return fail(session.error());
    const int before = side.statements();
    EmbedLoader loader(**session, work.maxEmbedded);
    auto objects = loader.objects(exchange.payload.rows, selection);
    const int statements = side.statements() - before;
    exchange.note(
        "embed", monotonicNow() - begin,
        fmt::format("{} statement{}, {} rows", statements, statements == 1 ? "" : "s", loader.loaded()));
    work.rowsEmbedded.fetch_add(loader.loaded(), std::memory_order_relaxed);
    return objects;
}

void answerDocument(Exchange& exchange, json document) {
    exchange.payload.kind = Payload::Document;
    exchange.payload.rows = {};
    exchange.payload.document = std::make_shared<const json>(std::move(document));
}

void refuse(Exchange& exchange, const Error& error) {
    exchange.cacheable = false;
    exchange.answer(http::problem(error));
}

/// json-server's answer to _page.
json envelope(const PagePosition& position, json data) {
    const std::int64_t items = position.total.value_or(0);
    const std::int64_t pages = std::max<std::int64_t>(1, (items + position.limit - 1) / position.limit);
    const std::int64_t page = position.offset / position.limit + 1;
    return {{"first", 1},
            {"prev", page > 1 ? json(page - 1) : json()},
            {"next", page < pages ? json(page + 1) : json()},
            {"last", pages},
            {"pages", pages},
            {"items", items},
            {"data", std::move(data)}};
}

}  // namespace

void askForPage(data::Query& query, const ListRequest& request, const data::Table& table) {
    const data::Query& wanted = request.query;
    query.fields = request.selection.columnsToRead();
    query.filters.insert(query.filters.end(), wanted.filters.begin(), wanted.filters.end());
    query.conditions = wanted.conditions;
    query.search = wanted.search;
    query.sorts = wanted.sorts;
    if (wanted.limit)
        query.limit = *wanted.limit + 1;
    query.offset = wanted.offset;
    query.after = wanted.after;
    query.backwards = wanted.backwards;
    if (!request.byCursor || query.fields.empty())
        return;
    // The cursor is made of these; the answer shows only what was asked for.
    for (const data::Sort& sort : query.sorts)
        addIfMissing(query.fields, sort.column);
    addIfMissing(query.fields, table.key);
}

void PageEndpoint::handle(Exchange& exchange) const {
    exchange.route.endpoint = &m_inner;
    SideSession side(exchange);
    std::optional<std::int64_t> total;
    if (m_request.clampsPage) {
        const auto counted = clampPage(exchange, side);
        if (!counted)
            return refuse(exchange, counted.error());
        total = *counted;
    }
    m_inner.handle(exchange);
    if (exchange.answered || exchange.payload.kind != Payload::List)
        return;
    if (auto finished = finishPage(exchange, side, total); !finished)
        refuse(exchange, finished.error());
}

Result<std::int64_t> PageEndpoint::clampPage(Exchange& exchange, SideSession& side) const {
    auto total = countOf(exchange, side, exchange.query, Count::Exact);
    if (!total)
        return total;
    const std::int64_t size = *m_request.query.limit;
    const std::int64_t last = *total == 0 ? 0 : (*total - 1) / size * size;
    exchange.query.offset = std::min(exchange.query.offset, last);
    return total;
}

Result<> PageEndpoint::finishPage(Exchange& exchange, SideSession& side,
                                  std::optional<std::int64_t> total) const {
    auto& rows = exchange.payload.rows;
    const auto found = static_cast<std::int64_t>(rows.rowCount());
    PagePosition position{.by = m_request.byCursor ? PagePosition::By::Cursor
                                : m_request.byPage ? PagePosition::By::Page
                                                   : PagePosition::By::Offset,
                          .limit = m_request.query.limit.value_or(std::max<std::int64_t>(found, 1)),
                          .offset = exchange.query.offset,
                          .hasMore = m_request.query.limit && found > *m_request.query.limit,
                          .total = total};
    if (m_request.links)
        position.names = m_request.links;
    cutRows(rows, static_cast<std::size_t>(position.limit));
    if (m_request.query.backwards)
        reverseRows(rows);
    if (m_request.byCursor)
        if (auto linked = linkCursors(exchange, position); !linked)
            return linked;
    if (auto counted = countRows(exchange, side, position); !counted)
        return counted;
    if (m_request.links)
        exchange.response.fields.set("Link",
                                     linkField(exchange.request.path, exchange.request.query, position));
    record(exchange);
    return shape(exchange, side, position);
}

/// A page between two positions: what comes before the first and after the last row of it. A page that was
/// reached from one side has that side behind it.
Result<> PageEndpoint::linkCursors(const Exchange& exchange, PagePosition& position) const {
    const auto& rows = exchange.payload.rows;
    const auto& table = *exchange.route.table;
    const bool back = m_request.query.backwards, cameFromRow = !m_request.query.after.empty();
    position.lastCursor = encodeCursor({table.name, m_request.sort, {}, true}, m_key);
    if (rows.rowCount() == 0) {
        if (cameFromRow && !back)
            position.prevCursor = position.lastCursor;  // What followed was removed meanwhile.
        return {};
    }
    const auto at = [&](std::size_t row, bool backwards) -> Result<std::string> {
        auto place = data::keysetAfter(rows, row, m_request.query.sorts, table.key);
        if (!place)
            return fail(Error::Internal, "the rows of {} lack the columns their cursor is made of",
                        table.name);
        return encodeCursor({table.name, m_request.sort, std::move(*place), backwards}, m_key);
    };
    if (back ? cameFromRow : position.hasMore) {
        auto next = at(rows.rowCount() - 1, false);
        if (!next)
            return fail(std::move(next.error()));
        position.nextCursor = std::move(*next);
    }
    if (back ? position.hasMore : cameFromRow) {
        auto prev = at(0, true);
        if (!prev)
            return fail(std::move(prev.error()));
        position.prevCursor = std::move(*prev);
    }
    return {};
}

/// Sets the total and its fields. A list that ends on this page is counted by what was read of it. The rows
/// and their number are two statements: a write between them shows in one of them.
Result<> PageEndpoint::countRows(Exchange& exchange, SideSession& side, PagePosition& position) const {
    auto& fields = exchange.response.fields;
    const auto returned = static_cast<std::int64_t>(exchange.payload.rows.rowCount());
    const Count how = m_request.countsAlways ? Count::Exact : m_work->count;
    if (how == Count::None)
        return {};
    const bool endsHere =
        m_request.query.after.empty() && !position.hasMore && (returned > 0 || position.offset == 0);
    bool isExact = true;
    std::int64_t total = position.offset + returned;
    if (position.total) {
        total = *position.total;
    } else if (!endsHere) {
        isExact = how == Count::Exact;
        const auto counted = countOf(exchange, side, exchange.query, how);
        if (!counted)
            return fail(counted.error());
        total = isExact ? *counted : std::max(*counted, total + (position.hasMore ? 1 : 0));
    }
    if (isExact)
        position.total = total;  // A guess links no last page.
    fields.set(m_request.countsTwice ? "X-Filtered-Count" : "X-Total-Count", fmt::format("{}", total));
    if (!isExact)
        fields.set("X-Total-Count-Estimated", "true");
    if (!m_request.countsTwice)
        return {};
    const auto whole = countOf(exchange, side, {.table = exchange.query.table}, how);
    if (!whole)
        return fail(whole.error());
    fields.set("X-Total-Count", fmt::format("{}", *whole));
    return {};
}

Result<std::int64_t> PageEndpoint::countOf(Exchange& exchange, SideSession& side, const data::Query& query,
                                           Count how) const {
    const Nanos begin = monotonicNow();
    const auto session = side.get();
    if (!session)
        return fail(session.error());
    auto total = how == Count::Estimated ? (*session)->estimateCount(query) : (*session)->count(query);
    exchange.note("count", monotonicNow() - begin, how == Count::Estimated ? "estimated" : "");
    m_work->counts.fetch_add(1, std::memory_order_relaxed);
    return total;
}

/// Plain columns stay rows, which every format writes fastest; what is nested becomes a document.
Result<> PageEndpoint::shape(Exchange& exchange, SideSession& side, const PagePosition& position) const {
    const Selection& selection = m_request.selection;
    auto& rows = exchange.payload.rows;
    if (selection.branches.empty() && !m_request.isEnveloped) {
        if (!selection.all && rows.columns.size() != selection.fields.size())
            rows = project(rows, selection.fields);
        return {};
    }
    auto objects = selection.branches.empty() ? Result<json>(plainObjects(rows, selection))
                                              : embedded(exchange, side, selection, *m_work);
    if (!objects)
        return fail(std::move(objects.error()));
    answerDocument(exchange,
                   m_request.isEnveloped ? envelope(position, std::move(*objects)) : std::move(*objects));
    return {};
}

void PageEndpoint::record(const Exchange& exchange) const {
    const auto returned = static_cast<std::int64_t>(exchange.payload.rows.rowCount());
    const auto avoided = std::max<std::int64_t>(0, exchange.route.table->rowCount - returned);
    m_work->pages.fetch_add(1, std::memory_order_relaxed);
    m_work->rowsReturned.fetch_add(returned, std::memory_order_relaxed);
    m_work->rowsAvoided.fetch_add(avoided, std::memory_order_relaxed);
}

void ItemEndpoint::handle(Exchange& exchange) const {
    exchange.route.endpoint = &m_inner;
    m_inner.handle(exchange);
    if (exchange.answered || exchange.payload.kind != Payload::Object)
        return;
    if (m_selection.branches.empty()) {
        exchange.payload.rows = project(exchange.payload.rows, m_selection.fields);
        return;
    }
    SideSession side(exchange);
    auto objects = embedded(exchange, side, m_selection, *m_work);
    if (!objects)
        return refuse(exchange, objects.error());
    answerDocument(exchange, std::move((*objects)[0]));
}

}  // namespace hone::toggles::shaping
