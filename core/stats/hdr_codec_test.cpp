#include "core/stats/histogram.h"

#include "core/base/random.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <fstream>
#include <sstream>

using namespace hone;
using namespace hone::stats;
using nlohmann::json;

namespace {

const json& vectors() {
    static const json kVectors =
        json::parse(std::ifstream(HONE_SOURCE_DIR "/tests/support/stat-vectors.json"));
    return kVectors;
}

Histogram ofVectorData() {
    Histogram histogram;
    for (const json& value : vectors()["hdr_encode_v2"]["data"])
        histogram.record(value);
    return histogram;
}

std::string hex(const std::string& bytes) { return QByteArray::fromStdString(bytes).toHex().toStdString(); }

}  // namespace

class HdrCodecTest : public QObject {
    Q_OBJECT
private slots:
    void writesThePayloadOfTheReference();
    void readsWhatTheReferenceWrote();
    void readsBackEveryCountItWrites();
    void keepsOtherConfigurations();
    void roundTripsAnEmptyHistogram();
    void refusesDamagedTexts_data();
    void refusesDamagedTexts();
    void neverCrashesOnFlippedBits();
    void printsTheSpectrumOfTheReference();
    void printsAnEmptySpectrum();
};

void HdrCodecTest::writesThePayloadOfTheReference() {
    QCOMPARE(hex(encodeV2(ofVectorData())), vectors()["hdr_encode_v2"]["payload_hex"].get<std::string>());
}

void HdrCodecTest::readsWhatTheReferenceWrote() {
    const auto text = vectors()["hdr_encode_v2"]["compressed_base64_example"].get<std::string>();
    const auto histogram = decodeBase64(text);
    QVERIFY(histogram);
    QCOMPARE(encodeV2(*histogram), encodeV2(ofVectorData()));
    QCOMPARE(histogram->max(), std::int64_t(100'031));  // as far as the bucket tells
}

void HdrCodecTest::readsBackEveryCountItWrites() {
    SplitMix64 random(7);
    Histogram histogram;
    for (int i = 0; i < 20'000; ++i)
        histogram.record(static_cast<std::int64_t>(std::exp(random.uniform() * 21)));
    histogram.recordN(42, std::int64_t{1} << 60);  // nine bytes
    const std::string text = encodeBase64(histogram);
    QVERIFY(text.starts_with("HISTF"));
    const auto back = decodeBase64(text);
    QVERIFY(back);
    QCOMPARE(back->count(), histogram.count());
    QCOMPARE(encodeV2(*back), encodeV2(histogram));
    QCOMPARE(back->quantile(0.999), histogram.quantile(0.999));
}

void HdrCodecTest::keepsOtherConfigurations() {
    Histogram histogram(1000, 3'600'000'000'000, 2);
    histogram.record(123'456'789);
    const auto back = decodeBase64(encodeBase64(histogram));
    QVERIFY(back);
    QCOMPARE(back->lowest(), histogram.lowest());
    QCOMPARE(back->highest(), histogram.highest());
    QCOMPARE(back->significantDigits(), 2);
    QCOMPARE(back->quantile(1), histogram.quantile(1));
}

void HdrCodecTest::roundTripsAnEmptyHistogram() {
    const auto back = decodeBase64(encodeBase64(Histogram()));
    QVERIFY(back);
    QCOMPARE(back->count(), std::int64_t(0));
    QCOMPARE(back->max(), std::int64_t(0));
}

void HdrCodecTest::refusesDamagedTexts_data() {
    const std::string good = encodeBase64(ofVectorData());
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << "";
    QTest::newRow("not base64") << "HISTF*";
    QTest::newRow("another format") << "AAAAAAAAAAAAAAAA";
    QTest::newRow("cut") << QString::fromStdString(good.substr(0, good.size() / 2));
    QTest::newRow("zlib damaged") << QString::fromStdString(good.substr(0, 20) + "AAAA" + good.substr(24));
}

void HdrCodecTest::refusesDamagedTexts() {
    QFETCH(QString, text);
    const auto histogram = decodeBase64(text.toStdString());
    QVERIFY(!histogram);
    QCOMPARE(histogram.error().code, Error::Malformed);
    QVERIFY(!histogram.error().hint.empty());
}

void HdrCodecTest::neverCrashesOnFlippedBits() {
    const std::string good = encodeBase64(ofVectorData());
    SplitMix64 random(11);
    int refused = 0;
    for (int i = 0; i < 2000; ++i) {
        std::string text = good;
        text[random.index(text.size())] = "ABCxyz019+/"[random.index(11)];
        const auto histogram = decodeBase64(text);
        refused += histogram ? 0 : 1;
        QVERIFY(!histogram || histogram->count() >= 0);
    }
    QVERIFY(refused > 1000);
}

void HdrCodecTest::printsTheSpectrumOfTheReference() {
    Histogram histogram;
    for (int i = 1; i <= 100; ++i)
        histogram.record(1000 * i);
    std::istringstream lines(toHgrm(histogram));
    std::string line;
    std::getline(lines, line);
    QCOMPARE(line, std::string("       Value   Percentile   TotalCount 1/(1-Percentile)"));
    std::getline(lines, line);
    QCOMPARE(line, std::string());
    for (const json& row : vectors()["hgrm_spectrum"]["rows"]) {
        std::getline(lines, line);
        const double inverse = row["inv"].is_string() ? INFINITY : row["inv"].get<double>();
        QCOMPARE(line, fmt::format("{:12.3f} {:12f} {:12d} {:>12.2f}", row["value_ms"].get<double>(),
                                   row["percentile"].get<double>(), row["total_count"].get<int>(), inverse));
    }
    std::getline(lines, line);
    QCOMPARE(line, std::string("#[Mean    =       50.504, StdDeviation   =       28.866]"));
    std::getline(lines, line);
    QCOMPARE(line, std::string("#[Max     =      100.031, Total count    =          100]"));
    std::getline(lines, line);
    QCOMPARE(line, std::string("#[Buckets =           22, SubBuckets     =         2048]"));
    QVERIFY(!std::getline(lines, line));
}

void HdrCodecTest::printsAnEmptySpectrum() {
    const std::string text = toHgrm(Histogram());
    QVERIFY(text.contains("       0.000     1.000000            0          inf\n"));
    QVERIFY(text.contains("Total count    =            0]"));
}

QTEST_GUILESS_MAIN(HdrCodecTest)
#include "hdr_codec_test.moc"
