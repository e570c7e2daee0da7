#include "core/toggles/edge/clients.h"

#include "core/http/syntax.h"
#include "core/toggles/edge/places.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>
#include <map>

namespace hone::toggles::edge {
namespace {

std::string knownRegions() {
    std::vector<std::string_view> ids;
    for (const auto& region : regions())
        ids.push_back(region.id);
    return fmt::format("{}", fmt::join(ids, ", "));
}

/// "de=3" or "de".
Result<std::pair<int, double>> readWeight(std::string_view text) {
    const auto sign = text.find('=');
    const auto region = findRegion(text.substr(0, sign));
    if (!region)
        return fail(Error::InvalidArgument, "clients names a region that is not known: \"{}\"",
                    text.substr(0, sign))
            .hint("Known: world, a continent (europe, northAmerica, …), or any of {}.", knownRegions());
    double weight = 1;
    if (sign != text.npos) {
        const auto number = text.substr(sign + 1);
        const auto [end, error] = std::from_chars(number.begin(), number.end(), weight);
        if (error != std::errc() || end != number.end() || !(weight > 0) || !std::isfinite(weight))
            return fail(Error::InvalidArgument, "clients: the weight of {} must be above 0, got \"{}\"",
                        text.substr(0, sign), number)
                .hint("For three of four clients in Germany: de=3,us=1.");
    }
    return std::pair{*region, weight};
}

}  // namespace

Result<Clients> Clients::parse(std::string_view where) {
    std::map<int, double> weights;
    for (int i = 0; i < static_cast<int>(regions().size()); ++i) {
        const auto& region = regions()[static_cast<std::size_t>(i)];
        if (where == "world" || http::iequals(where, region.continent))
            weights[i] = region.weight;
    }
    if (weights.empty()) {
        std::string_view rest = where, member;
        while (http::nextMember(rest, member)) {
            const auto one = readWeight(member);
            if (!one)
                return fail(one.error());
            weights[one->first] += one->second;
        }
    }
    if (weights.empty())
        return fail(Error::InvalidArgument, "clients must say where clients are, got \"{}\"", where)
            .hint("world, a continent, or weighted regions such as de=3,us=1.");
    double sum = 0;
    for (const auto& [region, weight] : weights)
        sum += weight;
    Clients clients;
    double upTo = 0;
    for (const auto& [region, weight] : weights)
        clients.m_shares.push_back({region, (upTo += weight) / sum});
    return clients;
}

int Clients::regionOf(const http::Request& request) const {
    for (const auto& [name, value] : request.fields)
        if (http::iequals(name, "Hone-Region") || http::iequals(name, "CF-IPCountry"))
            if (const auto region = findRegion(value))
                return *region;
    constexpr double kGoldenRatio = 0.618033988749895;
    double whole = 0;
    // The low bits are enough: beyond 2^32 a double loses the fraction.
    const double at = std::modf(static_cast<double>(request.connection & 0xffff'ffff) * kGoldenRatio, &whole);
    for (const auto& share : m_shares)
        if (at < share.upTo)
            return share.region;
    return m_shares.back().region;
}

}  // namespace hone::toggles::edge
