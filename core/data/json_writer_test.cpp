#include "core/base/random.h"
#include "core/data/rows.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

using namespace hone;
using namespace hone::data;
using nlohmann::ordered_json;

namespace {

Cell integer(std::int64_t value, Cell::Kind kind = Cell::Integer) {
    Cell cell;
    cell.kind = kind;
    cell.integer = value;
    return cell;
}

Cell real(double value) {
    Cell cell;
    cell.kind = Cell::Real;
    cell.real = value;
    return cell;
}

Cell text(RowSet& rows, std::string_view value) {
    Cell cell;
    cell.kind = Cell::Text;
    cell.length = static_cast<std::uint32_t>(value.size());
    cell.offset = rows.arena.size();
    rows.arena += value;
    return cell;
}

/// Text of every length up to 40 from an alphabet rich in what must be escaped.
std::string randomText(SplitMix64& random) {
    static const std::vector<std::string> kPieces = {"a",
                                                     "B",
                                                     " ",
                                                     "\"",
                                                     "\\",
                                                     "\n",
                                                     "\t",
                                                     std::string(1, '\0'),
                                                     "\x1f",
                                                     "/",
                                                     "\x7f",
                                                     "é",
                                                     "€",
                                                     "😀",
                                                     "0123456789abcdef"};
    std::string out;
    for (auto n = random.index(41); n > 0; --n)
        out += kPieces[random.index(kPieces.size())];
    return out;
}

RowSet sample() {
    RowSet rows{
        .columns = {
            {"id", ColumnType::Integer}, {"na\"me"}, {"ok", ColumnType::Boolean}, {"x", ColumnType::Real}}};
    rows.cells = {integer(1),
                  text(rows, "Zoë \"Z\"\n"),
                  integer(1, Cell::Boolean),
                  real(1.5),
                  integer(-7),
                  Cell{},
                  integer(0, Cell::Boolean),
                  real(-0.25)};
    return rows;
}

std::string array(const RowSet& rows, JsonStyle style) {
    std::string out;
    writeJsonArray(rows, style, out);
    return out;
}

}  // namespace

class JsonWriterTest : public QObject {
    Q_OBJECT
private slots:
    void writesMinifiedObjectsInColumnOrder();
    void writesPrettyObjectsWithTwoSpacesALevel();
    void writesTheSameBytesAsAReferenceWriter();
    void writesOneRowAsAnObject();
    void writesAnEmptySetAsAnEmptyArray();
    void appendsToWhatIsThere();
    void escapesExactlyWhatTheStandardAsksFor();
    void readsBackEveryText();
    void readsBackEveryNumber();
    void writesTheShortestDigits();
    void keepsTextsApartInTheArena();
};

void JsonWriterTest::writesMinifiedObjectsInColumnOrder() {
    QCOMPARE(
        array(sample(), JsonStyle::Minified),
        std::string(
            R"([{"id":1,"na\"me":"Zoë \"Z\"\n","ok":true,"x":1.5},{"id":-7,"na\"me":null,"ok":false,"x":-0.25}])"));
}

void JsonWriterTest::writesPrettyObjectsWithTwoSpacesALevel() {
    RowSet rows{.columns = {{"a", ColumnType::Integer}, {"b"}}};
    rows.cells = {integer(1), text(rows, "x"), integer(2), Cell{}};
    QCOMPARE(
        array(rows, JsonStyle::Pretty),
        std::string(
            "[\n  {\n    \"a\": 1,\n    \"b\": \"x\"\n  },\n  {\n    \"a\": 2,\n    \"b\": null\n  }\n]"));
}

void JsonWriterTest::writesTheSameBytesAsAReferenceWriter() {
    const RowSet rows = sample();
    const ordered_json parsed = ordered_json::parse(array(rows, JsonStyle::Minified));
    QCOMPARE(array(rows, JsonStyle::Minified), parsed.dump());
    QCOMPARE(array(rows, JsonStyle::Pretty), parsed.dump(2));
}

void JsonWriterTest::writesOneRowAsAnObject() {
    const RowSet rows = sample();
    std::string pretty, minified;
    writeJsonObject(rows, 1, JsonStyle::Pretty, pretty);
    writeJsonObject(rows, 1, JsonStyle::Minified, minified);
    QCOMPARE(minified, std::string(R"({"id":-7,"na\"me":null,"ok":false,"x":-0.25})"));
    QCOMPARE(pretty, ordered_json::parse(minified).dump(2));
}

void JsonWriterTest::writesAnEmptySetAsAnEmptyArray() {
    QCOMPARE(array(RowSet{.columns = {{"a"}}}, JsonStyle::Pretty), std::string("[]"));
    QCOMPARE(array(RowSet{}, JsonStyle::Minified), std::string("[]"));
}

void JsonWriterTest::appendsToWhatIsThere() {
    std::string out = "before ";
    writeJsonString("x", out);
    writeJsonArray(RowSet{}, JsonStyle::Minified, out);
    writeJsonObject(sample(), 0, JsonStyle::Minified, out);
    QVERIFY(out.starts_with("before \"x\"[]{\"id\":1,"));
}

void JsonWriterTest::escapesExactlyWhatTheStandardAsksFor() {
    // RFC 8259, section 7: quotation mark, reverse solidus and U+0000 to U+001F; nothing else.
    for (int c = 0; c < 128; ++c) {
        std::string out;
        writeJsonString(std::string(9, static_cast<char>(c)), out);
        const bool mustEscape = c < 0x20 || c == '"' || c == '\\';
        QCOMPARE(out.find('\\') != std::string::npos, mustEscape);
        QCOMPARE(ordered_json::parse(out).get<std::string>(), std::string(9, static_cast<char>(c)));
    }
}

void JsonWriterTest::readsBackEveryText() {
    SplitMix64 random(20260101);
    for (int i = 0; i < 5000; ++i) {
        const std::string value = randomText(random);
        std::string out;
        writeJsonString(value, out);
        QCOMPARE(ordered_json::parse(out).get<std::string>(), value);
    }
}

void JsonWriterTest::readsBackEveryNumber() {
    SplitMix64 random(20260102);
    RowSet rows{.columns = {{"i", ColumnType::Integer}, {"r", ColumnType::Real}}};
    std::vector<double> reals{
        0, -0.0, 1e22, 1e-7, std::numeric_limits<double>::max(), std::numeric_limits<double>::denorm_min()};
    std::vector<std::int64_t> integers{0, -1, std::numeric_limits<std::int64_t>::min(),
                                       std::numeric_limits<std::int64_t>::max()};
    for (int i = 0; i < 2000; ++i) {
        integers.push_back(static_cast<std::int64_t>(random.next()));
        if (const double value = std::bit_cast<double>(random.next()); std::isfinite(value))
            reals.push_back(value);
    }
    for (std::size_t i = 0; i < reals.size(); ++i) {
        rows.cells.push_back(integer(integers[i % integers.size()]));
        rows.cells.push_back(real(reals[i]));
    }
    const auto parsed = ordered_json::parse(array(rows, JsonStyle::Minified));
    for (std::size_t i = 0; i < reals.size(); ++i) {
        QCOMPARE(parsed[i]["i"].get<std::int64_t>(), integers[i % integers.size()]);
        QVERIFY(parsed[i]["r"].get<double>() == reals[i]);
    }
}

void JsonWriterTest::writesTheShortestDigits() {
    SplitMix64 random(20260104);
    const auto written = [](double value) {
        RowSet rows{.columns = {{"r", ColumnType::Real}}, .cells = {real(value)}};
        return array(rows, JsonStyle::Minified);
    };
    for (int i = 0; i < 20'000; ++i) {  // Up to nine decimals, so that both ways of writing are taken.
        double scale = 1;
        for (auto n = random.index(10); n > 0; --n)
            scale *= 10;
        const double whole = static_cast<double>(random.next() >> (1 + random.index(63)));
        const double value = (random.index(2) == 0 ? whole : -whole) / scale;
        char digits[64];
        const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr;
        const std::string text = written(value);
        QVERIFY2(ordered_json::parse(text)[0]["r"].get<double>() == value, text.c_str());
        if (text.find('e') == std::string::npos && std::fabs(value) < 1e15)
            QCOMPARE(text, "[{\"r\":" + std::string(digits, end) + "}]");
    }
    QCOMPARE(written(100'000), std::string("[{\"r\":100000}]"));
    QCOMPARE(written(-0.5), std::string("[{\"r\":-0.5}]"));
    QCOMPARE(written(0.000001), std::string("[{\"r\":1e-06}]"));
    QCOMPARE(written(42.50779), std::string("[{\"r\":42.50779}]"));
}

void JsonWriterTest::keepsTextsApartInTheArena() {
    SplitMix64 random(20260103);
    RowSet rows{.columns = {{"a"}, {"b"}}};
    std::vector<std::string> texts;
    for (int i = 0; i < 600; ++i) {
        texts.push_back(randomText(random));
        rows.cells.push_back(text(rows, texts.back()));
    }
    for (const JsonStyle style : {JsonStyle::Minified, JsonStyle::Pretty}) {
        const auto parsed = ordered_json::parse(array(rows, style));
        QCOMPARE(parsed.size(), std::size_t(300));
        for (std::size_t i = 0; i < 300; ++i) {
            QCOMPARE(parsed[i]["a"].get<std::string>(), texts[2 * i]);
            QCOMPARE(parsed[i]["b"].get<std::string>(), texts[2 * i + 1]);
        }
    }
}

QTEST_GUILESS_MAIN(JsonWriterTest)
#include "json_writer_test.moc"
