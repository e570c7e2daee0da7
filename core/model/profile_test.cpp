#include "core/model/profile.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace hone;
using namespace hone::model;
using nlohmann::json;

namespace {

json cachedJson() {
    return json::parse(
        R"({"hone": 1, "kind": "profile", "name": "cached", "note": "for the demo", "owner": {"team": "api"},
        "toggles": {"cache": {"on": true, "ttl": "30s", "entries": 5000, "share": 0.5, "warm": false},
                    "compression": {"on": false, "level": 6}}})");
}

std::string textOf(const std::filesystem::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

class ProfileTest : public QObject {
    Q_OBJECT
private slots:
    void readsTogglesWithTypedValues();
    void keepsMembersItDoesNotKnow();
    void takesABooleanForAToggle();
    void refusesWhatIsNoProfile_data();
    void refusesWhatIsNoProfile();
    void setsAParameterFromTextWithoutSwitchingOn();
    void refusesAnIncompleteAssignment_data();
    void refusesAnIncompleteAssignment();
    void comparesSettingsAndNotNames();
    void listsDifferencesThatMatter();
    void savesAndLoadsJsonAndYaml_data();
    void savesAndLoadsJsonAndYaml();
    void leavesNoFileBesideAfterSaving();
    void keepsTheOldFileWhenSavingFails();
    void followsALinkInsteadOfReplacingIt();
    void namesTheFileAndLineOfAMistake();
    void saysThatAFileIsMissing();
    void readsHandWrittenYaml();
    void survivesYamlThatMultiplies();
};

void ProfileTest::readsTogglesWithTypedValues() {
    const auto profile = Profile::fromJson(cachedJson());
    QVERIFY(profile);
    QCOMPARE(profile->name, std::string("cached"));
    QVERIFY(profile->isOn("cache"));
    QVERIFY(!profile->isOn("compression"));
    QVERIFY(!profile->isOn("edge"));
    const auto& params = profile->toggles.at("cache").params;
    QCOMPARE(params.at("ttl"), ParamValue(std::string("30s")));
    QCOMPARE(params.at("entries"), ParamValue(std::int64_t{5000}));
    QCOMPARE(params.at("share"), ParamValue(0.5));
    QCOMPARE(params.at("warm"), ParamValue(false));
    QVERIFY(!params.contains("on"));
}

void ProfileTest::keepsMembersItDoesNotKnow() {
    const auto profile = Profile::fromJson(cachedJson());
    QVERIFY(profile);
    QCOMPARE(profile->extra, json({{"owner", {{"team", "api"}}}}));
    QCOMPARE(profile->toJson(), cachedJson());
}

void ProfileTest::takesABooleanForAToggle() {
    const auto profile = Profile::fromJson({{"toggles", {{"cache", true}, {"edge", false}}}});
    QVERIFY(profile);
    QVERIFY(profile->isOn("cache"));
    QVERIFY(!profile->isOn("edge"));
    QCOMPARE(profile->name, std::string("baseline"));
}

void ProfileTest::refusesWhatIsNoProfile_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("a list") << "[]" << "object";
    QTest::newRow("something else") << R"({"openapi": "3.1.0"})" << "no profile";
    QTest::newRow("a workload") << R"({"kind": "workload", "toggles": {}})" << "workload";
    QTest::newRow("a newer file") << R"({"hone": 2, "toggles": {}})" << "version 2";
    QTest::newRow("a wrong name") << R"({"name": 5, "toggles": {}})" << "name must be a text, got 5";
    QTest::newRow("a wrong switch") << R"({"toggles": {"cache": {"on": "yes"}}})" << "toggles.cache.on";
    QTest::newRow("a wrong toggle") << R"({"toggles": {"cache": 3}})" << "toggles.cache must be an object";
    QTest::newRow("a list as value") << R"({"toggles": {"cache": {"ttl": [1]}}})" << "toggles.cache.ttl";
    QTest::newRow("a huge number") << R"({"toggles": {"cache": {"n": 18446744073709551615}}})"
                                   << "toggles.cache.n";
}

void ProfileTest::refusesWhatIsNoProfile() {
    QFETCH(QString, text);
    QFETCH(QString, named);
    const auto profile = Profile::fromJson(json::parse(text.toStdString()));
    QVERIFY(!profile);
    QVERIFY2(profile.error().what.contains(named.toStdString()), profile.error().what.c_str());
}

void ProfileTest::setsAParameterFromTextWithoutSwitchingOn() {
    Profile profile;
    QVERIFY(profile.setText("cache.ttl=30s"));
    QVERIFY(profile.setText("cache.key=a=b"));
    QVERIFY(!profile.isOn("cache"));
    QCOMPARE(profile.toggles.at("cache").params.at("ttl"), ParamValue(std::string("30s")));
    QCOMPARE(profile.toggles.at("cache").params.at("key"), ParamValue(std::string("a=b")));
}

void ProfileTest::refusesAnIncompleteAssignment_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "cache", "cache.ttl", "cache=30s", ".ttl=30s", "cache.=30s"})
        QTest::newRow(text) << text;
}

void ProfileTest::refusesAnIncompleteAssignment() {
    QFETCH(QString, text);
    Profile profile;
    const auto set = profile.setText(text.toStdString());
    QVERIFY(!set);
    QVERIFY(set.error().hint.contains("cache.ttl=30s"));
    QVERIFY(profile.toggles.empty());
}

void ProfileTest::comparesSettingsAndNotNames() {
    const auto a = Profile::fromJson(cachedJson()).value();
    Profile b = a;
    b.name = "another";
    b.toggles["compression"].params["level"] = std::int64_t{9};  // it is off
    b.toggles["cache"].params["entries"] = std::string("5000");  // as --set gives it
    b.toggles["edge"];
    QVERIFY(a.sameSettings(b));
    b.toggles["cache"].params["ttl"] = std::string("31s");
    QVERIFY(!a.sameSettings(b));
    QVERIFY(!a.sameSettings(Profile()));
    QVERIFY(Profile().sameSettings(Profile()));
}

void ProfileTest::listsDifferencesThatMatter() {
    const auto a =
        Profile::fromJson({{"toggles", {{"cache", {{"on", true}, {"ttl", "30s"}}}, {"edge", {{"n", 1}}}}}});
    const auto b = Profile::fromJson({{"toggles",
                                       {{"cache", {{"on", true}, {"ttl", "60s"}, {"entries", 10}}},
                                        {"edge", {{"n", 2}}},
                                        {"shaping", true}}}});
    QVERIFY(a && b);
    std::string text;
    for (const auto& difference : differences(*a, *b))
        text +=
            fmt::format("{}.{}: {} → {}\n", difference.toggle, difference.param, difference.a, difference.b);
    QCOMPARE(text, std::string("cache.entries: initial → 10\ncache.ttl: 30s → 60s\nshaping.: off → on\n"));
    QVERIFY(differences(*a, *a).empty());
}

void ProfileTest::savesAndLoadsJsonAndYaml_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("json") << "cached.profile.json";
    QTest::newRow("yaml") << "cached.profile.yaml";
}

void ProfileTest::savesAndLoadsJsonAndYaml() {
    QFETCH(QString, name);
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(name).toStdString();
    auto original = Profile::fromJson(cachedJson()).value();
    original.note = "true\nlines: \"quoted\" – “typographic”";
    original.toggles["cache"].params["mode"] = std::string("007");  // a text that looks like a number
    original.toggles["cache"].params["flag"] = std::string("true");
    QVERIFY(original.save(file));
    const auto loaded = Profile::load(file);
    QVERIFY2(loaded, loaded ? "" : loaded.error().what.c_str());
    QCOMPARE(loaded->toJson(), original.toJson());
    QCOMPARE(loaded->toggles, original.toggles);
}

void ProfileTest::leavesNoFileBesideAfterSaving() {
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("a.profile.json").toStdString();
    QVERIFY(Profile().save(file));
    QVERIFY(Profile::fromJson(cachedJson())->save(file));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{"a.profile.json"});
    QVERIFY(textOf(file).ends_with("}\n"));
}

void ProfileTest::keepsTheOldFileWhenSavingFails() {
    QTemporaryDir folder;
    const std::filesystem::path inside = folder.filePath("missing/a.profile.json").toStdString();
    const auto saved = Profile().save(inside);
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, Error::NotFound);
    QVERIFY(saved.error().what.contains(inside.string()));
    // A folder of that name cannot be replaced by a file.
    QVERIFY(QDir(folder.path()).mkpath("b.profile.json/keep"));
    QVERIFY(!Profile().save(folder.filePath("b.profile.json").toStdString()));
    QVERIFY(QDir(folder.path()).exists("b.profile.json/keep"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList());
}

void ProfileTest::followsALinkInsteadOfReplacingIt() {
    QTemporaryDir folder;
    const std::filesystem::path target = folder.filePath("real.json").toStdString();
    const std::filesystem::path link = folder.filePath("link.json").toStdString();
    QVERIFY(Profile().save(target));
    std::filesystem::create_symlink("real.json", link);
    QVERIFY(Profile::fromJson(cachedJson())->save(link));
    QVERIFY(std::filesystem::is_symlink(link));
    QCOMPARE(Profile::load(target)->name, std::string("cached"));
}

void ProfileTest::namesTheFileAndLineOfAMistake() {
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("a.json").toStdString();
    std::ofstream(file) << "{\n  \"name\": \"x\",\n  \"toggles\": {,}\n}\n";
    const auto profile = Profile::load(file);
    QVERIFY(!profile);
    QCOMPARE(profile.error().code, Error::Malformed);
    QVERIFY2(profile.error().what.contains(file.string() + " is not JSON: line 3, column 15"),
             profile.error().what.c_str());
    const std::filesystem::path yaml = folder.filePath("a.yaml").toStdString();
    std::ofstream(yaml) << "name: x\ntoggles: [\n";
    const auto second = Profile::load(yaml);
    QVERIFY(!second);
    QVERIFY2(second.error().what.contains("is not YAML: line 3"), second.error().what.c_str());
}

void ProfileTest::saysThatAFileIsMissing() {
    const auto profile = Profile::load("/nonexistent/a.profile.json");
    QVERIFY(!profile);
    QCOMPARE(profile.error().code, Error::NotFound);
    QVERIFY(profile.error().what.contains("/nonexistent/a.profile.json"));
}

void ProfileTest::readsHandWrittenYaml() {
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("plain").toStdString();  // by content
    std::ofstream(file)
        << "# for the demo\nhone: 1\nkind: profile\nname: '42'\ntoggles:\n  cache: {on: true, ttl: 30s}\n"
           "  compression:\n    on: no\n";
    const auto wrong = Profile::load(file);
    QVERIFY(!wrong);  // YAML 1.2 knows no "no"
    QVERIFY(wrong.error().what.contains("toggles.compression.on must be true or false, got \"no\""));
    std::ofstream(file) << "hone: 1\nname: '42'\ntoggles:\n  cache: {on: true, ttl: 30s, entries: 10}\n";
    const auto profile = Profile::load(file);
    QVERIFY(profile);
    QCOMPARE(profile->name, std::string("42"));
    QCOMPARE(profile->toggles.at("cache").params.at("entries"), ParamValue(std::int64_t{10}));
}

void ProfileTest::survivesYamlThatMultiplies() {
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("a.yaml").toStdString();
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i)
        text += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n",
                            i, i - 1);
    std::ofstream(file) << text << "toggles: {}\n";
    const auto profile = Profile::load(file);
    QVERIFY(!profile);
    QVERIFY2(profile.error().what.contains("more than 1000000 values"), profile.error().what.c_str());
    std::ofstream(file) << std::string(200, '[') << std::string(200, ']');
    QVERIFY(!Profile::load(file));
}

QTEST_GUILESS_MAIN(ProfileTest)
#include "profile_test.moc"
