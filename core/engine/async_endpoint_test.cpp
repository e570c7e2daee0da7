#include "core/engine/test_support.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace hone::engine::test;

namespace {

/// An endpoint whose work a test ends by hand.
class Elsewhere final : public Endpoint {
public:
    explicit Elsewhere(std::vector<Resume>& waiting) : m_waiting(waiting) {}
    [[nodiscard]] std::string_view name() const override { return "elsewhere"; }
    [[nodiscard]] bool isAsync() const override { return true; }
    void handle(Exchange&) const override {}
    void begin(Exchange&, Resume done) const override { m_waiting.push_back(std::move(done)); }

private:
    std::vector<Resume>& m_waiting;
};

/// A worker in front of one endpoint that takes every request.
class Front {
public:
    explicit Front(int poolThreads = 0) {
        EngineOptions options;
        options.catalogue = fakes();
        options.poolThreads = poolThreads;
        core = std::make_shared<EngineCore>(std::move(options),
                                            Router::forAll(std::make_unique<Elsewhere>(waiting)), clock);
        if (poolThreads > 0)
            pool = std::make_unique<ThreadPool>("pool", poolThreads);
        core->pool = pool.get();
        worker = std::make_shared<Worker>(core, 0);
        worker->setPost(loop.post());
    }
    ~Front() {
        pool.reset();
        core->pool = nullptr;
    }
    Front(const Front&) = delete;
    Front& operator=(const Front&) = delete;

    void ask(Asked& asked) { worker->handle(asked.request(), asked.responder()); }
    /// Ends the oldest piece of work.
    void end(std::move_only_function<void(Exchange&)> fill) {
        auto done = std::move(waiting.front());
        waiting.erase(waiting.begin());
        done(std::move(fill));
    }

    std::vector<Resume> waiting;
    FakeClock clock;
    HandLoop loop;
    std::shared_ptr<EngineCore> core;
    std::unique_ptr<ThreadPool> pool;
    std::shared_ptr<Worker> worker;
};

void fillBody(Exchange& exchange) {
    exchange.response.body = "from elsewhere";
    exchange.cacheable = true;
}

}  // namespace

class AsyncEndpointTest : public QObject {
    Q_OBJECT
private slots:
    void init() { fresh(); }

    void answersWhenTheWorkElsewhereIsDone() {
        Front front;
        Asked asked("/any/path?a=b", {{"Host", "localhost"}}, "POST");
        front.ask(asked);
        front.loop.runPosted();
        QCOMPARE(asked.answers, 0);
        front.end(fillBody);
        QCOMPARE(asked.answers, 0);  // only on its loop
        front.loop.runPosted();
        QCOMPARE(asked.answers, 1);
        QCOMPARE(asked.got.content(), std::string_view("from elsewhere"));
    }

    void goesOnWithOtherRequestsMeanwhile() {
        Front front;
        Asked first("/1"), second("/2");
        front.ask(first);
        front.ask(second);
        QCOMPARE(front.waiting.size(), std::size_t(2));
        front.waiting[1](fillBody);
        front.loop.runPosted();
        QCOMPARE(first.answers, 0);
        QCOMPARE(second.answers, 1);
        front.waiting[0](fillBody);
        front.loop.runPosted();
        QCOMPARE(first.answers, 1);
    }

    void takesTheAnswerThroughEncodeStoreAndFinish() {
        Front front;
        QVERIFY(front.core->arms.apply(Arm::A, profileOf({"one"})));
        Asked asked("/");
        front.ask(asked);
        front.end(fillBody);
        front.loop.runPosted();
        QCOMPARE(script().taken(), (std::vector<std::string>{"one.admit", "one.lookup", "one.plan",
                                                             "one.encode", "one.store", "one.finish"}));
    }

    void encodesOnThePoolWhenThereIsOne() {
        Front front(1);
        QVERIFY(front.core->arms.apply(Arm::A, profileOf({"one"})));
        const auto here = std::this_thread::get_id();
        std::thread::id encodedOn = here;
        script().behaviour[0].encode = [&](Exchange&) { encodedOn = std::this_thread::get_id(); };
        Asked asked("/");
        front.ask(asked);
        front.end(fillBody);
        front.loop.runUntilAnswered(asked);
        QVERIFY(encodedOn != here);
        QCOMPARE(asked.got.content(), std::string_view("from elsewhere"));
    }

    void turnsAnExceptionInTheFillerIntoAFiveHundred() {
        Front front;
        Asked asked("/");
        front.ask(asked);
        front.end([](Exchange&) { throw std::runtime_error("broken"); });
        front.loop.runPosted();
        QCOMPARE(asked.got.finalStatus(), 500);
    }

    void ignoresWorkThatEndsAfterTheWorkerIsGone() {
        Front front;
        Asked asked("/");
        front.ask(asked);
        auto done = std::move(front.waiting.front());
        front.worker.reset();
        done(fillBody);
        front.loop.runPosted();
        QCOMPARE(asked.answers, 1);  // the Responder's own 500, because nobody answered
        QCOMPARE(asked.got.finalStatus(), 500);
    }
};

QTEST_GUILESS_MAIN(AsyncEndpointTest)
#include "async_endpoint_test.moc"
