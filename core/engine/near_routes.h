#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hone::engine {

/// A path as it is documented, with {key} for a segment that may be anything, and its methods in the order
/// of Allow.
struct RoutePattern {
    std::string path;
    std::vector<std::string_view> methods;
};

/// "GET /api/cities", "GET /api/cities/{key}": the routes a request may have meant, nearest first, at most
/// two. By edits of each segment, then by whether the method is taken. None when nothing is near. Thread:
/// any; costs some microseconds a table, so it is asked by who reads, not by who answers.
[[nodiscard]] std::vector<std::string> nearestRoutes(std::span<const RoutePattern> routes,
                                                     std::string_view method, std::string_view path);

}  // namespace hone::engine
