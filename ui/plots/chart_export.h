#pragma once

#include "ui/plots/chart_base.h"

namespace hone::ui::plots {

/// RFC 4180 with a header row, points for decimals and all digits a double has.
[[nodiscard]] QString tableCsv(const ChartBase::Table& table);

/// Writes a chart as its file's ending says: .png (twice the size on screen), .svg, .pdf, .csv (`csv`).
Result<> exportChart(QCustomPlot& chart, const QString& csv, const QString& file);

}  // namespace hone::ui::plots
