#include "core/net/origin_asker.h"
#include "core/net/scripted_server.h"

#include <QtTest>

#include <future>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;
using namespace std::chrono_literals;

namespace {

OriginOptions optionsFor(const ScriptedServer& server) { return {.endpoint = {"127.0.0.1", server.port()}}; }

constexpr auto kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A port nobody listens on.
std::uint16_t closedPort() {
    return ScriptedServer([](ScriptedServer::Peer&) {}).port();
}

}  // namespace

class OriginTest : public QObject {
    Q_OBJECT
private slots:
    void handsOnHeadAndBody() {
        ScriptedServer server([](ScriptedServer::Peer& peer) {
            peer.request();
            peer.send("HTTP/1.1 404 Not Found\r\nX-A: 1\r\nContent-Length: 5\r\n\r\nhello");
            peer.waitForClose();
        });
        OriginAsker asker(optionsFor(server));
        const auto heard = asker.get();
        QCOMPARE(heard.status, 404);
        QCOMPARE(heard.body, std::string("hello"));
        QCOMPARE(heard.length, std::optional<std::uint64_t>(5));
        QCOMPARE(heard.fields.size(), std::size_t(2));
        QVERIFY(!heard.error);
    }

    void keepsAConnectionForTheNextRequest() {
        ScriptedServer server([](ScriptedServer::Peer& peer) {
            while (!peer.request().empty())
                peer.answer("ok");
        });
        OriginAsker asker(optionsFor(server));
        QVERIFY(!asker.get().isReused);
        QVERIFY(asker.get().isReused);
        QCOMPARE(server.accepted(), 1);
        QCOMPARE(asker.counters().idle, 1);
    }

    void readsWhatAServerMaySend_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("chunked with extension and trailer") << QByteArray(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\no\r\n1\r\nk\r\n0\r\nX-T: "
            "1\r\n\r\n");
        QTest::newRow("until close") << QByteArray("HTTP/1.1 200 OK\r\n\r\nok");
        QTest::newRow("HTTP/1.0") << QByteArray("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
        QTest::newRow("interim answers first")
            << QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n") +
                   kOk;
        QTest::newRow("one length said twice")
            << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok");
    }
    void readsWhatAServerMaySend() {
        QFETCH(QByteArray, answer);
        ScriptedServer server([&](ScriptedServer::Peer& peer) {
            peer.request();
            peer.send(answer.toStdString());
        });
        OriginAsker asker(optionsFor(server));
        const auto heard = asker.get();
        QVERIFY2(!heard.error, heard.error ? heard.error->what.c_str() : "");
        QCOMPARE(heard.status, 200);
        QCOMPARE(heard.body, std::string("ok"));
        for (const auto& [name, value] : heard.fields)
            QVERIFY2(name != "X-T", "a trailer field is not a field of the head");
    }

    void refusesWhatCannotBeTrustedAndCloses_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("closes");
        const auto row = [](const char* name, const char* answer, bool closes = false) {
            QTest::newRow(name) << QByteArray(answer) << closes;
        };
        row("early close in the head", "HTTP/1.1 200 OK\r\nContent-", true);
        row("early close in the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", true);
        row("early close between chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
            true);
        row("bad chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nok\r\n");
        row("chunk size too large",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nok\r\n");
        row("no line end after a chunk",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokXX0\r\n\r\n");
        row("both lengths",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
        row("both lengths, the other way",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n");
        row("differing lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!");
        row("a list of differing lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok!");
        row("a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok");
        row("a coding below chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
        row("an unknown transfer coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n");
        row("a transfer coding in HTTP/1.0",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        row("bytes behind the end", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n");
        row("bytes behind the last chunk",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1");
        row("a body where there is none", "HTTP/1.1 204 No Content\r\n\r\nsurprise");
        row("an unasked switch of protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
        row("not HTTP", "SSH-2.0-OpenSSH_9.2\r\n");
        row("HTTP/2 by surprise", "HTTP/2.0 200 OK\r\n\r\n");
        row("a status that is none", "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n");
        row("a space before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok");
        row("a bare CR in a value", "HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 2\r\n\r\nok");
        row("a field without a name", "HTTP/1.1 200 OK\r\n: a\r\nContent-Length: 2\r\n\r\nok");
    }
    void refusesWhatCannotBeTrustedAndCloses() {
        QFETCH(QByteArray, answer);
        QFETCH(bool, closes);
        std::atomic<bool> wasClosed = false;
        {
            ScriptedServer server([&](ScriptedServer::Peer& peer) {
                peer.request();
                peer.send(answer.toStdString());
                if (!closes)
                    peer.waitForClose();
                wasClosed = true;
            });
            OriginAsker asker(optionsFor(server));
            const auto heard = asker.get();
            QVERIFY(heard.error);
            QCOMPARE(heard.error->code, Error::Malformed);
            QVERIFY(heard.error->what.starts_with("the answer is malformed: "));
            QCOMPARE(asker.counters().open, 0);
        }
        QVERIFY(wasClosed);
    }

    void givesUpOnInterimAnswersThatDoNotEnd() {
        ScriptedServer server([](ScriptedServer::Peer& peer) {
            peer.request();
            for (int i = 0; i < 1000; ++i)
                peer.send("HTTP/1.1 102 Processing\r\n\r\n");
            peer.waitForClose();
        });
        OriginAsker asker(optionsFor(server));
        const auto heard = asker.get();
        QVERIFY(heard.error);
        QCOMPARE(heard.error->what, std::string("the answer is malformed: interim answers do not end"));
    }

    void givesUpOnFieldsThatDoNotEnd() {
        ScriptedServer server([](ScriptedServer::Peer& peer) {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\n");
            const std::string line = "X-Long: " + std::string(1000, 'a') + "\r\n";
            for (int i = 0; i < 2000; ++i)
                peer.send(line);
            peer.waitForClose();
        });
        OriginAsker asker(optionsFor(server));
        const auto heard = asker.get();
        QVERIFY(heard.error);
        QCOMPARE(heard.error->what, std::string("the answer is malformed: its fields do not end"));
    }

    void givesUpOnAChunkHeaderThatDoesNotEnd() {
        ScriptedServer server([](ScriptedServer::Peer& peer) {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;ext=");
            for (int i = 0; i < 2000; ++i)
                peer.send(std::string(1000, 'a'));
            peer.waitForClose();
        });
        OriginAsker asker(optionsFor(server));
        const auto heard = asker.get();
        QVERIFY(heard.error);
        QCOMPARE(heard.error->code, Error::Malformed);
    }

    void doesNotUseAConnectionThatSpokeUnasked() {
        std::promise<void> isAnswered;
        std::atomic<bool> wasClosed = false;
        ScriptedServer server([&](ScriptedServer::Peer& peer) {
            peer.request();
            peer.answer("ok");
            if (peer.number() > 0)
                return peer.waitForClose();
            isAnswered.get_future().wait();  // else it could come together with the answer
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
            peer.waitForClose();
            wasClosed = true;
        });
        OriginAsker asker(optionsFor(server));
        QCOMPARE(asker.get().body, std::string("ok"));
        isAnswered.set_value();
        QTRY_VERIFY(wasClosed);
        QCOMPARE(asker.get().body, std::string("ok"));
        QCOMPARE(server.accepted(), 2);
    }

    void repeatsAnIdempotentRequestWhoseKeptConnectionDied() {
        ScriptedServer server([](ScriptedServer::Peer& peer) {
            peer.request();
            peer.answer("ok");
            if (peer.number() == 0)
                peer.request();  // and closes without an answer
            else
                peer.waitForClose();
        });
        OriginAsker asker(optionsFor(server));
        asker.get();
        const auto second = asker.get();
        QVERIFY(!second.error);
        QCOMPARE(second.body, std::string("ok"));
        QCOMPARE(asker.counters().repeated, std::uint64_t(1));
    }

    void neverRepeatsWhatMayHaveHadAnEffect() {
        ScriptedServer server([](ScriptedServer::Peer& peer) {
            peer.request();
            peer.answer("ok");
            peer.request();
        });
        OriginAsker asker(optionsFor(server));
        asker.get();
        const auto second = asker.get("/", /*mayRepeat=*/false);
        QVERIFY(second.error);
        QCOMPARE(second.error->code, Error::Unavailable);
        QVERIFY(second.error->what.ends_with("closed the connection without an answer"));
    }

    void neverRepeatsAfterTheFirstByteOrOnANewConnection() {
        ScriptedServer server([](ScriptedServer::Peer& peer) {
            if (peer.number() == 0)
                return static_cast<void>(peer.request());
            peer.request();
            peer.answer("ok");
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\n");
        });
        OriginAsker asker(optionsFor(server));
        QVERIFY(asker.get().error);
        QVERIFY(!asker.get().error);
        QVERIFY(asker.get().error);
        QCOMPARE(server.accepted(), 2);
        QCOMPARE(asker.counters().repeated, std::uint64_t(0));
    }

    void saysWhyThereIsNoConnection() {
        OriginAsker refused({.endpoint = {"127.0.0.1", closedPort()}});
        const auto heard = refused.get();
        QVERIFY(heard.error);
        QCOMPARE(heard.error->code, Error::Unavailable);
        QVERIFY(heard.error->what.ends_with("refused the connection"));
        OriginAsker unknown({.endpoint = {"no-such-host.invalid", 80}});
        const auto lost = unknown.get();
        QVERIFY(lost.error);
        QCOMPARE(lost.error->code, Error::NotFound);
        QVERIFY(lost.error->what.starts_with("the host \"no-such-host.invalid\" is not known"));
    }

    void timesOutWithWhatItWaitedFor() {
        ScriptedServer server([](ScriptedServer::Peer& peer) {
            peer.request();
            if (peer.number() == 1)
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
            peer.waitForClose();
        });
        auto options = optionsFor(server);
        options.firstByteTimeout = options.idleTimeout = 20ms;
        OriginAsker asker(options);
        const auto first = asker.get(), second = asker.get();
        QVERIFY(first.error && second.error);
        QCOMPARE(first.error->code, Error::Timeout);
        QVERIFY(first.error->what.ends_with("the answer to begin"));
        QVERIFY(second.error->what.ends_with("the rest of the answer"));
        QCOMPARE(second.body, std::string("o"));
    }

    void letsFurtherRequestsWaitForATurn() {
        std::atomic<int> atOnce = 0, most = 0;
        ScriptedServer server([&](ScriptedServer::Peer& peer) {
            while (!peer.request().empty()) {
                most = std::max(most.load(), ++atOnce);
                --atOnce;
                peer.answer("ok");
            }
        });
        auto options = optionsFor(server);
        options.maxConnections = 2;
        OriginAsker asker(options);
        std::vector<std::shared_ptr<Heard>> all;
        for (int i = 0; i < 20; ++i)
            all.push_back(asker.begin({.wire = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"}));
        for (const auto& heard : all) {
            asker.waitFor(*heard);
            QCOMPARE(heard->body, std::string("ok"));
        }
        QVERIFY(server.accepted() <= 2);
    }

    void tellsThoseWhoWaitedTooLong() {
        ScriptedServer server([](ScriptedServer::Peer& peer) { peer.waitForClose(); });
        auto options = optionsFor(server);
        options.maxConnections = 1;
        options.connectTimeout = 20ms;
        options.firstByteTimeout = 10min;
        OriginAsker asker(options);
        const auto first = asker.begin({.wire = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"});
        const auto second = asker.get();
        QVERIFY(second.error);
        QCOMPARE(second.error->code, Error::Timeout);
        QVERIFY(second.error->what.starts_with("all 1 connections"));
        QVERIFY(!first->isOver);
    }

    void pausesReadingUntilTheReaderCanTakeMore() {
        const std::string large(8 * 1024 * 1024, 'x');
        std::atomic<bool> sentAll = false;
        ScriptedServer server([&](ScriptedServer::Peer& peer) {
            peer.request();
            peer.answer(large);
            sentAll = true;
            peer.waitForClose();
        });
        OriginAsker asker(optionsFor(server));
        std::promise<void> paused;
        bool isFirst = true;
        asker.onBody = [&](const Heard&, OriginCall* call) {
            if (!std::exchange(isFirst, false))
                return;
            call->pause();
            paused.set_value();
        };
        const auto heard = asker.begin({.wire = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"});
        paused.get_future().wait();
        std::size_t before = 0, after = 0;
        asker.onLoop([&] { before = heard->body.size(); });
        asker.onLoop([&] { after = heard->body.size(); });
        QCOMPARE(after, before);
        QVERIFY(!sentAll);  // more than the sockets' buffers hold
        asker.onLoop([&] { asker.calls.back()->resume(); });
        asker.waitFor(*heard);
        QCOMPARE(heard->body.size(), large.size());
        QVERIFY(!heard->error);
    }

    void closesWhenAReaderGoesAway() {
        std::atomic<bool> wasClosed = false;
        ScriptedServer server([&](ScriptedServer::Peer& peer) {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx");
            peer.waitForClose();
            wasClosed = true;
        });
        OriginAsker asker(optionsFor(server));
        asker.onBody = [](const Heard&, OriginCall* call) { call->cancel(); };
        asker.begin({.wire = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"});
        QTRY_VERIFY(wasClosed);
        QCOMPARE(asker.counters().open, 0);
    }

    void handsOnAnAnswerThatComesBeforeTheRequestIsOutAndCloses() {
        ScriptedServer server([](ScriptedServer::Peer& peer) {
            peer.answer("too large", "413 Content Too Large");
            peer.waitForClose();
        });
        OriginAsker asker(optionsFor(server));
        const auto heard =
            asker.ask({.wire = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 33554432\r\n\r\n" +
                               std::string(33'554'432, 'x')});
        QCOMPARE(heard.status, 413);
        QCOMPARE(asker.counters().idle, 0);
    }
};

QTEST_GUILESS_MAIN(OriginTest)
#include "origin_test.moc"
