// The cache with a real Redis and a real Memcached, each started here on a free port.

#include "core/toggles/cache/answer_codec.h"
#include "core/toggles/cache/origin_rig.h"
#include "core/toggles/cache/remote_store.h"

#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

#include <deque>

using namespace hone;
using namespace hone::engine;
using namespace hone::toggles;
using namespace hone::toggles::cache;
using namespace hone::toggles::test;
using namespace std::chrono_literals;

namespace {

/// A server in a folder of its own; gone with the object.
class Server {
public:
    explicit Server(const QString& kind) : m_kind(kind) {
        QTcpServer probe;
        if (!probe.listen(QHostAddress::LocalHost))
            qFatal("no free port");
        m_port = probe.serverPort();
    }
    ~Server() { kill(); }

    bool start() {
        const auto port = QString::number(m_port);
        m_process.setWorkingDirectory(m_folder.path());
        if (m_kind == "redis")
            m_process.start("redis-server",
                            {"--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"});
        else
            m_process.start("memcached",
                            {"-p", port, "-U", "0", "-l", "127.0.0.1", "-u", "nobody", "-m", "32"});
        return m_process.waitForStarted() && QTest::qWaitFor([this] {
                   QTcpSocket socket;
                   socket.connectToHost("127.0.0.1", m_port);
                   return socket.waitForConnected(100);
               });
    }
    void kill() {
        m_process.kill();
        m_process.waitForFinished();
    }
    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(m_port); }

private:
    const QString m_kind;
    QTemporaryDir m_folder;
    QProcess m_process;
    quint16 m_port = 0;
};

/// An exchange that waits, as a worker's frame: what resumes it runs on the thread that drives it.
struct Waiting {
    std::mutex mutex;
    std::condition_variable came;
    std::deque<std::move_only_function<void(Exchange&)>> tasks;

    Resume resume() {
        return [this](std::move_only_function<void(Exchange&)> before) {
            const std::scoped_lock lock(mutex);
            tasks.push_back(std::move(before));
            came.notify_all();
        };
    }
    /// False when nothing resumes it.
    bool run(Exchange& exchange) {
        std::unique_lock lock(mutex);
        if (!came.wait_for(lock, 20s, [this] { return !tasks.empty(); }))
            return false;
        auto task = std::move(tasks.front());
        tasks.pop_front();
        lock.unlock();
        if (task)
            task(exchange);
        return true;
    }
};

/// A whole request through a cache whose look-ups wait.
class RemoteCache {
public:
    explicit RemoteCache(Rig::Settings settings) : rig(*find("cache"), settings), stage(rig.stage()) {}

    std::unique_ptr<Ask> get(std::string target, const std::string& body,
                             std::vector<http::FieldView> fields = {}) {
        auto ask = std::make_unique<Ask>(std::move(target), std::move(fields));
        ask->exchange.route.endpoint = &endpoint;
        Waiting waiting;
        auto resume = waiting.resume();
        if (stage->lookup(ask->exchange, resume) == Lookup::Wait && !waiting.run(ask->exchange))
            throw std::runtime_error("nobody resumed the request");
        if (!ask->exchange.answered) {
            ask->compute(body);
            stage->store(ask->exchange);
        }
        stage->finish(ask->exchange);
        return ask;
    }

    Rig rig;
    std::unique_ptr<Stage> stage;
    IdleEndpoint endpoint;
};

std::string wireOf(const Ask& ask) {
    const auto& prepared = ask.exchange.response.prepared;
    return prepared ? prepared->head11 + "\r\n" + prepared->body : std::string("not prepared");
}

}  // namespace

#define NEEDS(server, program)                                                            \
    if (!(server).start()) {                                                              \
        QVERIFY2(!qEnvironmentVariableIsSet("CI"), program " is missing, and CI is set"); \
        QSKIP(program " is not installed");                                               \
    }

class RemoteTest : public QObject {
    Q_OBJECT
private slots:
    void writesAnswersAndReadsThemBack() {
        FakeClock clock;
        StoredAnswer answer;
        http::Fields fields;
        fields.add("X-B", "2");
        fields.add("X-A", std::string("1\xff", 2));
        answer.full = http::prepare(203, fields, std::string("a\0b", 3));
        answer.notModified = http::prepare(304, fields, {});
        answer.etag = "\"x\"";
        answer.tags = {"t", ""};
        answer.target = "/t?a";
        answer.storedAt = clock.now();
        answer.ageWhenStored = 5s;
        answer.freshFor = 60s;
        answer.staleFor = 70s;
        answer.swr = 1s;
        answer.staleIfError = 2s;
        answer.mustRevalidate = answer.hasOriginTag = answer.isRelayed = true;
        answer.stamp = 9;
        clock.advance(3s);
        const auto bytes = encodeAnswer("key\n", answer, 4, clock);
        clock.advance(2s);
        const auto kept = decodeAnswer("key\n", bytes, clock);
        QVERIFY(kept.has_value());
        const auto& back = *kept->answer;
        QCOMPARE(kept->purges, std::uint64_t(4));
        QCOMPARE(back.full->head11, answer.full->head11);
        QCOMPARE(back.full->body, answer.full->body);
        QCOMPARE(back.notModified->head11, answer.notModified->head11);
        QCOMPARE(back.age(clock.now()).count(), Nanos(10s).count());
        QVERIFY(back.etag == answer.etag && back.tags == answer.tags && back.target == answer.target);
        QVERIFY(back.freshFor == 60s && back.staleFor == 70s && back.swr == 1s && back.staleIfError == 2s);
        QVERIFY(back.mustRevalidate && back.hasOriginTag && back.isRelayed && !back.alwaysAsk &&
                !back.mayBeShared);
        QCOMPARE(back.stamp, WriteStamp(9));
        QVERIFY(!decodeAnswer("other", bytes, clock));
        // Whatever is cut off or changed in length is a miss and nothing worse.
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY(!decodeAnswer("key\n", std::string_view(bytes).substr(0, length), clock));
        QVERIFY(!decodeAnswer("key\n", bytes + "x", clock));
    }

    void readsAddressesAsPeopleWriteThem() {
        const auto text = [](std::string_view from) {
            const auto address = BackendAddress::parse(from, 6379);
            return address ? address->text() : "refused: " + address.error().hint;
        };
        QCOMPARE(text(""), std::string("127.0.0.1:6379"));
        QCOMPARE(text("cache.local"), std::string("cache.local:6379"));
        QCOMPARE(text("cache.local:1"), std::string("cache.local:1"));
        QCOMPARE(text("[::1]:7000"), std::string("[::1]:7000"));
        QCOMPARE(text("/run/redis.sock"), std::string("/run/redis.sock"));
        for (const std::string_view wrong : {"a:b", "a:0", "a:70000", ":1", "a b", "redis://a", "[::1]7"})
            QVERIFY2(text(wrong).starts_with("refused: For example"), std::string(wrong).c_str());
    }

    void answersTheSameBytesAsFromMemory_data() { kinds(); }
    void answersTheSameBytesAsFromMemory() {
        QFETCH(QString, kind);
        Server server(kind);
        NEEDS(server, "the server");
        const std::string backend = kind.toStdString(), address = server.address();
        RemoteCache remote({{"backend", backend},
                            {"address", address},
                            {"connections", "1"},
                            {"connectTimeout", "5s"},
                            {"timeout", "5s"}});
        RemoteCache here({});
        for (auto* one : {&remote, &here})
            (void)one->get("/t?b=1&a=2", std::string(100'000, 'x'));
        const auto far = remote.get("/t?a=2&b=1", "never computed"),
                   near = here.get("/t?a=2&b=1", "never computed");
        QCOMPARE(wireOf(*far), wireOf(*near));
        QVERIFY(wireOf(*far).size() > 100'000);
        QCOMPARE(far->field("Cache-Status"), std::string("hone; hit"));
        QCOMPARE(remote.get("/t?a=2&b=1", "", {{"If-None-Match", near->field("ETag")}})->status(), 304);
        remote.rig.clock.advance(59s);
        QCOMPARE(remote.get("/t?a=2&b=1", "new")->field("Age"), std::string("59"));
        remote.rig.clock.advance(2s);
        QCOMPARE(remote.get("/t?a=2&b=1", "new")->body(), std::string("new"));
        QVERIFY(remote.rig.state->trouble().empty());
        QCOMPARE(remote.rig.counter("backendErrors"), 0.0);
    }

    void forgetsWhatWasWrittenPurgedOrReset_data() { kinds(); }
    void forgetsWhatWasWrittenPurgedOrReset() {
        QFETCH(QString, kind);
        Server server(kind);
        NEEDS(server, "the server");
        const std::string backend = kind.toStdString(), address = server.address();
        RemoteCache cache({{"backend", backend},
                           {"address", address},
                           {"invalidation", "table"},
                           {"connections", "1"},
                           {"connectTimeout", "5s"},
                           {"timeout", "5s"}});
        const auto hits = [&] { return cache.get("/t", "x")->field("Cache-Status") == "hone; hit"; };
        QVERIFY(!hits() && hits());
        Ask write("/t", {}, "POST");
        write.exchange.wrote = true;
        cache.stage->finish(write.exchange);
        QVERIFY(!hits() && hits());
        cache.rig.state->purge({.tag = "things"});
        QVERIFY(!hits() && hits());
        cache.rig.state->purge({.tag = "others"});
        QVERIFY(hits());
        cache.rig.state->reset();
        QVERIFY(!hits() && hits());
    }

    void servesFromTheOriginWhileTheBackendIsDown_data() { kinds(); }
    void servesFromTheOriginWhileTheBackendIsDown() {
        QFETCH(QString, kind);
        Server server(kind);
        NEEDS(server, "the server");
        const std::string backend = kind.toStdString(), address = server.address();
        RemoteCache cache({{"backend", backend},
                           {"address", address},
                           {"connections", "1"},
                           {"connectTimeout", "5s"},
                           {"timeout", "5s"}});
        (void)cache.get("/t", "one");
        QCOMPARE(cache.get("/t", "two")->body(), std::string("one"));
        server.kill();
        QCOMPARE(cache.get("/t", "two")->body(), std::string("two"));
        const auto trouble = cache.rig.state->trouble();
        QVERIFY2(trouble.starts_with(backend + " at " + address + ": ") &&
                     trouble.ends_with("; answers come from the origin"),
                 trouble.c_str());
        const auto failures = cache.rig.counter("backendErrors");
        QVERIFY(failures >= 1);
        for (int i = 0; i < 5; ++i)  // nobody asks a dead server for a second
            QCOMPARE(cache.get("/t", "three")->body(), std::string("three"));
        QCOMPARE(cache.rig.counter("backendErrors"), failures);
        QVERIFY(server.start());
        cache.rig.clock.advance(1s);
        (void)cache.get("/t", "four");
        QCOMPARE(cache.get("/t", "five")->body(), std::string("four"));
        QVERIFY(cache.rig.state->trouble().empty());
    }

    void asksOnceForManyAndHandsTheAnswerToAll() {
        Server server("redis");
        NEEDS(server, "redis-server");
        const std::string address = server.address();
        RemoteCache cache({{"backend", "redis"},
                           {"address", address},
                           {"connections", "1"},
                           {"connectTimeout", "5s"},
                           {"timeout", "5s"}});
        (void)cache.get("/t", "kept");
        Ask leader("/t"), follower("/t");
        leader.exchange.route.endpoint = follower.exchange.route.endpoint = &cache.endpoint;
        Waiting first, second;
        auto resumeFirst = first.resume(), resumeSecond = second.resume();
        QCOMPARE(cache.stage->lookup(leader.exchange, resumeFirst), Lookup::Wait);
        QCOMPARE(cache.stage->lookup(follower.exchange, resumeSecond), Lookup::Wait);
        QVERIFY(first.run(leader.exchange));
        QVERIFY(second.run(follower.exchange));
        QCOMPARE(leader.field("Cache-Status"), std::string("hone; hit"));
        QCOMPARE(follower.body(), std::string("kept"));
        QCOMPARE(cache.rig.counter("coalesced"), 1.0);
    }

    void keepsNothingOfAnotherEngine() {
        Server server("redis");
        NEEDS(server, "redis-server");
        const std::string address = server.address();
        const Rig::Settings settings{{"backend", "redis"},
                                     {"address", address},
                                     {"connections", "1"},
                                     {"connectTimeout", "5s"},
                                     {"timeout", "5s"}};
        RemoteCache one(settings), other(settings);
        (void)one.get("/t", "one's");
        QCOMPARE(other.get("/t", "other's")->body(), std::string("other's"));
    }

    void tellsWhoStillWaitsWhenItCloses() {
        FakeClock clock;
        std::atomic<int> told = 0;
        {
            struct Slow final : BackendLink {
                Result<std::optional<std::string>> get(const std::string&) override { return std::nullopt; }
                Result<bool> set(const std::string&, const std::string&, std::chrono::seconds) override {
                    return true;
                }
                Result<> erase(const std::string&) override { return {}; }
            };
            RemoteStore store(clock, "test", "nowhere", [] { return std::make_unique<Slow>(); }, 2);
            for (int i = 0; i < 100; ++i)
                store.find("k" + std::to_string(i), [&](const auto& kept) { told += kept ? 0 : 1; });
        }
        QCOMPARE(told.load(), 100);
    }

private:
    static void kinds() {
        QTest::addColumn<QString>("kind");
        QTest::addRow("redis") << "redis";
        QTest::addRow("memcached") << "memcached";
    }
};

QTEST_GUILESS_MAIN(RemoteTest)
#include "remote_test.moc"
