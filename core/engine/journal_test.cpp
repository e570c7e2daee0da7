#include "core/engine/journal.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace std::chrono_literals;

class JournalTest : public QObject {
    Q_OBJECT
private slots:
    void keepsEverythingAtALowRate() {
        Journal journal;
        for (int i = 0; i < 100; ++i)
            QVERIFY(journal.wants(Nanos(1s) + i * 50ms));
    }

    void keepsTwoHundredASecondSpreadOverItAtAHighRate() {
        Journal journal;
        int kept = 0, keptInSecondHalf = 0;
        for (int i = 0; i < 100'000; ++i)
            if (journal.wants(Nanos(1s) + i * 10us)) {
                ++kept;
                keptInSecondHalf += i >= 50'000;
            }
        QCOMPARE(kept, 200);
        QCOMPARE(keptInSecondHalf, 100);
    }

    void forgetsTheOldestWhenFull() {
        Journal journal;
        for (std::uint64_t i = 1; i <= Journal::kCapacity + 10; ++i)
            journal.add({.number = i});
        std::vector<JournalEntry> entries;
        journal.read(entries);
        QCOMPARE(entries.size(), Journal::kCapacity);
        const auto oldest = std::ranges::min(entries, {}, &JournalEntry::number);
        const auto newest = std::ranges::max(entries, {}, &JournalEntry::number);
        QCOMPARE(oldest.number, std::uint64_t{11});
        QCOMPARE(newest.number, std::uint64_t{Journal::kCapacity + 10});
    }
};

QTEST_GUILESS_MAIN(JournalTest)
#include "journal_test.moc"
