#include "ui/shell/main_window.h"

#include "ui/format/format.h"
#include "ui/shell/first_run.h"
#include "ui/shell/help_window.h"
#include "ui/theme/theme.h"
#include "ui/widgets/widgets.h"

#include <QLineEdit>
#include <QListWidget>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace hone;
using namespace hone::ui;

class MainWindowTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void noPanelIsBuiltBeforeItIsShown();
    void everyPanelBuildsAndIsShown();
    void ctrlAndANumberSwitchesPanels();
    void theThemeSwitchRepaintsTheWindow();
    void firstRunAnswersAWrongAddressInPlace();
    void firstRunOpensAnAddressInCompose();
    void helpFindsAPageByItsWords();

private:
    QTemporaryDir m_scratch;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<MainWindow> m_window;
};

void MainWindowTest::initTestCase() {
    QCoreApplication::setOrganizationName("Hone test");
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_scratch.path());
    Theme::instance().apply(Theme::Mode::Dark);
}

void MainWindowTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    auto opened = Workspace::open(utf8(m_folder->path()));
    QVERIFY2(opened.has_value(), opened ? "" : opened.error().line().c_str());
    m_workspace = std::move(*opened);
    m_window = std::make_unique<MainWindow>(*m_workspace);
    m_window->show();
}

void MainWindowTest::cleanup() {
    m_window.reset();
    m_workspace.reset();
}

void MainWindowTest::noPanelIsBuiltBeforeItIsShown() {
    QVERIFY(m_window->findChildren<Panel*>().isEmpty());
    m_window->showPanel("engine");
    QCOMPARE(m_window->findChildren<Panel*>().size(), 1);
}

void MainWindowTest::everyPanelBuildsAndIsShown() {
    for (const QString& id : MainWindow::panelIds()) {
        m_window->showPanel(id);
        QVERIFY2(m_window->panel(id) != nullptr && m_window->panel(id)->isVisible(), qPrintable(id));
    }
    m_window->showPanel("nonsense");
    QVERIFY(m_window->panel(MainWindow::panelIds().last())->isVisible());
}

void MainWindowTest::ctrlAndANumberSwitchesPanels() {
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
    QTRY_VERIFY(m_window->findChildren<Panel*>().size() == 1);
    QVERIFY(m_window->panel("engine")->isVisible());
}

void MainWindowTest::theThemeSwitchRepaintsTheWindow() {
    m_window->showPanel("engine");
    const QColor dark = m_window->grab().toImage().pixelColor(700, 790);
    Theme::instance().apply(Theme::Mode::Light);
    const QColor light = m_window->grab().toImage().pixelColor(700, 790);
    Theme::instance().apply(Theme::Mode::Dark);
    QVERIFY(dark.lightness() < 100);
    QVERIFY(light.lightness() > 200);
}

void MainWindowTest::firstRunAnswersAWrongAddressInPlace() {
    FirstRun page;
    QSignalSpy chosen(&page, &FirstRun::urlChosen);
    page.findChild<QLineEdit*>()->setText("ftp://example.org");
    QTest::keyClick(page.findChild<QLineEdit*>(), Qt::Key_Return);
    QCOMPARE(chosen.count(), 0);
    QVERIFY(page.findChild<InlineMessage*>()->isVisibleTo(&page));
}

void MainWindowTest::firstRunOpensAnAddressInCompose() {
    m_window->showFirstRun();
    QVERIFY(m_window->isFirstRunShown());
    auto* page = m_window->findChild<FirstRun*>();
    page->findChild<QLineEdit*>()->setText("http://127.0.0.1:9/items");
    QTest::keyClick(page->findChild<QLineEdit*>(), Qt::Key_Return);
    QVERIFY(!m_window->isFirstRunShown());
    QVERIFY(m_window->panel("compose")->isVisible());
}

void MainWindowTest::helpFindsAPageByItsWords() {
    HelpWindow help({{"docs/a", "Guide", "First", "# First\n\nabout apples"},
                     {"docs/b", "Guide", "Second", "# Second\n\nabout pears"}});
    help.findChild<QLineEdit*>()->setText("pears");
    QStringList titles;
    auto* list = help.findChild<QListWidget*>();
    for (int i = 0; i < list->count(); ++i)
        titles << list->item(i)->text();
    QCOMPARE(titles, (QStringList{"Guide", "Second"}));
}

QTEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
