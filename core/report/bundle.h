#pragma once

#include "core/model/attribution.h"
#include "core/report/archive.h"
#include "core/report/report.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

/// A result with everything needed to measure it again elsewhere, as one file (`*.hone`): a ZIP of workload,
/// profiles, dataset specification, the result with its histograms, a sample of the API's answers, and a
/// report to read. Values; thread: any.
namespace hone::report {

/// An answer of the API at the time of bundling, as it came over the wire.
struct KeptAnswer {
    int arm = 0;              ///< 0 = A or the only one, 1 = B.
    std::size_t request = 0;  ///< Index into the workload's requests.
    std::string target;
    int status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
};

using BundledResult = std::variant<model::RunResult, model::Comparison, model::Attribution>;

struct Bundle {
    BundledResult result;
    std::vector<std::string> datasets;  ///< As --dataset takes them; empty: not known.
    std::vector<KeptAnswer> answers;    ///< Empty when they could not be asked for.
};

[[nodiscard]] std::string_view kindOf(const BundledResult& result);  ///< "run", "comparison", "attribution".
[[nodiscard]] const std::string& nameOf(const BundledResult& result);
[[nodiscard]] const std::string& idOf(const BundledResult& result);

/// The bytes of the file; the same bundle gives the same bytes.
[[nodiscard]] Result<std::string> writeBundle(const Bundle& bundle, const Extras& extras = {});

/// Reads and checks. Malformed: no bundle; a file that is missing, not listed or differs from its digest in
/// the manifest; a workload or profile that is not the one the result was measured with. Unsupported: made by
/// a newer program. ResourceExhausted: beyond the limits.
[[nodiscard]] Result<Bundle> readBundle(std::string_view bytes);
/// The same from a file of at most 256 MiB.
[[nodiscard]] Result<Bundle> readBundleFile(const std::filesystem::path& file);

/// "cities" from "cities (150 000 rows)": the specification of a built-in whose default size it is; empty for
/// anything that cannot be told from its description.
[[nodiscard]] std::vector<std::string> datasetsFrom(std::string_view description,
                                                    const std::vector<std::string>& builtIns);

}  // namespace hone::report
