#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace hone {

/// The one set of parsers and formatters for values with a unit, used by CLI, JSON files, GUI and reports.
/// Parsers accept what formatters print; an error names the value and shows a valid example.

/// "250us", "250ms", "10s", "2m", "1h", "1.5s"; a bare number is refused (which unit?).
[[nodiscard]] Result<Nanos> parseDuration(std::string_view text);
/// "500/s", "30/m", "10k/s", a bare "500" means per second. In events per second.
[[nodiscard]] Result<double> parseRate(std::string_view text);
/// "512", "512B", "64KiB", "1.5MiB", "1GiB", "10kB", "10MB" (kB = 1000). In bytes.
[[nodiscard]] Result<std::int64_t> parseSize(std::string_view text);
/// "10k", "1.5M", "150000". A count.
[[nodiscard]] Result<std::int64_t> parseCount(std::string_view text);

/// Shortest exact text that parses back: "10s", "250ms", "1m30s" is written "90s".
[[nodiscard]] std::string durationText(Nanos value);
[[nodiscard]] std::string sizeText(std::int64_t bytes);

/// For people: three significant digits and a unit that scales: "1.84 ms", "12.5 k/s", "3.20 KiB", "150 k".
[[nodiscard]] std::string formatDuration(Nanos value);
[[nodiscard]] std::string formatMicros(double us);
[[nodiscard]] std::string formatRate(double perSecond);
[[nodiscard]] std::string formatBytes(double bytes);
[[nodiscard]] std::string formatCount(double count);
/// Three significant digits without a unit: "0.0123", "1.23", "123", "12 300".
[[nodiscard]] std::string formatNumber(double value);
/// A ratio as a change: 0.69 → "−31 %", 1.094 → "+9.4 %". Uses U+2212.
[[nodiscard]] std::string formatChange(double ratio);
/// 0.9412 → "94.1 %".
[[nodiscard]] std::string formatPercent(double fraction);
/// ISO 8601 UTC with seconds: "2026-11-24T08:18:33Z".
[[nodiscard]] std::string formatTimestamp(std::chrono::system_clock::time_point time);

}  // namespace hone
