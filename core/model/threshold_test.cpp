#include "core/model/threshold.h"

#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::model;

namespace {

RunResult twoRequests() {
    RunResult run;
    run.measuredS = 10;
    RequestResult list{.name = "list", .requests = 100, .errors = 0, .bytes = 200'000, .latency = {}};
    RequestResult one{.name = "one", .requests = 900, .errors = 9, .bytes = 90'000, .latency = {}};
    list.latency.recordN(30'000, 100);
    one.latency.recordN(5'000, 891);
    one.latency.recordN(500, 9);  // the failures are quick
    for (const auto& request : {list, one}) {
        run.requests += request.requests;
        run.errors += request.errors;
        run.wireBytes += request.bytes;
        run.latency.merge(request.latency);
    }
    run.byRequest = {list, one};
    return run;
}

/// The line under the text that marks the odd part, without the indentation of both.
QString caretLine(const Error& error) {
    const auto lines = QString::fromStdString(error.hint).split('\n');
    return lines.size() > 2 ? lines[2].mid(4) : QString();
}

}  // namespace

class ThresholdTest : public QObject {
    Q_OBJECT
private slots:
    void readsMetricOperatorAndValue_data();
    void readsMetricOperatorAndValue();
    void marksTheOddPartOfATypo_data();
    void marksTheOddPartOfATypo();
    void suggestsTheNearestMetric();
    void namesTheRequestsThereAre();
    void observesTheWholeRunAndSingleRequests();
    void countsFailuresAsFrustrated();
    void hasNoValueForWhatWasNotMeasured();
    void holdsAsTheOperatorSays();
};

void ThresholdTest::readsMetricOperatorAndValue_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("figure");
    QTest::addColumn<QString>("request");
    QTest::addColumn<QString>("op");
    QTest::addColumn<double>("limit");
    QTest::newRow("percentile") << "p95<20ms" << "p95" << "" << "<" << 20'000.0;
    QTest::newRow("deep percentile") << "p99.9 <= 1.5s" << "p99.9" << "" << "<=" << 1'500'000.0;
    QTest::newRow("k6 percentile") << "p(95)<200" << "p95" << "" << "<" << 200'000.0;
    QTest::newRow("k6 average") << "avg < 100" << "mean" << "" << "<" << 100'000.0;
    QTest::newRow("k6 failures") << "rate<0.01" << "errors" << "" << "<" << 0.01;
    QTest::newRow("k6 identity") << "rate===0" << "errors" << "" << "==" << 0.0;
    QTest::newRow("errors") << "errors<0.1%" << "errors" << "" << "<" << 0.001;
    QTest::newRow("bytes") << "bytes<30KiB" << "bytes" << "" << "<" << 30'720.0;
    QTest::newRow("throughput") << "rps>5000" << "rps" << "" << ">" << 5'000.0;
    QTest::newRow("throughput with unit") << "rps>=5k/s" << "rps" << "" << ">=" << 5'000.0;
    QTest::newRow("count") << "requests>10k" << "requests" << "" << ">" << 10'000.0;
    QTest::newRow("cpu") << "cpu<50us" << "cpu" << "" << "<" << 50.0;
    QTest::newRow("apdex") << "apdex(50ms)>0.9" << "apdex(50ms)" << "" << ">" << 0.9;
    QTest::newRow("one request") << "p95{list}<30ms" << "p95" << "list" << "<" << 30'000.0;
    QTest::newRow("k6 tag") << "p(95){name:list}<30" << "p95" << "list" << "<" << 30'000.0;
    QTest::newRow("name with braces")
        << "errors{GET /api/{{id}}}!=5%" << "errors" << "GET /api/{{id}}" << "!=" << 0.05;
    QTest::newRow("apdex of a request") << "  apdex(1s){one} > 0.5 " << "apdex(1s)" << "one" << ">" << 0.5;
}

void ThresholdTest::readsMetricOperatorAndValue() {
    QFETCH(QString, text);
    QFETCH(QString, figure);
    QFETCH(QString, request);
    QFETCH(QString, op);
    QFETCH(double, limit);
    const auto threshold = parseThreshold(text.toStdString());
    QVERIFY2(threshold, threshold ? "" : threshold.error().line().c_str());
    QCOMPARE(QString::fromStdString(threshold->figureText()), figure);
    QCOMPARE(QString::fromStdString(threshold->request), request);
    QCOMPARE(QString::fromStdString(std::string(threshold->opText())), op);
    QVERIFY2(std::abs(threshold->limit - limit) < 1e-9 * std::max(1.0, limit),
             qPrintable(QString::number(threshold->limit, 'g', 12)));
    QCOMPARE(QString::fromStdString(threshold->text), text.trimmed());
}

void ThresholdTest::marksTheOddPartOfATypo_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("caret");
    QTest::addColumn<QString>("mentions");
    QTest::newRow("unknown metric") << "q95<20ms" << "^~~" << "\"q95\" is not a metric";
    QTest::newRow("no metric") << "<20ms" << "^" << "without a metric";
    QTest::newRow("no operator") << "p95 20ms" << "    ^" << "operator";
    QTest::newRow("one equals sign") << "p95=20ms" << "   ^" << "operator";
    QTest::newRow("no value") << "p95<" << "    ^" << "value is missing";
    QTest::newRow("no unit") << "p95<20" << "    ^~" << "20";
    QTest::newRow("odd unit") << "p95<20mss" << "    ^~~~~" << "20mss";
    QTest::newRow("percentile above 100") << "p101<20ms" << " ^~~" << "below 100";
    QTest::newRow("percentile without number") << "p()<20ms" << "  ^" << "percentile";
    QTest::newRow("more than all requests") << "errors<120%" << "       ^~~~" << "share";
    QTest::newRow("size of nothing") << "bytes<30KB!" << "      ^~~~~" << "30KB!";
    QTest::newRow("apdex without target") << "apdex>0.9" << "     ^" << "satisfied";
    QTest::newRow("apdex above one") << "apdex(50ms)>9" << "            ^" << "between 0 and 1";
    QTest::newRow("apdex of no duration") << "apdex(fast)>0.9" << "      ^~~~" << "fast";
    QTest::newRow("open bracket") << "p(95<20" << " ^" << "not closed";
    QTest::newRow("open brace") << "p95{list<20ms" << "   ^" << "not closed";
    QTest::newRow("no name") << "p95{}<20ms" << "   ^~" << "names no request";
    QTest::newRow("brackets for nothing") << "errors(5)<1%" << "      ^~~" << "nothing in brackets";
    QTest::newRow("negative") << "p95<-5ms" << "    ^~~~" << "-5ms";
    QTest::newRow("wide letters") << "p95{größe}~3ms" << "          ^" << "operator";
}

void ThresholdTest::marksTheOddPartOfATypo() {
    QFETCH(QString, text);
    QFETCH(QString, caret);
    QFETCH(QString, mentions);
    const auto threshold = parseThreshold(text.toStdString());
    QVERIFY(!threshold);
    QCOMPARE(caretLine(threshold.error()), caret);
    QVERIFY2(QString::fromStdString(threshold.error().what).contains(mentions),
             threshold.error().what.c_str());
    QCOMPARE(threshold.error().code, Error::InvalidArgument);
}

void ThresholdTest::suggestsTheNearestMetric() {
    const auto threshold = parseThreshold("eror<1%");
    QVERIFY(!threshold);
    QVERIFY(threshold.error().hint.contains("Did you mean errors?"));
    QVERIFY(threshold.error().hint.contains("Known: p50"));
    QVERIFY(!parseThreshold("").has_value());
    QVERIFY(!parseThreshold(" \n ").has_value());
    QVERIFY(!parseThreshold("p95<\n3ms").has_value());
}

void ThresholdTest::namesTheRequestsThereAre() {
    Workload workload = Workload::forUrl("/api/cities");
    workload.requests[0].name = "list";
    QVERIFY(checkAgainst(*parseThreshold("p95{list}<1s"), workload));
    const auto missing = checkAgainst(*parseThreshold("p95{lst}<1s"), workload);
    QVERIFY(!missing);
    QVERIFY(missing.error().line().contains("\"lst\"") && missing.error().line().contains("list"));
    QVERIFY(!checkAgainst(*parseThreshold("cpu{list}<1ms"), workload));
}

void ThresholdTest::observesTheWholeRunAndSingleRequests() {
    const RunResult run = twoRequests();
    const auto value = [&](const char* text) { return *observed(*parseThreshold(text), run); };
    QCOMPARE(value("rps>1"), 100.0);
    QCOMPARE(value("rps{list}>1"), 10.0);
    QCOMPARE(value("errors<1%"), 0.009);
    QCOMPARE(value("errors{list}<1%"), 0.0);
    QCOMPARE(value("bytes{one}<1KiB"), 100.0);
    QCOMPARE(value("requests>1"), 1000.0);
    QCOMPARE(value("min<1ms"), 500.0);
    QVERIFY(std::abs(value("max<1s") - 30'000) < 30);
    QVERIFY(std::abs(value("p95{list}<1s") - 30'000) < 30);
    QVERIFY(std::abs(value("median<1s") - 5'000) < 5);
    QCOMPARE(samplesOf(*parseThreshold("p95{list}<1s"), run), std::uint64_t(100));
}

void ThresholdTest::countsFailuresAsFrustrated() {
    stats::Histogram latency;
    latency.recordN(10'000, 60);   // satisfied
    latency.recordN(30'000, 30);   // tolerating
    latency.recordN(100'000, 10);  // frustrated
    QCOMPARE(apdex(latency, 0, 10'100), 0.75);
    QCOMPARE(apdex(latency, 20, 10'100), 0.55);  // 40 satisfied, 30 tolerating of 100
    QCOMPARE(apdex(latency, 100, 10'100), 0.0);
    QVERIFY(std::isnan(apdex({}, 0, 10'000)));
    const RunResult run = twoRequests();
    QVERIFY(std::abs(*observed(*parseThreshold("apdex(10ms){one}>0"), run) - 0.99) < 1e-12);
}

void ThresholdTest::hasNoValueForWhatWasNotMeasured() {
    const RunResult nothing;
    QVERIFY(!observed(*parseThreshold("p95<1s"), nothing));
    QVERIFY(!observed(*parseThreshold("errors<1%"), nothing));
    QVERIFY(!observed(*parseThreshold("rps>1"), nothing));
    QCOMPARE(*observed(*parseThreshold("requests>1"), nothing), 0.0);
    QVERIFY(!observed(*parseThreshold("p95{nobody}<1s"), twoRequests()));
    QVERIFY(!observed(*parseThreshold("cpu<1ms"), twoRequests()));
}

void ThresholdTest::holdsAsTheOperatorSays() {
    QVERIFY(parseThreshold("p95<20ms")->holds(19'999) && !parseThreshold("p95<20ms")->holds(20'000));
    QVERIFY(parseThreshold("p95<=20ms")->holds(20'000));
    QVERIFY(parseThreshold("rps>5")->holds(6) && !parseThreshold("rps>5")->holds(5));
    QVERIFY(parseThreshold("rps>=5")->holds(5));
    QVERIFY(parseThreshold("errors==0%")->holds(0) && !parseThreshold("errors!=0%")->holds(0));
}

QTEST_GUILESS_MAIN(ThresholdTest)
#include "threshold_test.moc"
