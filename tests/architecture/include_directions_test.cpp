// Arrows point one way: every #include of our own is checked against the table of the design.

#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QtTest>

namespace {

using Table = QMap<QString, QStringList>;

/// Folder → folders it may include directly or through one of them.
const Table kCore{
    {"base", {}},
    {"params", {"base"}},
    {"stats", {"base"}},
    {"http", {"params"}},
    {"caching", {"http"}},
    {"coding", {"http"}},
    {"model", {"stats", "params"}},
    {"sqlite", {"base"}},
    {"data", {"params", "sqlite"}},
    {"net", {"http"}},
    {"engine", {"data", "net", "model"}},
    {"toggles", {"engine", "coding", "caching"}},
    {"load", {"net", "model"}},
    {"experiment", {"toggles", "load", "stats"}},
    {"survey", {"model"}},
    {"store", {"model", "sqlite"}},
    {"report", {"model"}},
    {"interop", {"model"}},
    {"compose", {"model", "coding"}},
};

const Table kUi{
    {"format", {}},
    {"theme", {}},
    {"jobs", {}},
    {"widgets", {"theme", "format", "models"}},
    {"models", {"jobs", "format", "theme"}},
    {"forms", {"widgets"}},
    {"plots", {"widgets"}},
    {"report", {"plots"}},
    {"panels", {"forms", "plots", "report"}},
    {"shell", {"panels"}},
};

QSet<QString> closure(const Table& table, const QString& folder) {
    QSet<QString> all{folder};
    for (const auto& next : table[folder])
        all += closure(table, next);
    return all;
}

struct Include {
    QString file, target;
    int line = 0;
    bool ours = false;
};

QList<Include> includesUnder(const QString& folder) {
    static const QRegularExpression kInclude(R"re(^\s*#include\s+([<"])([^>"]+)[>"])re");
    QList<Include> found;
    QDirIterator files(QString(HONE_SOURCE_DIR) + "/" + folder, {"*.h", "*.cpp"}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly))
            qFatal("cannot read %s", qPrintable(file.fileName()));
        const QString relative = QDir(HONE_SOURCE_DIR).relativeFilePath(file.fileName());
        int line = 0;
        for (const auto& text : QString::fromUtf8(file.readAll()).split('\n')) {
            ++line;
            if (const auto match = kInclude.match(text); match.hasMatch())
                found.append({relative, match.captured(2), line, match.captured(1) == "\""});
        }
    }
    return found;
}

QString where(const Include& include) {
    return QString("%1:%2 includes %3").arg(include.file).arg(include.line).arg(include.target);
}

bool isTestOrBench(const QString& file) {
    return file.endsWith("_test.cpp") || file.endsWith("_bench.cpp") || file.contains("/bench_support") ||
           file.endsWith("_test_client.h");
}

}  // namespace

class IncludeDirectionsTest : public QObject {
    Q_OBJECT
private slots:
    void coreFoldersIncludeOnlyWhatTheTableAllows() {
        QStringList wrong;
        for (const auto& include : includesUnder("core")) {
            if (!include.target.startsWith("core/") || isTestOrBench(include.file))
                continue;
            const QString from = include.file.section('/', 1, 1), to = include.target.section('/', 1, 1);
            if (!kCore.contains(from) || !closure(kCore, from).contains(to))
                wrong << where(include);
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void coreNeverIncludesUiOrApp() {
        QStringList wrong;
        for (const auto& include : includesUnder("core"))
            if (include.target.startsWith("ui/") || include.target.startsWith("app/"))
                wrong << where(include);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void uiFoldersIncludeOnlyWhatTheTableAllows() {
        QStringList wrong;
        for (const auto& include : includesUnder("ui")) {
            if (include.target.startsWith("app/"))
                wrong << where(include);
            if (!include.target.startsWith("ui/") || isTestOrBench(include.file))
                continue;
            const QString from = include.file.section('/', 1, 1), to = include.target.section('/', 1, 1);
            if (!kUi.contains(from) || !closure(kUi, from).contains(to))
                wrong << where(include);
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void aPanelKnowsNoOtherPanel() {
        QStringList wrong;
        for (const auto& include : includesUnder("ui/panels"))
            if (include.target.startsWith("ui/panels/") &&
                include.target.section('/', 2, 2) != include.file.section('/', 2, 2))
                wrong << where(include);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void aToggleKnowsNoOtherToggle() {
        QStringList wrong;
        for (const auto& include : includesUnder("core/toggles")) {
            const QString own = include.file.section('/', 2, 2);
            if (include.target.startsWith("core/toggles/") && include.target.count('/') == 3 &&
                own.indexOf('.') < 0 && include.target.section('/', 2, 2) != own)
                wrong << where(include);
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void coreIsFreeOfQtExceptTheComposer() {
        static const QRegularExpression kQt("^Q[A-Z][A-Za-z]+");
        QStringList wrong;
        for (const auto& include : includesUnder("core"))
            if (!include.ours && kQt.match(include.target).hasMatch() && !isTestOrBench(include.file) &&
                !include.file.startsWith("core/compose/"))
                wrong << where(include);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void asioAndBeastStayInsideNet() {
        QStringList wrong;
        for (const auto& root : {"core", "ui", "app"})
            for (const auto& include : includesUnder(root))
                if ((include.target.startsWith("boost/asio") || include.target.startsWith("boost/beast")) &&
                    !include.file.startsWith("core/net/"))
                    wrong << where(include);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void sqliteStaysInsideItsFolder() {
        QStringList wrong;
        for (const auto& root : {"core", "ui", "app"})
            for (const auto& include : includesUnder(root))
                if (include.target == "sqlite3.h" && !include.file.startsWith("core/sqlite/") &&
                    !isTestOrBench(include.file))
                    wrong << where(include);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void everyFolderOfTheTableExists() {
        for (const auto& folder : kCore.keys())
            QVERIFY2(QDir(QString(HONE_SOURCE_DIR) + "/core/" + folder).exists() || folder == "interop",
                     qPrintable(folder));
    }
};

QTEST_GUILESS_MAIN(IncludeDirectionsTest)
#include "include_directions_test.moc"
