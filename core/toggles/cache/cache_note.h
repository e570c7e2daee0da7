#pragma once

#include "core/caching/flights.h"
#include "core/caching/rules.h"
#include "core/toggles/revalidation.h"

namespace hone::toggles::cache {

using namespace caching;

/// What Lookup leaves for Store and Finish of the same request. Letting go of it gives up the lead.
struct Note {
    std::string primary;  ///< The key without what Vary adds; empty: bypassed, nothing is kept.
    std::string key;
    std::uint64_t hash = 0;
    WriteStamp stamp = 0;      ///< Taken before anything was read,
    std::uint64_t purges = 0;  ///< as this.
    Nanos askedAt{0};
    std::string_view why;  ///< The fwd parameter of Cache-Status (RFC 9211 section 2.2).
    Asked asked;
    bool isRelayed = false;
    bool isSaid = false;  ///< Cache-Status is on the answer.
    bool isStored = false;
    Answer known;  ///< Kept but not good enough: for stale-if-error, for its upstream to validate.
    std::shared_ptr<Revalidation> revalidation;
    Flights::Leadership lead;

    /// Good for an answer that came now.
    [[nodiscard]] Circumstances how(const engine::Exchange& exchange, Nanos now) const {
        const auto* table = exchange.route.table;
        return {.isRelayed = isRelayed,
                .namesUser = asked.namesUser,
                .stamp = stamp,
                .delay = now - askedAt,
                .target = exchange.request.target,
                .table = table ? std::string_view(table->name) : std::string_view()};
    }
};

}  // namespace hone::toggles::cache
