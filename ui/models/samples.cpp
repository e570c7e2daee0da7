#include "ui/models/samples.h"

#include <algorithm>
#include <initializer_list>

namespace hone::ui {

namespace {

constexpr std::int64_t kCityIds = 1000;  ///< The ids everybody asks for: a Zipf head that a cache can hold.

bool has(hone::engine::Catalogue catalogue, std::string_view id) {
    return std::ranges::any_of(catalogue, [id](const auto* def) { return def->id == id; });
}

model::Profile profile(hone::engine::Catalogue catalogue, std::string name, std::string note,
                       std::initializer_list<std::string_view> on) {
    model::Profile made;
    made.name = std::move(name);
    made.note = std::move(note);
    for (const auto id : on)
        if (has(catalogue, id))
            made.toggles[std::string(id)].on = true;
    return made;
}

model::WorkloadRequest get(std::string name, std::string url, double weight) {
    model::WorkloadRequest request;
    request.name = std::move(name);
    request.url = std::move(url);
    request.headers = {{"Accept", "application/json"}, {"Accept-Encoding", "gzip, br, zstd"}};
    request.weight = weight;
    return request;
}

model::Variable ids(model::Variable::Draw draw) {
    model::Variable variable;
    variable.first = 1;
    variable.last = kCityIds;
    variable.draw = draw;
    return variable;
}

}  // namespace

std::vector<model::Profile> sampleProfiles(hone::engine::Catalogue catalogue) {
    std::vector<model::Profile> profiles{
        profile(catalogue, "baseline", "Every toggle off: what the others are compared with.", {}),
        profile(catalogue, "cached", "Answers are kept and reused.", {"cache"}),
        profile(catalogue, "compressed", "Small JSON, compressed as the client allows.", {"encoding"}),
        profile(catalogue, "paged", "Lists answer a page, filters run in the database.", {"shaping"}),
        profile(catalogue, "connected", "Connections are kept; answers are the naive ones.", {"transport"}),
        profile(catalogue, "distant", "Clients around the world ask the origin; the distance is simulated.",
                {"transport", "edge"}),
        profile(catalogue, "edge", "The same distances, with points of presence in between.",
                {"transport", "edge"}),
        profile(catalogue, "tuned",
                "Everything on but distance; the rate limit is wide enough not to refuse a bench.", {}),
    };
    if (has(catalogue, "edge"))
        std::ranges::find(profiles, "distant", &model::Profile::name)->toggles["edge"].params["caching"] =
            false;
    model::Profile& tuned = profiles.back();
    for (const auto* def : catalogue)
        if (def->id != "edge")  // its clients are far away, which nothing else here is measured with
            tuned.toggles[std::string(def->id)].on = true;
    if (has(catalogue, "ratelimit")) {
        auto& params = tuned.toggles["ratelimit"].params;
        params["rate"] = 200'000.0;
        params["burst"] = std::int64_t{20'000};
    }
    return profiles;
}

std::vector<model::Workload> sampleWorkloads() {
    model::Workload browse;
    browse.name = "Browse cities";
    browse.note = "People turn pages, open popular cities and look at the statistics.";
    browse.requests = {get("list page", "/api/cities?limit=20&page={{page}}", 5),
                       get("one city", "/api/cities/{{id}}", 4), get("statistics", "/api/cities/stats", 1)};
    browse.variables["id"] = ids(model::Variable::Draw::Zipf);
    browse.variables["page"] = ids(model::Variable::Draw::Zipf);
    browse.variables["page"].last = 50;
    browse.clients = 4;

    model::Workload constant;
    constant.name = "Constant 500/s list (open)";
    constant.note = "Arrivals by schedule, whatever the engine does: waiting shows in the latency.";
    constant.requests = {get("list page", "/api/cities?limit=20&page={{page}}", 1)};
    constant.variables["page"] = browse.variables["page"];
    constant.model = model::LoadModel::Open;
    constant.ratePerSecond = 500;
    constant.arrival = model::Arrival::Constant;

    model::Workload single;
    single.name = "Single city lookups";
    single.note = "One row by key, ids drawn evenly: the case a cache helps least.";
    single.requests = {get("one city", "/api/cities/{{id}}", 1)};
    single.variables["id"] = ids(model::Variable::Draw::Uniform);
    single.clients = 4;
    return {browse, constant, single};
}

}  // namespace hone::ui
