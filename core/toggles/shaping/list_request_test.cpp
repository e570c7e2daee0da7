#include "core/toggles/shaping/list_request.h"

#include "core/http/semantics.h"
#include "core/toggles/shaping/cursor.h"
#include "core/toggles/shaping/projection.h"

#include <QtTest>

using namespace hone;
using namespace hone::toggles::shaping;

namespace {

const data::Table kTable{.name = "products",
                         .columns = {{.name = "id", .type = data::ColumnType::Integer},
                                     {.name = "name", .type = data::ColumnType::Text},
                                     {.name = "price", .type = data::ColumnType::Real},
                                     {.name = "active", .type = data::ColumnType::Boolean},
                                     {.name = "limit", .type = data::ColumnType::Integer},
                                     {.name = "a:b", .type = data::ColumnType::Text}},
                         .key = "id"};

Result<ListRequest> parse(std::string_view query, const PageLimits& limits = {}) {
    return parseListRequest(http::parseQuery(query).value(), kTable, limits);
}

}  // namespace

class ListRequestTest : public QObject {
    Q_OBJECT
private slots:
    void readsPagePositions_data();
    void readsPagePositions();
    void readsSortsFieldsFiltersAndSearch();
    void reachesColumnsNamedLikeParametersWithAnOperator();
    void refusesByName_data();
    void refusesByName();
    void refusesPositionsItsModeDoesNotServe();
    void acceptsACursorOnlyForItsOwnListAndOrder();
    void keepsFieldsOnceAndInTheirOrder();
    void projectsRowsWithoutTouchingText();
};

void ListRequestTest::readsPagePositions_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("limit");
    QTest::addColumn<int>("offset");
    QTest::addColumn<bool>("byPage");
    QTest::addColumn<bool>("byCursor");
    QTest::addRow("nothing") << "" << 50 << 0 << false << false;
    QTest::addRow("limit and offset") << "limit=10&offset=30" << 10 << 30 << false << false;
    QTest::addRow("page") << "page=3&limit=10" << 10 << 20 << true << false;
    QTest::addRow("page before limit") << "page=3&perPage=7" << 7 << 14 << true << false;
    QTest::addRow("first page") << "page=1" << 50 << 0 << true << false;
    QTest::addRow("cursor from the start") << "cursor=&limit=5" << 5 << 0 << false << true;
    QTest::addRow("largest") << "limit=500" << 500 << 0 << false << false;
}

void ListRequestTest::readsPagePositions() {
    QFETCH(QString, query);
    const auto request = parse(query.toStdString());
    QVERIFY2(request, request ? "" : request.error().what.c_str());
    QTEST(static_cast<int>(*request->query.limit), "limit");
    QTEST(static_cast<int>(request->query.offset), "offset");
    QTEST(request->byPage, "byPage");
    QTEST(request->byCursor, "byCursor");
}

void ListRequestTest::readsSortsFieldsFiltersAndSearch() {
    const auto request =
        parse("sort=-price,name&fields=name,price&active=true&price:gte=1.5&id:in=1,2,3&q=caf%C3%A9");
    QVERIFY2(request, request ? "" : request.error().what.c_str());
    const auto& query = request->query;
    QCOMPARE(query.table, std::string("products"));
    QCOMPARE(query.sorts.size(), std::size_t(2));
    QCOMPARE(query.sorts[0].column, std::string("price"));
    QVERIFY(query.sorts[0].descending);
    QVERIFY(!query.sorts[1].descending);
    QVERIFY((query.fields == std::vector<std::string>{"name", "price"}));
    QCOMPARE(query.filters.size(), std::size_t(3));
    QCOMPARE(query.filters[0].op, data::Op::Eq);
    QCOMPARE(query.filters[1].op, data::Op::Ge);
    QVERIFY((query.filters[2].values == std::vector<std::string>{"1", "2", "3"}));
    QCOMPARE(query.search, std::string("café"));
}

void ListRequestTest::reachesColumnsNamedLikeParametersWithAnOperator() {
    const auto request = parse("limit=9&limit:eq=3&a:b=x&a:b:ne=y");
    QVERIFY2(request, request ? "" : request.error().what.c_str());
    QCOMPARE(*request->query.limit, std::int64_t(9));
    QCOMPARE(request->query.filters.size(), std::size_t(3));
    QCOMPARE(request->query.filters[0].column, std::string("limit"));
    QCOMPARE(request->query.filters[1].column, std::string("a:b"));
    QCOMPARE(request->query.filters[2].op, data::Op::Ne);
}

void ListRequestTest::refusesByName_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("mentions");  // in what or hint
    QTest::addRow("limit above the maximum") << "limit=501" << "500";
    QTest::addRow("limit zero") << "limit=0" << "limit must be an integer 1 … 500";
    QTest::addRow("limit no number") << "limit=ten" << "\"ten\"";
    QTest::addRow("limit overflow") << "limit=99999999999999999999" << "limit";
    QTest::addRow("negative offset") << "offset=-1" << "offset";
    QTest::addRow("page zero") << "page=0" << "page must be";
    QTest::addRow("page beyond") << "page=1000000000000" << "page 1000000000000";
    QTest::addRow("limit and perPage") << "limit=1&perPage=1" << "mean the same";
    QTest::addRow("twice") << "limit=1&limit=2" << "given twice";
    QTest::addRow("offset and page") << "offset=1&page=1" << "exclude each other";
    QTest::addRow("cursor and offset") << "offset=1&cursor=" << "exclude each other";
    QTest::addRow("unknown parameter") << "nmae=x" << "Did you mean name?";
    QTest::addRow("unknown lists known")
        << "zzzzzzz=x" << "limit, perPage, offset, page, cursor, sort, fields, embed, q";
    QTest::addRow("unknown operator") << "price:above=1" << "startsWith";
    QTest::addRow("unknown sort column") << "sort=-prize" << "Did you mean price?";
    QTest::addRow("empty sort member") << "sort=name," << "no column \"\"";
    QTest::addRow("same sort twice") << "sort=name,-name" << "twice";
    QTest::addRow("unknown field") << "fields=name,colour" << "Columns: id, name, price";
    QTest::addRow("no integer") << "id=1.5" << "\"1.5\" is no integer";
    QTest::addRow("no real") << "price:lt=cheap" << "\"cheap\" is no real";
    QTest::addRow("no boolean") << "active=maybe" << "boolean";
    QTest::addRow("one of several") << "id:in=1,x" << "\"x\"";
    QTest::addRow("cursor garbage") << "cursor=abc" << "not one of this API";
}

void ListRequestTest::refusesByName() {
    QFETCH(QString, query);
    QFETCH(QString, mentions);
    const auto refused = parse(query.toStdString());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Error::InvalidArgument);
    const QString line = QString::fromStdString(refused.error().line());
    QVERIFY2(line.contains(mentions), qPrintable(line));
}

void ListRequestTest::refusesPositionsItsModeDoesNotServe() {
    QVERIFY(!parse("cursor=", {.mode = Mode::Offset}));
    QVERIFY(!parse("offset=10", {.mode = Mode::Cursor}));
    QVERIFY(!parse("page=2", {.mode = Mode::Cursor}));
    QVERIFY(parse("limit=10", {.mode = Mode::Cursor})->byCursor);
    QVERIFY(!parse("limit=10", {.mode = Mode::Offset})->byCursor);
}

void ListRequestTest::acceptsACursorOnlyForItsOwnListAndOrder() {
    const std::string cursor = encodeCursor({"products", "-price", {"9.5", "3"}});
    const auto request = parse("sort=-price&cursor=" + cursor);
    QVERIFY2(request, request ? "" : request.error().what.c_str());
    QVERIFY((request->query.after == std::vector<std::string>{"9.5", "3"}));
    QVERIFY(!parse("cursor=" + cursor));
    QVERIFY(!parse("sort=price&cursor=" + cursor));
    QVERIFY(!parse("sort=-price&cursor=" + encodeCursor({"orders", "-price", {"9.5", "3"}})));
}

void ListRequestTest::keepsFieldsOnceAndInTheirOrder() {
    QVERIFY((parse("fields=price,id,price")->query.fields == std::vector<std::string>{"price", "id"}));
    QVERIFY(parse("fields=")->query.fields.empty());
    const data::Schema schema{{kTable}};
    const auto item = [&](std::string_view query) {
        return parseItemRequest(http::parseQuery(query).value(), schema, kTable, {});
    };
    QVERIFY((item("x=1&fields=name,id")->fields == std::vector<std::string>{"name", "id"}));
    QVERIFY(!item("fields=nope"));
    QVERIFY(item("x=1")->all);
}

void ListRequestTest::projectsRowsWithoutTouchingText() {
    data::RowSet rows;
    rows.columns = {{.name = "id", .type = data::ColumnType::Integer}, {.name = "name"}};
    rows.arena = "AnnBob";
    for (int i = 0; i < 2; ++i) {
        rows.cells.push_back({.kind = data::Cell::Integer, .integer = i + 1});
        data::Cell text{.kind = data::Cell::Text, .length = 3};
        text.offset = static_cast<std::uint64_t>(i) * 3;
        rows.cells.push_back(text);
    }
    const std::vector<std::string> fields{"name", "absent"};
    auto names = project(rows, fields);
    QCOMPARE(names.rowCount(), std::size_t(2));
    QCOMPARE(names.columns.size(), std::size_t(1));
    QVERIFY(names.text(names.cell(1, 0)) == "Bob");
    cutRows(names, 1);
    QCOMPARE(names.rowCount(), std::size_t(1));
    cutRows(names, 5);
    QCOMPARE(names.rowCount(), std::size_t(1));
}

QTEST_GUILESS_MAIN(ListRequestTest)
#include "list_request_test.moc"
