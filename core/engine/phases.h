#pragma once

#include <cstdint>
#include <string_view>

/// # Life of a request
///
/// `net` parses and limits; the Router finds the endpoint; then the phases run in this order. A toggle that
/// is off has no stage in any of them.
///
///   Admission  may this request enter at all?           ratelimit
///   Lookup     is the answer already known?             cache, edge       may answer, may wait for another
///   request Plan       what exactly is read, and how?           shaping, database may change the query, may
///   refuse (400) Handle     do it: SQL, upstream, jobs               endpoints/        on a pool thread when
///   it blocks Represent  rows → bytes of a media type             encoding          default: pretty JSON
///   Encode     bytes → fewer bytes                      encoding
///   Store      keep the finished answer                 cache             skipped when Lookup answered
///   Finish     fields of this answer only               ratelimit, observability
///
/// Handle, Represent, Encode may run on a pool thread; the others run on the connection's loop. After Lookup
/// answered, or a phase refused, the rest is skipped up to Finish. When Handle answers (a 404, say),
/// Represent and Encode are skipped and Store is not, so that a known absence can be kept too. What a stage
/// keeps in its slot is released when the exchange is over, however it ended.
namespace hone::engine {

enum class Phase : std::uint8_t { Admission, Lookup, Plan, Handle, Represent, Encode, Store, Finish };
inline constexpr int kPhaseCount = 8;
[[nodiscard]] std::string_view phaseName(Phase phase);

}  // namespace hone::engine
