#include "core/data/query.h"

#include "core/base/random.h"
#include "core/data/dataset.h"
#include "core/sqlite/sqlite.h"

#include <QtTest>

#include <algorithm>

using namespace hone;
using namespace hone::data;

namespace {

constexpr int kRows = 300;

/// The reference: the same question answered over all rows in memory, in the plainest way.
class Model {
public:
    Model(RowSet rows, std::string key) : m_rows(std::move(rows)), m_key(std::move(key)) {}

    std::vector<std::size_t> answer(const Query& query) const {
        std::vector<std::size_t> found;
        for (std::size_t row = 0; row < m_rows.rowCount(); ++row)
            if (matches(row, query))
                found.push_back(row);
        std::ranges::sort(found, [&](std::size_t a, std::size_t b) { return before(a, b, query.sorts); });
        if (query.backwards)
            std::ranges::reverse(found);
        return found;
    }
    const RowSet& rows() const { return m_rows; }

private:
    const Cell& cell(std::size_t row, const std::string& column) const {
        const auto at = std::ranges::find(m_rows.columns, column, &Column::name) - m_rows.columns.begin();
        return m_rows.cell(row, static_cast<std::size_t>(at));
    }
    /// Less, equal, greater as -1, 0, 1; NULL before everything.
    int compare(const Cell& a, const Cell& b) const {
        const auto sign = [](auto x, auto y) { return x < y ? -1 : y < x ? 1 : 0; };
        if (a.kind == Cell::Null || b.kind == Cell::Null)
            return sign(a.kind != Cell::Null, b.kind != Cell::Null);
        if (a.kind == Cell::Text)
            return sign(m_rows.text(a), m_rows.text(b));
        return a.kind == Cell::Real ? sign(a.real, b.real) : sign(a.integer, b.integer);
    }
    int compareToText(const Cell& cell, const std::string& text) const {
        const auto sign = [](auto x, auto y) { return x < y ? -1 : y < x ? 1 : 0; };
        if (cell.kind == Cell::Text)
            return sign(m_rows.text(cell), std::string_view(text));
        if (cell.kind == Cell::Real)
            return sign(cell.real, std::stod(text));
        return sign(cell.integer, text == "true" ? 1LL : text == "false" ? 0LL : std::stoll(text));
    }
    bool holds(const Cell& cell, const Filter& filter) const {
        if (filter.op == Op::IsNull)
            return (cell.kind == Cell::Null) == (filter.values[0] == "true");
        if (cell.kind == Cell::Null)
            return filter.op == Op::Ne;
        const std::string& value = filter.values[0];
        switch (filter.op) {
            case Op::Eq: return compareToText(cell, value) == 0;
            case Op::Ne: return compareToText(cell, value) != 0;
            case Op::Lt: return compareToText(cell, value) < 0;
            case Op::Le: return compareToText(cell, value) <= 0;
            case Op::Gt: return compareToText(cell, value) > 0;
            case Op::Ge: return compareToText(cell, value) >= 0;
            case Op::In:
                return std::ranges::any_of(filter.values,
                                           [&](const auto& v) { return compareToText(cell, v) == 0; });
            case Op::Contains: return m_rows.text(cell).find(value) != std::string_view::npos;
            case Op::StartsWith: return m_rows.text(cell).starts_with(value);
            case Op::EndsWith: return m_rows.text(cell).ends_with(value);
            case Op::IsNull:
            case Op::Like: break;  // Above; tested apart.
        }
        return false;
    }
    bool matches(std::size_t row, const Query& query) const {
        for (const Filter& filter : query.filters)
            if (!holds(cell(row, filter.column), filter))
                return false;
        if (query.search.empty())
            return true;
        const auto lower = [](std::string_view text) {
            std::string out(text);
            for (char& c : out)
                if (c >= 'A' && c <= 'Z')
                    c = static_cast<char>(c + 32);
            return out;
        };
        for (std::size_t i = 0; i < m_rows.columns.size(); ++i)
            if (const Cell& c = m_rows.cell(row, i);
                c.kind == Cell::Text && lower(m_rows.text(c)).find(lower(query.search)) != std::string::npos)
                return true;
        return false;
    }
    /// Of the criteria that count: the first mention of a column does.
    static bool lastDescends(const std::vector<Sort>& sorts) {
        bool descends = false;
        for (auto sort = sorts.begin(); sort != sorts.end(); ++sort)
            if (std::find_if(sorts.begin(), sort, [&](const Sort& s) { return s.column == sort->column; }) ==
                sort)
                descends = sort->descending;
        return descends;
    }
    bool before(std::size_t a, std::size_t b, const std::vector<Sort>& sorts) const {
        for (const Sort& sort : sorts)
            if (const int order = compare(cell(a, sort.column), cell(b, sort.column)); order != 0)
                return sort.descending ? order > 0 : order < 0;
        const int order = compare(cell(a, m_key), cell(b, m_key));
        return lastDescends(sorts) ? order > 0 : order < 0;
    }

    RowSet m_rows;
    std::string m_key;
};

/// Few distinct values and many NULLs, so that ties and gaps occur in every combination.
const std::vector<std::string> kTexts = {"", "a", "A", "ab", "b%", "b_", "\\", "Ä", "äb", "it's", "\"q\""};

std::string randomValue(SplitMix64& random, ColumnType type) {
    switch (type) {
        case ColumnType::Integer: return std::to_string(static_cast<int>(random.index(9)) - 4);
        case ColumnType::Real: return fmt::format("{}", (static_cast<double>(random.index(9)) - 4) / 4);
        case ColumnType::Boolean: return random.index(2) == 0 ? "false" : "true";
        case ColumnType::Text: break;
    }
    return kTexts[random.index(kTexts.size())];
}

Op anyOp(SplitMix64& random, ColumnType type) {
    const auto at = random.index(type == ColumnType::Text ? 11 : 8);
    return at == 0 ? Op::IsNull : static_cast<Op>(at - 1);
}

Query randomQuery(SplitMix64& random, const Table& table) {
    Query query{.table = table.name};
    query.backwards = random.index(3) == 0;
    const auto anyColumn = [&]() -> const Column& {
        return table.columns[random.index(table.columns.size())];
    };
    for (auto n = random.index(3); n > 0; --n) {
        const Column& column = anyColumn();
        Filter filter{.column = column.name, .op = anyOp(random, column.type)};
        for (auto v = filter.op == Op::In ? 1 + random.index(3) : 1; v > 0; --v)
            filter.values.push_back(filter.op == Op::IsNull ? random.index(2) == 0 ? "true" : "false"
                                                            : randomValue(random, column.type));
        query.filters.push_back(std::move(filter));
    }
    if (random.index(4) == 0)
        query.search = kTexts[random.index(kTexts.size())];
    for (auto n = random.index(4); n > 0; --n)
        query.sorts.push_back({anyColumn().name, random.index(2) == 0});
    return query;
}

/// For a failed comparison: enough of the question to ask it again.
std::string describe(const Query& query) {
    std::string out = query.table + ":";
    for (const Filter& filter : query.filters)
        out += fmt::format(" {} op{} '{}'", filter.column, static_cast<int>(filter.op), filter.values[0]);
    for (const Sort& sort : query.sorts)
        out += fmt::format(" sort {}{}", sort.descending ? "-" : "", sort.column);
    return out + " q=" + query.search;
}

}  // namespace

class QueryTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void knowsEveryOperatorByItsSuffix();
    void answersLikeAScanOfTheWholeTable_data() { bothKeys(); }
    void answersLikeAScanOfTheWholeTable();
    void cutsSlicesWithLimitAndOffset();
    void walksAllPagesByKeyset_data() { bothKeys(); }
    void walksAllPagesByKeyset();
    void readsOnlyTheFieldsAskedFor();
    void keepsNullAndEmptyTextApartInAPosition();
    void hasNoPositionWithoutTheKey();

private:
    void bothKeys() {
        QTest::addColumn<QString>("table");
        QTest::newRow("integer key") << "numbered";
        QTest::newRow("text key") << "named";
    }
    Model model(const std::string& table) { return {m_session->select({.table = table}).value(), "id"}; }
    std::string firstDifference(const RowSet& rows, const Model& model,
                                std::span<const std::size_t> wanted) const;

    QTemporaryDir m_dir;
    std::shared_ptr<Dataset> m_dataset;
    std::unique_ptr<Session> m_session;
};

void QueryTest::initTestCase() {
    const std::filesystem::path file = m_dir.filePath("q.db").toStdString();
    SplitMix64 random(4711);
    {
        auto db = sqlite::Connection::open(file, sqlite::Mode::Create).value();
        QVERIFY(
            db->exec("BEGIN; CREATE TABLE numbered(id INTEGER PRIMARY KEY, n INTEGER, r REAL, t TEXT, b "
                     "BOOLEAN, m TEXT NOT "
                     "NULL); CREATE TABLE named(id TEXT PRIMARY KEY NOT NULL, n INTEGER, r REAL, t TEXT, b "
                     "BOOLEAN, m TEXT "
                     "NOT NULL)"));
        for (const char* table : {"numbered", "named"})
            for (int i = 0; i < kRows; ++i) {
                auto insert =
                    db->prepare(fmt::format("INSERT INTO {} VALUES (?, ?, ?, ?, ?, ?)", table)).value();
                const std::string key = fmt::format("k{}", i * 7919 % 1000),
                                  text = randomValue(random, ColumnType::Text);
                const std::string required = randomValue(random, ColumnType::Text);
                if (table == std::string_view("named"))
                    insert.bind(1, std::string_view(key));
                else
                    insert.bind(1, std::int64_t{i + 1});
                const auto maybe = [&](int at, auto value) {
                    random.index(4) == 0 ? insert.bindNull(at) : insert.bind(at, value);
                };
                maybe(2, std::int64_t{std::stoll(randomValue(random, ColumnType::Integer))});
                maybe(3, std::stod(randomValue(random, ColumnType::Real)));
                maybe(4, std::string_view(text));
                maybe(5, static_cast<std::int64_t>(random.index(2)));
                insert.bind(6, std::string_view(required));
                QVERIFY(insert.run());
            }
        QVERIFY(db->exec("COMMIT"));
    }
    m_dataset = Dataset::open(file).value();
    m_session = m_dataset->session({.cachedStatements = true}).value();
}

std::string QueryTest::firstDifference(const RowSet& rows, const Model& model,
                                       std::span<const std::size_t> wanted) const {
    std::string have, want;
    writeJsonArray(rows, JsonStyle::Pretty, have);
    RowSet expected{.columns = model.rows().columns, .arena = model.rows().arena};
    for (const std::size_t row : wanted)
        for (std::size_t c = 0; c < expected.columns.size(); ++c)
            expected.cells.push_back(model.rows().cell(row, c));
    writeJsonArray(expected, JsonStyle::Pretty, want);
    if (have == want)
        return "";
    return fmt::format("{} rows, expected {}", rows.rowCount(), wanted.size());
}

void QueryTest::knowsEveryOperatorByItsSuffix() {
    const char* const names[] = {"eq",  "ne", "lt",       "lte",        "gt",
                                 "gte", "in", "contains", "startsWith", "endsWith"};
    for (int i = 0; i < 10; ++i)
        QCOMPARE(static_cast<int>(*opFrom(names[i])), i);
    QVERIFY(!opFrom("like") && !opFrom("") && !opFrom("EQ"));
}

void QueryTest::answersLikeAScanOfTheWholeTable() {
    QFETCH(QString, table);
    const Table& target = *m_dataset->schema().table(table.toStdString());
    const Model all = model(target.name);
    SplitMix64 random(20260201);
    for (int i = 0; i < 400; ++i) {
        const Query query = randomQuery(random, target);
        const auto rows = m_session->select(query);
        QVERIFY2(rows, rows ? "" : rows.error().line().c_str());
        const auto wanted = all.answer(query);
        const std::string difference = firstDifference(*rows, all, wanted);
        QVERIFY2(difference.empty(), (describe(query) + " -> " + difference).c_str());
        QCOMPARE(m_session->count(query).value(), static_cast<std::int64_t>(wanted.size()));
    }
}

void QueryTest::cutsSlicesWithLimitAndOffset() {
    const Table& target = *m_dataset->schema().table("numbered");
    const Model all = model(target.name);
    SplitMix64 random(20260202);
    for (int i = 0; i < 100; ++i) {
        Query query = randomQuery(random, target);
        const auto wanted = all.answer(query);
        const auto offset = std::min<std::size_t>(random.index(40), wanted.size());
        query.offset = static_cast<std::int64_t>(offset);
        if (random.index(3) > 0)
            query.limit = static_cast<std::int64_t>(random.index(20));
        const auto length =
            std::min(static_cast<std::size_t>(query.limit.value_or(kRows)), wanted.size() - offset);
        const std::string difference =
            firstDifference(m_session->select(query).value(), all, std::span(wanted).subspan(offset, length));
        QVERIFY2(difference.empty(), (describe(query) + " -> " + difference).c_str());
    }
}

void QueryTest::walksAllPagesByKeyset() {
    QFETCH(QString, table);
    const Table& target = *m_dataset->schema().table(table.toStdString());
    const Model all = model(target.name);
    SplitMix64 random(20260203);
    for (int i = 0; i < 80; ++i) {
        Query query = randomQuery(random, target);
        const auto wanted = all.answer(query);
        query.limit = 1 + static_cast<std::int64_t>(random.index(60));
        for (std::size_t seen = 0;;) {
            const auto page = m_session->select(query);
            QVERIFY2(page, page ? "" : page.error().line().c_str());
            const auto length = std::min(static_cast<std::size_t>(*query.limit), wanted.size() - seen);
            const std::string difference =
                firstDifference(*page, all, std::span(wanted).subspan(seen, length));
            QVERIFY2(difference.empty(),
                     fmt::format("{} after {} -> {}", describe(query), seen, difference).c_str());
            seen += length;
            if (length == 0)
                break;
            query.after = keysetAfter(*page, page->rowCount() - 1, query.sorts, target.key).value();
        }
    }
}

void QueryTest::readsOnlyTheFieldsAskedFor() {
    const auto rows = m_session->select({.table = "named", .fields = {"t", "id", "t"}, .limit = 2});
    QVERIFY(rows);
    QCOMPARE(rows->columns.size(), std::size_t(2));
    QCOMPARE(rows->columns[0].name, std::string("t"));
    QCOMPARE(rows->columns[1].name, std::string("id"));
}

void QueryTest::keepsNullAndEmptyTextApartInAPosition() {
    RowSet rows{.columns = {{"t"}, {"id", ColumnType::Integer}}};
    rows.arena = std::string("\0x", 2);
    rows.cells.resize(6);
    rows.cells[2].kind = Cell::Text;  // ''
    rows.cells[4].kind = Cell::Text;
    rows.cells[4].length = 2;  // A text that looks like the escape.
    for (const std::size_t at : {1, 3, 5})
        rows.cells[at].kind = Cell::Integer;
    const auto position = [&](std::size_t row) { return keysetAfter(rows, row, {{"t"}}, "id").value()[0]; };
    QCOMPARE(position(0), keysetNull());
    QCOMPARE(position(1), std::string());
    QCOMPARE(position(2), std::string("\0\0x", 3));
}

void QueryTest::hasNoPositionWithoutTheKey() {
    const auto rows = m_session->select({.table = "named", .fields = {"t"}, .limit = 1});
    QVERIFY(!keysetAfter(*rows, 0, {{"t"}}, "id"));
}

QTEST_GUILESS_MAIN(QueryTest)
#include "query_test.moc"
