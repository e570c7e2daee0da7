#include "core/base/units.h"

#include <QtTest>

#include <limits>

using namespace hone;
using namespace std::chrono_literals;

namespace {

/// Expected texts are written with plain spaces: "~" for the no-break space, "_" for the narrow one.
std::string spaced(std::string text) {
    for (const auto& [mark, space] : {std::pair{"~", "\u00A0"}, std::pair{"_", "\u202F"}})
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
            text.replace(at, 1, space);
    return text;
}

void compare(const std::string& actual, const std::string& expected) {
    QCOMPARE(QString::fromStdString(actual), QString::fromStdString(spaced(expected)));
}

template <class T>
void refuses(const Result<T>& result, std::string_view example) {
    QVERIFY(!result);
    QCOMPARE(result.error().code, Error::InvalidArgument);
    QVERIFY2(result.error().hint.contains(example), result.error().line().c_str());
}

}  // namespace

class UnitsTest : public QObject {
    Q_OBJECT
private slots:
    void readsDurationsWithAnyUnit_data();
    void readsDurationsWithAnyUnit();
    void refusesWhatIsNoDurationAndShowsOne_data();
    void refusesWhatIsNoDurationAndShowsOne();
    void readsRatesPerSecondMinuteAndHour();
    void refusesWhatIsNoRate();
    void readsSizesWithBinaryAndDecimalUnits();
    void refusesWhatIsNoSize();
    void readsCountsWithPrefixes();
    void refusesWhatIsNoCount();
    void keepsEveryDigitOfLargeWholeNumbers();
    void writesTheShortestDurationThatReadsBack_data();
    void writesTheShortestDurationThatReadsBack();
    void writesTheShortestSizeThatReadsBack();
    void showsDurationsWithThreeDigits();
    void showsLongDurationsInMinutesAndHours();
    void showsRatesBytesAndCounts();
    void showsNumbersWithThreeDigits();
    void showsWhatIsNoNumberAsADash();
    void showsChangesWithASignUnlessTheyVanish();
    void showsPercentages();
    void showsTimestampsInUtc();
    void readsWhatItShows();
};

void UnitsTest::readsDurationsWithAnyUnit_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qlonglong>("nanos");
    const auto row = [](const char* text, Nanos nanos) {
        QTest::newRow(text) << text << qlonglong(nanos.count());
    };
    row("0ms", 0ns);
    row("7ns", 7ns);
    row("250us", 250us);
    row("250µs", 250us);
    row("250\u03BCs", 250us);
    row("250ms", 250ms);
    row("250 ms", 250ms);
    row(" 10s ", 10s);
    row("2m", 2min);
    row("2min", 2min);
    row("1h", 1h);
    row("1.5s", 1500ms);
    row("0.1s", 100ms);
    row("1m30s", 90s);
    row("1h 2m 3.5s", 1h + 2min + 3500ms);
    row("12\u202F300\u00A0ms", 12300ms);
}

void UnitsTest::readsDurationsWithAnyUnit() {
    QFETCH(QString, text);
    QFETCH(qlonglong, nanos);
    const auto duration = parseDuration(text.toStdString());
    QVERIFY2(duration, duration ? "" : duration.error().line().c_str());
    QCOMPARE(qlonglong(duration->count()), nanos);
}

void UnitsTest::refusesWhatIsNoDurationAndShowsOne_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"",
                             "  ",
                             "ms",
                             "250",
                             "0",
                             "-5s",
                             "\u22125s",
                             "nan",
                             "nans",
                             "inf",
                             "infs",
                             "1e3s",
                             "0x10s",
                             ".5s",
                             "5.s",
                             "1.2.3s",
                             "1,5s",
                             "10sx",
                             "10s!",
                             "10 s s",
                             "10sec",
                             "30s1m",
                             "1s1s",
                             "300000000h",
                             "99999999999999999999s",
                             "200000000000s",
                             "+5s",
                             "10S"})
        QTest::newRow(*text ? text : "empty") << text;
}

void UnitsTest::refusesWhatIsNoDurationAndShowsOne() {
    QFETCH(QString, text);
    const auto duration = parseDuration(text.toStdString());
    QVERIFY(!duration);
    QVERIFY2(duration.error().hint.contains("ms"), duration.error().line().c_str());
    if (!text.trimmed().isEmpty())
        QVERIFY2(duration.error().what.contains(text.toStdString()), duration.error().line().c_str());
}

void UnitsTest::readsRatesPerSecondMinuteAndHour() {
    QCOMPARE(parseRate("500/s").value(), 500.0);
    QCOMPARE(parseRate("500").value(), 500.0);
    QCOMPARE(parseRate("30/m").value(), 0.5);
    QCOMPARE(parseRate("30/min").value(), 0.5);
    QCOMPARE(parseRate("3600/h").value(), 1.0);
    QCOMPARE(parseRate("10k/s").value(), 10'000.0);
    QCOMPARE(parseRate("10k").value(), 10'000.0);
    QCOMPARE(parseRate("1.5M/s").value(), 1'500'000.0);
    QCOMPARE(parseRate("0/s").value(), 0.0);
    QVERIFY(parseRate("0.1/s").value() == 0.1);  // exactly: not 0.1 away from itself by rounding
}

void UnitsTest::refusesWhatIsNoRate() {
    for (const char* text :
         {"", "/s", "-1/s", "nan", "inf", "10/", "10/d", "10/s/s", "10 req/s", "1e3/s", "10kk/s", "10ms"})
        refuses(parseRate(text), "500/s");
    refuses(parseRate(std::string(400, '9')), "500/s");
}

void UnitsTest::readsSizesWithBinaryAndDecimalUnits() {
    QCOMPARE(parseSize("512").value(), 512);
    QCOMPARE(parseSize("512B").value(), 512);
    QCOMPARE(parseSize("64KiB").value(), 65'536);
    QCOMPARE(parseSize("64 KiB").value(), 65'536);
    QCOMPARE(parseSize("1.5MiB").value(), 1'572'864);
    QCOMPARE(parseSize("1GiB").value(), 1'073'741'824);
    QCOMPARE(parseSize("10kB").value(), 10'000);
    QCOMPARE(parseSize("10MB").value(), 10'000'000);
    QCOMPARE(parseSize("0").value(), 0);
}

void UnitsTest::refusesWhatIsNoSize() {
    for (const char* text : {"", "KiB", "-1", "1.5", "1.5B", "10K", "10KB", "10 apples", "8388608TiB",
                             "9223372036854775808", "nan"})
        refuses(parseSize(text), "64KiB");
}

void UnitsTest::readsCountsWithPrefixes() {
    QCOMPARE(parseCount("150000").value(), 150'000);
    QCOMPARE(parseCount("10k").value(), 10'000);
    QCOMPARE(parseCount("1.5M").value(), 1'500'000);
    QCOMPARE(parseCount("1.234k").value(), 1'234);
    QCOMPARE(parseCount("2G").value(), 2'000'000'000);
}

void UnitsTest::refusesWhatIsNoCount() {
    for (const char* text :
         {"", "k", "-1", "1.5", "1.2345k", "10K", "10x", "9223372036854775808", "10000000000G"})
        refuses(parseCount(text), "10k");
}

void UnitsTest::keepsEveryDigitOfLargeWholeNumbers() {
    // 2^53 + 1 is the first integer a double cannot hold.
    QCOMPARE(parseCount("9007199254740993").value(), 9'007'199'254'740'993);
    QCOMPARE(parseSize("9223372036854775807B").value(), std::numeric_limits<std::int64_t>::max());
    QCOMPARE(parseDuration("9223372036.854775807s").value(), Nanos::max());
    QCOMPARE(parseDuration("9223372036854775807ns").value(), Nanos::max());
}

void UnitsTest::writesTheShortestDurationThatReadsBack_data() {
    QTest::addColumn<qlonglong>("nanos");
    QTest::addColumn<QString>("text");
    const auto row = [](Nanos nanos, const char* text) {
        QTest::newRow(text) << qlonglong(nanos.count()) << text;
    };
    row(0ns, "0s");
    row(1ns, "1ns");
    row(250us, "250us");
    row(250ms, "250ms");
    row(500ms, "500ms");
    row(1500ms, "1.5s");
    row(1050ms, "1.05s");
    row(10s, "10s");
    row(90s, "90s");
    row(2min, "2m");
    row(1h, "1h");
    row(90min, "90m");
    row(1'234'567'891ns, "1234567891ns");
    row(Nanos::max(), "9223372036854775807ns");
}

void UnitsTest::writesTheShortestDurationThatReadsBack() {
    QFETCH(qlonglong, nanos);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(durationText(Nanos(nanos))), text);
    QCOMPARE(parseDuration(text.toStdString()).value(), Nanos(nanos));
}

void UnitsTest::writesTheShortestSizeThatReadsBack() {
    const std::pair<std::int64_t, const char*> cases[] = {
        {0, "0B"},         {512, "512B"},    {1000, "1kB"},          {1024, "1KiB"},          {1025, "1025B"},
        {65'536, "64KiB"}, {10'000, "10kB"}, {1'572'864, "1536KiB"}, {1'073'741'824, "1GiB"},
    };
    for (const auto& [bytes, text] : cases) {
        compare(sizeText(bytes), text);
        QCOMPARE(parseSize(text).value(), bytes);
    }
}

void UnitsTest::showsDurationsWithThreeDigits() {
    compare(formatDuration(0ns), "0~s");
    compare(formatDuration(7ns), "7.00~ns");
    compare(formatDuration(1'840us), "1.84~ms");
    compare(formatDuration(999'700ns), "1.00~ms");
    compare(formatDuration(999'400ns), "999~µs");
    compare(formatDuration(12'340ms), "12.3~s");
    compare(formatDuration(-1'840us), "\u22121.84~ms");
    compare(formatMicros(1840), "1.84~ms");
    compare(formatMicros(0.25), "250~ns");
    compare(formatMicros(2'500'000), "2.50~s");
}

void UnitsTest::showsLongDurationsInMinutesAndHours() {
    compare(formatDuration(99'400ms), "99.4~s");
    compare(formatDuration(99'960ms), "1~min~40~s");  // three digits make it 100 s
    compare(formatDuration(125s), "2~min~05~s");
    compare(formatDuration(3'599'600ms), "1~h~00~min");
    compare(formatDuration(2h + 5min), "2~h~05~min");
}

void UnitsTest::showsRatesBytesAndCounts() {
    compare(formatRate(12'500), "12.5~k/s");
    compare(formatRate(500), "500~/s");
    compare(formatRate(0.5), "0.500~/s");
    compare(formatRate(999.9), "1.00~k/s");
    compare(formatBytes(0), "0~B");
    compare(formatBytes(512), "512~B");
    compare(formatBytes(1'023), "1_023~B");
    compare(formatBytes(1'023.7), "1.00~KiB");
    compare(formatBytes(3'277), "3.20~KiB");
    compare(formatBytes(1'572'864), "1.50~MiB");
    compare(formatCount(0), "0");
    compare(formatCount(5), "5");
    compare(formatCount(999), "999");
    compare(formatCount(150'000), "150~k");
    compare(formatCount(1'500'000), "1.50~M");
    compare(formatCount(12.5), "12.5");
}

void UnitsTest::showsNumbersWithThreeDigits() {
    compare(formatNumber(0), "0");
    compare(formatNumber(0.0123), "0.0123");
    compare(formatNumber(0.1), "0.100");
    compare(formatNumber(0.9999), "1.00");
    compare(formatNumber(1.23), "1.23");
    compare(formatNumber(9.996), "10.0");
    compare(formatNumber(99.96), "100");
    compare(formatNumber(123.4), "123");
    compare(formatNumber(12'300), "12_300");
    compare(formatNumber(1'234'567), "1_230_000");
    compare(formatNumber(-12'300), "\u221212_300");
    compare(formatNumber(0.0000123), "1.23e-05");
    compare(formatNumber(1.5e20), "1.50e+20");
    compare(formatNumber(std::numeric_limits<double>::denorm_min()), "4.94e-324");
}

void UnitsTest::showsWhatIsNoNumberAsADash() {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    compare(formatNumber(nan), "\u2013");
    compare(formatMicros(nan), "\u2013");
    compare(formatChange(nan), "\u2013");
    compare(formatNumber(infinity), "∞");
    compare(formatRate(-infinity), "\u2212∞");
}

void UnitsTest::showsChangesWithASignUnlessTheyVanish() {
    compare(formatChange(0.69), "\u221231~%");
    compare(formatChange(1.094), "+9.4~%");
    compare(formatChange(1), "0.0~%");
    compare(formatChange(0.9999), "0.0~%");
    compare(formatChange(1.0996), "+10~%");
    compare(formatChange(25), "+2_400~%");
}

void UnitsTest::showsPercentages() {
    compare(formatPercent(0.9412), "94.1~%");
    compare(formatPercent(1), "100~%");
    compare(formatPercent(0), "0~%");
    compare(formatPercent(0.00123), "0.123~%");
}

void UnitsTest::showsTimestampsInUtc() {
    const std::chrono::system_clock::time_point time(std::chrono::seconds(1'795'508'313));
    compare(formatTimestamp(time), "2026-11-24T08:18:33Z");
    compare(formatTimestamp(time + 999ms), "2026-11-24T08:18:33Z");
    compare(formatTimestamp({}), "1970-01-01T00:00:00Z");
}

void UnitsTest::readsWhatItShows() {
    for (const Nanos value :
         {0ns, 7ns, 999ns, 1'840'000ns, 12'300'000'000ns, 125'000'000'000ns, 7'500'000'000'000ns})
        QCOMPARE(parseDuration(formatDuration(value)).value(), value);
    for (const double value : {0.5, 500.0, 12'500.0, 1'500'000.0})
        QCOMPARE(parseRate(formatRate(value)).value(), value);
    for (const std::int64_t value : {0, 512, 1'023, 65'536, 1'572'864})
        QCOMPARE(parseSize(formatBytes(static_cast<double>(value))).value(), value);
    for (const std::int64_t value : {0, 5, 999, 150'000, 1'500'000})
        QCOMPARE(parseCount(formatCount(static_cast<double>(value))).value(), value);
}

QTEST_GUILESS_MAIN(UnitsTest)
#include "units_test.moc"
