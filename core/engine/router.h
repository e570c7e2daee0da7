#pragma once

#include "core/engine/endpoint.h"
#include "core/engine/near_routes.h"
#include "core/engine/toggle_def.h"

#include <unordered_map>

namespace hone::engine {

/// Finds the endpoint and the table of a request. Wrong paths and methods have endpoints too, so that a 404
/// takes the same way as everything else.
///
/// Thread: any; immutable once made. Owner: the engine; datasets must outlive it.
class Router {
public:
    /// AlreadyExists when two datasets have a table of the same name. The catalogue's toggles may have paths.
    static Result<Router> create(std::span<const std::shared_ptr<data::Dataset>> datasets,
                                 Catalogue catalogue = {});

    /// One endpoint for every path and method: the engine stands in front of another server.
    static Router forAll(std::unique_ptr<Endpoint> endpoint);

    /// Fills the route; the index of its name in names(). A toggle's path leads to a 404 that names the
    /// toggle: whoever has the pipeline asks the state of a toggle that is on.
    int match(http::Method method, std::string_view path, Route& route) const;

    /// What metrics are kept for: "GET /api/<resource>", …
    [[nodiscard]] std::span<const std::string> names() const { return m_names; }
    /// Every path there is, for those who missed one. Empty when one endpoint takes all.
    [[nodiscard]] std::span<const RoutePattern> patterns() const { return m_patterns; }
    /// Answers 404 for a path nobody has.
    [[nodiscard]] const Endpoint& unknown() const { return *m_unknown.endpoint; }
    /// Ends the endpoints' own threads. They must not be the last to hold a worker.
    void stop() const;
    /// Of the endpoints' own threads.
    [[nodiscard]] Nanos cpuTime() const;
    /// The index for requests refused before they were routed.
    [[nodiscard]] int refusedIndex() const { return 0; }

private:
    struct Target {
        const Endpoint* endpoint = nullptr;
        int name = 0;
    };
    /// What a path answers to, by http::Method.
    using Methods = std::array<Target, 8>;
    struct Resource {
        data::Dataset* dataset = nullptr;
        const data::Table* table = nullptr;
    };
    struct TogglePath {
        std::string_view path, toggle;
        Target target;
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    Router() : m_names{"refused before routing"} {}
    Result<> addResources(std::span<const std::shared_ptr<data::Dataset>> datasets);
    void addEndpoints(std::span<const std::shared_ptr<data::Dataset>> datasets);
    void addTogglePaths(Catalogue catalogue);
    void addPatterns(std::span<const std::string> resources);
    Target own(std::unique_ptr<Endpoint> endpoint);
    Methods methods(std::initializer_list<std::pair<http::Method, Target>> given);
    static int take(const Methods& methods, http::Method method, Route& route);
    int matchApi(http::Method method, std::string_view rest, Route& route) const;
    int matchToggle(std::string_view path, Route& route) const;
    static int takeTarget(const Target& target, Route& route);

    std::vector<std::unique_ptr<Endpoint>> m_endpoints;
    std::vector<std::string> m_names;
    std::vector<RoutePattern> m_patterns;
    std::unordered_map<std::string, Resource, TextHash, std::equal_to<>> m_resources;
    std::vector<TogglePath> m_togglePaths;
    Methods m_root, m_server, m_openApi, m_index, m_collection, m_item, m_stats;
    Target m_unknown;
    Target m_all;  ///< Set by forAll(); then it is the only one.
};

}  // namespace hone::engine
