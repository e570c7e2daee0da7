#include "ui/shell/command_palette.h"

#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QTest>

using namespace hone::ui;

class CommandPaletteTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(Theme::Mode::Dark); }
    void showsEverythingUntilSomethingIsTyped();
    void startsOfWordsComeFirst();
    void lettersOutOfOrderDoNotMatch();
    void enterRunsTheSelectedCommandAndCloses();
    void escapeClosesWithoutRunning();

private:
    std::vector<Command> commands(QString& ran) {
        const auto make = [&ran](const QString& title) {
            return Command{title, "Panel", {}, "tag", [&ran, title] { ran = title; }};
        };
        return {make("Open file"), make("Switch to profile tuned"), make("Serve a file"),
                make("Profile runs")};
    }
};

void CommandPaletteTest::showsEverythingUntilSomethingIsTyped() {
    QString ran;
    CommandModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setCommands(commands(ran));
    QCOMPARE(model.rowCount(), 4);
    model.setFilter("file");
    QCOMPARE(model.rowCount(), 4);  // "profile" has those letters too, further down.
    QVERIFY(model.at(0)->title.contains(" file"));
    model.setFilter({});
    QCOMPARE(model.at(0)->title, QString("Open file"));
}

void CommandPaletteTest::startsOfWordsComeFirst() {
    QString ran;
    CommandModel model;
    model.setCommands(commands(ran));
    model.setFilter("spt");
    QCOMPARE(model.at(0)->title, QString("Switch to profile tuned"));
}

void CommandPaletteTest::lettersOutOfOrderDoNotMatch() {
    QVERIFY(CommandModel::score("nepo", "Open file") < 0);
    QVERIFY(CommandModel::score("of", "Open file") >= 0);
}

void CommandPaletteTest::enterRunsTheSelectedCommandAndCloses() {
    QString ran;
    QWidget window;
    window.resize(900, 600);
    window.show();
    CommandPalette palette(&window);
    palette.open(commands(ran));
    auto* line = palette.findChild<QLineEdit*>();
    QTest::keyClicks(line, "serve");
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(ran, QString("Serve a file"));
    QVERIFY(!palette.isVisible());
}

void CommandPaletteTest::escapeClosesWithoutRunning() {
    QString ran;
    QWidget window;
    window.resize(900, 600);
    window.show();
    CommandPalette palette(&window);
    palette.open(commands(ran));
    auto* line = palette.findChild<QLineEdit*>();
    QTest::keyClick(line, Qt::Key_Down);
    QTest::keyClick(line, Qt::Key_Escape);
    QVERIFY(ran.isEmpty());
    QVERIFY(!palette.isVisible());
}

QTEST_MAIN(CommandPaletteTest)
#include "command_palette_test.moc"
