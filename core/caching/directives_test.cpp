#include "core/caching/directives.h"

#include <QtTest>

using namespace hone;
using namespace hone::caching;
using namespace std::chrono_literals;

namespace {

const auto kNow = *http::parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT");

http::Fields fieldsOf(std::initializer_list<std::pair<std::string_view, std::string_view>> lines) {
    http::Fields fields;
    for (const auto& [name, value] : lines)
        fields.add(name, value);
    return fields;
}

int lifetimeOf(const http::Fields& fields) {
    const auto lifetime = readDirectives(fields, kNow).lifetime;
    return lifetime ? int(lifetime->count()) : -1;
}

}  // namespace

class DirectivesTest : public QObject {
    Q_OBJECT
private slots:
    void takesTheLifetimeMeantForSharedCachesFirst() {
        const auto soon = http::httpDate(kNow + 30s), now = http::httpDate(kNow);
        QCOMPARE(lifetimeOf(fieldsOf({{"Cache-Control", "max-age=9, s-maxage=4"}, {"Expires", soon}})), 4);
        QCOMPARE(lifetimeOf(fieldsOf({{"Cache-Control", "max-age=9"}, {"Expires", soon}})), 9);
        QCOMPARE(lifetimeOf(fieldsOf({{"Expires", soon}})), 30);
        QCOMPARE(lifetimeOf(fieldsOf({{"Expires", soon}, {"Date", http::httpDate(kNow + 10s)}})), 20);
        QCOMPARE(lifetimeOf(fieldsOf({{"Expires", now}})), 0);
        QCOMPARE(lifetimeOf(fieldsOf({{"Expires", "0"}})), 0);
        QCOMPARE(lifetimeOf(fieldsOf({{"Cache-Control", "public"}})), -1);
    }

    void letsTheTargetedFieldReplaceAllOthers_data() {
        QTest::addColumn<QString>("targeted");
        QTest::addColumn<int>("lifetime");
        QTest::addRow("its own") << "max-age=60" << 60;
        QTest::addRow("with parameters") << "max-age=60;x=1, public" << 60;
        QTest::addRow("nothing about time") << "must-revalidate" << -1;
        QTest::addRow("another type") << "max-age=\"60\"" << -1;
        QTest::addRow("a decimal") << "max-age=1.5" << -1;
        QTest::addRow("empty counts as absent") << "" << 9;
        QTest::addRow("broken counts as absent") << "max-age=60, =" << 9;
        QTest::addRow("capitals are no key") << "Max-Age=60" << 9;
        QTest::addRow("a comma at the end") << "max-age=60," << 9;
    }
    void letsTheTargetedFieldReplaceAllOthers() {
        QFETCH(QString, targeted);
        QFETCH(int, lifetime);
        const std::string value = targeted.toStdString();
        QCOMPARE(lifetimeOf(fieldsOf({{"CDN-Cache-Control", value}, {"Cache-Control", "max-age=9"}})),
                 lifetime);
    }

    void readsTargetedFlags() {
        const auto says = readDirectives(
            fieldsOf({{"CDN-Cache-Control", "no-store=?0, no-cache"}, {"Cache-Control", "no-store"}}), kNow);
        QVERIFY(says.isTargeted && !says.control.noStore && says.control.noCache);
        QVERIFY(readDirectives(fieldsOf({{"CDN-Cache-Control", "no-store"}}), kNow).control.noStore);
    }

    void knowsWhoMustRevalidateAndWhatMayBeShared() {
        const auto says = [](std::string_view control) {
            return readDirectives(fieldsOf({{"Cache-Control", control}}), kNow);
        };
        QVERIFY(says("must-revalidate").mustRevalidate() && says("proxy-revalidate").mustRevalidate() &&
                says("s-maxage=1").mustRevalidate() && !says("max-age=1").mustRevalidate());
        QVERIFY(says("public").allowsSharing() && says("s-maxage=1").allowsSharing() &&
                says("must-revalidate").allowsSharing());
        QVERIFY(!says("max-age=1").allowsSharing() && !says("proxy-revalidate").allowsSharing());
        QVERIFY(says("must-understand, no-store").mustUnderstand);
    }

    void guessesATenthOfTheTimeSinceTheLastChange() {
        QVERIFY(!guessLifetime({}, kNow));
        QCOMPARE(guessLifetime(fieldsOf({{"Last-Modified", http::httpDate(kNow - 1000s)}}), kNow)->count(),
                 100);
        QCOMPARE(
            guessLifetime(fieldsOf({{"Last-Modified", http::httpDate(kNow - 24h * 365)}}), kNow)->count(),
            86'400);
        QCOMPARE(guessLifetime(fieldsOf({{"Last-Modified", http::httpDate(kNow + 1000s)}}), kNow)->count(),
                 0);
    }

    void countsTheAgeAnAnswerComesWith() {
        QCOMPARE(ageOnArrival({}, kNow, 2s).count(), 0);
        QCOMPARE(ageOnArrival(fieldsOf({{"Age", "30"}}), kNow, 2s).count(), Nanos(32s).count());
        QCOMPARE(
            ageOnArrival(fieldsOf({{"Age", "30"}, {"Date", http::httpDate(kNow - 50s)}}), kNow, 2s).count(),
            Nanos(50s).count());
        QCOMPARE(ageOnArrival(fieldsOf({{"Age", "nonsense"}, {"Date", http::httpDate(kNow + 50s)}}), kNow, 2s)
                     .count(),
                 0);
    }

    void readsSurrogateKeysOfBothSpellings() {
        const auto tags = readTags(fieldsOf({{"Surrogate-Key", "a b"}, {"Cache-Tag", "c,d , e"}}));
        QCOMPARE(tags, (std::vector<std::string>{"a", "b", "c", "d", "e"}));
    }
};

QTEST_GUILESS_MAIN(DirectivesTest)
#include "directives_test.moc"
