// Bundles as a person uses them: made on one machine, checked, imported and measured again on another.

#include "core/report/archive.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace hone;
using nlohmann::json;

namespace {

struct Outcome {
    int code = -1;
    QString out, err;
};

constexpr int kMinute = 60'000;

}  // namespace

class BundleTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    QString m_bundle;

    Outcome hone(const QStringList& arguments, const char* workspace = "here") {
        QProcess process;
        auto env = QProcessEnvironment::systemEnvironment();
        env.insert("XDG_CACHE_HOME", m_dir.filePath("cache"));
        env.insert("XDG_DATA_HOME", m_dir.filePath(workspace));
        env.insert("XDG_RUNTIME_DIR", m_dir.path());
        env.insert("QT_QPA_PLATFORM", "offscreen");
        process.setProcessEnvironment(env);
        process.start(HONE_BINARY, arguments);
        if (!process.waitForFinished(4 * kMinute))
            process.kill();
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    QByteArray contentOf(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString write(const QString& name, const QByteArray& content) {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(name));
        return file.fileName();
    }

private slots:
    void initTestCase() {
        const auto data = write("towns.csv", "id,name\n1,Aachen\n2,Bremen\n3,Celle\n");
        const auto benched =
            hone({"bench", "/api/towns", "--dataset", data, "--duration", "500ms", "--warmup", "100ms",
                  "--concurrency", "2", "--seed", "7", "--name", "towns"});
        QVERIFY2(benched.code == 0, qPrintable(benched.err));
        m_bundle = m_dir.filePath("towns.hone");
        const auto made = hone({"report", "last", "--to", "hone", "--dataset", data, "-o", m_bundle});
        QVERIFY2(made.code == 0, qPrintable(made.err));
    }

    void holdsTheAnswersAndAReport() {
        const auto files = report::unpack(contentOf(m_bundle).toStdString());
        QVERIFY2(files.has_value(), files ? "" : files.error().what.c_str());
        const auto answers = json::parse(files->at("answers.json"))["answers"];
        QVERIFY(!answers.empty());
        QCOMPARE(answers[0]["status"].get<int>(), 200);
        QVERIFY(files->at("report.html").starts_with("<!DOCTYPE html>"));
        QCOMPARE(json::parse(files->at("workload.workload.json")),
                 json::parse(files->at("result.json"))["workload"]);
    }

    void verifiesAndSaysWhatItHolds() {
        const auto verified = hone({"bundle", "verify", m_bundle, "--json"});
        QVERIFY2(verified.code == 0, qPrintable(verified.err));
        const auto said = json::parse(verified.out.toStdString());
        QCOMPARE(said["kind"].get<std::string>(), std::string("run"));
        QVERIFY(said["answers"].get<int>() > 0);
    }

    void runsAgainAndComparesAnswersAndNumbers() {
        // Any machine under any load passes this tolerance: what is tested is the way, not the speed.
        const auto again = hone({"bundle", "run", m_bundle, "--tolerance", "1000", "--json", "--no-save"});
        const auto said = json::parse(again.out.toStdString(), nullptr, false);
        QVERIFY2(said.is_object(), qPrintable(again.err));
        QCOMPARE(again.code, said["reproduces"].get<bool>() ? 0 : 1);
        QCOMPARE(said["rows"].size(), std::size_t{4});
        QVERIFY2(said["notes"].dump().find("answers of the API mean what they meant") != std::string::npos,
                 said.dump().c_str());
    }

    void otherDataAreRefusedBeforeAnythingIsMeasured() {
        const auto other = write("other.csv", "id,name\n1,Aachen\n");
        const auto refused = hone({"bundle", "run", m_bundle, "--dataset", other});
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains("the result was measured on"), qPrintable(refused.err));
    }

    void answersThatChangedAreNoReproduction() {
        QVERIFY(QDir().mkpath(m_dir.filePath("changed")));
        const auto changed = write("changed/towns.csv", "id,name\n1,Aachen\n2,Berlin\n3,Celle\n");
        const auto again =
            hone({"bundle", "run", m_bundle, "--dataset", changed, "--tolerance", "1000", "--no-save"});
        QVERIFY2(again.code == 1, qPrintable(again.err));
        QVERIFY2(again.out.contains("are others now"), qPrintable(again.out));
    }

    void aTamperedFileIsRefused() {
        auto files = *report::unpack(contentOf(m_bundle).toStdString());
        files["data.csv"] += "=1+1\n";
        const auto file = write("tampered.hone", QByteArray::fromStdString(*report::pack(files, 0)));
        for (const QStringList& arguments :
             {QStringList{"bundle", "verify", file}, QStringList{"import", file}}) {
            const auto refused = hone(arguments);
            QCOMPARE(refused.code, 2);
            QVERIFY2(refused.err.contains("data.csv was changed"), qPrintable(refused.err));
        }
    }

    void importKeepsItOnceAndReplacesNothing() {
        const auto kept = hone({"import", m_bundle, "--json"}, "elsewhere");
        QVERIFY2(kept.code == 0, qPrintable(kept.err));
        const auto id = json::parse(kept.out.toStdString())["id"];
        QCOMPARE(json::parse(hone({"import", m_bundle, "--json"}, "elsewhere").out.toStdString())["id"], id);
        QCOMPARE(json::parse(hone({"report", "--json"}, "elsewhere").out.toStdString()).size(),
                 std::size_t{1});
    }

    void passwordsDoNotTravel() {
        const auto data = m_dir.filePath("towns.csv");
        const auto workload =
            write("secret.workload.json",
                  R"({"hone":1,"name":"secret","requests":[{"name":"list","url":"/api/towns",)"
                  R"("headers":{"Authorization":"Bearer sesame"}}],)"
                  R"("load":{"model":"closed","clients":1},"duration":"200ms","warmup":"0s"})");
        const auto benched = hone({"bench", workload, "--dataset", data}, "secret");
        QVERIFY2(benched.code == 0, qPrintable(benched.err));
        const auto file = m_dir.filePath("secret.hone");
        const auto made = hone({"report", "last", "--dataset", data, "-o", file}, "secret");
        QVERIFY2(made.code == 0, qPrintable(made.err));
        QVERIFY2(made.err.contains("masked"), qPrintable(made.err));
        const auto files = *report::unpack(contentOf(file).toStdString());
        for (const auto& [name, content] : files)
            QVERIFY2(content.find("sesame") == std::string::npos, name.c_str());
        QCOMPARE(hone({"bundle", "verify", file}).code, 0);
    }

    void aTemplateSetsTheTitle() {
        const auto design =
            write("house.report.json", R"({"title":"Review of {name}","sections":{"charts":false}})");
        const auto page = hone({"report", "last", "--to", "md", "--template", design});
        QVERIFY2(page.out.startsWith("# Review of towns"), qPrintable(page.out + page.err));
        const auto wrong = hone({"report", "last", "--template", write("x.report.json", R"({"colour":1})")});
        QCOMPARE(wrong.code, 2);
    }
};

QTEST_GUILESS_MAIN(BundleTest)
#include "bundle_test.moc"
