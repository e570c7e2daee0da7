#include "ui/report/pdf_report.h"

#include "core/report/samples.h"

#include <QBuffer>
#include <QGuiApplication>
#include <QImage>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace hone;

namespace {

constexpr char kHostile[] = "<script>alert(1)</script>|=cmd()\n\"'`&";

model::RunResult someRun() {
    model::RunResult run;
    run.id = "R1";
    run.name = kHostile;
    run.profile.name = "tuned";
    run.workload.name = "Browse";
    run.workload.requests.push_back({.name = kHostile, .url = "/api"});
    run.measuredS = 2;
    run.requests = 1000;
    for (int i = 1; i <= 1000; ++i)
        run.latency.record(i * 10);
    // Enough requests for a table that breaks over pages.
    for (int i = 0; i < 120; ++i)
        run.byRequest.push_back({.name = "request " + std::to_string(i), .requests = 10});
    run.series = {
        {.startS = 0, .lengthS = 1, .warmup = true, .requests = 400, .p50Us = 10, .p95Us = 20, .p99Us = 30},
        {.startS = 1, .lengthS = 1, .requests = 500, .p50Us = 15, .p95Us = 25, .p99Us = 39},
        {.startS = 2, .lengthS = 1, .requests = 500, .p50Us = 12, .p95Us = 22, .p99Us = 34}};
    run.warnings = {kHostile};
    return run;
}

QString textOf(const QByteArray& pdf) {
    QTemporaryDir dir;
    QFile file(dir.filePath("report.pdf"));
    if (!file.open(QIODevice::WriteOnly) || file.write(pdf) != pdf.size())
        return {};
    file.close();
    QProcess reader;
    reader.start(QStringLiteral("pdftotext"),
                 {QStringLiteral("-layout"), file.fileName(), QStringLiteral("-")});
    reader.waitForFinished();
    return QString::fromUtf8(reader.readAllStandardOutput());
}

}  // namespace

class PdfReportTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (QStandardPaths::findExecutable("pdftotext").isEmpty()) {
            QVERIFY2(qEnvironmentVariableIsEmpty("CI"), "pdftotext (poppler-utils) must be there");
            QSKIP("pdftotext (poppler-utils) is absent");
        }
    }

    void hasContentsPageNumbersAndEverySection() {
        const auto outline = report::outlineOf(someRun());
        const auto pdf = ui::report::pdfOf(outline);
        QVERIFY2(pdf.has_value(), pdf ? "" : pdf.error().what.c_str());
        QVERIFY(pdf->startsWith("%PDF"));
        const QString text = textOf(*pdf);
        for (const auto& section : outline.sections)
            QVERIFY2(text.count(QString::fromStdString(section.title)) >= 2, section.title.c_str());
        const qsizetype pages = text.count(QChar(u'\f'));
        QVERIFY(pages > 3);
        QVERIFY(text.contains(QRegularExpression(QStringLiteral("2 ?/ ?%1").arg(pages))));
        QVERIFY(text.contains(QStringLiteral("request 119")));
        // The head of the table comes again after each break.
        QVERIFY(text.count(QStringLiteral("Requests  ")) >= 2);
    }

    void markupInNamesStaysText() {
        const auto pdf = ui::report::pdfOf(report::outlineOf(someRun()));
        QVERIFY(pdf.has_value());
        QVERIFY(textOf(*pdf).contains(QStringLiteral("<script>alert(1)</script>|=cmd()")));
        QVERIFY(!pdf->contains("/JavaScript"));
        QVERIFY(!pdf->contains("/URI"));
    }

    void itsTextEqualsItsGoldenFile_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"run", "comparison", "attribution", "sweep"})
            QTest::newRow(name) << QString(name);
    }

    /// HONE_RENEW_GOLDEN=1 writes the files instead. Spaces are poppler's business.
    void itsTextEqualsItsGoldenFile() {
        QFETCH(QString, name);
        namespace samples = report::samples;
        const auto outline = name == "run"          ? report::outlineOf(samples::run(), samples::extras())
                             : name == "comparison" ? report::outlineOf(samples::comparison())
                             : name == "sweep"      ? report::outlineOf(samples::sweep())
                                                    : report::outlineOf(samples::attribution());
        QStringList lines;
        for (const auto& line : textOf(*ui::report::pdfOf(outline)).split(QChar(u'\n')))
            if (!line.simplified().isEmpty())
                lines << line.simplified();
        QFile file(QStringLiteral(HONE_SOURCE_DIR "/tests/golden/report/%1.pdf.txt").arg(name));
        if (qEnvironmentVariableIsSet("HONE_RENEW_GOLDEN")) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            QVERIFY(file.write(lines.join(QChar(u'\n')).toUtf8() + '\n') > 0);
            return;
        }
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        const auto expected = QString::fromUtf8(file.readAll()).trimmed().split(QChar(u'\n'));
        for (qsizetype i = 0; i < std::min(lines.size(), expected.size()); ++i)
            QCOMPARE(lines[i], expected[i]);
        QCOMPARE(lines.size(), expected.size());
    }

    void noNameActsInAPdf() {
        for (const auto& name : report::samples::kHostile) {
            const auto pdf = ui::report::pdfOf(report::outlineOf(report::samples::comparison(name)));
            QVERIFY2(pdf.has_value(), name.c_str());
            for (const char* active : {"/JavaScript", "/URI", "/Launch", "/OpenAction"})
                QVERIFY2(!pdf->contains(active), active);
        }
    }

    void aLogoAndACompanyStandOnTheFirstPage() {
        auto outline = report::outlineOf(someRun());
        outline.company = "Acme <b>Ltd</b>";
        QImage picture(8, 4, QImage::Format_RGB32);
        picture.fill(Qt::red);
        QByteArray bytes;
        QBuffer buffer(&bytes);
        QVERIFY(buffer.open(QIODevice::WriteOnly) && picture.save(&buffer, "PNG"));
        outline.logo = "data:image/png;base64," + bytes.toBase64().toStdString();
        const auto pdf = ui::report::pdfOf(outline);
        QVERIFY(pdf.has_value());
        QVERIFY(textOf(*pdf).contains("Acme <b>Ltd</b>"));
        QVERIFY(pdf->contains("/Image"));
    }

    void theJsonOfAResultGivesTheSamePages() {
        const auto run = someRun();
        const auto fromJson = ui::report::pdfOfJson(report::render(run, report::Format::Json));
        QVERIFY2(fromJson.has_value(), fromJson ? "" : fromJson.error().what.c_str());
        QCOMPARE(textOf(*fromJson), textOf(*ui::report::pdfOf(report::outlineOf(run))));
        QVERIFY(!ui::report::pdfOfJson("no JSON").has_value());
    }

    void theSameResultGivesAsManyPagesAgain() {
        const auto outline = report::outlineOf(someRun());
        const QString first = textOf(*ui::report::pdfOf(outline)),
                      second = textOf(*ui::report::pdfOf(outline));
        QCOMPARE(first, second);
    }
};

QTEST_MAIN(PdfReportTest)
#include "pdf_report_test.moc"
