#include "app/cli/report_document.h"

#include "ui/report/pdf_report.h"

#include <QGuiApplication>

#include <memory>

namespace hone::cli {
namespace {

bool isPdf(std::string_view nameOrPath) { return nameOrPath == "pdf" || nameOrPath.ends_with(".pdf"); }

Result<std::string> pdf(const report::Outline& outline) {
    // Typesetting needs fonts, and fonts an application object; no display is asked for.
    static int argc = 1;
    static char name[] = "hone";
    static char* argv[] = {name, nullptr};
    std::unique_ptr<QGuiApplication> application;
    if (QCoreApplication::instance() == nullptr) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        application = std::make_unique<QGuiApplication>(argc, argv);
    }
    auto made = ui::report::pdfOf(outline);
    return made ? Result<std::string>(made->toStdString()) : fail(std::move(made.error()));
}

Failure noHistogram(std::string_view what) {
    return fail(Error::InvalidArgument, "{} has no histogram to write", what)
        .hint("Use html, pdf, md, csv or json.");
}

}  // namespace

Result<> checkKind(std::string_view nameOrPath) {
    if (isPdf(nameOrPath))
        return {};
    auto format = report::formatFrom(nameOrPath);
    if (format)
        return {};
    return fail(format.error().code, "{}", format.error().what)
        .hint("Known: html, pdf, md, csv, json, hgrm; hone with the verb report.");
}

Result<std::string> documentOf(std::string_view nameOrPath, const model::RunResult& run,
                               const report::Extras& extras) {
    if (isPdf(nameOrPath))
        return pdf(report::outlineOf(run, extras));
    auto format = report::formatFrom(nameOrPath);
    return format ? Result<std::string>(report::render(run, *format, extras))
                  : fail(std::move(format.error()));
}

Result<std::string> documentOf(std::string_view nameOrPath, const model::Comparison& comparison,
                               const report::Extras& extras) {
    if (isPdf(nameOrPath))
        return pdf(report::outlineOf(comparison, extras));
    auto format = report::formatFrom(nameOrPath);
    return format ? Result<std::string>(report::render(comparison, *format, extras))
                  : fail(std::move(format.error()));
}

Result<std::string> documentOf(std::string_view nameOrPath, const model::Attribution& attribution,
                               const report::Extras& extras) {
    if (isPdf(nameOrPath))
        return pdf(report::outlineOf(attribution, extras));
    auto format = report::formatFrom(nameOrPath);
    if (format && *format == report::Format::Hgrm)
        return noHistogram("an attribution");
    return format ? Result<std::string>(report::render(attribution, *format, extras))
                  : fail(std::move(format.error()));
}

Result<std::string> documentOf(std::string_view nameOrPath, const model::Sweep& sweep,
                               const report::Extras& extras) {
    if (isPdf(nameOrPath))
        return pdf(report::outlineOf(sweep, extras));
    auto format = report::formatFrom(nameOrPath);
    if (format && *format == report::Format::Hgrm)
        return noHistogram("a sweep");
    return format ? Result<std::string>(report::render(sweep, *format, extras))
                  : fail(std::move(format.error()));
}

}  // namespace hone::cli
