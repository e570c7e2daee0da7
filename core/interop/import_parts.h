#pragma once

#include "core/interop/import.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <vector>

/// Parts that imports share.
namespace hone::interop {

/// A percentile somebody else computed.
struct KnownQuantile {
    double q = 0, us = 0;
};
/// `count` values that have these quantiles: each is put where the rank falls, so that asking for a known
/// one gives it back. `known` may be in any order; minimum and maximum are q = 0 and q = 1.
[[nodiscard]] stats::Histogram histogramFrom(std::vector<KnownQuantile> known, std::uint64_t count);

/// "1.23ms" "980us" "1.2s" "2m" as µs; the units of wrk and h2load.
[[nodiscard]] std::optional<double> microsFrom(std::string_view text);
/// "12.3k", "1.2M": wrk's and h2load's figures.
[[nodiscard]] std::optional<double> scaledNumber(std::string_view text);
/// "1.16MB", "12.4KB", "95B": powers of 1024.
[[nodiscard]] std::optional<double> scaledBytes(std::string_view text);
[[nodiscard]] std::optional<double> plainNumber(std::string_view text);

/// A CSV line by RFC 4180, without line breaks inside quotes.
[[nodiscard]] std::vector<std::string> csvFields(std::string_view line);
/// Column of each wanted name in a header; −1: absent.
[[nodiscard]] int columnOf(const std::vector<std::string>& header, std::string_view name);
[[nodiscard]] std::vector<std::string_view> linesOf(std::string_view text);

/// A number below `pointer`, or nothing.
[[nodiscard]] std::optional<double> numberAt(const nlohmann::json& json, const char* pointer);

/// A run of another tool: id, name, source and the warning about percentiles.
[[nodiscard]] model::RunResult foreignRun(std::string_view source, std::string_view name);
void warnOfSteps(model::RunResult& run);

// One per kind.
[[nodiscard]] Result<model::RunResult> importK6Summary(const nlohmann::json& json, std::string_view name);
[[nodiscard]] Result<model::RunResult> importArtillery(const nlohmann::json& json, std::string_view name);
[[nodiscard]] Result<model::RunResult> importOha(const nlohmann::json& json, std::string_view name);
[[nodiscard]] Result<model::RunResult> importVegeta(const nlohmann::json& json, std::string_view name);
[[nodiscard]] Result<model::RunResult> importK6Csv(std::string_view text, std::string_view name);
[[nodiscard]] Result<model::RunResult> importJtl(std::string_view text, std::string_view name);
[[nodiscard]] Result<model::RunResult> importLocust(std::string_view text, std::string_view name);
[[nodiscard]] Result<model::RunResult> importWrk(std::string_view text, std::string_view name);
[[nodiscard]] Result<model::RunResult> importH2load(std::string_view text, std::string_view name);

}  // namespace hone::interop
