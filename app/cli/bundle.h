#pragma once

#include "app/cli/cli.h"
#include "core/report/bundle.h"
#include "core/store/store.h"

#include <string>
#include <vector>

/// Bundles for the verbs report, bundle and import. Thread: main.
namespace hone::cli {

/// The bytes of a bundle. The API's answers are asked for again, from the data named in `datasets` or, where
/// that suffices, in the result; says on stderr why there are none when there are none.
[[nodiscard]] Result<std::string> bundleOf(const Session& session, report::BundledResult result,
                                           std::vector<std::string> datasets, const report::Extras& extras);

/// Keeps the result of a bundle. One that is there already stays; one of the same id and another content
/// comes under a new id, so that a foreign file replaces nothing. Returns the id.
Result<std::string> keepBundle(store::Store& store, report::BundledResult result);

}  // namespace hone::cli
