#include "ui/models/workspace.h"

#include "core/toggles/catalogue.h"
#include "ui/format/format.h"

#include <QFile>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <algorithm>

using namespace hone;
using namespace hone::ui;

namespace {

std::filesystem::path folderOf(const QTemporaryDir& dir) { return utf8(dir.path()); }

bool hasProfile(const Workspace& workspace, std::string_view name) {
    return std::ranges::any_of(workspace.profiles(), [name](const auto& p) { return p.name == name; });
}

QString smallCsv(const QTemporaryDir& dir) {
    const QString path = dir.filePath("towns.csv");
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write("id,name,people\n1,Ulm,126000\n2,Bonn,331000\n3,Trier,112000\n");
    return path;
}

/// A toggle this build has, or an empty text.
std::string someToggle() {
    return toggles::catalogue().empty() ? std::string() : std::string(toggles::catalogue().front()->id);
}

}  // namespace

class WorkspaceTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void aNewFolderGetsSamples();
    void whatWasSavedIsThereAfterReopening();
    void aBrokenFileIsNamedAndTheRestLoads();
    void anEditMarksTheProfileUntilItIsSaved();
    void anUnknownToggleIsRefusedAndChangesNothing();
    void theBaselineStays();
    void aRemovedProfileLosesItsFile();
    void aSavedWorkloadReplacesTheOneOfItsName();
    void servesAFileAndAppliesEdits();
    void aDatasetThatIsMissingIsSaidAndCanBeFollowedByAnother();
    void theNewestOfTwoServesWins();

private:
    QTemporaryDir m_cache;
};

void WorkspaceTest::initTestCase() { qputenv("XDG_CACHE_HOME", m_cache.path().toUtf8()); }

void WorkspaceTest::aNewFolderGetsSamples() {
    QTemporaryDir dir;
    auto workspace = Workspace::open(folderOf(dir) / "new");
    QVERIFY2(workspace.has_value(), workspace ? "" : workspace.error().line().c_str());
    for (const char* name : {"baseline", "cached", "compressed", "paged", "tuned"})
        QVERIFY2(hasProfile(**workspace, name), name);
    QCOMPARE((*workspace)->profiles().front().name, std::string("baseline"));
    QCOMPARE((*workspace)->workloads().size(), std::size_t{3});
    QVERIFY((*workspace)->problems().isEmpty());
    for (const auto& profile : (*workspace)->profiles()) {
        const auto resolved = engine::resolve(profile, toggles::catalogue());
        QVERIFY2(resolved.has_value(), resolved ? "" : resolved.error().line().c_str());
    }
}

void WorkspaceTest::whatWasSavedIsThereAfterReopening() {
    QTemporaryDir dir;
    {
        auto workspace = Workspace::open(folderOf(dir));
        QVERIFY(workspace.has_value());
        QVERIFY((*workspace)->saveProfile("My / profile (2)").has_value());
    }
    auto again = Workspace::open(folderOf(dir));
    QVERIFY(again.has_value());
    QVERIFY(hasProfile(**again, "My / profile (2)"));
    QVERIFY(QFile::exists(dir.filePath("profiles/my-profile-2.profile.json")));
}

void WorkspaceTest::aBrokenFileIsNamedAndTheRestLoads() {
    QTemporaryDir dir;
    QVERIFY(Workspace::open(folderOf(dir)).has_value());
    QFile file(dir.filePath("profiles/cached.profile.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{ not json");
    file.close();
    auto again = Workspace::open(folderOf(dir));
    QVERIFY(again.has_value());
    QCOMPARE((*again)->problems().size(), 1);
    QVERIFY((*again)->problems().first().contains("cached.profile.json"));
    QVERIFY(hasProfile(**again, "tuned"));
}

void WorkspaceTest::anEditMarksTheProfileUntilItIsSaved() {
    if (someToggle().empty())
        QSKIP("this build has no toggles");
    QTemporaryDir dir;
    auto workspace = Workspace::open(folderOf(dir));
    QVERIFY(workspace.has_value());
    Workspace& w = **workspace;
    QSignalSpy changed(&w, &Workspace::currentChanged);
    QVERIFY(!w.isModified());
    model::Profile edit = w.current();
    edit.toggles[someToggle()].on = true;
    QVERIFY(w.change(edit).has_value());
    QVERIFY(w.isModified());
    QCOMPARE(changed.count(), 1);
    QVERIFY(w.saveProfile("edited").has_value());
    QVERIFY(!w.isModified());
    w.selectProfile("baseline");
    QVERIFY(!w.current().isOn(someToggle()));
    w.selectProfile("edited");
    QVERIFY(w.current().isOn(someToggle()));
}

void WorkspaceTest::anUnknownToggleIsRefusedAndChangesNothing() {
    QTemporaryDir dir;
    auto workspace = Workspace::open(folderOf(dir));
    QVERIFY(workspace.has_value());
    model::Profile edit = (*workspace)->current();
    edit.toggles["cahce"].on = true;
    const auto refused = (*workspace)->change(edit);
    QVERIFY(!refused.has_value());
    QVERIFY(refused.error().what.find("cahce") != std::string::npos);
    QVERIFY(!(*workspace)->isModified());
}

void WorkspaceTest::theBaselineStays() {
    QTemporaryDir dir;
    auto workspace = Workspace::open(folderOf(dir));
    QVERIFY(workspace.has_value());
    QVERIFY(!(*workspace)->removeProfile("baseline").has_value());
    QVERIFY(hasProfile(**workspace, "baseline"));
}

void WorkspaceTest::aRemovedProfileLosesItsFile() {
    QTemporaryDir dir;
    auto workspace = Workspace::open(folderOf(dir));
    QVERIFY(workspace.has_value());
    QVERIFY((*workspace)->removeProfile("paged").has_value());
    QVERIFY(!hasProfile(**workspace, "paged"));
    QVERIFY(!QFile::exists(dir.filePath("profiles/paged.profile.json")));
    QVERIFY(!(*workspace)->removeProfile("paged").has_value());
}

void WorkspaceTest::aSavedWorkloadReplacesTheOneOfItsName() {
    QTemporaryDir dir;
    auto workspace = Workspace::open(folderOf(dir));
    QVERIFY(workspace.has_value());
    QSignalSpy changed(workspace->get(), &Workspace::workloadsChanged);
    model::Workload workload = (*workspace)->workloads().front();
    workload.clients = 33;
    QVERIFY((*workspace)->saveWorkload(workload).has_value());
    QCOMPARE(changed.count(), 1);
    auto again = Workspace::open(folderOf(dir));
    QVERIFY(again.has_value());
    QCOMPARE((*again)->workloads().size(), std::size_t{3});
    QVERIFY(std::ranges::any_of((*again)->workloads(), [](const auto& w) { return w.clients == 33; }));
}

void WorkspaceTest::servesAFileAndAppliesEdits() {
    QTemporaryDir dir;
    auto workspace = Workspace::open(folderOf(dir));
    QVERIFY(workspace.has_value());
    Workspace& w = **workspace;
    QSignalSpy started(&w, &Workspace::engineChanged);
    w.serve(smallCsv(dir));
    QVERIFY(w.isStarting());
    QVERIFY(w.engine() == nullptr);
    QTRY_COMPARE_WITH_TIMEOUT(started.count(), 1, 30'000);
    QVERIFY(w.engine() != nullptr);
    const QUrl url(text(w.engine()->url()));
    QTcpSocket socket;
    socket.connectToHost(url.host(), static_cast<quint16>(url.port()));
    QVERIFY(socket.waitForConnected());
    socket.write("GET /api/towns/2 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    QByteArray answer;
    while (socket.waitForReadyRead())
        answer += socket.readAll();
    QVERIFY2(answer.startsWith("HTTP/1.1 200"), answer.constData());
    QVERIFY(answer.contains("Bonn"));
    if (someToggle().empty())
        return;
    model::Profile edit = w.current();
    edit.toggles[someToggle()].on = true;
    QVERIFY(w.change(edit).has_value());
    QVERIFY(w.engine()->profile(engine::Arm::A).isOn(someToggle()));
}

void WorkspaceTest::aDatasetThatIsMissingIsSaidAndCanBeFollowedByAnother() {
    QTemporaryDir dir;
    auto workspace = Workspace::open(folderOf(dir));
    QVERIFY(workspace.has_value());
    Workspace& w = **workspace;
    QSignalSpy failed(&w, &Workspace::engineFailed);
    QSignalSpy started(&w, &Workspace::engineChanged);
    w.serve("/nowhere/at-all.csv");
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 30'000);
    QVERIFY(w.engineError().contains("/nowhere/at-all.csv"));
    w.serve(smallCsv(dir));
    QTRY_COMPARE_WITH_TIMEOUT(started.count(), 1, 30'000);
    QVERIFY(w.engineError().isEmpty());
}

void WorkspaceTest::theNewestOfTwoServesWins() {
    QTemporaryDir dir;
    auto workspace = Workspace::open(folderOf(dir));
    QVERIFY(workspace.has_value());
    Workspace& w = **workspace;
    QSignalSpy started(&w, &Workspace::engineChanged);
    w.serve("/nowhere/at-all.csv");
    w.serve(smallCsv(dir));
    QTRY_COMPARE_WITH_TIMEOUT(started.count(), 1, 30'000);
    QTRY_VERIFY(w.jobs().running().isEmpty());
    QCOMPARE(started.count(), 1);
    QVERIFY(w.engineError().isEmpty());
    QCOMPARE(w.engine()->datasets().front()->schema().tables.front().name, std::string("towns"));
}

QTEST_GUILESS_MAIN(WorkspaceTest)
#include "workspace_test.moc"
