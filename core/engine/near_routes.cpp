#include "core/engine/near_routes.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace hone::engine {
namespace {

constexpr std::size_t kShown = 2;
constexpr std::size_t kLongest = 64;  ///< Longer segments are compared by their beginning.
constexpr std::size_t kMissing = 2;   ///< A segment too few, or a {key} too many.
constexpr std::size_t kOtherMethod = 1;
constexpr std::size_t kBesideBest = 2;  ///< How much farther than the nearest the next may be.

/// Levenshtein's, in one row.
std::size_t edits(std::string_view a, std::string_view b) {
    a = a.substr(0, kLongest);
    b = b.substr(0, kLongest);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

std::vector<std::string_view> segmentsOf(std::string_view path) {
    std::vector<std::string_view> segments;
    while (!path.empty()) {
        const auto end = std::min(path.find('/'), path.size());
        if (end > 0)
            segments.push_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return segments;
}

bool isFree(std::string_view segment) { return segment.starts_with('{'); }

/// The same over segments, each as dear as its letters, so that a forgotten prefix is one step.
std::size_t distance(const std::vector<std::string_view>& asked, const std::vector<std::string_view>& known) {
    const auto dropped = [](std::string_view segment) { return std::max(kMissing, segment.size()); };
    const auto added = [](std::string_view segment) { return isFree(segment) ? kMissing : segment.size(); };
    std::vector<std::size_t> row(known.size() + 1);
    for (std::size_t j = 1; j < row.size(); ++j)
        row[j] = row[j - 1] + added(known[j - 1]);
    for (const auto segment : asked) {
        std::size_t diagonal = row[0];
        row[0] += dropped(segment);
        for (std::size_t j = 1; j < row.size(); ++j) {
            const auto match = known[j - 1];
            const std::size_t replaced = diagonal + (isFree(match) ? 0 : edits(segment, match));
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + dropped(segment), row[j - 1] + added(match)});
        }
    }
    return row.back();
}

}  // namespace

std::vector<std::string> nearestRoutes(std::span<const RoutePattern> routes, std::string_view method,
                                       std::string_view path) {
    struct Near {
        std::size_t distance;
        std::string text;
    };
    const auto asked = segmentsOf(path);
    std::vector<Near> found;
    for (const auto& route : routes) {
        const bool isTaken = std::ranges::find(route.methods, method) != route.methods.end();
        const auto shown = isTaken || route.methods.empty() ? method : route.methods.front();
        found.push_back({distance(asked, segmentsOf(route.path)) + (isTaken ? 0 : kOtherMethod),
                         std::string(shown).append(" ").append(route.path)});
    }
    std::ranges::stable_sort(found, {}, &Near::distance);
    std::vector<std::string> out;
    // Half of it wrong is no misspelling any more.
    const std::size_t farthest = path.size() / 2;
    for (const auto& near : found)
        if (out.size() < kShown && near.distance <= farthest &&
            near.distance <= found.front().distance + kBesideBest)
            out.push_back(near.text);
    return out;
}

}  // namespace hone::engine
