#include "core/engine/server_timing.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;

class ServerTimingTest : public QObject {
    Q_OBJECT
private slots:
    void showsTheTotalAlone() {
        QCOMPARE(serverTiming(Exchange(http::Request()), Nanos(1'230'000)), std::string("total;dur=1.23"));
    }

    void showsDurationsToATenthOfAMicrosecond_data() {
        QTest::addColumn<long long>("nanos");
        QTest::addColumn<QString>("millis");
        QTest::newRow("nothing") << 0LL << "0";
        QTest::newRow("below the last digit") << 49LL << "0";
        QTest::newRow("rounded up") << 50LL << "0.0001";
        QTest::newRow("one microsecond") << 1'000LL << "0.001";
        QTest::newRow("inner zeros stay") << 10'203'000LL << "10.203";
        QTest::newRow("whole") << 5'000'000LL << "5";
        QTest::newRow("an hour") << 3'600'000'000'000LL << "3600000";
        QTest::newRow("a clock that ran back") << -5LL << "0";
    }
    void showsDurationsToATenthOfAMicrosecond() {
        QFETCH(long long, nanos);
        QFETCH(QString, millis);
        QCOMPARE(serverTiming(Exchange(http::Request()), Nanos(nanos)), "total;dur=" + millis.toStdString());
    }

    void keepsTheOrderAndJoinsWhatOneNameNotedTwice() {
        const http::Request request;
        Exchange exchange(request);
        exchange.note("cache", Nanos(1'000));
        exchange.note("sql", Nanos(2'000'000));
        exchange.note("cache", Nanos(500), "miss");
        QCOMPARE(serverTiming(exchange, Nanos(3'000'000)),
                 std::string("cache;dur=0.0015;desc=\"miss\", sql;dur=2, total;dur=3"));
    }

    void quotesNotes() {
        const http::Request request;
        Exchange exchange(request);
        exchange.note("cache", Nanos(0), "say \"hit\" \\ é\n");
        QCOMPARE(serverTiming(exchange, Nanos(0)),
                 std::string("cache;dur=0;desc=\"say \\\"hit\\\" \\\\    \", total;dur=0"));
    }

    void leavesOutWhatDoesNotFit() {
        const http::Request request;
        Exchange exchange(request);
        static constexpr std::string_view kNames[] = {"a", "b", "c", "d", "e", "f", "g",
                                                      "h", "i", "j", "k", "l", "m"};
        for (const auto name : kNames)
            exchange.note(name, Nanos(0));
        QCOMPARE(exchange.timingCount, 12);
    }
};

QTEST_GUILESS_MAIN(ServerTimingTest)
#include "server_timing_test.moc"
