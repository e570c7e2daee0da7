#include "core/base/thread.h"

#include <QtTest>

#include <pthread.h>

#include <atomic>
#include <future>
#include <latch>
#include <memory>

using namespace hone;

class ThreadTest : public QObject {
    Q_OBJECT
private slots:
    void runsEveryTaskOnce();
    void runsTasksInOrderOfArrival();
    void runsAsManyTasksAtOnceAsItHasThreads();
    void namesItsThreads();
    void finishesARunningTaskBeforeItGoesAway();
    void letsGoOfQueuedTasksWhetherTheyRanOrNot();
    void countsTheTasksThatWait();
    void measuresTheCpuTimeOfItsThreads();
};

void ThreadTest::runsEveryTaskOnce() {
    constexpr int kTasks = 1000;
    std::atomic<int> ran = 0;
    std::latch done(kTasks);
    ThreadPool pool("t", 3);
    QCOMPARE(pool.size(), 3);
    for (int i = 0; i < kTasks; ++i)
        pool.post([&](int thread) {
            ran += thread >= 0 && thread < 3 ? 1 : 1000;
            done.count_down();
        });
    done.wait();
    QCOMPARE(ran.load(), kTasks);
}

void ThreadTest::runsTasksInOrderOfArrival() {
    std::vector<int> order;  // one thread writes, we read after the promise
    std::promise<void> done;
    ThreadPool pool("t", 1);
    for (int i = 0; i < 10; ++i)
        pool.post([&, i](int) { order.push_back(i); });
    pool.post([&](int) { done.set_value(); });
    done.get_future().wait();
    QCOMPARE(order, (std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

void ThreadTest::runsAsManyTasksAtOnceAsItHasThreads() {
    // Each task waits for the other: with fewer than two threads at work this would never end.
    std::latch both(2);
    std::latch done(2);
    ThreadPool pool("t", 2);
    for (int i = 0; i < 2; ++i)
        pool.post([&](int) {
            both.arrive_and_wait();
            done.count_down();
        });
    done.wait();
}

void ThreadTest::namesItsThreads() {
    std::promise<std::string> name;
    ThreadPool pool("a-rather-long-name", 1);
    pool.post([&](int) {
        char buffer[16] = {};
        pthread_getname_np(pthread_self(), buffer, sizeof buffer);
        name.set_value(buffer);
    });
    QCOMPARE(name.get_future().get(), std::string("a-rather-long-n"));  // Linux keeps 15 characters
}

void ThreadTest::finishesARunningTaskBeforeItGoesAway() {
    std::latch running(1);
    std::atomic<bool> finished = false;
    {
        ThreadPool pool("t", 1);
        pool.post([&](int) {
            running.count_down();
            for (int i = 0; i < 1000; ++i)
                std::this_thread::yield();  // gives the destructor time to come first; right either way
            finished = true;
        });
        running.wait();
    }
    QVERIFY(finished);
}

void ThreadTest::letsGoOfQueuedTasksWhetherTheyRanOrNot() {
    const auto held = std::make_shared<int>(0);
    std::latch running(1);
    {
        ThreadPool pool("t", 1);
        pool.post([&](int) { running.count_down(); });
        for (int i = 0; i < 100; ++i)
            pool.post([held](int) {});
        running.wait();
    }
    QCOMPARE(held.use_count(), 1L);
}

void ThreadTest::countsTheTasksThatWait() {
    std::latch running(1);
    std::latch release(1);
    ThreadPool pool("t", 1);
    pool.post([&](int) {
        running.count_down();
        release.wait();
    });
    running.wait();
    pool.post([](int) {});
    pool.post([](int) {});
    QCOMPARE(pool.approxQueueDepth(), std::size_t(2));
    release.count_down();
}

void ThreadTest::measuresTheCpuTimeOfItsThreads() {
    std::promise<Nanos> used;
    ThreadPool pool("t", 1);
    const Nanos before = pool.cpuTime();
    pool.post([&](int) {
        const Nanos start = threadCpuNow();
        while (threadCpuNow() - start < std::chrono::milliseconds(5)) {
        }
        used.set_value(threadCpuNow() - start);
    });
    const Nanos burnt = used.get_future().get();
    QVERIFY(pool.cpuTime() - before >= burnt);
}

QTEST_GUILESS_MAIN(ThreadTest)
#include "thread_test.moc"
