#pragma once

#include "core/interop/script.h"

/// What exports to several tools share of a workload's newer parts: what is said where a tool lacks them.
namespace hone::interop {

/// What a tool's script carries over; the rest is named in its head.
struct Carries {
    bool stages = false;  ///< Rates one after another.
    bool http2 = false;
    bool trust = false;  ///< TLS: `verify` and, with a word from us at most, `caFile`.
    /// Whether a check became part of the script.
    bool (*check)(const model::WorkloadCheck&) = nullptr;
};

/// One line for each part of the workload that `tool` does not get.
[[nodiscard]] std::vector<std::string> lossesOf(const model::Workload& workload, std::string_view tool,
                                                const Carries& carries);

/// Of an open loop: its rate, or the mean over its stages.
[[nodiscard]] double meanRate(const model::Workload& workload);
[[nodiscard]] double highestRate(const model::Workload& workload);
/// Whether some request goes out over TLS.
[[nodiscard]] bool usesTls(const model::Workload& workload, const ExportOptions& options);
/// The shared query languages of tools know "$.a.b[0]" only; nothing for other JSONPaths. As ".a.b[0]".
[[nodiscard]] std::optional<std::string> plainPath(std::string_view jsonPath);

}  // namespace hone::interop
