#include "ui/jobs/jobs.h"

#include <QSignalSpy>
#include <QTest>

#include <atomic>

using namespace hone::ui;

class JobsTest : public QObject {
    Q_OBJECT
private slots:
    void deliversTheValueOnTheGuiThread();
    void dropsTheValueWhenItsReceiverDied();
    void tellsProgressAndThenThatItEnded();
    void cancelAsksTheWorkToStop();
    void theDestructorStopsAndJoinsWhatStillRuns();
    void aJobThatThrowsEndsAndTheOthersGoOn();
    void manyJobsAllDeliver();
};

void JobsTest::deliversTheValueOnTheGuiThread() {
    Jobs jobs;
    QThread* workThread = nullptr;
    QThread* doneThread = nullptr;
    int got = 0;
    jobs.start(
        "sum", this,
        [&workThread](std::stop_token, JobReporter&) {
            workThread = QThread::currentThread();
            return 42;
        },
        [&](int value) {
            got = value;
            doneThread = QThread::currentThread();
        });
    QTRY_COMPARE(got, 42);
    QCOMPARE(doneThread, thread());
    QVERIFY(workThread != thread());
}

void JobsTest::dropsTheValueWhenItsReceiverDied() {
    Jobs jobs;
    QSignalSpy finished(&jobs, &Jobs::finished);
    auto receiver = std::make_unique<QObject>();
    std::atomic<bool> go = false;
    bool called = false;
    jobs.start(
        "late", receiver.get(),
        [&go](std::stop_token, JobReporter&) {
            go.wait(false);
            return 1;
        },
        [&called](int) { called = true; });
    receiver.reset();
    go = true;
    go.notify_all();
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(!called);
}

void JobsTest::tellsProgressAndThenThatItEnded() {
    Jobs jobs;
    QSignalSpy finished(&jobs, &Jobs::finished);
    std::atomic<bool> go = false;
    jobs.start(
        "import", this,
        [&go](std::stop_token, JobReporter& reporter) {
            reporter.progress(0.25, "a quarter");
            go.wait(false);
            return 0;
        },
        [](int) {});
    QCOMPARE(jobs.running().size(), 1);
    QTRY_COMPARE(jobs.running().at(0).fraction, 0.25);
    QCOMPARE(jobs.running().at(0).detail, QString("a quarter"));
    QCOMPARE(jobs.running().at(0).title, QString("import"));
    go = true;
    go.notify_all();
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(jobs.running().isEmpty());
    QCOMPARE(finished.at(0).at(1).toString(), QString("import"));
}

void JobsTest::cancelAsksTheWorkToStop() {
    Jobs jobs;
    bool stopped = false;
    const int id = jobs.start(
        "endless", this,
        [](std::stop_token stop, JobReporter&) {
            while (!stop.stop_requested())
                std::this_thread::yield();
            return true;
        },
        [&stopped](bool value) { stopped = value; });
    jobs.cancel(id);
    QTRY_VERIFY(stopped);
}

void JobsTest::theDestructorStopsAndJoinsWhatStillRuns() {
    std::atomic<bool> ended = false;
    {
        Jobs jobs;
        jobs.start(
            "endless", this,
            [&ended](std::stop_token stop, JobReporter&) {
                while (!stop.stop_requested())
                    std::this_thread::yield();
                ended = true;
                return 0;
            },
            [](int) { QFAIL("delivered into a dead object"); });
    }
    QVERIFY(ended);
    QCoreApplication::processEvents();
}

void JobsTest::aJobThatThrowsEndsAndTheOthersGoOn() {
    Jobs jobs;
    QSignalSpy finished(&jobs, &Jobs::finished);
    jobs.start(
        "bad", this, [](std::stop_token, JobReporter&) -> int { throw std::runtime_error("no disk"); },
        [](int) {});
    int got = 0;
    jobs.start(
        "good", this, [](std::stop_token, JobReporter&) { return 7; }, [&got](int value) { got = value; });
    QTRY_COMPARE(finished.count(), 2);
    QCOMPARE(got, 7);
}

void JobsTest::manyJobsAllDeliver() {
    Jobs jobs;
    int sum = 0;
    for (int i = 1; i <= 50; ++i)
        jobs.start(
            "one", this,
            [i](std::stop_token, JobReporter& reporter) {
                for (int step = 0; step < 200; ++step)
                    reporter.progress(step / 200.0);
                return i;
            },
            [&sum](int value) { sum += value; });
    QTRY_COMPARE(sum, 50 * 51 / 2);
    QTRY_VERIFY(jobs.running().isEmpty());
}

QTEST_GUILESS_MAIN(JobsTest)
#include "jobs_test.moc"
