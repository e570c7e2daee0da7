#pragma once

#include "core/base/error.h"

#include <QPushButton>

#include <functional>
#include <string>

class QMenu;

namespace hone::ui::report {

/// A document of a result in one of the formats of core/report: the ending says which. A PDF is made from
/// what it answers for "json".
using Render = std::function<std::string(const std::string& format)>;

/// Asks where to, writes, and answers the words to say about it. Empty when the user changed their mind.
[[nodiscard]] QString exportByDialog(QWidget* parent, const QString& baseName, const std::string& format,
                                     const Render& render);

/// One entry per format: "HTML report", "PDF report", "Markdown", "CSV", "JSON", "HdrHistogram (.hgrm)".
void addExportActions(QMenu& menu, QWidget* parent, const std::function<QString()>& baseName,
                      const Render& render, const std::function<void(const QString&)>& say);

/// "Export…" with those entries as its menu.
class ExportButton : public QPushButton {
    Q_OBJECT
public:
    explicit ExportButton(std::function<QString()> baseName, Render render, QWidget* parent = nullptr);
signals:
    void said(const QString& message);
};

}  // namespace hone::ui::report
