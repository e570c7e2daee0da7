#pragma once

#include "core/base/clock.h"

#include <optional>
#include <span>
#include <string_view>

namespace hone::toggles::edge {

/// A point on the earth, in degrees.
struct Point {
    double latitude = 0, longitude = 0;
};

/// A point of presence: where answers are kept, and where an origin may stand.
struct Pop {
    std::string_view id;    ///< The airport's code, as operators name them.
    std::string_view name;  ///< "Frankfurt"
    Point at;
};

/// Where clients are.
struct Region {
    std::string_view id;    ///< Country code (ISO 3166-1), the coast after it where one is not enough.
    std::string_view name;  ///< "Germany"
    std::string_view continent;
    Point at;           ///< Its largest city.
    double weight = 0;  ///< Millions of Internet users, rounded: for a plausible mix, not a statistic.
};

[[nodiscard]] std::span<const Pop> pops();
[[nodiscard]] std::span<const Region> regions();
[[nodiscard]] std::optional<int> findPop(std::string_view id);
/// In any case; "us" is the first that begins so.
[[nodiscard]] std::optional<int> findRegion(std::string_view id);

/// On a sphere of the earth's mean radius (haversine).
[[nodiscard]] double greatCircleKm(const Point& a, const Point& b);

/// How simulated round trips follow from distance.
///
/// Light in fibre covers 200 km in a millisecond (a refractive index of 1.5). `detour`: how much longer
/// cables and queues make the way than the great circle. The constants are overheads of every round trip.
struct Network {
    double detour = 1.6;
    Nanos lastMile{0};  ///< Between a client and its provider's core.
    Nanos hop{0};       ///< Between data centres, however near.

    [[nodiscard]] Nanos fromClient(const Point& client, const Point& server) const;
    [[nodiscard]] Nanos between(const Point& a, const Point& b) const;
};

}  // namespace hone::toggles::edge
