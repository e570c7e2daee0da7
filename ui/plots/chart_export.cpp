#include "ui/plots/chart_export.h"

#include <QFileInfo>
#include <QSaveFile>
#include <QSvgGenerator>

#include <cmath>

namespace hone::ui::plots {

namespace {

QString cell(QString text) {
    if (text.contains(QLatin1Char(',')) || text.contains(QLatin1Char('"')) ||
        text.contains(QLatin1Char('\n')))
        return QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
    return text;
}

bool writeSvg(QCustomPlot& chart, const QString& file) {
    QSvgGenerator svg;
    svg.setFileName(file);
    svg.setTitle(chart.accessibleName());
    svg.setSize(chart.size());
    svg.setViewBox(chart.rect());
    QCPPainter painter;
    if (!painter.begin(&svg))
        return false;
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    painter.fillRect(chart.rect(), color(Role::Surface));
    chart.toPainter(&painter, chart.width(), chart.height());
    return painter.end();
}

bool writeText(const QString& text, const QString& file) {
    QSaveFile out(file);
    return out.open(QIODevice::WriteOnly) && out.write(text.toUtf8()) >= 0 && out.commit();
}

}  // namespace

QString tableCsv(const ChartBase::Table& table) {
    QString text;
    for (qsizetype i = 0; i < table.columns.size(); ++i)
        text += (i ? QStringLiteral(",") : QString()) + cell(table.columns[i]);
    text += QStringLiteral("\r\n");
    for (const QList<double>& row : table.rows) {
        for (qsizetype i = 0; i < row.size(); ++i)
            text += (i ? QStringLiteral(",") : QString()) +
                    (std::isnan(row[i]) ? QString() : QString::number(row[i], 'g', 15));
        text += QStringLiteral("\r\n");
    }
    return text;
}

Result<> exportChart(QCustomPlot& chart, const QString& csv, const QString& file) {
    const QString ending = QFileInfo(file).suffix().toLower();
    bool written = false;
    if (ending == QLatin1String("png"))
        written = chart.savePng(file, chart.width(), chart.height(), 2);
    else if (ending == QLatin1String("svg"))
        written = writeSvg(chart, file);
    else if (ending == QLatin1String("pdf"))
        written = chart.savePdf(file, chart.width(), chart.height(), QCP::epNoCosmetic);
    else if (ending == QLatin1String("csv"))
        written = writeText(csv, file);
    else
        return fail(Error::InvalidArgument, "a chart cannot be written as \"{}\"", file.toStdString())
            .hint("Use a name that ends in .png, .svg, .pdf or .csv.");
    if (!written)
        return fail(Error::Io, "cannot write {}", file.toStdString())
            .hint("Is the folder there and writable?");
    return {};
}

}  // namespace hone::ui::plots
