#include "core/load/recorded_log.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace hone;
using namespace hone::load;
using namespace std::chrono_literals;

class RecordedLogTest : public QObject {
    Q_OBJECT
private slots:
    void spreadsTheSecondsOfAnAccessLog();
    void readsHarEntriesWithZonesAndBodies();
    void readsJsonLinesWithSecondsOrDates();
    void saysWhyNothingCouldBeRead_data();
    void saysWhyNothingCouldBeRead();

private:
    Result<RecordedLog> read(const std::string& text) {
        const auto path = std::filesystem::path(m_folder.path().toStdString()) / "recording";
        std::ofstream(path) << text;
        return readRecordedLog(path);
    }
    QTemporaryDir m_folder;
};

void RecordedLogTest::spreadsTheSecondsOfAnAccessLog() {
    const auto log = read(
        "::1 - bob [10/Oct/2000:13:55:36 -0700] \"GET /b?x=1 HTTP/1.1\" 200 23 \"http://r/\" \"agent\"\n"
        "\n"
        "::1 - - [10/Oct/2000:22:55:35 +0200] \"GET /a HTTP/1.0\" 200 23\n"
        "::1 - - [10/Oct/2000:13:55:37 -0700] \"POST http://h/c HTTP/1.1\" 201 -\n"
        "::1 - - [10/Oct/2000:13:55:36 -0700] \"HEAD /d HTTP/1.1\" 200 -\n"
        "::1 - - [10/Oct/2000:13:55:38 -0700] \"\\x16\\x03\" 400 150\n");
    QVERIFY2(log, log ? "" : log.error().line().c_str());
    QCOMPARE(log->format, RecordedLog::Format::AccessLog);
    QCOMPARE(log->unreadable, std::size_t{1});
    const std::vector<std::tuple<std::int64_t, std::string, std::string>> expected = {
        {0, "GET", "/a"}, {1000, "GET", "/b?x=1"}, {1500, "HEAD", "/d"}, {2000, "POST", "/c"}};
    QCOMPARE(log->requests.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& [ms, method, target] = expected[i];
        QCOMPARE(log->requests[i].at.count(), ms * 1'000'000);
        QCOMPARE(log->requests[i].method, method);
        QCOMPARE(log->requests[i].target, target);
    }
    QCOMPARE(log->length().count(), 2'000'000'000LL);
}

void RecordedLogTest::readsHarEntriesWithZonesAndBodies() {
    const auto log = read(
        R"({"log": {"entries": [)"
        R"({"startedDateTime": "2026-01-01T10:00:00.250+01:00", "request": {"method": "POST", "url": "https://api.example.com/login?a=1#top", "postData": {"mimeType": "text/plain", "text": "hi"}}},)"
        R"({"startedDateTime": "2026-01-01T09:00:00Z", "request": {"method": "GET", "url": "https://api.example.com"}},)"
        R"({"startedDateTime": "yesterday", "request": {"method": "GET", "url": "/"}}]}})");
    QVERIFY2(log, log ? "" : log.error().line().c_str());
    QCOMPARE(log->format, RecordedLog::Format::Har);
    QCOMPARE(log->requests.size(), std::size_t{2});
    QCOMPARE(log->unreadable, std::size_t{1});
    QCOMPARE(log->requests[0].target, std::string("/"));
    QCOMPARE(log->requests[1].at.count(), 250'000'000LL);
    QCOMPARE(log->requests[1].target, std::string("/login?a=1"));
    QCOMPARE(log->requests[1].body, std::string("hi"));
    QCOMPARE(log->requests[1].contentType, std::string("text/plain"));
}

void RecordedLogTest::readsJsonLinesWithSecondsOrDates() {
    const auto times = read("{\"time\": 10.5}\n{\"time\": 11}\n");
    QVERIFY(times && !times->hasTargets());
    QCOMPARE(times->length().count(), 500'000'000LL);
    const auto asked = read(
        "{\"time\": \"2026-01-01T00:00:00Z\", \"url\": \"/a\"}\n"
        "{\"time\": \"2026-01-01T00:00:00.020Z\", \"method\": \"PUT\", \"url\": \"/b\", "
        "\"body\": \"{}\"}\nnonsense\n");
    QVERIFY(asked && asked->hasTargets());
    QCOMPARE(asked->requests[0].method, std::string("GET"));
    QCOMPARE(asked->requests[1].at.count(), 20'000'000LL);
    QCOMPARE(asked->requests[1].body, std::string("{}"));
    QCOMPARE(asked->unreadable, std::size_t{1});
}

void RecordedLogTest::saysWhyNothingCouldBeRead_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("prose") << "\nhello\n" << "line 2: it has no [time]";
    QTest::newRow("a month nobody knows") << "- - - [10/Okt/2000:13:55:36 -0700] \"GET / HTTP/1.1\" 200 1"
                                          << "line 1: its time is not like";
    QTest::newRow("no request") << "- - - [10/Oct/2000:13:55:36 -0700] 200 1"
                                << "line 1: it has no \"request\"";
    QTest::newRow("no time") << "{\"url\": \"/\"}" << "line 1: it has no \"time\"";
    QTest::newRow("empty") << "" << "has no request to replay";
    QTest::newRow("empty HAR") << "{\"log\": {\"entries\": []}}" << "HAR file without readable entries";
}

void RecordedLogTest::saysWhyNothingCouldBeRead() {
    QFETCH(QString, text);
    QFETCH(QString, named);
    const auto log = read(text.toStdString());
    QVERIFY(!log);
    QCOMPARE(log.error().code, Error::Malformed);
    QVERIFY2(log.error().what.contains(named.toStdString()), log.error().what.c_str());
}

QTEST_GUILESS_MAIN(RecordedLogTest)
#include "recorded_log_test.moc"
