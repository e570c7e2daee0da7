#include "core/data/columnar_format.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace hone;
using namespace hone::data;

namespace {

struct Maker {
    RowSet rows;

    explicit Maker(std::vector<Column> columns) { rows.columns = std::move(columns); }
    Maker& null() { return add({}); }
    Maker& integer(std::int64_t value) { return add({.kind = Cell::Integer, .integer = value}); }
    Maker& boolean(bool value) { return add({.kind = Cell::Boolean, .integer = value}); }
    Maker& real(double value) {
        Cell cell{.kind = Cell::Real};
        cell.real = value;
        return add(cell);
    }
    Maker& text(std::string_view value) {
        Cell cell{.kind = Cell::Text, .length = static_cast<std::uint32_t>(value.size())};
        cell.offset = rows.arena.size();
        rows.arena += value;
        return add(cell);
    }
    Maker& add(Cell cell) {
        rows.cells.push_back(cell);
        return *this;
    }
};

std::string written(const RowSet& rows) {
    std::string out;
    writeColumnar(rows, out);
    return out;
}

bool isSame(const RowSet& a, const RowSet& b) {
    if (a.columns.size() != b.columns.size() || a.cells.size() != b.cells.size())
        return false;
    for (std::size_t i = 0; i < a.columns.size(); ++i)
        if (a.columns[i].name != b.columns[i].name)
            return false;
    for (std::size_t i = 0; i < a.cells.size(); ++i) {
        const Cell &one = a.cells[i], &other = b.cells[i];
        if (one.kind != other.kind)
            return false;
        if (one.kind == Cell::Text
                ? a.text(one) != b.text(other)
                : one.kind != Cell::Null && one.integer != other.integer)  // bits of a real
            return false;
    }
    return true;
}

/// Rows as APIs have them: counting keys, few words, prices, gaps.
RowSet orders(int count) {
    Maker maker({{.name = "id", .type = ColumnType::Integer},
                 {.name = "status", .type = ColumnType::Text},
                 {.name = "total", .type = ColumnType::Real},
                 {.name = "paid", .type = ColumnType::Boolean},
                 {.name = "note", .type = ColumnType::Text}});
    constexpr std::string_view kStates[] = {"shipped", "waiting", "søkt ✓"};
    for (int i = 0; i < count; ++i) {
        maker.integer(1'000'000 + i).text(kStates[i * 7 % 3]).real(i * 37 % 1000 / 4.0).boolean(i % 2 == 0);
        i % 5 == 0 ? maker.null() : maker.text("note " + std::to_string(i));
    }
    return maker.rows;
}

}  // namespace

class ColumnarFormatTest : public QObject {
    Q_OBJECT
private slots:
    void comesBackTheSame();
    void keepsEveryNumberExactly();
    void keepsValuesOfSeveralKindsInOneColumn();
    void writesWhatTheLayoutPageSays();
    void isAFractionOfJson();
    void doesNotRepeatTextsWhenRead();
    void refusesOtherBytes_data();
    void refusesOtherBytes();
    void survivesEveryCutAndChangedByte();
    void refusesMoreThanTheLimit();
};

void ColumnarFormatTest::comesBackTheSame() {
    for (const int count : {0, 1, 7, 8, 9, 1000}) {
        const auto rows = orders(count);
        const auto back = readColumnar(written(rows));
        QVERIFY2(back, back ? "" : back.error().line().c_str());
        QVERIFY(isSame(*back, rows));
    }
    QCOMPARE(readColumnar(written({}))->rowCount(), std::size_t(0));
    Maker nothing({{.name = "a", .type = ColumnType::Real}, {.name = "", .type = ColumnType::Boolean}});
    for (int i = 0; i < 20; ++i)
        nothing.null();
    const auto back = readColumnar(written(nothing.rows));
    QVERIFY(back && isSame(*back, nothing.rows));
    QCOMPARE(back->columns[0].type, ColumnType::Real);
}

void ColumnarFormatTest::keepsEveryNumberExactly() {
    Maker maker({{.name = "i"}, {.name = "r"}, {.name = "d"}});
    constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    const double reals[] = {0.1, -0.0, 1e300, 5e-324, 0.30000000000000004, 9007199254740993.0};
    const double decimals[] = {19.99, -0.01, 123456.78, 0, 4, -99999.5};
    const std::int64_t integers[] = {kMax, kMin, 0, -1, kMin, kMax};
    for (int i = 0; i < 6; ++i)
        maker.integer(integers[i]).real(reals[i]).real(decimals[i]);
    const auto back = readColumnar(written(maker.rows));
    QVERIFY(back && isSame(*back, maker.rows));
}

void ColumnarFormatTest::keepsValuesOfSeveralKindsInOneColumn() {
    Maker maker({{.name = "any", .type = ColumnType::Text}});
    maker.integer(-7).real(-0.0).boolean(true).text("yes").null().text("").integer(1).real(1);
    const auto back = readColumnar(written(maker.rows));
    QVERIFY(back && isSame(*back, maker.rows));
    QVERIFY(back->columns[0].nullable);
}

void ColumnarFormatTest::writesWhatTheLayoutPageSays() {
    Maker maker({{.name = "id"}, {.name = "city"}});
    maker.integer(1000).text("Oslo").integer(1001).text("Oslo").integer(1002).null();
    const auto expected = QByteArray::fromHex(
        "48434f4c01"  // HCOL, version 1
        "0302"        // 3 rows, 2 columns
        "026964"
        "07"  // "id", 7 bytes
        "0000"
        "01d00f"
        "0202"  // Integer, no nulls, by delta
        "0463697479"
        "0c"      // "city", 12 bytes
        "030104"  // Text, nulls: the third
        "01"
        "01"
        "04"
        "4f736c6f"
        "00"
        "00");
    QCOMPARE(QByteArray::fromStdString(written(maker.rows)).toHex(), expected.toHex());
}

void ColumnarFormatTest::isAFractionOfJson() {
    const auto rows = orders(1000);
    std::string json;
    writeJsonArray(rows, JsonStyle::Minified, json);
    const auto bytes = written(rows).size();
    QVERIFY2(bytes * 4 < json.size(), qPrintable(QString("%1 of %2").arg(bytes).arg(json.size())));
}

void ColumnarFormatTest::doesNotRepeatTextsWhenRead() {
    Maker maker({{.name = "word"}});
    for (int i = 0; i < 10'000; ++i)
        maker.text("the same long words again and again");
    QVERIFY(readColumnar(written(maker.rows))->arena.size() < 100);
}

void ColumnarFormatTest::refusesOtherBytes_data() {
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<int>("code");
    QTest::addRow("nothing") << QByteArray() << int(Error::Malformed);
    QTest::addRow("JSON") << QByteArray("[]").toHex() << int(Error::Malformed);
    QTest::addRow("version 2") << QByteArray("48434f4c020000") << int(Error::Unsupported);
    QTest::addRow("rows without columns") << QByteArray("48434f4c010500") << int(Error::Malformed);
    QTest::addRow("a trillion rows") << QByteArray(
                                            "48434f4c01808080808020"
                                            "01")
                                     << int(Error::Malformed);
    QTest::addRow("a number without end")
        << QByteArray("48434f4c01ffffffffffffffffffff01") << int(Error::Malformed);
    QTest::addRow("more after the end") << QByteArray(
                                               "48434f4c010000"
                                               "00")
                                        << int(Error::Malformed);
    QTest::addRow("an unknown type") << QByteArray(
                                            "48434f4c010101"
                                            "0161"
                                            "03"
                                            "090000")
                                     << int(Error::Malformed);
}

void ColumnarFormatTest::refusesOtherBytes() {
    QFETCH(QByteArray, hex);
    QFETCH(int, code);
    const auto back = readColumnar(QByteArray::fromHex(hex).toStdString());
    QVERIFY(!back);
    QCOMPARE(int(back.error().code), code);
}

void ColumnarFormatTest::survivesEveryCutAndChangedByte() {
    const auto bytes = written(orders(40));
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
        QVERIFY(!readColumnar(std::string_view(bytes).substr(0, cut)));
    int accepted = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at)
        for (const int flip : {0x01, 0x80, 0xff}) {
            auto bad = bytes;
            bad[at] = static_cast<char>(bad[at] ^ flip);
            if (const auto back = readColumnar(bad)) {  // another value, of the same shape
                ++accepted;
                std::string json;
                writeJsonArray(*back, JsonStyle::Minified, json);
                QVERIFY(!json.empty());
            }
        }
    QVERIFY(accepted > 0);
}

void ColumnarFormatTest::refusesMoreThanTheLimit() {
    const auto back = readColumnar(written(orders(1000)), 4999);
    QVERIFY(!back);
    QCOMPARE(back.error().code, Error::ResourceExhausted);
    QVERIFY(readColumnar(written(orders(1000)), 5000));
}

QTEST_GUILESS_MAIN(ColumnarFormatTest)
#include "columnar_format_test.moc"
