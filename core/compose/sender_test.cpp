#include "core/compose/sender.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QtTest>

using namespace hone;
using compose::Outcome;

namespace {

/// Answers every request with the same bytes and remembers what was asked.
class ScriptedServer : public QTcpServer {
public:
    explicit ScriptedServer(QByteArray answer) : m_answer(std::move(answer)) {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            auto* socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
                received += socket->readAll();
                if (received.contains("\r\n\r\n") && !m_answer.isEmpty())
                    socket->write(m_answer);
            });
        });
    }
    [[nodiscard]] QString url(const QString& path) const {
        return QString("http://127.0.0.1:%1%2").arg(serverPort()).arg(path);
    }
    QByteArray received;

private:
    QByteArray m_answer;
};

Outcome exchange(compose::Sender& sender, const compose::Request& request) {
    Outcome outcome;
    QObject::connect(
        &sender, &compose::Sender::finished, &sender, [&](const Outcome& o) { outcome = o; },
        Qt::SingleShotConnection);
    QSignalSpy spy(&sender, &compose::Sender::finished);
    sender.send(request);
    if (spy.isEmpty())
        spy.wait(10'000);
    return outcome;
}

const QByteArray kGzippedHello =
    QByteArray::fromHex("1f8b0800000000000003cb48cdc9c95728cf2fca49010085114a0d0b000000");

}  // namespace

class SenderTest : public QObject {
    Q_OBJECT
private slots:
    void anAnswerHasStatusHeadersBodyAndPhases() {
        ScriptedServer server(
            "HTTP/1.1 201 Created\r\nServer-Timing: sql;dur=1.5, "
            "cache;desc=\"hit\";dur=0.25\r\nContent-Length: 2\r\n\r\nok");
        compose::Sender sender;
        const auto outcome = exchange(sender, {.method = "PURGE", .url = server.url("/x?y=1")});
        QCOMPARE(outcome.status, 201);
        QCOMPARE(outcome.reason, QString("Created"));
        QCOMPARE(outcome.body, QByteArray("ok"));
        QCOMPARE(outcome.version, QString("http/1.1"));
        QVERIFY(server.received.startsWith("PURGE /x?y=1 HTTP/1.1\r\n"));
        QCOMPARE(outcome.serverTiming.size(), 2);
        QCOMPARE(outcome.serverTiming[1].description, QString("hit"));
        QCOMPARE(outcome.serverTiming[0].ms, 1.5);
        QVERIFY(outcome.ttfbMs > 0 && outcome.ttfbMs <= outcome.totalMs);
        QCOMPARE(outcome.phases.last().name, QString("download"));
        double sum = 0;
        for (const auto& phase : outcome.phases) {
            QVERIFY2(phase.ms >= 0, qPrintable(phase.name));
            sum += phase.ms;
        }
        QVERIFY(sum <= outcome.totalMs + 0.001);
    }

    void codedContentIsDecodedAndBothSizesAreKnown() {
        ScriptedServer server("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
                              QByteArray::number(kGzippedHello.size()) + "\r\n\r\n" + kGzippedHello);
        compose::Sender sender;
        const auto outcome = exchange(sender, {.url = server.url("/")});
        QCOMPARE(outcome.body, QByteArray("hello world"));
        QCOMPARE(outcome.wireBytes, kGzippedHello.size());
        QCOMPARE(outcome.coding, QString("gzip"));
        QVERIFY(server.received.contains("Accept-Encoding: gzip, br, zstd"));
    }

    void damagedContentIsSaidNotHidden() {
        ScriptedServer server("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nxxxx");
        compose::Sender sender;
        const auto outcome = exchange(sender, {.url = server.url("/")});
        QCOMPARE(outcome.status, 200);
        QVERIFY(!outcome.error.isEmpty());
        QCOMPARE(outcome.body, QByteArray("xxxx"));
    }

    void ourHeadersAreSentAsTyped() {
        ScriptedServer server("HTTP/1.1 204 No Content\r\n\r\n");
        compose::Sender sender;
        const auto outcome =
            exchange(sender, {.method = "POST",
                              .url = server.url("/"),
                              .headers = {{true, "Accept-Encoding", "identity"}, {true, "X-A", "b"}},
                              .body = "{\"a\":1}",
                              .bodyType = "json"});
        QCOMPARE(outcome.status, 204);
        QVERIFY(server.received.contains("Accept-Encoding: identity\r\n"));
        QVERIFY(server.received.contains("X-A: b\r\n"));
        QVERIFY(server.received.contains("Content-Type: application/json\r\n"));
        QVERIFY(server.received.endsWith("{\"a\":1}"));
    }

    void nobodyListeningIsAnErrorWithAHint() {
        quint16 port = 0;
        {
            QTcpServer taken;
            taken.listen(QHostAddress::LocalHost);
            port = taken.serverPort();
        }
        compose::Sender sender;
        const auto outcome = exchange(sender, {.url = QString("http://127.0.0.1:%1/").arg(port)});
        QCOMPARE(outcome.status, 0);
        QVERIFY(!outcome.error.isEmpty());
        QVERIFY(outcome.hint.contains(QString::number(port)));
    }

    void aSilentServerRunsIntoTheTimeLimit() {
        ScriptedServer server({});
        compose::Sender sender;
        compose::Request request{.url = server.url("/")};
        request.timeoutMs = 50;
        const auto outcome = exchange(sender, request);
        QCOMPARE(outcome.status, 0);
        QVERIFY(!outcome.hint.isEmpty());
    }

    void cancellingEndsQuietly() {
        ScriptedServer server({});
        compose::Sender sender;
        QSignalSpy spy(&sender, &compose::Sender::finished);
        sender.send({.url = server.url("/")});
        QVERIFY(sender.isBusy());
        sender.cancel();
        QVERIFY(!sender.isBusy());
        QCoreApplication::processEvents();
        QCOMPARE(spy.count(), 0);
    }
};

QTEST_GUILESS_MAIN(SenderTest)
#include "sender_test.moc"
