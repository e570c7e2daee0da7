#include "core/net/http3_listener.h"
#include "core/net/http3_test_client.h"
#include "core/net/raw_client.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <future>
#include <mutex>
#include <thread>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

/// HTTP/3 over real sockets with independent clients: gtlsclient, curl for what TCP answers say of it.
class Http3ClientsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void requestsOfOneConnectionAreAnswered();
    void theHandlerSeesWhatWasAsked();
    void moreRequestsThanStreamsAreAnswered();
    void bigContentArrivesWholeThroughLoss();
    void anUploadArrivesWhole();
    void anUploadBeyondTheLimitIsAnswered();
    void aLongTargetIsAnswered();
    void manyFieldsAreAnswered();
    void headHasNoContent();
    void aMalformedRequestIsReset();
    void streamedContentArrives();
    void aSourceThatFailsResetsItsStream();
    void lateAnswersFromAnotherThreadArrive();
    void aStoppingServerLetsRunningRequestsEnd();
    void answersOverTcpAdvertiseIt();

private:
    [[nodiscard]] QByteArray downloaded(const QString& name) const {
        QFile file(m_setup.path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    Http3Setup m_setup;
};

namespace {

/// Gives `pieces` one at a time, then ends as told.
class PieceSource final : public http::BodySource {
public:
    PieceSource(int pieces, State last) : m_pieces(pieces), m_last(last) {}
    State read(std::string& out, std::size_t) override {
        if (m_pieces == 0)
            return m_last;
        out.append(std::to_string(m_pieces--)).append(";");
        return State::More;
    }

private:
    int m_pieces;
    State m_last;
};

QByteArray numbers(int bytes) {
    QByteArray out;
    while (out.size() < bytes)
        out += QByteArray::number(out.size());
    return out;
}

}  // namespace

void Http3ClientsTest::initTestCase() {
    if (!Http3Listener::isBuiltIn() || QStandardPaths::findExecutable("gtlsclient").isEmpty())
        QSKIP("needs HTTP/3 built in, and gtlsclient (Debian: ngtcp2-client)");
}

void Http3ClientsTest::requestsOfOneConnectionAreAnswered() {
    const auto server = serve(echo, m_setup.options());
    const Ran ran = run("gtlsclient", gtls(*server, {"/a?b", "/c"}));
    QVERIFY2(ran.output.contains("[:status: 200]"), ran.output);
    QVERIFY2(ran.output.contains(hexOf("GET /a?b")), ran.output);
    QVERIFY2(ran.output.contains(hexOf("GET /c? ")), ran.output);
    QCOMPARE(server->counters().http3, std::uint64_t(1));
    QCOMPARE(server->counters().handshakes, std::uint64_t(1));
    QCOMPARE(server->counters().requests, std::uint64_t(2));
    QCOMPARE(server->counters().malformed, std::uint64_t(0));
}

void Http3ClientsTest::theHandlerSeesWhatWasAsked() {
    std::promise<QByteArray> seen;
    const auto server = serve(
        [&](const http::Request& r, Responder respond) {
            seen.set_value(QByteArray::number(r.version) + " " +
                           QByteArray::fromStdString(std::string(r.scheme)) + " " +
                           QByteArray::fromStdString(std::string(*r.field("Host"))) + " " +
                           QByteArray::fromStdString(std::string(r.peer)));
            respond(text("ok"));
        },
        m_setup.options());
    run("gtlsclient", gtls(*server, {"/"}));
    QCOMPARE(seen.get_future().get(), QByteArray("30 https localhost 127.0.0.1"));
}

void Http3ClientsTest::moreRequestsThanStreamsAreAnswered() {
    const auto server = serve(echo, m_setup.options());
    run("gtlsclient", gtls(*server, {"/"}, {"-q", "-n", "1000"}));
    QCOMPARE(server->counters().requests, std::uint64_t(1'000));
    QCOMPARE(server->counters().http3, std::uint64_t(1));
}

void Http3ClientsTest::bigContentArrivesWholeThroughLoss() {
    const QByteArray content = numbers(2'000'000);
    const auto server =
        serve([&](const http::Request&, Responder respond) { respond(text(content.toStdString())); },
              m_setup.options());
    run("gtlsclient",
        gtls(*server, {"/big"}, {"-q", "-t", "0.02", "-r", "0.02", "--download", m_setup.path("")}));
    QVERIFY(downloaded("big") == content);
}

void Http3ClientsTest::anUploadArrivesWhole() {
    const QByteArray content = numbers(3'000'000);
    QFile file(m_setup.path("upload"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    file.close();
    std::promise<bool> isSame;
    const auto server = serve(
        [&](const http::Request& r, Responder respond) {
            isSame.set_value(r.body == content.toStdString() && r.method == http::Method::Post);
            respond(text("got it"));
        },
        m_setup.options());
    const Ran ran = run("gtlsclient", gtls(*server, {"/"}, {"-m", "POST", "-d", file.fileName()}));
    QVERIFY2(ran.output.contains(hexOf("got it")), ran.output.right(2'000));
    QVERIFY(isSame.get_future().get());
}

void Http3ClientsTest::anUploadBeyondTheLimitIsAnswered() {
    QFile file(m_setup.path("much"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(numbers(500'000)) > 0);
    file.close();
    ServerOptions limited = m_setup.options();
    limited.limits.bodyBytes = 100'000;
    const auto server = serve(echo, limited);
    const Ran ran = run("gtlsclient", gtls(*server, {"/"}, {"-m", "POST", "-d", file.fileName()}));
    QVERIFY2(ran.output.contains("[:status: 413]"), ran.output.right(2'000));
    QCOMPARE(server->counters().requests, std::uint64_t(0));
}

void Http3ClientsTest::aLongTargetIsAnswered() {
    ServerOptions limited = m_setup.options();
    limited.limits.targetBytes = 100;
    const auto server = serve(echo, limited);
    const Ran ran = run("gtlsclient", gtls(*server, {"/" + QString(100, 'x'), "/short"}));
    QVERIFY2(ran.output.contains("[:status: 414]"), ran.output);
    QVERIFY2(ran.output.contains("[:status: 200]"), ran.output);
}

void Http3ClientsTest::manyFieldsAreAnswered() {
    ServerOptions limited = m_setup.options();
    limited.limits.headerBytes = 100;  // the client's own five need more
    const auto server = serve(echo, limited);
    const Ran ran = run("gtlsclient", gtls(*server, {"/"}));
    QVERIFY2(ran.output.contains("[:status: 431]"), ran.output);
}

void Http3ClientsTest::headHasNoContent() {
    const auto server = serve(echo, m_setup.options());
    const Ran ran = run("gtlsclient", gtls(*server, {"/"}, {"-m", "HEAD"}));
    QVERIFY2(ran.output.contains("[content-length: 8]"), ran.output);
    QVERIFY2(!ran.output.contains("http: stream 0x0 body"), ran.output);
}

void Http3ClientsTest::aMalformedRequestIsReset() {
    const auto server = serve(echo, m_setup.options());
    // CONNECT has no :path and no :scheme (RFC 9114 section 4.4); the client sends both.
    const Ran bad = run("gtlsclient", gtls(*server, {"/"}, {"-m", "CONNECT"}));
    QVERIFY2(bad.output.contains("RESET_STREAM(0x04) id=0x0 app_error_code=(unknown)(0x10e)"), bad.output);
    QCOMPARE(server->counters().malformed, std::uint64_t(1));
    QCOMPARE(server->counters().requests, std::uint64_t(0));
}

void Http3ClientsTest::streamedContentArrives() {
    const auto server = serve(
        [](const http::Request&, Responder respond) {
            http::Response answer;
            answer.source = std::make_shared<PieceSource>(3, http::BodySource::State::End);
            respond(std::move(answer));
        },
        m_setup.options());
    run("gtlsclient", gtls(*server, {"/streamed"}, {"-q", "--download", m_setup.path("")}));
    QCOMPARE(downloaded("streamed"), QByteArray("3;2;1;"));
}

void Http3ClientsTest::aSourceThatFailsResetsItsStream() {
    const auto server = serve(
        [](const http::Request&, Responder respond) {
            http::Response answer;
            answer.source = std::make_shared<PieceSource>(2, http::BodySource::State::Failed);
            respond(std::move(answer));
        },
        m_setup.options());
    const Ran ran = run("gtlsclient", gtls(*server, {"/"}));
    QVERIFY2(ran.output.contains("HTTP stream 0 closed with error code 258"),
             ran.output);  // H3_INTERNAL_ERROR
}

void Http3ClientsTest::lateAnswersFromAnotherThreadArrive() {
    std::mutex mutex;
    std::vector<Responder> waiting;
    const auto server = serve(
        [&](const http::Request&, Responder respond) {
            const std::lock_guard lock(mutex);
            waiting.push_back(std::move(respond));
        },
        m_setup.options());
    std::atomic<int> answered = 0;
    std::jthread answering([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            std::vector<Responder> now;
            {
                const std::lock_guard lock(mutex);
                now.swap(waiting);
            }
            for (Responder& respond : now) {
                respond(text("late"));
                ++answered;
            }
            std::this_thread::yield();
        }
    });
    const Ran ran = run("gtlsclient", gtls(*server, {"/"}, {"-n", "200"}));
    QCOMPARE(ran.output.count("[:status: 200]"), 200);
    QCOMPARE(answered.load(), 200);
}

void Http3ClientsTest::aStoppingServerLetsRunningRequestsEnd() {
    std::promise<Responder> arrived;
    const auto server =
        serve([&](const http::Request&, Responder respond) { arrived.set_value(std::move(respond)); },
              m_setup.options());
    QProcess client;
    client.start("gtlsclient", gtls(*server, {"/"}));
    Responder respond = arrived.get_future().get();
    std::jthread stopping([&] { server->stop(std::chrono::seconds(20)); });
    respond(text("finished"));
    QVERIFY(client.waitForFinished(20'000));
    QVERIFY(client.readAllStandardError().contains(hexOf("finished")));
    stopping.join();
    QCOMPARE(server->counters().open, std::uint64_t(0));
}

void Http3ClientsTest::answersOverTcpAdvertiseIt() {
    const auto server = serve(echo, m_setup.options());
    const QByteArray expected = "alt-svc: h3=\":" + QByteArray::number(server->port()) + "\"; ma=86400";
    for (const char* how : {"--http1.1", "--http2"}) {
        const Ran ran =
            run("curl", {"-sS", "-i", how, "--cacert", QString::fromStdString(m_setup.files().ca.string()),
                         QString::fromStdString(server->url())});
        QVERIFY2(ran.output.toLower().contains(expected), ran.output);
    }
}

QTEST_GUILESS_MAIN(Http3ClientsTest)
#include "http3_clients_test.moc"
