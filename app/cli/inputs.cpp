#include "app/cli/inputs.h"

#include "app/cli/network_options.h"

#include "app/cli/progress.h"
#include "core/data/dataset.h"
#include "core/toggles/catalogue.h"

#include <fmt/ranges.h>

#include <cstdlib>

namespace hone::cli {
namespace {

constexpr char kDefaultDataset[] = "cities";
/// A server is usually met with its connections kept: on, unless a profile or --off says otherwise.
constexpr char kUsualToggle[] = "transport";

/// "tuned" for workspace/profiles/tuned.profile.json.
std::vector<std::string> namesIn(const std::filesystem::path& folder, std::string_view suffix) {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        const auto file = entry.path().filename().string();
        if (file.ends_with(suffix))
            names.push_back(file.substr(0, file.size() - suffix.size()));
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool isUrl(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

}  // namespace

void addDatasetOption(CLI::App& verb, EngineOptionsCli& options) {
    verb.add_option("--dataset", options.datasets,
                    "File (CSV, JSON, JSON Lines, SQLite) or NAME[:ROWS]: cities, shop:100k; may be repeated")
        ->type_name("FILE|NAME[:ROWS]");
}

void addProfileOptions(CLI::App& verb, EngineOptionsCli& options) {
    verb.add_option("--profile", options.profile, "Profile file or name")->type_name("FILE|NAME");
    verb.add_option("--set", options.assignments, "Set a parameter, e.g. cache.ttl=30s; may be repeated")
        ->type_name("ID.PARAM=VALUE");
    verb.add_option("--on", options.on, "Switch a toggle on; may be repeated")->type_name("ID");
    verb.add_option("--off", options.off, "Switch a toggle off; may be repeated")->type_name("ID");
}

Result<model::Profile> findProfile(const Session& session, const std::string& fileOrName) {
    if (std::filesystem::exists(fileOrName))
        return model::Profile::load(fileOrName);
    const auto folder = session.workspace / "profiles";
    const auto file = folder / (fileOrName + ".profile.json");
    if (std::filesystem::exists(file))
        return model::Profile::load(file);
    if (fileOrName == "baseline")
        return model::Profile{};
    auto names = namesIn(folder, ".profile.json");
    names.insert(names.begin(), "baseline");
    return fail(Error::NotFound, "there is no profile file or name \"{}\"", fileOrName)
        .hint("Known names: {}.", fmt::join(names, ", "));
}

Result<model::Profile> profileFrom(const Session& session, const EngineOptionsCli& options) {
    model::Profile profile;
    if (!options.profile.empty()) {
        auto found = findProfile(session, options.profile);
        if (!found)
            return found;
        profile = std::move(*found);
    } else {
        profile.toggles[kUsualToggle].on = true;
    }
    for (const auto& id : options.on)
        profile.toggles[id].on = true;
    for (const auto& id : options.off)
        profile.toggles[id].on = false;
    for (const auto& assignment : options.assignments)
        if (auto set = profile.setText(assignment); !set)
            return fail(std::move(set.error()));
    // Refused here, before a dataset is imported for nothing.
    if (auto resolved = engine::resolve(profile, toggles::catalogue()); !resolved)
        return fail(std::move(resolved.error()));
    return profile;
}

Result<model::Workload> workloadFrom(const Session& session, const std::string& fileOrUrl) {
    if (isUrl(fileOrUrl))
        return model::Workload::forUrl(fileOrUrl);
    if (std::filesystem::exists(fileOrUrl))
        return model::Workload::load(fileOrUrl);
    const auto folder = session.workspace / "workloads";
    const auto file = folder / (fileOrUrl + ".workload.json");
    if (std::filesystem::exists(file))
        return model::Workload::load(file);
    if (fileOrUrl.starts_with("/"))
        return model::Workload::forUrl(fileOrUrl);
    return fail(Error::NotFound, "there is no workload file or name \"{}\"", fileOrUrl)
        .hint("Give a *.workload.json, a URL (http://…), a path of the engine (/api/cities), or one of: {}.",
              fmt::join(namesIn(folder, ".workload.json"), ", "));
}

Result<std::unique_ptr<engine::Engine>> startEngine(const Session& session, const EngineOptionsCli& options) {
    engine::EngineOptions engineOptions;
    auto specs = options.datasets;
    if (specs.empty() && !options.upstream)
        specs.emplace_back(kDefaultDataset);
    for (const auto& spec : specs) {
        ProgressLine line;
        auto dataset =
            data::openForServing(spec, data::defaultCacheDir(), session.stop, [&](data::Progress progress) {
                line.show(progress.total > 0 ? fmt::format("preparing {}: {:.0f} %", spec,
                                                           100.0 * static_cast<double>(progress.done) /
                                                               static_cast<double>(progress.total))
                                             : fmt::format("preparing {}: {}", spec, progress.done));
            });
        if (!dataset)
            return fail(std::move(dataset.error()));
        engineOptions.datasets.push_back(std::move(*dataset));
    }
    engineOptions.server.bind = options.bind;
    engineOptions.server.port = static_cast<std::uint16_t>(options.port);
    engineOptions.server.threads = options.threads;
    if (auto applied = applyNetworkOptions(options, engineOptions.server); !applied)
        return fail(std::move(applied.error()));
    engineOptions.catalogue = toggles::catalogue();
    engineOptions.allowedHosts = options.allowedHosts;
    engineOptions.upstream = options.upstream;
    engineOptions.cors = options.cors;
    engineOptions.poolThreads = options.poolThreads;
    engineOptions.adminToken = options.token;
    if (const char* token = std::getenv("HONE_TOKEN"); token != nullptr && options.token.empty())
        engineOptions.adminToken = token;
    return engine::Engine::create(std::move(engineOptions));
}

}  // namespace hone::cli
