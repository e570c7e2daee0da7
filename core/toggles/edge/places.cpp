#include "core/toggles/edge/places.h"

#include "core/http/message.h"

#include <cmath>
#include <numbers>

namespace hone::toggles::edge {
namespace {

constexpr double kEarthRadiusKm = 6371;
constexpr double kKmPerMs = 200;  ///< Light in fibre.

// Known before any code runs: definitions of toggles are made while the program starts.
constexpr Pop kPops[] = {
    {.id = "fra", .name = "Frankfurt", .at = {50.11, 8.68}},
    {.id = "lhr", .name = "London", .at = {51.47, -0.45}},
    {.id = "iad", .name = "Washington", .at = {38.95, -77.45}},
    {.id = "sjc", .name = "San Jose", .at = {37.36, -121.93}},
    {.id = "gru", .name = "São Paulo", .at = {-23.43, -46.47}},
    {.id = "jnb", .name = "Johannesburg", .at = {-26.13, 28.23}},
    {.id = "bom", .name = "Mumbai", .at = {19.09, 72.87}},
    {.id = "sin", .name = "Singapore", .at = {1.36, 103.99}},
    {.id = "nrt", .name = "Tokyo", .at = {35.76, 140.39}},
    {.id = "syd", .name = "Sydney", .at = {-33.95, 151.18}},
};

// Without mainland China, where operators of other countries have no points of presence.
constexpr Region kRegions[] = {
    {.id = "us-east",
     .name = "United States, east",
     .continent = "northAmerica",
     .at = {40.71, -74.01},
     .weight = 180},
    {.id = "us-west",
     .name = "United States, west",
     .continent = "northAmerica",
     .at = {34.05, -118.24},
     .weight = 130},
    {.id = "mx", .name = "Mexico", .continent = "northAmerica", .at = {19.43, -99.13}, .weight = 100},
    {.id = "br", .name = "Brazil", .continent = "southAmerica", .at = {-23.55, -46.63}, .weight = 180},
    {.id = "ar", .name = "Argentina", .continent = "southAmerica", .at = {-34.60, -58.38}, .weight = 40},
    {.id = "gb", .name = "United Kingdom", .continent = "europe", .at = {51.51, -0.13}, .weight = 65},
    {.id = "de", .name = "Germany", .continent = "europe", .at = {52.52, 13.40}, .weight = 80},
    {.id = "fr", .name = "France", .continent = "europe", .at = {48.86, 2.35}, .weight = 60},
    {.id = "pl", .name = "Poland", .continent = "europe", .at = {52.23, 21.01}, .weight = 35},
    {.id = "ng", .name = "Nigeria", .continent = "africa", .at = {6.52, 3.38}, .weight = 100},
    {.id = "za", .name = "South Africa", .continent = "africa", .at = {-26.20, 28.05}, .weight = 45},
    {.id = "in", .name = "India", .continent = "asia", .at = {19.08, 72.88}, .weight = 800},
    {.id = "id", .name = "Indonesia", .continent = "asia", .at = {-6.21, 106.85}, .weight = 200},
    {.id = "jp", .name = "Japan", .continent = "asia", .at = {35.68, 139.69}, .weight = 105},
    {.id = "au", .name = "Australia", .continent = "oceania", .at = {-33.87, 151.21}, .weight = 25},
    {.id = "nz", .name = "New Zealand", .continent = "oceania", .at = {-36.85, 174.76}, .weight = 5},
};

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

}  // namespace

std::span<const Pop> pops() { return kPops; }

std::span<const Region> regions() { return kRegions; }

std::optional<int> findPop(std::string_view id) {
    for (int i = 0; i < static_cast<int>(std::size(kPops)); ++i)
        if (http::iequals(kPops[i].id, id))
            return i;
    return std::nullopt;
}

std::optional<int> findRegion(std::string_view id) {
    for (int i = 0; i < static_cast<int>(std::size(kRegions)); ++i) {
        const auto known = kRegions[i].id;
        if (http::iequals(known, id) || (known.size() > 2 && http::iequals(known.substr(0, 2), id)))
            return i;
    }
    return std::nullopt;
}

double greatCircleKm(const Point& a, const Point& b) {
    const double latitude = std::sin(radians(b.latitude - a.latitude) / 2);
    const double longitude = std::sin(radians(b.longitude - a.longitude) / 2);
    const double h = latitude * latitude +
                     std::cos(radians(a.latitude)) * std::cos(radians(b.latitude)) * longitude * longitude;
    return 2 * kEarthRadiusKm * std::asin(std::min(1.0, std::sqrt(h)));
}

Nanos Network::fromClient(const Point& client, const Point& server) const {
    return lastMile + between(client, server) - hop;
}

Nanos Network::between(const Point& a, const Point& b) const {
    const double ms = 2 * greatCircleKm(a, b) / kKmPerMs * detour;
    return hop + Nanos(std::llround(ms * 1e6));
}

}  // namespace hone::toggles::edge
