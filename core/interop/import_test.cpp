#include "core/interop/import_parts.h"

#include <QtTest>

#include <cmath>
#include <fstream>

using namespace hone;
using namespace hone::interop;

namespace {

std::string sample(const char* name) {
    std::ifstream file(std::string(HONE_SOURCE_DIR "/tests/golden/interop/") + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

model::RunResult imported(const char* name) {
    auto run = importResult(sample(name), name);
    if (!run)
        qFatal("%s", run.error().line().c_str());
    return std::move(*run);
}

/// Within the three digits of the histogram.
bool near(double actual, double expected) {
    const bool isNear = std::abs(actual - expected) <= 0.0015 * expected + 1;
    if (!isNear)
        qWarning("got %.12g, expected %.12g", actual, expected);
    return isNear;
}

double us(const model::RunResult& run, double q) { return static_cast<double>(run.latency.quantile(q)); }

}  // namespace

class ImportTest : public QObject {
    Q_OBJECT
private slots:
    void recognisesEveryKind_data();
    void recognisesEveryKind();
    void keepsWhatItImportedInARoundTrip_data();
    void keepsWhatItImportedInARoundTrip();
    void readsTheSummaryOfK6();
    void readsTheRequestsOfK6WithoutTheWarmUp();
    void readsLocust();
    void readsArtillery();
    void readsJMeterWithBreaksInsideQuotes();
    void readsVegeta();
    void readsOhaAndCallsAbortedRequestsUnfinished();
    void readsWrk();
    void readsH2loadAndWarnsOfItsMissingPercentiles();
    void givesKnownQuantilesBack();
    void refusesWhatItDoesNotKnow_data();
    void refusesWhatItDoesNotKnow();
    void survivesCutAndMangledFiles();
};

void ImportTest::recognisesEveryKind_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("source");
    for (const auto& [file, source] : {std::pair{"k6-summary.json", "k6"},
                                       {"k6.csv", "k6"},
                                       {"locust_stats.csv", "locust"},
                                       {"artillery.json", "artillery"},
                                       {"jmeter.jtl", "jmeter"},
                                       {"vegeta.json", "vegeta"},
                                       {"oha.json", "oha"},
                                       {"wrk.txt", "wrk"},
                                       {"h2load.txt", "h2load"}})
        QTest::newRow(file) << QString(file) << QString(source);
}

void ImportTest::recognisesEveryKind() {
    QFETCH(QString, file);
    QFETCH(QString, source);
    const auto run = imported(qPrintable(file));
    QCOMPARE(QString::fromStdString(run.source), source);
    QCOMPARE(QString::fromStdString(run.name), file);
    QVERIFY(run.requests > 0 && run.latency.count() > 0 && run.measuredS > 0 && run.errors <= run.requests);
    QVERIFY(!run.id.empty() && !run.warnings.empty());
}

void ImportTest::keepsWhatItImportedInARoundTrip_data() { recognisesEveryKind_data(); }

void ImportTest::keepsWhatItImportedInARoundTrip() {
    QFETCH(QString, file);
    const auto run = imported(qPrintable(file));
    const auto back = model::RunResult::fromJson(run.toJson());
    QVERIFY2(back, back ? "" : back.error().line().c_str());
    QCOMPARE(back->source, run.source);
    QCOMPARE(back->latency.quantile(0.95), run.latency.quantile(0.95));
}

void ImportTest::readsTheSummaryOfK6() {
    const auto run = imported("k6-summary.json");
    QCOMPARE(run.requests, std::uint64_t(1000));
    QCOMPARE(run.errors, std::uint64_t(10));
    QVERIFY(near(us(run, 0.95), 31'250) && near(us(run, 0.5), 9'500) && near(us(run, 1), 181'500));
    QCOMPARE(run.latency.min(), std::int64_t(1'250));
    QCOMPARE(run.rps(), 100.0);
    QCOMPARE(run.wireBytes, std::uint64_t(1'490'000));
}

void ImportTest::readsTheRequestsOfK6WithoutTheWarmUp() {
    const auto run = imported("k6.csv");
    QCOMPARE(run.requests, std::uint64_t(4));
    QCOMPARE(run.errors, std::uint64_t(2));
    QCOMPARE(run.byStatus.at(500), std::uint64_t(1));
    QCOMPARE(run.errorsByKind.at("no answer"), std::uint64_t(1));
    QCOMPARE(run.byRequest.size(), std::size_t(2));
    QVERIFY(near(us(run, 1), 30'000));
}

void ImportTest::readsLocust() {
    const auto run = imported("locust_stats.csv");
    QCOMPARE(run.requests, std::uint64_t(1000));
    QCOMPARE(run.errors, std::uint64_t(4));
    QVERIFY(near(us(run, 0.95), 48'000) && near(us(run, 0.999), 200'000));
    QCOMPARE(run.byRequest[1].name, std::string("list, all"));
    QVERIFY(std::abs(run.bytesPerRequest() - 3189.2) < 0.1);
    QCOMPARE(run.rps(), 100.0);
}

void ImportTest::readsArtillery() {
    const auto run = imported("artillery.json");
    QVERIFY(run.byStatus.contains(200));
    QVERIFY(run.latency.quantile(0.95) >= run.latency.quantile(0.5));
    QVERIFY(run.latency.max() > 0);
    QCOMPARE(run.errors, std::uint64_t(0));
}

void ImportTest::readsJMeterWithBreaksInsideQuotes() {
    const auto run = imported("jmeter.jtl");
    QCOMPARE(run.requests, std::uint64_t(4));
    QCOMPARE(run.errors, std::uint64_t(2));
    QCOMPARE(run.byStatus.at(500), std::uint64_t(1));
    QCOMPARE(run.latency.max(), std::int64_t(120'000));
    QVERIFY(std::abs(run.measuredS - 2.001) < 1e-6);
    QCOMPARE(run.wireBytes, std::uint64_t(14'800 + 286 + 190));
}

void ImportTest::readsVegeta() {
    const auto run = imported("vegeta.json");
    QCOMPARE(run.errors, std::uint64_t(20));
    QVERIFY(near(us(run, 0.95), 20'500) && near(us(run, 0.99), 61'000));
    QVERIFY(std::abs(run.measuredS - 10) < 1e-9);
    QCOMPARE(run.errorsByKind.at("no answer"), std::uint64_t(5));
}

void ImportTest::readsOhaAndCallsAbortedRequestsUnfinished() {
    const auto run = imported("oha.json");
    QCOMPARE(run.requests, std::uint64_t(1002));
    QCOMPARE(run.errors, std::uint64_t(17));
    QCOMPARE(run.unfinished, std::uint64_t(4));
    QVERIFY(near(us(run, 0.95), 31'250) && near(us(run, 0.999), 150'000));
}

void ImportTest::readsWrk() {
    const auto run = imported("wrk.txt");
    QCOMPARE(run.requests, std::uint64_t(11'069));
    QVERIFY(near(us(run, 0.5), 422) && near(us(run, 0.99), 52'790) && near(us(run, 1), 92'390));
    QCOMPARE(run.measuredS, 2.07);
    QVERIFY(run.target.starts_with("http://127.0.0.1:"));
    const auto failing = importResult(sample("wrk.txt") +
                                          "  Socket errors: connect 0, read 3, write 0, timeout 2\n"
                                          "  Non-2xx or 3xx responses: 7\n",
                                      "w");
    QCOMPARE(failing->errors, std::uint64_t(12));
    QCOMPARE(failing->errorsByKind.at("read"), std::uint64_t(3));
}

void ImportTest::readsH2loadAndWarnsOfItsMissingPercentiles() {
    const auto run = imported("h2load.txt");
    QCOMPARE(run.requests, std::uint64_t(18'103));
    QCOMPARE(run.wireBytes, std::uint64_t(6'908'740));
    QVERIFY(std::abs(run.rps() - 9051.5) < 0.1);  // without its warm-up
    QCOMPARE(run.latency.min(), std::int64_t(133));
    QVERIFY(run.warnings[0].contains("Do not compare percentiles"));
}

void ImportTest::givesKnownQuantilesBack() {
    const auto histogram = histogramFrom({{1, 900}, {0.5, 100}, {0, 10}, {0.99, 500}}, 1'000);
    QCOMPARE(histogram.count(), std::int64_t(1'000));
    QCOMPARE(histogram.quantile(0.5), std::int64_t(100));
    QCOMPARE(histogram.quantile(0.99), std::int64_t(500));
    QCOMPARE(histogram.max(), std::int64_t(900));
    QCOMPARE(histogram.min(), std::int64_t(10));
    QCOMPARE(histogramFrom({}, 5).count(), std::int64_t(0));
    QCOMPARE(histogramFrom({{0.5, 100}}, 0).count(), std::int64_t(0));
    QCOMPARE(*microsFrom("1.25ms"), 1'250.0);
    QCOMPARE(*microsFrom("422.00us"), 422.0);
    QVERIFY(!microsFrom("fast") && !microsFrom("-1s") && !microsFrom(""));
    QCOMPARE(csvFields("a,\"b \"\"c\"\", d\",\r"), (std::vector<std::string>{"a", "b \"c\", d", ""}));
}

void ImportTest::refusesWhatItDoesNotKnow_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("mentions");
    QTest::newRow("nothing") << QByteArray(" \n") << "empty";
    QTest::newRow("prose") << QByteArray("hello") << "no result of a load tool";
    QTest::newRow("other JSON") << QByteArray("{\"a\": 1}") << "no result of a tool";
    QTest::newRow("broken JSON") << QByteArray("{\"a\": ") << "not JSON";
    QTest::newRow("k6 without requests")
        << QByteArray(R"({"metrics": {"http_req_duration": {"min": 1}}})") << "http_reqs.count";
    QTest::newRow("artillery without responses")
        << QByteArray(R"({"aggregate": {}})") << "http.response_time";
    QTest::newRow("odd members")
        << QByteArray(R"({"latencies": 3, "status_codes": {"200": "x"}, "requests": 1, "success": 1})")
        << "not what the tool writes";
    QTest::newRow("odd number") << QByteArray("timeStamp,elapsed,label\nnow,5,x\n") << "line 2: timeStamp";
    QTest::newRow("header only") << QByteArray("timeStamp,elapsed,label\n") << "no samples";
}

void ImportTest::refusesWhatItDoesNotKnow() {
    QFETCH(QByteArray, text);
    QFETCH(QString, mentions);
    const auto run = importResult(text.toStdString(), "file");
    QVERIFY(!run);
    QVERIFY2(QString::fromStdString(run.error().what).contains(mentions), run.error().what.c_str());
}

/// Every prefix of every sample, and every byte of a stride changed: an error or a run, never a crash.
void ImportTest::survivesCutAndMangledFiles() {
    int tried = 0;
    for (const char* name : {"k6-summary.json", "k6.csv", "locust_stats.csv", "jmeter.jtl", "vegeta.json",
                             "oha.json", "wrk.txt", "h2load.txt", "artillery.json"}) {
        const auto whole = sample(name);
        const std::size_t stride = std::max<std::size_t>(whole.size() / 150, 1);
        for (std::size_t at = 0; at < whole.size(); at += stride) {
            (void)importResult(whole.substr(0, at), name);
            auto mangled = whole;
            mangled[at] = static_cast<char>(mangled[at] ^ 0x15);
            const auto run = importResult(mangled, name);
            QVERIFY(!run || run->errors <= run->requests || run->requests > 0);
            ++tried;
        }
    }
    QVERIFY(tried > 500);
}

QTEST_GUILESS_MAIN(ImportTest)
#include "import_test.moc"
