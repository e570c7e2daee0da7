#include "core/engine/endpoint.h"
#include "core/engine/toggle_def.h"
#include "core/http/semantics.h"
#include "core/toggles/shaping/cursor.h"
#include "core/toggles/shaping/list_request.h"
#include "core/toggles/shaping/page_links.h"
#include "toggles/shaping/doc.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

namespace hone::toggles::shaping {
namespace {

using engine::Exchange;
using engine::Payload;

const Choice kModes[] = {
    {.id = "both", .label = "Offset and cursor", .help = "Links use offsets unless the request says cursor=."},
    {.id = "offset", .label = "Offset", .help = "limit and offset, or page; any page can be jumped to."},
    {.id = "cursor", .label = "Cursor", .help = "Keyset: every page costs the same, however far in."},
};
const Choice kCounts[] = {
    {.id = "exact", .label = "Exact", .help = "X-Total-Count, for one more COUNT statement a page."},
    {.id = "none", .label = "None", .help = "No total, no last page, no extra statement."},
};

const Param kParams[] = {
    {.id = "mode", .label = "Paging", .help = "How pages are asked for.", .initial = "both", .choices = kModes},
    {.id = "pageSize",
     .label = "Page size",
     .help = "Rows in a page when the request names no limit.",
     .unit = Unit::Count,
     .initial = 50,
     .min = 1,
     .max = 100'000},
    {.id = "maxPageSize",
     .label = "Largest page",
     .help = "A larger limit is refused with 400.",
     .unit = Unit::Count,
     .initial = 500,
     .min = 1,
     .max = 100'000},
    {.id = "count", .label = "Total count", .help = "Whether a page says how many rows there are in all.",
     .initial = "exact", .choices = kCounts},
};

const engine::Counter kCounters[] = {
    {.id = "rowsReturned", .label = "Rows returned"},
    {.id = "rowsAvoided", .label = "Rows of the table not returned"},
    {.id = "pages", .label = "Pages answered"},
    {.id = "counts", .label = "COUNT statements run"},
};

struct Shared final : engine::State, std::enable_shared_from_this<Shared> {
    std::unique_ptr<engine::Stage> makeStage() override;
    void readCounters(std::span<double> out) const override {
        out[0] = static_cast<double>(rowsReturned.load(std::memory_order_relaxed));
        out[1] = static_cast<double>(rowsAvoided.load(std::memory_order_relaxed));
        out[2] = static_cast<double>(pages.load(std::memory_order_relaxed));
        out[3] = static_cast<double>(counts.load(std::memory_order_relaxed));
    }

    PageLimits limits;
    bool countsExactly = true;
    std::atomic<std::int64_t> rowsReturned{0}, rowsAvoided{0}, pages{0}, counts{0};
};

void addIfMissing(std::vector<std::string>& fields, const std::string& name) {
    if (std::ranges::find(fields, name) == fields.end())
        fields.push_back(name);
}

class ShapingStage final : public engine::Stage {
public:
    explicit ShapingStage(std::shared_ptr<Shared> shared) : m_shared(std::move(shared)) {}

    void plan(Exchange& exchange) override {
        const auto method = exchange.request.method;
        const auto& route = exchange.route;
        if ((method != http::Method::Get && method != http::Method::Head) || !route.table || !route.endpoint ||
            !route.endpoint->isList())
            return;
        const auto pairs = http::parseQuery(exchange.request.query);
        auto request = pairs ? parseListRequest(*pairs, *route.table, m_shared->limits) : fail(Error(pairs.error()));
        if (!request)
            return exchange.answer(http::problem(request.error()));
        ask(exchange.query, *request, *route.table);
        slotOf(exchange) = std::make_shared<ListRequest>(std::move(*request));
    }

    /// Not a representation, but the first hook after Handle and on its thread: the page is finished before it is written.
    bool represent(Exchange& exchange) override {
        if (exchange.payload.kind == Payload::Object)
            return projectItem(exchange);
        if (const auto request = std::static_pointer_cast<ListRequest>(slotOf(exchange));
            request && exchange.payload.kind == Payload::List) {
            slotOf(exchange).reset();
            return finishPage(exchange, *request);
        }
        return false;
    }

private:
    std::shared_ptr<void>& slotOf(Exchange& exchange) const { return exchange.slots[static_cast<std::size_t>(slot)]; }

    /// Asks for one row more than the page has, which tells whether there is a next one.
    static void ask(data::Query& query, const ListRequest& request, const data::Table& table) {
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

    /// True only when it had to answer with an error itself.
    bool finishPage(Exchange& exchange, const ListRequest& request) {
        auto& rows = exchange.payload.rows;
        const auto limit = static_cast<std::size_t>(*request.query.limit);
        PagePosition position{.limit = *request.query.limit,
                              .offset = request.query.offset,
                              .hasMore = rows.rowCount() > limit};
        cutRows(rows, limit);
        position.by = request.byCursor ? PagePosition::By::Cursor
                      : request.byPage ? PagePosition::By::Page
                                       : PagePosition::By::Offset;
        if (request.byCursor && position.hasMore && !addNextCursor(exchange, request, position))
            return true;
        if (m_shared->countsExactly) {
            auto total = totalOf(exchange, position, request);
            if (!total) {
                exchange.answer(http::problem(total.error()));
                return true;
            }
            position.total = *total;
            exchange.response.fields.set("X-Total-Count", fmt::format("{}", *total));
        }
        if (rows.columns.size() != request.query.fields.size() && !request.query.fields.empty())
            rows = project(rows, request.query.fields);
        exchange.response.fields.set("Link", linkField(exchange.request.path, exchange.request.query, position));
        count(exchange, rows.rowCount());
        return false;
    }

    static bool addNextCursor(Exchange& exchange, const ListRequest& request, PagePosition& position) {
        const auto& rows = exchange.payload.rows;
        const auto& table = *exchange.route.table;
        auto after = data::keysetAfter(rows, rows.rowCount() - 1, request.query.sorts, table.key);
        if (!after) {
            exchange.answer(http::problem(500, "The page lacks the columns its cursor is made of"));
            return false;
        }
        position.nextCursor = encodeCursor({table.name, request.sort, std::move(*after)});
        return true;
    }

    /// The last page of a list knows the total already; others ask the database. Both sessions may see different moments:
    /// the total is exact for when it was counted.
    Result<std::int64_t> totalOf(Exchange& exchange, const PagePosition& position, const ListRequest& request) {
        const auto returned = static_cast<std::int64_t>(exchange.payload.rows.rowCount());
        if (request.query.after.empty() && !position.hasMore && (returned > 0 || position.offset == 0))
            return position.offset + returned;
        auto session = exchange.route.dataset->session(exchange.access);
        if (!session)
            return fail(std::move(session.error()));
        auto total = (*session)->count(exchange.query);
        const auto stats = (*session)->stats();
        exchange.sql.statements += stats.statements;
        exchange.sql.rowsRead += stats.rowsRead;
        exchange.route.dataset->release(std::move(*session));
        m_shared->counts.fetch_add(1, std::memory_order_relaxed);
        return total;
    }

    /// `fields=` of one item. Rows that are not the table's (statistics) are none of ours.
    static bool projectItem(Exchange& exchange) {
        const auto* table = exchange.route.table;
        auto& rows = exchange.payload.rows;
        const auto method = exchange.request.method;
        if ((method != http::Method::Get && method != http::Method::Head) || !table ||
            exchange.request.query.empty() || rows.columns.size() != table->columns.size() ||
            !std::ranges::equal(rows.columns, table->columns, {}, &data::Column::name, &data::Column::name))
            return false;
        const auto pairs = http::parseQuery(exchange.request.query);
        auto fields = pairs ? parseItemFields(*pairs, *table) : fail(Error(pairs.error()));
        if (!fields) {
            exchange.answer(http::problem(fields.error()));
            return true;
        }
        if (!fields->empty())
            rows = project(rows, *fields);
        return false;
    }

    void count(const Exchange& exchange, std::size_t rowCount) {
        const auto returned = static_cast<std::int64_t>(rowCount);
        m_shared->pages.fetch_add(1, std::memory_order_relaxed);
        m_shared->rowsReturned.fetch_add(returned, std::memory_order_relaxed);
        m_shared->rowsAvoided.fetch_add(std::max<std::int64_t>(0, exchange.route.table->rowCount - returned),
                                        std::memory_order_relaxed);
    }

    std::shared_ptr<Shared> m_shared;
};

std::unique_ptr<engine::Stage> Shared::makeStage() { return std::make_unique<ShapingStage>(shared_from_this()); }

Result<std::shared_ptr<engine::State>> make(const engine::ToggleContext& context) {
    auto shared = std::make_shared<Shared>();
    const std::string mode = context.params.text("mode");
    shared->limits = {.mode = mode == "offset" ? Mode::Offset : mode == "cursor" ? Mode::Cursor : Mode::Both,
                      .pageSize = context.params.integer("pageSize"),
                      .maxPageSize = context.params.integer("maxPageSize")};
    shared->countsExactly = context.params.text("count") == "exact";
    if (shared->limits.pageSize > shared->limits.maxPageSize)
        return fail(Error::InvalidArgument, "shaping.pageSize must be at most maxPageSize ({}), got {}",
                    shared->limits.maxPageSize, shared->limits.pageSize)
            .hint("Raise shaping.maxPageSize too.");
    return shared;
}

}  // namespace

const engine::ToggleDef& def() {
    static const engine::ToggleDef kDef{
        .id = "shaping",
        .number = 7,
        .title = "Response shaping",
        .summary = "Lists come in pages, filtered, sorted and with only the fields asked for.",
        .off = "Every list is the whole table with all columns.",
        .why = "Rows nobody looks at are read, written as JSON, compressed, sent and parsed all the same.",
        .moves = "p50, p99 and bytes of lists",
        .costs = "More requests for who wants everything; a COUNT statement a page when totals are exact.",
        .group = engine::Group::Data,
        .phases = engine::phaseBits({engine::Phase::Plan, engine::Phase::Represent}),
        .params = kParams,
        .counters = kCounters,
        .figure = {.kind = engine::Figure::Share, .part = "rowsAvoided", .rest = "rowsReturned", .label = "rows avoided"},
        .doc = kDoc,
        .make = make};
    return kDef;
}

}  // namespace hone::toggles::shaping
