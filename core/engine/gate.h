#pragma once

#include "core/engine/pipeline.h"

/// The one gate every hook is called through: it times the call into Exchange::timings, counts it, turns an
/// exception into a 500, and in debug builds checks what must hold between hooks. A phase without hooks costs
/// a comparison. Content that is streamed passes Encode and Store by.
///
/// Thread: the worker's whose stages these are.
namespace hone::engine::gate {

void admit(const StageSet& stages, Exchange& exchange);
/// Asks from hook `from` on. The index of the one that waits for somebody else's answer, or none.
[[nodiscard]] std::optional<std::size_t> lookup(const StageSet& stages, Exchange& exchange, Resume& resume,
                                                std::size_t from);
/// What the hook's stage does before the waiting exchange goes on; may answer it.
void resume(const StageSet& stages, Exchange& exchange, std::size_t hook,
            std::move_only_function<void(Exchange&)> before);
void plan(const StageSet& stages, Exchange& exchange);
/// The endpoint, which is no stage but passes here too.
void handle(Exchange& exchange);
/// What an endpoint that works elsewhere gives back, on the loop; empty: it has filled the exchange itself.
void fill(Exchange& exchange, std::move_only_function<void(Exchange&)> answer);
/// The first stage that represents the payload does; else pretty JSON.
void represent(const StageSet& stages, Exchange& exchange);
void encode(const StageSet& stages, Exchange& exchange);
void store(const StageSet& stages, Exchange& exchange);
void finish(const StageSet& stages, Exchange& exchange);

}  // namespace hone::engine::gate
