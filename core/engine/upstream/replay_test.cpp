#include "core/engine/engine.h"
#include "core/engine/test_client.h"
#include "core/engine/upstream/replay_endpoint.h"
#include "core/net/scripted_server.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace hone::engine::upstream;
using hone::engine::test::TestClient;
using Peer = net::ScriptedServer::Peer;

namespace {

std::unique_ptr<Engine> start(UpstreamOptions upstream) {
    EngineOptions options;
    options.upstream = std::move(upstream);
    auto engine = Engine::create(std::move(options));
    if (!engine)
        qFatal("%s", engine.error().line().c_str());
    return std::move(*engine);
}

/// For what it leaves behind.
void visit(const TestClient& client, std::string_view target, const TestClient::Lines& lines = {}) {
    QCOMPARE(client.get(target, lines).status, 200);
}

/// Counts its answers, and gives secrets away.
void counting(Peer& peer) {
    for (int i = 1; !peer.request().empty(); ++i)
        peer.send(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nSet-Cookie: id=secret\r\nContent-Length: "
            "1\r\n\r\n" +
            std::to_string(i));
}

}  // namespace

class ReplayTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;

    [[nodiscard]] std::filesystem::path file(const char* name) const {
        return m_dir.filePath(name).toStdString();
    }
    /// Records what `ask` asks for.
    void record(const std::filesystem::path& into, const std::function<void(const TestClient&)>& ask) const {
        net::ScriptedServer server(counting);
        const auto engine = start({.url = server.url(), .record = into});
        ask(TestClient(engine->port()));
    }

private slots:
    void replaysWhatWasRecordedWithoutTheUpstream() {
        record(file("a.rec"), [](const TestClient& client) {
            visit(client, "/x?a=1");
            visit(client, "/x?a=1");
            QCOMPARE(client.ask("POST", "/x", {}, "body").status, 200);
        });
        const auto engine = start({.replay = file("a.rec"), .replayInstantly = true});
        const TestClient client(engine->port());
        const auto first = client.get("/x?a=1");
        QCOMPARE(first.status, 200);
        QCOMPARE(first.body, std::string("1"));
        QCOMPARE(first.field("Content-Type"), std::string("text/plain"));
        QVERIFY(first.field("Server-Timing").starts_with("replay;dur="));
        QVERIFY(first.field("Server-Timing").contains("desc=\"replayed\""));
        QCOMPARE(client.get("/x?a=1").body, std::string("2"));  // in the order they came
        QCOMPARE(client.get("/x?a=1").body, std::string("1"));  // and over again
        QCOMPARE(client.ask("POST", "/x").body, std::string("3"));
        QCOMPARE(client.ask("HEAD", "/x?a=1").field("Content-Length"), std::string("1"));
    }

    void namesTheNearestForAnUnknownTarget() {
        record(file("b.rec"), [](const TestClient& client) {
            visit(client, "/things/1");
            visit(client, "/people");
        });
        const auto engine = start({.replay = file("b.rec"), .replayInstantly = true});
        const auto reply = TestClient(engine->port()).get("/things/2");
        QCOMPARE(reply.status, 404);
        QCOMPARE(reply.field("Content-Type"), std::string("application/problem+json"));
        QVERIFY(reply.body.contains("the recording has no GET /things/2"));
        QVERIFY(reply.body.contains("Nearest of 2 recorded: GET /things/1, GET /people."));
    }

    void keepsNoCredentials() {
        record(file("c.rec"), [](const TestClient& client) {
            visit(client, "/x?access_token=hush&b=1",
                  {"Authorization: Bearer hush", "Cookie: id=hush", "X-Api-Key: hush", "Accept: text/plain"});
        });
        const auto all = Recording::load(file("c.rec"));
        QVERIFY(all);
        QCOMPARE(all->size(), std::size_t(1));
        const auto& one = all->front();
        QCOMPARE(one.target, std::string("/x?access_token=(masked)&b=1"));
        QCOMPARE(one.requestFields.get("Accept"), std::string_view("text/plain"));
        for (const auto* name : {"Authorization", "Cookie", "X-Api-Key"})
            QCOMPARE(one.requestFields.get(name), std::string_view("(masked)"));
        QVERIFY(!one.fields.has("Set-Cookie"));
        QVERIFY(one.total >= one.firstByte && one.firstByte > Nanos(0));
        QFile raw(m_dir.filePath("c.rec"));
        QVERIFY(raw.open(QIODevice::ReadOnly));
        QVERIFY(!raw.readAll().contains("hush"));
        QVERIFY(!(raw.permissions() & (QFile::ReadGroup | QFile::ReadOther)));
        // Whoever asks with another token gets the recorded answer all the same.
        const auto engine = start({.replay = file("c.rec"), .replayInstantly = true});
        QCOMPARE(TestClient(engine->port()).get("/x?access_token=other&b=1").status, 200);
    }

    void waitsAsLongAsTheUpstreamTook() {
        {
            const auto recording = Recording::create(file("d.rec"), "http://test");
            QVERIFY(recording);
            const RecordedExchange slow{.method = "GET",
                                        .target = "/",
                                        .status = 200,
                                        .body = "slow",
                                        .total = std::chrono::milliseconds(30)};
            QVERIFY((*recording)->add({&slow, 1}));
        }
        const auto engine = start({.replay = file("d.rec")});
        const auto reply = TestClient(engine->port()).get("/");
        QCOMPARE(reply.body, std::string("slow"));
        const auto timing = reply.field("Server-Timing");
        const double ms = std::atof(timing.c_str() + std::string("replay;dur=").size());
        QVERIFY2(ms >= 30, timing.c_str());  // never earlier; how much later is the machine's affair
    }

    void keepsBodiesAndFieldsByteForByte() {
        std::string bytes;
        for (int i = 0; i < 256; ++i)
            bytes += static_cast<char>(i);
        RecordedExchange odd{.method = "GET", .target = "/", .status = 200, .body = bytes};
        odd.fields.add("X-Latin", "caf\xE9 \xC3\xA9 \"quoted\"");
        {
            const auto recording = Recording::create(file("e.rec"), "http://test");
            QVERIFY(recording && (*recording)->add({&odd, 1}));
        }
        const auto all = Recording::load(file("e.rec"));
        QVERIFY(all);
        QCOMPARE(all->front().body, bytes);
        QVERIFY(all->front().fields == odd.fields);
    }

    void appendsToARecordingOfItsOwnAndRefusesOtherFiles() {
        for (int i = 0; i < 2; ++i)
            record(file("f.rec"), [](const TestClient& client) { visit(client, "/"); });
        QCOMPARE(Recording::load(file("f.rec"))->size(), std::size_t(2));

        QFile text(m_dir.filePath("text"));
        QVERIFY(text.open(QIODevice::WriteOnly) && text.write("no database at all, just some text\n") > 0);
        text.close();
        QVERIFY(!Recording::create(file("text"), ""));
        QVERIFY(!Recording::load(file("missing")));
        {
            const auto other = sqlite::Connection::open(file("other"), sqlite::Mode::Create);
            QVERIFY((*other)->exec("CREATE TABLE t(a)"));
        }
        QCOMPARE(Recording::create(file("other"), "").error().code, Error::Malformed);
        {
            const auto newer = sqlite::Connection::open(file("f.rec"), sqlite::Mode::ReadWrite);
            QVERIFY((*newer)->exec("PRAGMA user_version = 99"));
        }
        QCOMPARE(Recording::load(file("f.rec")).error().code, Error::Unsupported);
    }

    void refusesARecordingWithoutExchanges() {
        QVERIFY(Recording::create(file("g.rec"), "http://test"));
        EngineOptions options;
        options.upstream = UpstreamOptions{.replay = file("g.rec")};
        const auto engine = Engine::create(std::move(options));
        QVERIFY(!engine);
        QCOMPARE(engine.error().code, Error::NotFound);
    }

    void ranksByDistance() {
        const std::string_view known[] = {"GET /a", "GET /abc", "POST /things"};
        QCOMPARE(nearest("GET /ab", known, 2), (std::vector<std::string>{"GET /a", "GET /abc"}));
        QCOMPARE(nearest("x", {}, 2).size(), std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(ReplayTest)
#include "replay_test.moc"
