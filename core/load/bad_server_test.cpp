#include "core/load/load.h"
#include "core/net/scripted_server.h"

#include <QTest>

#include <fstream>

using namespace hone;
using namespace hone::load;
using namespace std::chrono_literals;
using net::ScriptedServer;

namespace {

model::Workload briefly() {
    model::Workload workload;
    workload.requests = {{.name = "get", .url = "/"}};
    workload.clients = 2;
    workload.warmup = 0ms;
    workload.duration = 300ms;
    workload.timeout = 100ms;
    return workload;
}

std::int64_t residentKiB() {
    std::ifstream statm("/proc/self/statm");
    std::int64_t whole = 0, resident = 0;
    statm >> whole >> resident;
    return resident * 4;
}

}  // namespace

/// Whatever the target does, a run ends in time and says what happened.
class BadServerTest : public QObject {
    Q_OBJECT
private slots:
    void failuresAreCountedByTheirKind_data();
    void failuresAreCountedByTheirKind();
    void aBodyWithoutEndIsCutOffInBoundedMemory();
    void aWantedBodyOfTenGigabytesIsAnErrorInBoundedMemory_data();
    void aWantedBodyOfTenGigabytesIsAnErrorInBoundedMemory();
    void aWantedBodyMayBeAsLargeAsTheLimit();
    void aNameNobodyKnowsIsAnError();
    void aClosedPortIsAnError();
    void aServerThatGoesAwayShowsAsRefused();
    void aCancelledRunKeepsWhatItHas();
};

void BadServerTest::failuresAreCountedByTheirKind_data() {
    QTest::addColumn<QString>("sends");
    QTest::addColumn<bool>("resets");
    QTest::addColumn<bool>("hangs");
    QTest::addColumn<QString>("kind");
    QTest::newRow("reset") << "" << true << false << "connection reset";
    QTest::newRow("closed without a word") << "" << false << false << "connection closed";
    QTest::newRow("hangs") << "" << false << true << "timeout";
    QTest::newRow("hangs within the head") << "HTTP/1.1 200 OK\r\nX-A: " << false << true << "timeout";
    QTest::newRow("hangs within the body")
        << "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx" << false << true << "timeout";
    QTest::newRow("garbage") << "\x16\x03\x01 hello? \r\n\r\n" << false << true << "malformed answer";
    QTest::newRow("two lengths") << "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
                                 << false << true << "malformed answer";
}

void BadServerTest::failuresAreCountedByTheirKind() {
    QFETCH(QString, sends);
    QFETCH(bool, resets);
    QFETCH(bool, hangs);
    QFETCH(QString, kind);
    ScriptedServer server([&](ScriptedServer::Peer& peer) {
        if (peer.request().empty())
            return;
        peer.send(sends.toStdString());
        if (hangs)
            peer.waitForClose();
        if (resets)
            peer.resetOnClose();
    });
    const auto result = runLoad({.workload = briefly(), .baseUrl = server.url()}, {});
    QVERIFY2(result, result ? "" : result.error().line().c_str());
    const auto& run = result->run;
    QVERIFY(run.requests > 0);
    QCOMPARE(run.errors, run.requests);
    std::string kinds;
    for (const auto& [name, count] : run.errorsByKind)
        kinds += name + " ";
    QVERIFY2(run.errorsByKind.contains(kind.toStdString()), kinds.c_str());
    QCOMPARE(run.errorsByKind.size(), std::size_t(1));
}

void BadServerTest::aBodyWithoutEndIsCutOffInBoundedMemory() {
    std::atomic<std::int64_t> sent{0};
    std::atomic<bool> over{false};
    ScriptedServer server([&](ScriptedServer::Peer& peer) {
        if (peer.request().empty())
            return;
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n");
        const std::string piece(1 << 20, 'x');
        while (!over && sent < (std::int64_t{10} << 30)) {
            peer.send(piece);
            sent += static_cast<std::int64_t>(piece.size());
        }
    });
    auto workload = briefly();
    workload.clients = 1;
    workload.timeout = 2s;
    workload.duration = 2'500ms;
    const std::int64_t before = residentKiB();
    const auto result = runLoad({.workload = workload, .baseUrl = server.url()}, {});
    const std::int64_t grown = residentKiB() - before;
    over = true;
    QVERIFY2(result, result ? "" : result.error().line().c_str());
    QCOMPARE(result->run.errors, result->run.requests);
    QVERIFY(result->run.requests > 0);
    QVERIFY2(grown < 200 * 1024, qPrintable(QStringLiteral("%1 KiB of %2").arg(grown).arg(sent / 1024)));
}

void BadServerTest::aWantedBodyOfTenGigabytesIsAnErrorInBoundedMemory_data() {
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("frame");  // Around each piece of 1 MiB.
    QTest::newRow("its length is announced") << QByteArray("Content-Length: 10737418240\r\n") << QByteArray();
    QTest::newRow("chunk by chunk") << QByteArray("Transfer-Encoding: chunked\r\n")
                                    << QByteArray("100000\r\n");
    QTest::newRow("until the end of the connection") << QByteArray("Connection: close\r\n") << QByteArray();
}

void BadServerTest::aWantedBodyOfTenGigabytesIsAnErrorInBoundedMemory() {
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, frame);
    std::atomic<bool> over{false};
    ScriptedServer server([&](ScriptedServer::Peer& peer) {
        if (peer.request().empty())
            return;
        peer.send("HTTP/1.1 200 OK\r\n" + head.toStdString() + "\r\n");
        const std::string piece =
            frame.toStdString() + std::string(1 << 20, 'x') + (frame.isEmpty() ? "" : "\r\n");
        for (int sent = 0; !over && sent < 10 * 1024; ++sent)
            peer.send(piece);
    });
    auto workload = briefly();
    workload.clients = 1;
    workload.duration = 1s;
    workload.timeout = 60s;  // It is the limit that ends it.
    workload.maxBodyBytes = 8 << 20;
    workload.requests[0].checks = {{.subject = model::WorkloadCheck::Subject::Body,
                                    .relation = model::WorkloadCheck::Relation::Contains,
                                    .name = {},
                                    .expected = "Rome"}};
    const std::int64_t before = residentKiB();
    const auto result = runLoad({.workload = workload, .baseUrl = server.url()}, {});
    const std::int64_t grown = residentKiB() - before;
    over = true;
    QVERIFY2(result, result ? "" : result.error().line().c_str());
    const auto& run = result->run;
    QVERIFY(run.requests > 0);
    QCOMPARE(run.errors, run.requests);
    QCOMPARE(run.errorsByKind.size(), std::size_t(1));
    QCOMPARE(run.errorsByKind.at("answer too large"), run.errors);
    QVERIFY2(grown < 64 * 1024, qPrintable(QStringLiteral("%1 KiB").arg(grown)));
    QVERIFY(std::ranges::any_of(run.warnings, [](const std::string& warning) {
        return warning.contains("larger than 8MiB") && warning.contains("--max-body");
    }));
}

void BadServerTest::aWantedBodyMayBeAsLargeAsTheLimit() {
    const std::string body(1000, 'x');
    ScriptedServer server([&](ScriptedServer::Peer& peer) {
        while (!peer.request().empty())
            peer.answer(body);
    });
    auto workload = briefly();
    workload.requests[0].checks = {{.subject = model::WorkloadCheck::Subject::Body,
                                    .relation = model::WorkloadCheck::Relation::Contains,
                                    .name = {},
                                    .expected = "x"}};
    workload.maxBodyBytes = 1000;
    const auto fits = runLoad({.workload = workload, .baseUrl = server.url()}, {});
    QVERIFY2(fits, fits ? "" : fits.error().line().c_str());
    QVERIFY(fits->run.requests > 0);
    QCOMPARE(fits->run.errors, std::uint64_t(0));
    workload.maxBodyBytes = 999;
    const auto tooLarge = runLoad({.workload = workload, .baseUrl = server.url()}, {});
    QVERIFY2(tooLarge, tooLarge ? "" : tooLarge.error().line().c_str());
    QCOMPARE(tooLarge->run.errors, tooLarge->run.requests);
}

void BadServerTest::aNameNobodyKnowsIsAnError() {
    const auto result = runLoad({.workload = briefly(), .baseUrl = "http://nobody.invalid:8080"}, {});
    QVERIFY(!result);
    QVERIFY2(result.error().what.contains("http://nobody.invalid:8080"), result.error().what.c_str());
}

void BadServerTest::aClosedPortIsAnError() {
    std::string url;
    {
        const ScriptedServer server([](ScriptedServer::Peer&) {});
        url = server.url();
    }
    const auto result = runLoad({.workload = briefly(), .baseUrl = url}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code, Error::Unavailable);
    QVERIFY2(result.error().what.contains("refused"), result.error().what.c_str());
}

void BadServerTest::aServerThatGoesAwayShowsAsRefused() {
    auto server = std::make_unique<ScriptedServer>([](ScriptedServer::Peer& peer) {
        while (!peer.request().empty())
            peer.answer("{}");
    });
    const auto result =
        runLoad({.workload = briefly(), .baseUrl = server->url()}, {}, [&](const LoadProgress& progress) {
            if (progress.requests > 10)
                server.reset();
        });
    QVERIFY2(result, result ? "" : result.error().line().c_str());
    QVERIFY(result->run.requests > result->run.errors);
    QVERIFY(result->run.errorsByKind.contains("connection refused"));
}

void BadServerTest::aCancelledRunKeepsWhatItHas() {
    ScriptedServer server([](ScriptedServer::Peer& peer) {
        while (!peer.request().empty())
            peer.answer("{}");
    });
    auto workload = briefly();
    workload.duration = 1h;
    std::stop_source stop;
    const auto result = runLoad({.workload = workload, .baseUrl = server.url()}, stop.get_token(),
                                [&](const LoadProgress& progress) {
                                    if (progress.requests > 10)
                                        stop.request_stop();
                                });
    QVERIFY2(result, result ? "" : result.error().line().c_str());
    QVERIFY(result->run.partial);
    QVERIFY(result->run.requests > 10);
    QCOMPARE(result->run.latency.count(), std::int64_t(result->run.requests));
}

QTEST_GUILESS_MAIN(BadServerTest)
#include "bad_server_test.moc"
