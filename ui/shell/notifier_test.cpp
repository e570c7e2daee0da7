#include "ui/shell/notifier.h"

#include "ui/jobs/jobs.h"

#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QWidget>

using namespace hone::ui;

class NotifierTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_scratch;

    struct Told {
        QStringList titles;
        void runOneJob(QWidget& window, double longSeconds) {
            Jobs jobs;
            auto* notifier = new Notifier(jobs, window, [this](const QString& title, const QString& words) {
                titles << title;
                QVERIFY2(words.startsWith("Ended after 0:0"), qPrintable(words));
            });
            notifier->setLongSeconds(longSeconds);
            QSignalSpy finished(&jobs, &Jobs::finished);
            jobs.start(
                "Bench: cities", notifier, [](std::stop_token, JobReporter&) { return 1; }, [](int) {});
            QTRY_COMPARE(finished.count(), 1);
            delete notifier;
        }
    };

private slots:
    void initTestCase() {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_scratch.path());
    }

    void tellsOfLongWorkWhileTheWindowIsNotActive() {
        QWidget window;  // Never shown: not active.
        Told told;
        told.runOneJob(window, 0);
        QCOMPARE(told.titles, QStringList("Bench: cities"));
    }

    void keepsQuietAboutShortWork() {
        QWidget window;
        Told told;
        told.runOneJob(window, 10);
        QVERIFY(told.titles.isEmpty());
    }

    void keepsQuietWhileSomebodyLooks() {
        QWidget window;
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        Told told;
        told.runOneJob(window, 0);
        QVERIFY(told.titles.isEmpty());
    }

    void keepsQuietWhenItIsSwitchedOff() {
        Notifier::setOn(false);
        QWidget window;
        Told told;
        told.runOneJob(window, 0);
        QVERIFY(told.titles.isEmpty());
        Notifier::setOn(true);
        QVERIFY(Notifier::isOn());
    }
};

QTEST_MAIN(NotifierTest)
#include "notifier_test.moc"
