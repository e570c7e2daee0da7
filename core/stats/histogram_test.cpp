#include "core/stats/histogram.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <fstream>

using namespace hone::stats;
using nlohmann::json;

namespace {

const json& vectors() {
    static const json kVectors =
        json::parse(std::ifstream(HONE_SOURCE_DIR "/tests/support/stat-vectors.json"));
    return kVectors;
}

Histogram configured(const json& row) { return {row["lowest"], row["highest"], row["sig"]}; }

/// The data of `hdr_percentile`: 100 + i² for i below 1000, then five million ten times.
Histogram quadratic() {
    Histogram histogram;
    for (std::int64_t i = 0; i < 1000; ++i)
        histogram.record(100 + i * i);
    histogram.recordN(5'000'000, 10);
    return histogram;
}

}  // namespace

class HistogramTest : public QObject {
    Q_OBJECT
private slots:
    void derivesTheSameLayoutAsHdrHistogram();
    void putsValuesIntoTheSameBuckets_data();
    void putsValuesIntoTheSameBuckets();
    void reportsQuantilesByTheJavaRule();
    void countsUpWhereJavaAndCDiffer();
    void asksForTheSeventhOfAHundredAtSevenPercent();
    void keepsTheExactExtremes();
    void clampsAndCountsWhatIsTooLarge();
    void mergesAsIfRecordedTogether();
    void isEmptyAgainAfterReset();
    void listsItsBucketsInOrder();
    void countsValuesAtOrBelow();
    void takesBackExactExtremesOnlyIfTheyFitTheBuckets();
    void spansUpToTheLargestInteger();
};

void HistogramTest::derivesTheSameLayoutAsHdrHistogram() {
    for (const json& row : vectors()["hdr_config"]) {
        const Histogram histogram = configured(row);
        QCOMPARE(histogram.subBucketCount(), row["sub_bucket_count"].get<int>());
        QCOMPARE(histogram.unitMagnitude(), row["unit_magnitude"].get<int>());
        QCOMPARE(histogram.bucketCount(), row["bucket_count"].get<int>());
        QCOMPARE(histogram.countsLength(), row["counts_len"].get<std::size_t>());
    }
}

void HistogramTest::putsValuesIntoTheSameBuckets_data() {
    QTest::addColumn<QString>("key");
    QTest::newRow("unit 1") << "hdr_index";
    QTest::newRow("unit 1000") << "hdr_index_unit1000";
}

void HistogramTest::putsValuesIntoTheSameBuckets() {
    QFETCH(QString, key);
    const json& table = vectors()[key.toStdString()];
    const Histogram histogram = configured(table);
    for (const json& row : table["rows"]) {
        const std::int64_t value = row["value"];
        QCOMPARE(histogram.indexOf(value), row["index"].get<std::size_t>());
        QCOMPARE(histogram.lowestEquivalent(value), row["lowest_equivalent"].get<std::int64_t>());
        QCOMPARE(histogram.highestEquivalent(value), row["highest_equivalent"].get<std::int64_t>());
        QCOMPARE(histogram.medianEquivalent(value), row["median_equivalent"].get<std::int64_t>());
        QCOMPARE(histogram.valueAt(row["index"]), row["lowest_equivalent"].get<std::int64_t>());
    }
}

void HistogramTest::reportsQuantilesByTheJavaRule() {
    const json& expected = vectors()["hdr_percentile"];
    const Histogram histogram = quadratic();
    QCOMPARE(histogram.count(), expected["total"].get<std::int64_t>());
    QCOMPARE(histogram.min(), expected["min"].get<std::int64_t>());
    QCOMPARE(histogram.highestEquivalent(histogram.max()), expected["max"].get<std::int64_t>());
    QVERIFY(qAbs(histogram.mean() - expected["mean"].get<double>()) < 1e-4);
    QVERIFY(qAbs(histogram.stddev() - expected["stddev_population"].get<double>()) < 1e-3);
    for (const json& row : expected["rows"])
        QCOMPARE(histogram.quantile(row["p"].get<double>() / 100), row["java_rule"].get<std::int64_t>());
}

void HistogramTest::countsUpWhereJavaAndCDiffer() {
    const json& expected = vectors()["hdr_percentile_rule_difference"];
    Histogram histogram;
    for (const json& value : expected["data"])
        histogram.record(value);
    for (const json& row : expected["rows"])
        QCOMPARE(histogram.quantile(row["p"].get<double>() / 100), row["java_rule"].get<std::int64_t>());
}

void HistogramTest::asksForTheSeventhOfAHundredAtSevenPercent() {
    Histogram histogram;
    for (int value = 1; value <= 100; ++value)
        histogram.record(value);
    for (int percent = 1; percent <= 100; ++percent)
        QCOMPARE(histogram.quantile(percent / 100.0), std::int64_t(percent));
}

void HistogramTest::keepsTheExactExtremes() {
    Histogram histogram;
    QCOMPARE(histogram.min(), std::int64_t(0));
    QCOMPARE(histogram.max(), std::int64_t(0));
    QCOMPARE(histogram.quantile(0.5), std::int64_t(0));
    histogram.record(123'457);
    histogram.record(987'654'321);
    QCOMPARE(histogram.min(), std::int64_t(123'457));
    QCOMPARE(histogram.max(), std::int64_t(987'654'321));
}

void HistogramTest::clampsAndCountsWhatIsTooLarge() {
    Histogram histogram(1, 1000, 3);
    histogram.record(1000);
    histogram.recordN(1001, 3);
    histogram.record(INT64_MAX);
    histogram.record(-5);
    QCOMPARE(histogram.count(), std::int64_t(6));
    QCOMPARE(histogram.saturated(), std::int64_t(4));
    QCOMPARE(histogram.max(), std::int64_t(1000));
    QCOMPARE(histogram.min(), std::int64_t(0));
}

void HistogramTest::mergesAsIfRecordedTogether() {
    Histogram low, high, together;
    for (std::int64_t value = 1; value < 5'000'000; value = value * 5 / 4 + 1) {
        (value < 3000 ? low : high).recordN(value, 2);
        together.recordN(value, 2);
    }
    low.merge(high);
    low.merge(Histogram());
    QCOMPARE(encodeV2(low), encodeV2(together));
    QCOMPARE(low.count(), together.count());
    QCOMPARE(low.min(), together.min());
    QCOMPARE(low.max(), together.max());
    QCOMPARE(low.quantile(0.9), together.quantile(0.9));
}

void HistogramTest::isEmptyAgainAfterReset() {
    Histogram histogram = quadratic();
    histogram.reset();
    QCOMPARE(histogram.count(), std::int64_t(0));
    QCOMPARE(histogram.max(), std::int64_t(0));
    QVERIFY(histogram.buckets().empty());
    histogram.record(7);
    QCOMPARE(histogram.min(), std::int64_t(7));
    QCOMPARE(histogram.quantile(1), std::int64_t(7));
}

void HistogramTest::listsItsBucketsInOrder() {
    Histogram histogram;
    histogram.recordN(10'007, 3);
    histogram.record(5);
    const auto buckets = histogram.buckets();
    QCOMPARE(buckets.size(), std::size_t(2));
    QCOMPARE(buckets[0].from, std::int64_t(5));
    QCOMPARE(buckets[1].from, std::int64_t(10'000));
    QCOMPARE(buckets[1].to, std::int64_t(10'007));
    QCOMPARE(buckets[1].count, std::int64_t(3));
}

void HistogramTest::countsValuesAtOrBelow() {
    const Histogram histogram = quadratic();
    QCOMPARE(histogram.countAtOrBelow(-1), std::int64_t(0));
    QCOMPARE(histogram.countAtOrBelow(99), std::int64_t(0));
    QCOMPARE(histogram.countAtOrBelow(100), std::int64_t(1));
    QCOMPARE(histogram.countAtOrBelow(1'048'575), std::int64_t(1000));
    QCOMPARE(histogram.countAtOrBelow(INT64_MAX), std::int64_t(1010));
}

void HistogramTest::takesBackExactExtremesOnlyIfTheyFitTheBuckets() {
    Histogram histogram;
    QVERIFY(!histogram.setExact(0, 0, 0));  // nothing recorded
    histogram.record(10'000);
    histogram.record(123'456);
    QVERIFY(!histogram.setExact(9'999, 123'456, 0));
    QVERIFY(!histogram.setExact(10'000, 200'000, 0));
    QVERIFY(histogram.setExact(10'003, 123'500, 1));
    QCOMPARE(histogram.min(), std::int64_t(10'003));
    QCOMPARE(histogram.max(), std::int64_t(123'500));
    QCOMPARE(histogram.saturated(), std::int64_t(1));
}

void HistogramTest::spansUpToTheLargestInteger() {
    Histogram histogram(1, INT64_MAX, 2);
    histogram.record(INT64_MAX);
    QCOMPARE(histogram.saturated(), std::int64_t(0));
    QCOMPARE(histogram.max(), INT64_MAX);
    QCOMPARE(histogram.highestEquivalent(INT64_MAX), INT64_MAX);
    QVERIFY(histogram.indexOf(INT64_MAX) < histogram.countsLength());
}

QTEST_GUILESS_MAIN(HistogramTest)
#include "histogram_test.moc"
