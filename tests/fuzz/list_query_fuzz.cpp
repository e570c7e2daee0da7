// The query string of a list, and cursors: what is accepted is within its bounds and names columns there are.

#include "tests/fuzz/fuzz.h"

#include "core/http/semantics.h"
#include "core/http/syntax.h"
#include "core/toggles/shaping/cursor.h"
#include "core/toggles/shaping/list_request.h"
#include "core/toggles/shaping/page_links.h"

#include <algorithm>
#include <set>

using namespace hone;
using namespace hone::toggles::shaping;

namespace {

const data::Table& table() {
    static const data::Table kTable{.name = "products",
                                    .columns = {{.name = "id", .type = data::ColumnType::Integer},
                                                {.name = "name", .type = data::ColumnType::Text},
                                                {.name = "price", .type = data::ColumnType::Real},
                                                {.name = "active", .type = data::ColumnType::Boolean},
                                                {.name = "limit", .type = data::ColumnType::Integer},
                                                {.name = "a:b", .type = data::ColumnType::Text}},
                                    .key = "id"};
    return kTable;
}

void checkQuery(const ListRequest& request, const PageLimits& limits) {
    const data::Query& query = request.query;
    FUZZ_CHECK(query.table == table().name);
    FUZZ_CHECK(query.limit && *query.limit >= 1 && *query.limit <= limits.maxPageSize);
    FUZZ_CHECK(query.offset >= 0 && query.offset <= 1'000'000'000'000);
    FUZZ_CHECK(!(request.byPage && request.byCursor));
    std::set<std::string> seen;
    for (const auto& field : query.fields)
        FUZZ_CHECK(table().column(field) && seen.insert(field).second);
    seen.clear();
    for (const auto& sort : query.sorts)
        FUZZ_CHECK(table().column(sort.column) && seen.insert(sort.column).second);
    for (const auto& filter : query.filters)
        FUZZ_CHECK(table().column(filter.column) && !filter.values.empty() &&
                   (filter.op == data::Op::In || filter.values.size() == 1));
}

void list(std::string_view text, Mode mode) {
    const auto pairs = http::parseQuery(text);
    if (!pairs)
        return;
    const PageLimits limits{.mode = mode};
    const auto request = parseListRequest(*pairs, table(), limits);
    if (!request) {
        FUZZ_CHECK(request.error().code == Error::InvalidArgument && !request.error().what.empty());
        return;
    }
    checkQuery(*request, limits);
    // The next page's cursor works with the same sort.
    if (mode == Mode::Offset || request->byPage || request->query.offset > 0)
        return;
    const Cursor next{table().name, request->sort, {"1"}};
    const std::pair<std::string, std::string> again[] = {{"sort", request->sort},
                                                         {"cursor", encodeCursor(next)}};
    const auto page = parseListRequest(again, table(), limits);
    FUZZ_CHECK(page && page->byCursor && page->query.after == next.after);
}

void cursor(fuzz::Input input) {
    if (const auto decoded = decodeCursor(input.rest()))
        FUZZ_CHECK(decodeCursor(encodeCursor(*decoded)) == *decoded);
    Cursor made;
    made.table = input.line();
    made.sort = input.line();
    do {
        made.after.emplace_back(input.line());
    } while (!input.empty());
    const std::string text = encodeCursor(made);
    FUZZ_CHECK(http::percentEncode(text) == text);
    if (text.size() <= 16 * 1024)
        FUZZ_CHECK(decodeCursor(text) == made);
    std::string damaged = text;
    damaged[text.size() / 2] = damaged[text.size() / 2] == 'A' ? 'B' : 'A';
    const auto other = decodeCursor(damaged);
    FUZZ_CHECK(!other || *other != made || text.size() / 2 + 1 == text.size());
}

void links(std::string_view query, std::uint8_t how) {
    if (!std::ranges::all_of(query, http::isTargetChar))
        return;
    PagePosition position{.by = static_cast<PagePosition::By>(how % 3),
                          .limit = 1 + how,
                          .offset = how * 3,
                          .hasMore = (how & 4) != 0};
    if ((how & 8) != 0)
        position.total = how * 100;
    if (position.by == PagePosition::By::Cursor)
        position.nextCursor = "abc";
    FUZZ_CHECK(http::isFieldValue(linkField("/api/products", query, position)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const std::uint8_t how = input.byte();
    list(input.rest(), static_cast<Mode>(how % 3));
    cursor(input);
    links(input.rest(), how);
    return 0;
}
