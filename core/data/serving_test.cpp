#include "core/data/dataset.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <atomic>
#include <thread>

using namespace hone;
using namespace hone::data;
using nlohmann::json;

#define OK(result)                                                     \
    do {                                                               \
        const auto& r_ = (result);                                     \
        QVERIFY2(r_.has_value(), r_ ? "" : r_.error().line().c_str()); \
    } while (false)

class ServingTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_cache = m_dir->filePath("cache").toStdString();
    }
    void servesTheCitiesThatComeWithTheProgram();
    void servesASampleThatStillCoversTheWorld();
    void generatesTheShopOnce();
    void writesNeverReachTheSourceOrAnotherCopy();
    void importsAgainWhenTheFileChanged();
    void preparesOnceWhenManyAskAtTheSameTime();
    void removesWorkingCopiesOfItselfAndOfTheDead();
    void explainsWhatItCannotServe_data();
    void explainsWhatItCannotServe();
    void reportsAFolderItCannotWrite();
    void followsTheCacheFolderOfTheSystem();

private:
    QStringList files(const char* folder) const {
        return QDir(m_dir->filePath(QString("cache/") + folder)).entryList(QDir::Files, QDir::Name);
    }
    void write(const QString& name, const QByteArray& bytes) {
        QFile file(m_dir->filePath(name));
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(file.fileName()));
    }
    Result<std::shared_ptr<Dataset>> serve(const QString& name) {
        return openForServing(m_dir->filePath(name).toStdString(), m_cache);
    }
    std::unique_ptr<QTemporaryDir> m_dir;
    std::filesystem::path m_cache;
};

void ServingTest::servesTheCitiesThatComeWithTheProgram() {
    int reports = 0;
    const auto cities = openForServing("cities", m_cache, {}, [&](Progress) { ++reports; });
    OK(cities);
    QVERIFY(reports > 0);
    QCOMPARE((*cities)->name(), std::string("cities"));
    const Table& table = *(*cities)->schema().table("cities");
    QVERIFY(table.rowCount > 150'000);
    QCOMPARE(table.key, std::string("id"));
    QCOMPARE(table.column("admin1")->type, ColumnType::Text);  // "07" is a code
    QCOMPARE(table.column("lat")->type, ColumnType::Real);
    const auto lyon = (*cities)->session({}).value()->select(
        {.table = "cities", .filters = {{"name", Op::Eq, {"Lyon"}}, {"country", Op::Eq, {"FR"}}}});
    OK(lyon);
    QCOMPARE(lyon->rowCount(), std::size_t(1));
    QVERIFY(lyon->text(lyon->cell(0, 4)).find("Auvergne") == 0);
    for (const BuiltIn& builtIn : builtIns())
        QVERIFY(!builtIn.name.empty() && !builtIn.title.empty());
    QVERIFY(builtIns()[0].attribution.find("GeoNames") != std::string_view::npos);
}

void ServingTest::servesASampleThatStillCoversTheWorld() {
    const auto sample = openForServing("cities:2k", m_cache);
    OK(sample);
    QCOMPARE((*sample)->schema().table("cities")->rowCount, 2'000);
    const auto countries =
        (*sample)->session({}).value()->groupCounts(*(*sample)->schema().table("cities"), "country", 500);
    QVERIFY(countries->rowCount() > 100);
    for (const char* spec : {"cities:0", "cities:1M"}) {
        const auto refused = openForServing(spec, m_cache);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Error::InvalidArgument);
    }
}

void ServingTest::generatesTheShopOnce() {
    const auto first = openForServing("shop:2k", m_cache), second = openForServing("shop:2000", m_cache);
    OK(first);
    OK(second);
    QCOMPARE((*second)->schema().table("orders")->rowCount, 500);
    QCOMPARE(files("datasets").size(), 1);
    QCOMPARE(files("working").filter(QRegularExpression("\\.db$")).size(), 2);
}

void ServingTest::writesNeverReachTheSourceOrAnotherCopy() {
    write("people.csv", "id,name\n1,Ada\n");
    const auto first = serve("people.csv").value();
    QVERIFY(first->session({}).value()->insert(*first->schema().table("people"), json{{"name", "Bob"}}));
    const auto second = serve("people.csv").value();
    QCOMPARE(first->session({}).value()->count({.table = "people"}).value(), 2);
    QCOMPARE(second->session({}).value()->count({.table = "people"}).value(), 1);
    QFile source(m_dir->filePath("people.csv"));
    QVERIFY(source.open(QIODevice::ReadOnly));
    QCOMPARE(source.readAll(), QByteArray("id,name\n1,Ada\n"));
}

void ServingTest::importsAgainWhenTheFileChanged() {
    write("people.csv", "id,name\n1,Ada\n");
    OK(serve("people.csv"));
    write("people.csv", "id,name\n1,Ada\n2,Bob\n");
    const auto again = serve("people.csv");
    OK(again);
    QCOMPARE((*again)->schema().table("people")->rowCount, 2);
    QCOMPARE(files("datasets").size(), 1);  // The older import was of no more use.
}

void ServingTest::preparesOnceWhenManyAskAtTheSameTime() {
    std::atomic<int> made{0}, opened{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                bool worked = false;
                const auto shop = openForServing("shop:5k", m_cache, {}, [&](Progress) { worked = true; });
                made += worked;
                opened += shop && (*shop)->schema().table("orders")->rowCount == 1250;
            });
    }
    QCOMPARE(opened.load(), 4);
    QCOMPARE(made.load(), 1);
    QVERIFY(files("working").isEmpty());
}

void ServingTest::removesWorkingCopiesOfItselfAndOfTheDead() {
    QVERIFY(QDir(m_dir->path()).mkpath("cache/working") && QDir(m_dir->path()).mkpath("cache/datasets"));
    QProcess process;  // A pid that was real and is no more.
    process.start("true", QStringList{});
    QVERIFY(process.waitForStarted());
    const auto dead = process.processId();
    QVERIFY(process.waitForFinished());
    for (const char* suffix : {"-1.db", "-1.db-wal", "-1.db-shm"})
        write(QString("cache/working/%1%2").arg(dead).arg(suffix), "x");
    write(QString("cache/datasets/.half.db.%1-0.tmp").arg(dead), "x");
    write(QString("cache/working/%1-999.db").arg(QCoreApplication::applicationPid()), "x");
    write("cache/working/notes.txt", "x");
    {
        const auto shop = openForServing("shop:1k", m_cache);
        OK(shop);
        QVERIFY(files("working").size() >= 3);
    }
    const QStringList left{QString("%1-999.db").arg(QCoreApplication::applicationPid()), "notes.txt"};
    QCOMPARE(files("working"), left);
    QVERIFY(!QFile::exists(m_dir->filePath(QString("cache/datasets/.half.db.%1-0.tmp").arg(dead))));
}

void ServingTest::explainsWhatItCannotServe_data() {
    QTest::addColumn<QString>("spec");
    QTest::addColumn<QString>("says");
    QTest::newRow("misspelt") << "citys" << "Did you mean cities?";
    QTest::newRow("misspelt with rows") << "shp:10k" << "Did you mean shop?";
    QTest::newRow("missing file") << "/no/such/file.csv" << "/no/such/file.csv";
    QTest::newRow("empty") << "" << "cities[:ROWS]";
    QTest::newRow("rows are no count") << "shop:many" << "many";
    QTest::newRow("no rows") << "shop:" << "count";
    QTest::newRow("too few") << "shop:10" << "between 1000 and 40000000";
    QTest::newRow("folder") << "/tmp" << "/tmp";
}

void ServingTest::explainsWhatItCannotServe() {
    QFETCH(QString, spec);
    QFETCH(QString, says);
    const auto refused = openForServing(spec.toStdString(), m_cache);
    QVERIFY(!refused);
    QVERIFY2(refused.error().line().find(says.toStdString()) != std::string::npos,
             refused.error().line().c_str());
    QVERIFY(files("working").isEmpty());
}

void ServingTest::reportsAFolderItCannotWrite() {
    const auto refused = openForServing("shop:1k", "/sys/hone-cache");
    QVERIFY(!refused);
    QVERIFY2(refused.error().code == Error::PermissionDenied, refused.error().line().c_str());
    QVERIFY(refused.error().what.find("/sys/hone-cache") != std::string::npos);
}

void ServingTest::followsTheCacheFolderOfTheSystem() {
    qputenv("XDG_CACHE_HOME", "/x/cache");
    QCOMPARE(defaultCacheDir().string(), std::string("/x/cache/hone"));
    qputenv("XDG_CACHE_HOME", "relative");  // To be ignored.
    qputenv("HOME", "/home/me");
    QCOMPARE(defaultCacheDir().string(), std::string("/home/me/.cache/hone"));
}

QTEST_GUILESS_MAIN(ServingTest)
#include "serving_test.moc"
