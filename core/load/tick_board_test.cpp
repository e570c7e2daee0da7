#include "core/load/tick_board.h"

#include <QtTest>

using namespace hone;
using namespace hone::load;
using namespace std::chrono_literals;

namespace {

const OnProgress kNobody;  // The board refers to it.

/// A tick in which `requests` took `us` each, with so many under way and waiting at its end.
Tick tickOf(int requests, std::int64_t us, std::uint64_t inFlight, std::uint64_t backlog) {
    Tick tick;
    tick.requests = static_cast<std::uint64_t>(requests);
    tick.inFlight = inFlight;
    tick.backlog = backlog;
    tick.latency.recordN(us, requests);
    return tick;
}

}  // namespace

class TickBoardTest : public QObject {
    Q_OBJECT
private slots:
    void aSliceKeepsTheDistributionOfAllItsTicks() {
        const Timetable timetable(0s, 10s, 500ms);  // Two ticks make a slice.
        TickBoard board(timetable, 1, kNobody);
        board.publish(0, tickOf(10, 900, 0, 0));
        board.publish(1, tickOf(5, 40'000, 0, 0));
        const auto series = board.takeSeries();
        QCOMPARE(series.size(), std::size_t{1});
        QCOMPARE(series[0].bands.total(), std::uint64_t{15});
        QCOMPARE(series[0].bands.first, model::LatencyBands::bandOf(900));
    }

    void levelsAreThoseAtTheEndOfTheSliceAndOfAllThreadsTogether() {
        const Timetable timetable(0s, 10s, 500ms);
        TickBoard board(timetable, 2, kNobody);
        for (const int index : {0, 1, 2, 3})
            for (int thread = 0; thread < 2; ++thread)
                board.publish(index, tickOf(1, 100, 3 + static_cast<std::uint64_t>(index), 7));
        const auto series = board.takeSeries();
        QCOMPARE(series.size(), std::size_t{2});
        QCOMPARE(series[0].inFlight, std::uint64_t{2 * 4});
        QCOMPARE(series[1].inFlight, std::uint64_t{2 * 6});
        QCOMPARE(series[1].backlog, std::uint64_t{2 * 7});
    }

    void whatACancelledRunHadBegunIsASliceWithItsLevels() {
        const Timetable timetable(0s, 10s, 500ms);
        TickBoard board(timetable, 1, kNobody);
        board.publish(0, tickOf(4, 100, 9, 2));
        const auto series = board.takeSeries();
        QCOMPARE(series.size(), std::size_t{1});
        QCOMPARE(series[0].lengthS, 0.5);
        QCOMPARE(series[0].inFlight, std::uint64_t{9});
        QCOMPARE(series[0].backlog, std::uint64_t{2});
        QVERIFY(board.takeSeries().empty());
    }

    void progressCarriesTheBandsOfItsTick() {
        std::vector<LoadProgress> seen;
        const Timetable timetable(0s, 10s, 500ms);
        const OnProgress keep = [&seen](const LoadProgress& progress) { seen.push_back(progress); };
        TickBoard board(timetable, 1, keep);
        board.publish(0, tickOf(4, 100, 1, 0));
        board.publish(1, tickOf(6, 100, 2, 0));
        QCOMPARE(seen.size(), std::size_t{2});
        QCOMPARE(seen[1].last.bands.total(), std::uint64_t{6});
        QCOMPARE(seen[1].last.inFlight, std::uint64_t{2});
    }
};

QTEST_GUILESS_MAIN(TickBoardTest)
#include "tick_board_test.moc"
