// What charts cost on this machine, against the frame of a 60 Hz screen (16.7 ms):
//   bench.ui [seconds = 3600]
// A run of that many seconds is fed ten ticks a second (as at 100 000 requests a second: the charts see
// ticks, not requests) into the five charts over time; the three that can be seen at once are painted after a
// tick, at most 2 000 times spread over the run. Then a line of a million points is zoomed. Processor time
// stands beside the time of the clock: on a busy machine only the former is the charts' own.

#include "ui/plots/heat_map.h"
#include "ui/plots/time_charts.h"

#include <QApplication>
#include <QFile>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

using namespace hone;
using namespace hone::ui::plots;

namespace {

constexpr double kFrameMs = 1000.0 / 60;
constexpr int kMostFrames = 2000;

double residentMiB() {
    QFile status(QStringLiteral("/proc/self/status"));
    if (status.open(QIODevice::ReadOnly))
        for (const QByteArray& line : status.readAll().split('\n'))
            if (line.startsWith("VmRSS:"))
                return line.mid(6).trimmed().split(' ').first().toDouble() / 1024;
    return 0;
}

/// 10 000 requests in a tenth of a second, a wave long, with a second mode.
model::Interval tick(int index) {
    stats::Histogram histogram;
    const double wave = 1 + 0.4 * std::sin(index / 40.0);
    for (int i = 1; i <= 100; ++i)
        histogram.recordN(static_cast<std::int64_t>(wave * (i > 90 ? 4000 + 30 * i : 250 + 5 * i)), 100);
    return {.startS = index / 10.0,
            .lengthS = 0.1,
            .requests = 10'000,
            .errors = index % 50 == 0 ? 20U : 0U,
            .bytes = 12'000'000,
            .p50Us = double(histogram.quantile(0.5)),
            .p95Us = double(histogram.quantile(0.95)),
            .p99Us = double(histogram.quantile(0.99)),
            .inFlight = 64,
            .bands = model::LatencyBands::of(histogram)};
}

double milliseconds(clockid_t which) {
    timespec now{};
    clock_gettime(which, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// Of every frame, by the clock and of this thread's processor time.
class Frames {
public:
    template <class Work>
    void time(Work&& work) {
        const double wall = milliseconds(CLOCK_MONOTONIC), cpu = milliseconds(CLOCK_THREAD_CPUTIME_ID);
        work();
        m_wall.push_back(milliseconds(CLOCK_MONOTONIC) - wall);
        m_cpu.push_back(milliseconds(CLOCK_THREAD_CPUTIME_ID) - cpu);
    }

    void print(const char* what) {
        std::ranges::sort(m_wall);
        std::ranges::sort(m_cpu);
        const double p99 = at(m_cpu, 99);
        std::printf(
            "%-24s %5zu frames   CPU p50 %6.2f ms  p99 %6.2f ms   clock p50 %6.2f ms  p99 %6.2f ms   "
            "60 frames/s: %s\n",
            what, m_cpu.size(), at(m_cpu, 50), p99, at(m_wall, 50), at(m_wall, 99),
            p99 <= kFrameMs ? "kept" : "BROKEN");
        std::fflush(stdout);
    }

private:
    static double at(const std::vector<double>& sorted, std::size_t percent) {
        return sorted[sorted.size() * percent / 100];
    }

    std::vector<double> m_wall, m_cpu;
};

void live(int ticks) {
    PercentilesOverTime percentiles;
    LatencyHeatMap heat;
    Throughput throughput;
    QueueDepth queue;
    BytesOverTime bytes;
    TimeChart* charts[] = {&percentiles, &heat, &throughput, &queue, &bytes};
    for (TimeChart* chart : charts) {
        chart->resize(580, 190);
        chart->begin(0, ticks / 10.0);
    }
    const double before = residentMiB();
    const int paintEvery = std::max(1, ticks / kMostFrames);
    Frames frames;
    for (int i = 0; i < ticks; ++i) {
        const model::Interval interval = tick(i);
        const auto append = [&] {
            for (TimeChart* chart : charts)
                chart->append(interval);
        };
        if (i % paintEvery != 0) {
            append();
            continue;
        }
        frames.time([&] {
            append();
            for (TimeChart* chart : {charts[0], charts[1], charts[2]})
                chart->replot(QCustomPlot::rpImmediateRefresh);
        });
    }
    frames.print("live update, 3 charts");
    std::printf("%-24s %.1f MiB for %d ticks, %zu columns of the heat map (bound %zu)\n", "memory of the run",
                residentMiB() - before, ticks, heat.columns().size(), LatencyHeatMap::kMaxColumns);
}

/// A line of a million points; the graph is the chart's own, so it is drawn as every series is.
class Million : public ChartBase {
public:
    Million() : ChartBase(QStringLiteral("Million")) {
        QVector<QCPGraphData> points;
        for (int i = 0; i < 1'000'000; ++i)
            points << QCPGraphData(i, 1000 + 300 * std::sin(i / 5000.0) + (i % 1000 * 7919) % 200);
        addSeries({.name = QStringLiteral("value")})->data()->set(points, true);
        resize(1160, 380);
        dataChanged();
    }

protected:
    void fitAxes() override {
        xAxis->setRange(0, 1'000'000);
        yAxis->setRange(0, 1600);
    }
};

void million() {
    Million chart;
    Frames frames;
    for (int i = 0; i < 100; ++i)  // Zooming in, step by step, as the wheel does.
        frames.time([&] {
            chart.xAxis->scaleRange(0.93, 500'000);
            chart.replot(QCustomPlot::rpImmediateRefresh);
        });
    frames.print("1 M points, zooming");
}

}  // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    const int seconds = argc > 1 ? std::max(1, atoi(argv[1])) : 3600;
    live(seconds * 10);
    million();
    return 0;
}
