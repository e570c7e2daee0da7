#include "core/base/ids.h"

#include <QtTest>

#include <set>

using namespace hone;
using namespace std::chrono_literals;

class IdsTest : public QObject {
    Q_OBJECT
private slots:
    void isTwentySixCharactersOfCrockfordBase32();
    void sortsByTheTimeItWasMade();
    void writesTheMillisecondsInTheFirstTenCharacters();
    void differsWithinOneMillisecond();
    void givesTwoHexDigitsPerByte();
};

void IdsTest::isTwentySixCharactersOfCrockfordBase32() {
    const std::string id = newId();
    QCOMPARE(id.size(), std::size_t(26));
    QCOMPARE(id.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), std::string::npos);
}

void IdsTest::sortsByTheTimeItWasMade() {
    FakeClock clock;
    std::string last = newId(clock);
    for (int i = 0; i < 100; ++i) {
        clock.advance(1ms);
        const std::string id = newId(clock);
        QVERIFY2(last < id, id.c_str());
        last = id;
    }
}

void IdsTest::writesTheMillisecondsInTheFirstTenCharacters() {
    const FakeClock clock;  // 2026-01-01T00:00:01Z = 1767225601000 ms
    QCOMPARE(newId(clock).substr(0, 10), std::string("01KDVDNAZ8"));
}

void IdsTest::differsWithinOneMillisecond() {
    const FakeClock clock;
    std::set<std::string> ids;
    for (int i = 0; i < 1000; ++i)
        ids.insert(newId(clock));
    QCOMPARE(ids.size(), std::size_t(1000));
}

void IdsTest::givesTwoHexDigitsPerByte() {
    const std::string token = randomHex(16);
    QCOMPARE(token.size(), std::size_t(32));
    QCOMPARE(token.find_first_not_of("0123456789abcdef"), std::string::npos);
    QVERIFY(token != randomHex(16));
    QVERIFY(randomHex(0).empty());
}

QTEST_GUILESS_MAIN(IdsTest)
#include "ids_test.moc"
