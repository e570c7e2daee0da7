// The window against a bare Qt window in the same run: time from process start to the first painted frame,
// and memory with the engine idle. Bounds of the product: 500 ms and 150 MiB.
//   bench.window [runs = 7]
// HONE_BINARY says on its standard output when it has painted and when its engine serves (hone gui
// --announce).

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QMainWindow>
#include <QProcess>
#include <QTemporaryDir>
#include <QThread>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace {

constexpr int kWaitMs = 30'000;
constexpr int kIdleMs = 1'500;  ///< After "ready", so that what start-up needed can be given back.

struct Sample {
    double firstFrameMs = 0, rssMiB = 0, pssMiB = 0;
};

double mebibytes(qint64 pid, const char* file, const char* member) {
    QFile status(QStringLiteral("/proc/%1/%2").arg(pid).arg(QLatin1String(file)));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray& line : status.readAll().split('\n'))
        if (line.startsWith(member))
            return line.mid(qsizetype(qstrlen(member))).trimmed().split(' ').first().toDouble() / 1024;
    return 0;
}

bool waitLine(QProcess& process, const char* word) {
    while (process.canReadLine() || process.waitForReadyRead(kWaitMs))
        while (process.canReadLine())
            if (process.readLine().trimmed() == word)
                return true;
    return false;
}

Sample measure(const QString& program, const QStringList& arguments, const QString& home) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"})
        environment.insert(QString::fromLatin1(name), home);
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QElapsedTimer timer;
    timer.start();
    process.start(program, arguments);
    Sample sample;
    if (!waitLine(process, "first-frame")) {
        std::fprintf(stderr, "%s painted nothing\n", qPrintable(program));
        std::exit(1);
    }
    sample.firstFrameMs = double(timer.nsecsElapsed()) / 1e6;
    if (waitLine(process, "ready")) {
        QThread::msleep(kIdleMs);
        sample.rssMiB = mebibytes(process.processId(), "status", "VmRSS:");
        sample.pssMiB = mebibytes(process.processId(), "smaps_rollup", "Pss:");
    }
    process.terminate();
    process.waitForFinished(kWaitMs);
    return sample;
}

double median(std::vector<Sample> samples, double Sample::* member) {
    std::ranges::sort(samples, {}, member);
    return samples[samples.size() / 2].*member;
}

int bareWindow(int argc, char** argv) {
    QApplication app(argc, argv);
    QMainWindow window;
    window.setCentralWidget(new QLabel(QStringLiteral("bare")));
    window.resize(1280, 800);
    window.show();
    QTimer::singleShot(0, [] {
        std::puts("first-frame\nready");
        std::fflush(stdout);
    });
    return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && qstrcmp(argv[1], "--bare") == 0)
        return bareWindow(argc, argv);
    QCoreApplication app(argc, argv);
    const int runs = argc > 1 ? std::max(1, atoi(argv[1])) : 7;
    const QTemporaryDir home;
    const auto hone = [&] {
        return measure(QStringLiteral(HONE_BINARY),
                       {"gui", "--announce", "--workspace", home.filePath("workspace")}, home.path());
    };
    hone();  // Imports the dataset and warms the disk cache; not counted.
    std::vector<Sample> ours, bare;
    for (int run = 0; run < runs; ++run) {  // Interleaved: drift hits both.
        ours.push_back(hone());
        bare.push_back(measure(QCoreApplication::applicationFilePath(), {"--bare"}, home.path()));
    }
    const double frame = median(ours, &Sample::firstFrameMs), bareFrame = median(bare, &Sample::firstFrameMs);
    std::printf("first frame   %7.1f ms   bare Qt window %7.1f ms   ratio %.2f   (bound 500 ms: %s)\n", frame,
                bareFrame, frame / bareFrame, frame <= 500 ? "kept" : "BROKEN");
    const double rss = median(ours, &Sample::rssMiB), bareRss = median(bare, &Sample::rssMiB);
    std::printf("resident      %7.1f MiB  bare Qt window %7.1f MiB  ratio %.2f   (bound 150 MiB: %s)\n", rss,
                bareRss, rss / bareRss, rss < 150 ? "kept" : "BROKEN");
    std::printf("proportional  %7.1f MiB  bare Qt window %7.1f MiB\n", median(ours, &Sample::pssMiB),
                median(bare, &Sample::pssMiB));
    return 0;
}
