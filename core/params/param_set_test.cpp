#include "core/params/param_set.h"

#include <nlohmann/json.hpp>

#include <QtTest>

using namespace hone;
using nlohmann::json;

namespace {

const Choice kKeys[] = {{"ip", "Address"}, {"token", "Token"}};
const Param kParams[] = {
    {.id = "rate",
     .label = "Rate",
     .help = "",
     .unit = Unit::PerSecond,
     .initial = 100,
     .min = 1,
     .max = 1'000'000},
    {.id = "burst", .label = "Burst", .help = "", .initial = 20, .min = 1},
    {.id = "share", .label = "Share", .help = "", .initial = 0.5, .min = 0, .max = 1},
    {.id = "strict", .label = "Strict", .help = "", .initial = false},
    {.id = "key", .label = "Key", .help = "", .initial = "ip", .choices = kKeys},
};

}  // namespace

class ParamSetTest : public QObject {
    Q_OBJECT
private slots:
    void startsWithInitialValues();
    void keepsWhatWasSet();
    void readsTextWithUnits();
    void leavesTheSetAsItWasWhenAChangeIsRefused();
    void listsKnownIdsAndTheClosestOneForAnUnknownId();
    void equalsAnotherSetThatCameToTheSameValues();
    void writesOnlyWhatDiffersAsJson();
    void readsBackTheJsonItWrites();
    void readsJsonTextWithUnits();
    void refusesJsonOfTheWrongShape_data();
    void refusesJsonOfTheWrongShape();
    void findsTheClosestIdWithinTwoEdits();
};

void ParamSetTest::startsWithInitialValues() {
    const ParamSet set(kParams);
    QCOMPARE(set.integer("rate"), 100);
    QCOMPARE(set.real("rate"), 100.0);
    QCOMPARE(set.real("share"), 0.5);
    QCOMPARE(set.flag("strict"), false);
    QCOMPARE(set.text("key"), std::string("ip"));
    QVERIFY(set.isInitial("rate"));
    QVERIFY(set.find("burst") == &kParams[1]);
    QVERIFY(!set.find("nope"));
}

void ParamSetTest::keepsWhatWasSet() {
    ParamSet set(kParams);
    QVERIFY(set.set("rate", std::int64_t{7}));
    QVERIFY(set.set("share", std::int64_t{1}));
    QVERIFY(set.set("strict", true));
    QVERIFY(set.set("key", "token"));
    QCOMPARE(set.integer("rate"), 7);
    QCOMPARE(set.real("share"), 1.0);
    QCOMPARE(set.flag("strict"), true);
    QCOMPARE(set.text("key"), std::string("token"));
    set.reset("rate");
    QCOMPARE(set.integer("rate"), 100);
}

void ParamSetTest::readsTextWithUnits() {
    ParamSet set(kParams);
    QVERIFY(set.setText("rate", "10k/s"));
    QVERIFY(set.setText("strict", "on"));
    QCOMPARE(set.integer("rate"), 10'000);
    QCOMPARE(set.flag("strict"), true);
}

void ParamSetTest::leavesTheSetAsItWasWhenAChangeIsRefused() {
    ParamSet set(kParams);
    QVERIFY(set.set("rate", std::int64_t{7}));
    const auto refused = set.set("rate", std::int64_t{0});
    QVERIFY(!refused);
    QVERIFY2(refused.error().what.starts_with("rate must be integer 1"), refused.error().line().c_str());
    QVERIFY(!set.setText("rate", "fast"));
    QVERIFY(!set.set("rate", true));
    QCOMPARE(set.integer("rate"), 7);
}

void ParamSetTest::listsKnownIdsAndTheClosestOneForAnUnknownId() {
    ParamSet set(kParams);
    const auto misspelt = set.set("brust", std::int64_t{1});
    QVERIFY(!misspelt);
    QCOMPARE(misspelt.error().line(),
             std::string(
                 "unknown parameter \"brust\". Did you mean burst? Known: rate, burst, share, strict, key."));
    const auto strange = set.setText("colour", "red");
    QCOMPARE(strange.error().hint, std::string("Known: rate, burst, share, strict, key."));
    QVERIFY(!ParamSet().set("rate", std::int64_t{1}));
}

void ParamSetTest::equalsAnotherSetThatCameToTheSameValues() {
    ParamSet set(kParams);
    QVERIFY(set.set("rate", std::int64_t{7}));
    QVERIFY(set != ParamSet(kParams));
    QVERIFY(set.set("rate", std::int64_t{100}));
    QVERIFY(set == ParamSet(kParams));
    QVERIFY(set.isInitial("rate"));
}

void ParamSetTest::writesOnlyWhatDiffersAsJson() {
    ParamSet set(kParams);
    QCOMPARE(set.toJson().dump(), std::string("{}"));
    QVERIFY(set.setText("rate", "500/s"));
    QVERIFY(set.set("key", "token"));
    QVERIFY(set.set("strict", true));
    QCOMPARE(set.toJson().dump(), std::string(R"({"key":"token","rate":500,"strict":true})"));
}

void ParamSetTest::readsBackTheJsonItWrites() {
    ParamSet set(kParams);
    QVERIFY(set.setText("rate", "500/s"));
    QVERIFY(set.setText("share", "0.1"));
    QVERIFY(set.setText("key", "token"));
    const auto again = ParamSet::fromJson(kParams, json::parse(set.toJson().dump()));
    QVERIFY(again);
    QVERIFY(*again == set);
}

void ParamSetTest::readsJsonTextWithUnits() {
    const auto set = ParamSet::fromJson(kParams, json{{"rate", "10k/s"}, {"strict", "yes"}, {"share", 1}});
    QVERIFY(set);
    QCOMPARE(set->integer("rate"), 10'000);
    QCOMPARE(set->flag("strict"), true);
    QCOMPARE(set->real("share"), 1.0);
}

void ParamSetTest::refusesJsonOfTheWrongShape_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("part");
    QTest::newRow("no object") << "[1]"
                               << "array";
    QTest::newRow("unknown id") << R"({"brust": 1})"
                                << "brust";
    QTest::newRow("unknown id with null") << R"({"brust": null})"
                                          << "brust";
    QTest::newRow("null") << R"({"rate": null})"
                          << "null";
    QTest::newRow("nested") << R"({"rate": {"value": 1}})"
                            << "object";
    QTest::newRow("out of range") << R"({"burst": 5, "rate": 0})"
                                  << "rate";
    QTest::newRow("beyond int64") << R"({"burst": 18446744073709551615})"
                                  << "burst";
    QTest::newRow("fraction") << R"({"burst": 1.5})"
                              << "1.5";
    QTest::newRow("flag for a number") << R"({"burst": true})"
                                       << "true";
    QTest::newRow("number for a choice") << R"({"key": 1})"
                                         << "ip, token";
}

void ParamSetTest::refusesJsonOfTheWrongShape() {
    QFETCH(QString, text);
    QFETCH(QString, part);
    const auto set = ParamSet::fromJson(kParams, json::parse(text.toStdString()));
    QVERIFY(!set);
    QVERIFY2(set.error().what.contains(part.toStdString()), set.error().line().c_str());
    QVERIFY(!set.error().hint.empty());
}

void ParamSetTest::findsTheClosestIdWithinTwoEdits() {
    const std::string_view known[] = {"ratelimit", "compression", "cache", "br"};
    QCOMPARE(closest("ratelimt", known), std::optional<std::string>("ratelimit"));
    QCOMPARE(closest("cahce", known), std::optional<std::string>("cache"));
    QCOMPARE(closest("cache", known), std::optional<std::string>("cache"));
    QCOMPARE(closest("pagination", known), std::optional<std::string>());
    QCOMPARE(closest("x", known), std::optional<std::string>());
    QCOMPARE(closest("", known), std::optional<std::string>());
    QCOMPARE(closest("cache", {}), std::optional<std::string>());
}

QTEST_GUILESS_MAIN(ParamSetTest)
#include "param_set_test.moc"
