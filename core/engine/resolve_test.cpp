#include "core/engine/engine.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;

namespace {

const Choice kKinds[] = {{"weak", "Weak"}, {"strong", "Strong"}};
const Param kCacheParams[] = {
    {.id = "ttl", .label = "TTL", .help = "", .unit = Unit::Seconds, .initial = 60, .min = 0, .max = 86'400},
    {.id = "size", .label = "Size", .help = "", .unit = Unit::Bytes, .initial = 1024, .min = 0},
    {.id = "etag", .label = "ETag", .help = "", .initial = "weak", .choices = kKinds},
};
const Param kLimitParams[] = {
    {.id = "rate",
     .label = "Rate",
     .help = "",
     .unit = Unit::PerSecond,
     .initial = 100,
     .min = 1,
     .max = 1e6},
};
const ToggleDef kCache{.id = "cache", .number = 1, .params = kCacheParams};
const ToggleDef kLimit{.id = "ratelimit", .number = 5, .params = kLimitParams};
const ToggleDef* const kList[] = {&kCache, &kLimit};

model::Profile with(std::string_view toggle, model::ToggleSetting setting) {
    model::Profile profile;
    profile.toggles.emplace(toggle, std::move(setting));
    return profile;
}

}  // namespace

class ResolveTest : public QObject {
    Q_OBJECT
private slots:
    void givesNothingForTheBaseline() {
        const auto resolved = resolve({}, kList);
        QVERIFY(resolved);
        QVERIFY(resolved->empty());
    }

    void givesTogglesThatAreOnInCatalogueOrderWithAllParameters() {
        model::Profile profile;
        profile.toggles["ratelimit"].on = true;
        profile.toggles["cache"].on = true;
        profile.toggles["cache"].params.emplace("ttl", std::int64_t{5});
        const auto resolved = resolve(profile, kList);
        QVERIFY(resolved);
        QCOMPARE(resolved->size(), std::size_t{2});
        QCOMPARE((*resolved)[0].def, &kCache);
        QCOMPARE((*resolved)[0].params.integer("ttl"), 5);
        QCOMPARE((*resolved)[0].params.integer("size"), 1024);
        QCOMPARE((*resolved)[1].def, &kLimit);
    }

    void leavesOutWhatIsOff() {
        const auto resolved = resolve(with("cache", {.on = false, .params = {}}), kList);
        QVERIFY(resolved);
        QVERIFY(resolved->empty());
    }

    void readsTextWithUnitsWhereANumberIsExpected() {
        const auto resolved =
            resolve(with("cache", {.on = true, .params = {{"ttl", "2m"}, {"size", "64KiB"}}}), kList);
        QVERIFY(resolved);
        QCOMPARE((*resolved)[0].params.integer("ttl"), 120);
        QCOMPARE((*resolved)[0].params.integer("size"), 65'536);
    }

    void takesAWholeRealForAnInteger() {
        const auto resolved = resolve(with("cache", {.on = true, .params = {{"ttl", 30.0}}}), kList);
        QVERIFY(resolved);
        QCOMPARE((*resolved)[0].params.integer("ttl"), 30);
    }

    void refusesAnUnknownToggleWithTheNearestAndTheKnownOnes() {
        const auto refused = resolve(with("cahce", {.on = true, .params = {}}), kList);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Error::InvalidArgument);
        QCOMPARE(refused.error().what, std::string("unknown toggle \"cahce\""));
        QCOMPARE(refused.error().hint, std::string("Did you mean \"cache\"? Known: cache, ratelimit."));
    }

    void refusesAnUnknownParameterEvenWhileTheToggleIsOff() {
        const auto refused =
            resolve(with("cache", {.on = false, .params = {{"tll", std::int64_t{1}}}}), kList);
        QVERIFY(!refused);
        QCOMPARE(refused.error().what, std::string("unknown parameter \"cache.tll\""));
        QCOMPARE(refused.error().hint, std::string("Did you mean \"ttl\"? Known: ttl, size, etag."));
    }

    void namesToggleParameterAndRangeForABadValue_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("text");
        QTest::newRow("out of range") << "ttl" << "2000h";
        QTest::newRow("no unit of its kind") << "ttl" << "5KiB";
        QTest::newRow("not a choice") << "etag" << "soft";
    }
    void namesToggleParameterAndRangeForABadValue() {
        QFETCH(QString, id);
        QFETCH(QString, text);
        const auto refused =
            resolve(with("cache", {.on = true, .params = {{id.toStdString(), text.toStdString()}}}), kList);
        QVERIFY(!refused);
        QVERIFY2(refused.error().what.starts_with("cache." + id.toStdString() + " must be "),
                 refused.error().what.c_str());
    }
};

QTEST_GUILESS_MAIN(ResolveTest)
#include "resolve_test.moc"
