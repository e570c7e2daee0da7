#pragma once

#include "core/engine/pipeline.h"
#include "core/engine/router.h"
#include "core/http/conditions.h"

#include <mutex>

namespace hone::engine {

/// Lets one write at a time into each dataset, so that a write with If-Match is judged and done in one step:
/// of two clients that read the same version, one is refused. Remembers when each table was last written.
///
/// Thread: any. Owner: the engine. Writers that do not come through this engine are not held back.
class WriteGuard {
public:
    WriteGuard(const Clock& clock, std::span<const std::shared_ptr<data::Dataset>> datasets);

    [[nodiscard]] std::unique_lock<std::mutex> lock(const data::Dataset& dataset);
    /// Both while the dataset is locked.
    void wrote(const data::Dataset& dataset, const data::Table& table);
    /// Rounded up to a second, which is all that a date can tell: whoever names the second of a write may not
    /// have seen it. Before the first write, when the engine started.
    [[nodiscard]] std::chrono::system_clock::time_point modified(const data::Dataset& dataset,
                                                                 const data::Table& table) const;

private:
    struct Guarded {
        std::mutex mutex;
        std::map<const data::Table*, std::chrono::system_clock::time_point> written;  ///< Guarded by mutex.
    };
    const Clock& m_clock;
    const std::chrono::system_clock::time_point m_began;
    std::map<const data::Dataset*, Guarded> m_datasets;  ///< Never changes its shape.
};

/// The 412 of a write whose conditions do not hold, or none (RFC 9110 section 13.2). What it is compared with
/// is what GET answers now with these stages, in each content coding. No judgement on what is not there: the
/// write itself answers 404 then. The dataset is locked by the caller.
[[nodiscard]] std::optional<http::Response> judgeWrite(Exchange& write, const http::Conditions& conditions,
                                                       const Router& router, const StageSet& stages,
                                                       std::chrono::system_clock::time_point modified);

}  // namespace hone::engine
