#include "ui/report/export_button.h"

#include "core/report/report.h"
#include "ui/format/format.h"
#include "ui/report/pdf_report.h"
#include "ui/theme/theme.h"

#include <QFileDialog>
#include <QMenu>

namespace hone::ui::report {

namespace {

struct Kind {
    const char* format;
    const char* title;
};
constexpr Kind kKinds[] = {{"html", QT_TRANSLATE_NOOP("Export", "HTML report")},
                           {"pdf", QT_TRANSLATE_NOOP("Export", "PDF report")},
                           {"md", QT_TRANSLATE_NOOP("Export", "Markdown")},
                           {"csv", QT_TRANSLATE_NOOP("Export", "CSV table")},
                           {"json", QT_TRANSLATE_NOOP("Export", "JSON with all histograms")},
                           {"hgrm", QT_TRANSLATE_NOOP("Export", "HdrHistogram (.hgrm)")}};

/// A PDF needs Qt's painter, which the panels' own formats do not: it is typeset from the JSON, which holds
/// the whole result.
Result<std::string> documentOf(const std::string& format, const Render& render) {
    if (format != "pdf")
        return render(format);
    auto pdf = pdfOfJson(render("json"));
    return pdf ? Result<std::string>(pdf->toStdString()) : fail(std::move(pdf.error()));
}

}  // namespace

QString exportByDialog(QWidget* parent, const QString& baseName, const std::string& format,
                       const Render& render) {
    QString name = baseName;
    for (QChar& c : name)
        if (!c.isLetterOrNumber() && c != QLatin1Char('-') && c != QLatin1Char('.'))
            c = QLatin1Char('-');
    const QString ending = QLatin1Char('.') + QString::fromStdString(format);
    QString file = QFileDialog::getSaveFileName(parent, QObject::tr("Export"), name + ending,
                                                QStringLiteral("*%1").arg(ending));
    if (file.isEmpty())
        return {};
    if (!file.endsWith(ending))
        file += ending;
    const auto document = documentOf(format, render);
    if (!document)
        return text(document.error().line());
    if (auto written = hone::report::writeFile(file.toStdString(), *document); !written)
        return text(written.error().line());
    return QObject::tr("Wrote %1").arg(file);
}

void addExportActions(QMenu& menu, QWidget* parent, const std::function<QString()>& baseName,
                      const Render& render, const std::function<void(const QString&)>& say) {
    for (const Kind& kind : kKinds)
        menu.addAction(QCoreApplication::translate("Export", kind.title), parent,
                       [=, format = std::string(kind.format)] {
                           if (const QString words = exportByDialog(parent, baseName(), format, render);
                               !words.isEmpty())
                               say(words);
                       });
}

ExportButton::ExportButton(std::function<QString()> baseName, Render render, QWidget* parent)
    : QPushButton(ui::icon(QStringLiteral("document-export")), tr("Export…"), parent) {
    auto* menu = new QMenu(this);
    addExportActions(*menu, this, baseName, render, [this](const QString& words) { emit said(words); });
    setMenu(menu);
    setFocusPolicy(Qt::TabFocus);
    setToolTip(tr("Write this result as a report or as data"));
}

}  // namespace hone::ui::report
