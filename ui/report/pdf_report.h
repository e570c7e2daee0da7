#pragma once

#include "core/base/error.h"
#include "core/report/outline.h"

#include <QByteArray>

#include <string_view>

namespace hone::ui::report {

/// A report typeset on A4: title page with summary and contents, one heading per section, page numbers,
/// vector charts, tables that break between rows and repeat their head. Text stays text: it can be searched
/// and copied, and markup in it is never interpreted.
///
/// Thread: the one of the application object, which must be a QGuiApplication (the offscreen platform will
/// do). Errors: Io when the document cannot be made.
[[nodiscard]] Result<QByteArray> pdfOf(const hone::report::Outline& outline);

/// The same from the JSON document of a run, comparison or attribution, which holds all of it. Errors:
/// Malformed when it is none of them.
[[nodiscard]] Result<QByteArray> pdfOfJson(std::string_view json);

}  // namespace hone::ui::report
