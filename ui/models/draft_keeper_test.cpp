#include "ui/models/draft_keeper.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace hone;
using namespace hone::ui;
namespace fs = std::filesystem;

class DraftKeeperTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Workspace> m_workspace;

    void openWorkspace() {
        m_workspace.reset();
        auto opened = Workspace::open(m_dir->path().toStdString());
        QVERIFY2(opened, opened ? "" : opened.error().line().c_str());
        m_workspace = std::move(*opened);
    }
    void switchCacheTo(bool on) {
        model::Profile edited = m_workspace->current();
        edited.toggles["cache"].on = on;
        QVERIFY(m_workspace->change(edited));
    }

private slots:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        openWorkspace();
    }
    void cleanup() { m_workspace.reset(); }

    void unsavedSettingsComeBackWithTheWorkspace() {
        const bool before = m_workspace->current().isOn("cache");
        {
            DraftKeeper keeper(*m_workspace);
            switchCacheTo(!before);
            QVERIFY(m_workspace->isModified());
        }  // Closing writes at once.
        openWorkspace();
        QCOMPARE(m_workspace->current().isOn("cache"), before);
        DraftKeeper keeper(*m_workspace);
        QVERIFY(keeper.restore());
        QCOMPARE(m_workspace->current().isOn("cache"), !before);
        QVERIFY(m_workspace->isModified());
    }

    void takingTheEditBackRemovesTheDraft() {
        const bool before = m_workspace->current().isOn("cache");
        {
            DraftKeeper keeper(*m_workspace);
            switchCacheTo(!before);
        }
        DraftKeeper keeper(*m_workspace);
        QVERIFY(fs::exists(keeper.file()));
        switchCacheTo(before);
        QTRY_VERIFY(!fs::exists(keeper.file()));
    }

    void aDraftIsNoProfileOfTheWorkspace() {
        const auto profiles = m_workspace->profiles().size();
        {
            DraftKeeper keeper(*m_workspace);
            switchCacheTo(!m_workspace->current().isOn("cache"));
        }
        openWorkspace();
        QCOMPARE(m_workspace->profiles().size(), profiles);
    }

    void aBrokenDraftIsToldAndStays() {
        DraftKeeper keeper(*m_workspace);
        std::ofstream(keeper.file()) << "{ not json";
        QVERIFY(!keeper.restore());
        QVERIFY(!keeper.problem().isEmpty());
        QVERIFY(fs::exists(keeper.file()));
    }
};

QTEST_GUILESS_MAIN(DraftKeeperTest)
#include "draft_keeper_test.moc"
