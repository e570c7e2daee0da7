#include "core/report/bundle.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace hone;
using report::Bundle;

namespace {

Bundle someBundle() {
    model::RunResult run;
    run.id = "R1";
    run.name = "browse";
    run.startedAt = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
    run.profile.name = "tuned";
    run.workload = model::Workload::forUrl("/api/cities/1");
    run.dataset = "cities (150 000 rows)";
    run.measuredS = 2;
    run.requests = 1000;
    for (int i = 1; i <= 1000; ++i)
        run.latency.record(i * 10);
    return {.result = run,
            .datasets = {"cities"},
            .answers = {{.request = 0,
                         .target = "/api/cities/1",
                         .status = 200,
                         .fields = {{"Content-Encoding", "gzip"}},
                         .body = std::string("\x1f\x8b\0\xff", 4)}}};
}

/// The bundle with one file changed, its manifest left as it was.
std::string with(const std::string& name, const std::string& content) {
    auto files = *report::unpack(*report::writeBundle(someBundle()));
    files[name] = content;
    return *report::pack(files, 0);
}

void isRefused(const std::string& bytes, std::string_view mentions) {
    const auto read = report::readBundle(bytes);
    QVERIFY(!read.has_value());
    QVERIFY2(read.error().what.find(mentions) != std::string::npos, read.error().what.c_str());
}

}  // namespace

class BundleTest : public QObject {
    Q_OBJECT
private slots:
    void everythingComesBack() {
        const auto bytes = report::writeBundle(someBundle());
        QVERIFY2(bytes.has_value(), bytes ? "" : bytes.error().what.c_str());
        const auto read = report::readBundle(*bytes);
        QVERIFY2(read.has_value(), read ? "" : read.error().what.c_str());
        const auto& run = std::get<model::RunResult>(read->result);
        QCOMPARE(run.toJson(), std::get<model::RunResult>(someBundle().result).toJson());
        QCOMPARE(run.latency.quantile(0.95),
                 std::get<model::RunResult>(someBundle().result).latency.quantile(0.95));
        QCOMPARE(read->datasets, std::vector<std::string>{"cities"});
        QCOMPARE(read->answers.size(), std::size_t{1});
        QCOMPARE(read->answers[0].body, someBundle().answers[0].body);
        QCOMPARE(*report::writeBundle(*read), *bytes);
    }

    void itHoldsWhatPeopleAndToolsRead() {
        const auto files = *report::unpack(*report::writeBundle(someBundle()));
        for (const char* name : {"manifest.json", "result.json", "workload.workload.json",
                                 "profiles/run.profile.json", "answers.json", "report.html", "data.csv"})
            QVERIFY2(files.contains(name), name);
        QVERIFY(
            model::Workload::fromJson(nlohmann::json::parse(files.at("workload.workload.json"))).has_value());
    }

    void aChangedMissingOrUnlistedFileIsRefused() {
        isRefused(with("data.csv", "=1+1"), "data.csv was changed");
        isRefused(with("extra.txt", "x"), "extra.txt is not in its manifest");
        auto files = *report::unpack(*report::writeBundle(someBundle()));
        files.erase("report.html");
        isRefused(*report::pack(files, 0), "missing");
        isRefused(*report::pack({{"a", "b"}}, 0), "manifest.json");
        isRefused(with("manifest.json", std::string(100'000, '[')), "no JSON");
        isRefused(with("manifest.json", R"({"hone":1,"kind":"bundle"})"), "another kind");
    }

    void aWorkloadThatTellsAnotherStoryIsRefused() {
        auto files = *report::unpack(*report::writeBundle(someBundle()));
        auto manifest = nlohmann::json::parse(files.at("manifest.json"));
        files["workload.workload.json"] = model::Workload::forUrl("/other").toJson().dump();
        manifest["files"]["workload.workload.json"]["sha256"] =
            report::sha256Hex(files["workload.workload.json"]);
        files["manifest.json"] = manifest.dump();
        isRefused(*report::pack(files, 0), "not what the result was measured with");
    }

    void aNewerVersionSaysSo() {
        auto files = *report::unpack(*report::writeBundle(someBundle()));
        auto manifest = nlohmann::json::parse(files.at("manifest.json"));
        manifest["hone"] = 99;
        files["manifest.json"] = manifest.dump();
        const auto read = report::readBundle(*report::pack(files, 0));
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().code, Error::Unsupported);
    }

    void aFileThatCannotBeReadIsNamed() {
        QTemporaryDir dir;
        const std::string missing = dir.filePath("no.hone").toStdString();
        const auto read = report::readBundleFile(missing);
        QVERIFY(!read.has_value() && read.error().code == Error::NotFound);
        QVERIFY(read.error().what.find(missing) != std::string::npos);
        const std::string broken = dir.filePath("broken.hone").toStdString();
        std::ofstream(broken) << "PK";
        const auto refused = report::readBundleFile(broken);
        QVERIFY(!refused.has_value() && refused.error().what.find(broken) != std::string::npos);
    }

    void aDatasetIsNamedOnlyWhereItsDescriptionSuffices() {
        const std::vector<std::string> builtIns{"cities", "shop"};
        QCOMPARE(report::datasetsFrom("cities (150 000 rows)", builtIns), std::vector<std::string>{"cities"});
        QVERIFY(report::datasetsFrom("mine (3 rows)", builtIns).empty());
        QVERIFY(report::datasetsFrom("cities (1 rows), shop (2 rows)", builtIns).empty());
        QVERIFY(report::datasetsFrom("", builtIns).empty());
    }
};

QTEST_GUILESS_MAIN(BundleTest)
#include "bundle_test.moc"
