#include "core/engine/router.h"

#include "core/engine/endpoints/endpoints.h"
#include "core/http/semantics.h"

#include <algorithm>

namespace hone::engine {
namespace {

using http::Method;

constexpr std::string_view kApi = "/api/";

std::string_view methodName(Method method) {
    switch (method) {
        case Method::Get: return "GET";
        case Method::Head: return "HEAD";
        case Method::Post: return "POST";
        case Method::Put: return "PUT";
        case Method::Patch: return "PATCH";
        case Method::Delete: return "DELETE";
        case Method::Options: return "OPTIONS";
        case Method::Other: break;
    }
    return {};
}

/// The segment decoded, into `buffer` only when it holds an escape; none when the escape is malformed.
std::optional<std::string_view> decoded(std::string_view segment, std::string& buffer) {
    if (segment.find('%') == std::string_view::npos)
        return segment;
    auto text = http::percentDecode(segment);
    if (!text)
        return std::nullopt;
    buffer = std::move(*text);
    return buffer;
}

}  // namespace

Result<Router> Router::create(std::span<const std::shared_ptr<data::Dataset>> datasets, Catalogue catalogue) {
    Router router;
    if (auto added = router.addResources(datasets); !added)
        return fail(std::move(added.error()));
    router.addEndpoints(datasets);
    router.addTogglePaths(catalogue);
    return router;
}

Router Router::forAll(std::unique_ptr<Endpoint> endpoint) {
    Router router;
    router.m_all = router.own(std::move(endpoint));
    return router;
}

Result<> Router::addResources(std::span<const std::shared_ptr<data::Dataset>> datasets) {
    for (const auto& dataset : datasets)
        for (const auto& table : dataset->schema().tables) {
            const auto [it, isNew] = m_resources.emplace(table.name, Resource{dataset.get(), &table});
            if (!isNew)
                return fail(Error::AlreadyExists, "the datasets \"{}\" and \"{}\" both have a table \"{}\"",
                            it->second.dataset->name(), dataset->name(), table.name)
                    .hint("Rename one of the tables, or serve the datasets on two ports.");
        }
    return {};
}

void Router::addEndpoints(std::span<const std::shared_ptr<data::Dataset>> datasets) {
    using namespace endpoints;
    m_index = methods({{Method::Get, own(makeIndex(datasets))}});
    m_collection = methods({{Method::Get, own(makeList())}, {Method::Post, own(makeCreate())}});
    m_item = methods({{Method::Get, own(makeRead())},
                      {Method::Put, own(makeUpdate(Update::Replace))},
                      {Method::Patch, own(makeUpdate(Update::Merge))},
                      {Method::Delete, own(makeRemove())}});
    m_stats = methods({{Method::Get, own(makeStats())}});
    m_openApi = methods({{Method::Get, own(makeOpenApi(datasets))}});
    m_root = methods({{Method::Get, own(makeRoot(datasets))}});
    m_server = methods({});
    std::vector<std::string> resources;
    resources.reserve(m_resources.size());
    for (const auto& [name, resource] : m_resources)
        resources.push_back(name);
    std::ranges::sort(resources);
    addPatterns(resources);
    m_unknown = own(makeUnknown(std::move(resources)));
}

void Router::addTogglePaths(Catalogue catalogue) {
    for (const auto* def : catalogue)
        for (const auto path : def->paths)
            m_togglePaths.push_back({path, def->id, own(endpoints::makeSwitchedOff(path, def->id))});
}

void Router::addPatterns(std::span<const std::string> resources) {
    for (const auto* path : {"/", "/api", "/openapi.json"})
        m_patterns.push_back({path, {"GET", "HEAD"}});
    for (const auto& name : resources) {
        const auto path = std::string(kApi).append(http::percentEncode(name));
        m_patterns.push_back({path, {"GET", "HEAD", "POST"}});
        m_patterns.push_back({path + "/{key}", {"GET", "HEAD", "PUT", "PATCH", "DELETE"}});
        m_patterns.push_back({path + "/stats", {"GET", "HEAD"}});
    }
}

Router::Target Router::own(std::unique_ptr<Endpoint> endpoint) {
    auto& owned = *m_endpoints.emplace_back(std::move(endpoint));
    auto at = std::ranges::find(m_names, owned.name());
    if (at == m_names.end())
        at = m_names.emplace(m_names.end(), owned.name());
    return {&owned, static_cast<int>(at - m_names.begin())};
}

/// Fills in HEAD from GET, OPTIONS, and a 405 for the rest.
Router::Methods Router::methods(std::initializer_list<std::pair<Method, Target>> given) {
    Methods all;
    std::string allow;
    const auto put = [&](Method method, const Target& target) {
        all[static_cast<std::size_t>(method)] = target;
        allow += allow.empty() ? "" : ", ";
        allow += methodName(method);
    };
    for (const auto& [method, target] : given) {
        put(method, target);
        if (method == Method::Get)
            put(Method::Head, target);
    }
    allow += allow.empty() ? "OPTIONS" : ", OPTIONS";
    all[static_cast<std::size_t>(Method::Options)] = own(endpoints::makeOptions(allow));
    const auto refusal = own(endpoints::makeMethodRefusal(allow));
    for (auto& target : all)
        if (!target.endpoint)
            target = refusal;
    return all;
}

int Router::takeTarget(const Target& target, Route& route) {
    route.endpoint = target.endpoint;
    return target.name;
}

int Router::take(const Methods& methods, Method method, Route& route) {
    return takeTarget(methods[static_cast<std::size_t>(method)], route);
}

void Router::stop() const {
    for (const auto& endpoint : m_endpoints)
        endpoint->stop();
}

Nanos Router::cpuTime() const {
    Nanos sum{0};
    for (const auto& endpoint : m_endpoints)
        sum += endpoint->cpuTime();
    return sum;
}

int Router::match(Method method, std::string_view path, Route& route) const {
    if (m_all.endpoint)
        return takeTarget(m_all, route);
    if (path.starts_with(kApi) && path.size() > kApi.size())
        return matchApi(method, path.substr(kApi.size()), route);
    if (path == "/api" || path == kApi)
        return take(m_index, method, route);
    if (path == "/openapi.json")
        return take(m_openApi, method, route);
    if (path == "/")
        return take(m_root, method, route);
    if (path == "*")  // OPTIONS about the server as a whole (RFC 9110 section 7.1)
        return take(m_server, method, route);
    return matchToggle(path, route);
}

int Router::matchToggle(std::string_view path, Route& route) const {
    for (const auto& owned : m_togglePaths)
        if (owned.path.ends_with('/') ? path.starts_with(owned.path) : path == owned.path) {
            route.toggle = owned.toggle;
            return takeTarget(owned.target, route);
        }
    return takeTarget(m_unknown, route);
}

int Router::matchApi(Method method, std::string_view rest, Route& route) const {
    const auto slash = rest.find('/');
    std::string buffer;
    const auto name = decoded(rest.substr(0, slash), buffer);
    const auto resource = name ? m_resources.find(*name) : m_resources.end();
    if (resource == m_resources.end())
        return takeTarget(m_unknown, route);
    const auto last = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    if (last.find('/') != std::string_view::npos)
        return takeTarget(m_unknown, route);
    std::string keyBuffer;
    const auto key = decoded(last, keyBuffer);
    if (!key)
        return takeTarget(m_unknown, route);
    route.dataset = resource->second.dataset;
    route.table = resource->second.table;
    if (last.empty())
        return take(m_collection, method, route);
    if (last == "stats")
        return take(m_stats, method, route);
    route.key = *key;
    return take(m_item, method, route);
}

}  // namespace hone::engine
