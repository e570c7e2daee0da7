#include "core/engine/toggle_def.h"
#include "core/http/semantics.h"
#include "core/toggles/shaping/list_request.h"
#include "core/toggles/shaping/paged_endpoint.h"
#include "toggles/shaping/doc.h"

namespace hone::toggles::shaping {
namespace {

using engine::Exchange;

const Choice kModes[] = {
    {.id = "both",
     .label = "Offset and cursor",
     .help = "Links use offsets unless the request says cursor=."},
    {.id = "offset", .label = "Offset", .help = "limit and offset, or page; any page can be jumped to."},
    {.id = "cursor", .label = "Cursor", .help = "Keyset: every page costs the same, however far in."},
};
const Choice kCounts[] = {
    {.id = "exact", .label = "Exact", .help = "X-Total-Count, for one more COUNT statement a page."},
    {.id = "estimated",
     .label = "Estimated",
     .help = "From the range of keys and a sample of 1 000 rows, whatever the table's size."},
    {.id = "none", .label = "None", .help = "No total, no last page, no extra statement."},
};
const Choice kSyntaxes[] = {
    {.id = "hone",
     .label = "Hone",
     .help = "limit, offset, page, cursor, sort, fields, embed, q, column:op."},
    {.id = "json-server",
     .label = "json-server 1",
     .help = "_page, _per_page, _sort, _embed, _where, field:op; pages in an envelope."},
    {.id = "json-server-0",
     .label = "json-server 0.17",
     .help = "_page, _limit, _start, _end, _sort, _order, _embed, _expand, q, field_gte."},
    {.id = "mockoon", .label = "Mockoon", .help = "page, limit, sort, order, search, field_like."},
};

const Param kParams[] = {
    {.id = "syntax",
     .label = "Query syntax",
     .help = "Whose parameters lists take; the others answer as those servers do, whole lists included.",
     .initial = "hone",
     .choices = kSyntaxes},
    {.id = "mode",
     .label = "Paging",
     .help = "How pages are asked for.",
     .initial = "both",
     .choices = kModes,
     .onlyWhenParam = "syntax",
     .onlyWhenValue = "hone"},
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
    {.id = "count",
     .label = "Total count",
     .help = "Whether a page says how many rows there are in all.",
     .initial = "exact",
     .choices = kCounts},
    {.id = "embedDepth",
     .label = "Embedding depth",
     .help = "How many relations one path may follow: order.customer follows two.",
     .unit = Unit::Count,
     .initial = 2,
     .min = 0,
     .max = 5},
    {.id = "maxEmbedded",
     .label = "Most embedded rows",
     .help = "An answer that needs more related rows is refused with 400.",
     .unit = Unit::Count,
     .initial = 10'000,
     .min = 1,
     .max = 1'000'000,
     .advanced = true},
    {.id = "cursorKey",
     .label = "Cursor key",
     .help =
         "Signs cursors, the same on every server behind one address; empty: cursors end with the program.",
     .initial = "",
     .advanced = true},
};

const engine::Counter kCounters[] = {
    {.id = "rowsReturned", .label = "Rows returned"},
    {.id = "rowsAvoided", .label = "Rows of the table not returned"},
    {.id = "pages", .label = "Pages answered"},
    {.id = "counts", .label = "Counts and estimates run"},
    {.id = "rowsEmbedded", .label = "Related rows embedded"},
};

struct Shared final : engine::State, PageWork, std::enable_shared_from_this<Shared> {
    std::unique_ptr<engine::Stage> makeStage() override;
    void readCounters(std::span<double> out) const override {
        out[0] = static_cast<double>(rowsReturned.load(std::memory_order_relaxed));
        out[1] = static_cast<double>(rowsAvoided.load(std::memory_order_relaxed));
        out[2] = static_cast<double>(pages.load(std::memory_order_relaxed));
        out[3] = static_cast<double>(counts.load(std::memory_order_relaxed));
        out[4] = static_cast<double>(rowsEmbedded.load(std::memory_order_relaxed));
    }

    PageLimits limits;
};

class ShapingStage final : public engine::Stage {
public:
    explicit ShapingStage(std::shared_ptr<Shared> shared) : m_shared(std::move(shared)) {}

    void plan(Exchange& exchange) override {
        const auto& route = exchange.route;
        const auto method = exchange.request.method;
        if ((method != http::Method::Get && method != http::Method::Head) || !route.table || !route.endpoint)
            return;
        if (route.endpoint->isList())
            planPage(exchange);
        else if (!exchange.request.query.empty())
            planItem(exchange);
    }

private:
    void planPage(Exchange& exchange) const {
        const auto& [endpoint, dataset, table, key, toggle] = exchange.route;
        const auto pairs = http::parseQuery(exchange.request.query);
        auto request = pairs ? parseListRequest(*pairs, dataset->schema(), *table, m_shared->limits)
                             : fail(Error(pairs.error()));
        if (!request)
            return exchange.answer(http::problem(request.error()));
        askForPage(exchange.query, *request, *table);
        insert(exchange, std::make_shared<PageEndpoint>(*endpoint, std::move(*request),
                                                        m_shared->limits.cursorKey, m_shared));
    }

    /// Only parameters of ours are read here: an item's route may have others.
    void planItem(Exchange& exchange) const {
        const auto& [endpoint, dataset, table, key, toggle] = exchange.route;
        const auto pairs = http::parseQuery(exchange.request.query);
        auto selection = pairs ? parseItemRequest(*pairs, dataset->schema(), *table, m_shared->limits)
                               : fail(Error(pairs.error()));
        if (!selection)
            return exchange.answer(http::problem(selection.error()));
        if (!selection->all || !selection->branches.empty())
            insert(exchange, std::make_shared<ItemEndpoint>(*endpoint, std::move(*selection), m_shared));
    }

    /// The wrapper lives in our slot, which is released when the exchange is over.
    void insert(Exchange& exchange, std::shared_ptr<engine::Endpoint> endpoint) const {
        exchange.route.endpoint = endpoint.get();
        exchange.notes[static_cast<std::size_t>(slot)] = std::move(endpoint);
    }

    std::shared_ptr<Shared> m_shared;
};

std::unique_ptr<engine::Stage> Shared::makeStage() {
    return std::make_unique<ShapingStage>(shared_from_this());
}

Result<std::shared_ptr<engine::State>> make(const engine::ToggleContext& context) {
    auto shared = std::make_shared<Shared>();
    const auto& params = context.params;
    const std::string mode = params.text("mode"), syntax = params.text("syntax"),
                      count = params.text("count"), secret = params.text("cursorKey");
    shared->limits = {.mode = mode == "offset"   ? Mode::Offset
                              : mode == "cursor" ? Mode::Cursor
                                                 : Mode::Both,
                      .pageSize = params.integer("pageSize"),
                      .maxPageSize = params.integer("maxPageSize"),
                      .syntax = syntax == "json-server"     ? Syntax::JsonServer
                                : syntax == "json-server-0" ? Syntax::JsonServer0
                                : syntax == "mockoon"       ? Syntax::Mockoon
                                                            : Syntax::Hone,
                      .embedDepth = static_cast<int>(params.integer("embedDepth")),
                      .cursorKey = secret.empty() ? CursorKey::ofProcess() : CursorKey::from(secret)};
    shared->count = count == "exact" ? Count::Exact : count == "none" ? Count::None : Count::Estimated;
    shared->maxEmbedded = params.integer("maxEmbedded");
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
        .summary = "Lists come in pages, filtered, sorted, with the fields and the related rows asked for.",
        .off = "Every list is the whole table with all columns.",
        .why = "Rows nobody looks at are read, written as JSON, compressed, sent and parsed all the same.",
        .moves = "p50, p99 and bytes of lists",
        .costs =
            "More requests for who wants everything; a COUNT statement a page when totals are exact; a "
            "statement for each embedded relation.",
        .group = engine::Group::Data,
        .phases = engine::phaseBits({engine::Phase::Plan}),
        .params = kParams,
        .counters = kCounters,
        .figure = {.kind = engine::Figure::Share,
                   .part = "rowsAvoided",
                   .rest = "rowsReturned",
                   .label = "rows avoided"},
        .doc = kDoc,
        .needsDatasets = true,
        .make = make};
    return kDef;
}

}  // namespace hone::toggles::shaping
