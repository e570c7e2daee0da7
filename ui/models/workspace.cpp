#include "ui/models/workspace.h"

#include "core/toggles/catalogue.h"
#include "ui/format/format.h"
#include "ui/models/samples.h"

#include <algorithm>

namespace hone::ui {

namespace {

namespace fs = std::filesystem;

constexpr char kProfileSuffix[] = ".profile.json";
constexpr char kWorkloadSuffix[] = ".workload.json";
constexpr std::uint16_t kPort = 8437;  ///< The one in the documentation; any free one when it is taken.

/// "Constant 500/s list (open)" → "constant-500-s-list-open": a file name that every system and git take.
std::string slug(std::string_view name) {
    std::string made;
    for (const char c : name) {
        const auto u = static_cast<unsigned char>(c);
        if (std::isalnum(u) || u >= 0x80)
            made += static_cast<char>(std::tolower(u));
        else if (!made.empty() && made.back() != '-')
            made += '-';
    }
    while (made.ends_with('-'))
        made.pop_back();
    return made.empty() ? "unnamed" : made;
}

/// A path for `name` that no other name uses.
fs::path freePath(const fs::path& folder, std::string_view name, std::string_view suffix) {
    const std::string base = slug(name);
    fs::path path = folder / (base + std::string(suffix));
    std::error_code ignored;
    for (int i = 2; fs::exists(path, ignored); ++i)
        path = folder / fmt::format("{}-{}{}", base, i, suffix);
    return path;
}

std::vector<fs::path> filesIn(const fs::path& folder, std::string_view suffix) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (entry.path().filename().string().ends_with(suffix))
            files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

template <class T>
auto byName(T& items, std::string_view name) {
    return std::ranges::find_if(items, [name](const auto& item) { return item.name == name; });
}

/// Baseline first, then by name: the order of every chooser.
void sortProfiles(std::vector<model::Profile>& profiles) {
    std::ranges::sort(profiles, {},
                      [](const model::Profile& p) { return std::pair(p.name != "baseline", p.name); });
}

Result<std::unique_ptr<hone::engine::Engine>> startEngine(const std::string& spec,
                                                          std::shared_ptr<hone::engine::Engine> previous,
                                                          const std::stop_token& stop,
                                                          JobReporter& reporter) {
    if (previous)
        previous->stop(std::chrono::milliseconds(500));
    previous.reset();  // Its port is free; a run that still reads its counters holds a lease of its own.
    auto dataset = data::openForServing(spec, data::defaultCacheDir(), stop, [&reporter](data::Progress p) {
        reporter.progress(p.total > 0 ? static_cast<double>(p.done) / static_cast<double>(p.total) : -1,
                          QObject::tr("%1 rows").arg(count(static_cast<double>(p.done))));
    });
    if (!dataset)
        return fail(std::move(dataset.error()));
    hone::engine::EngineOptions options;
    options.datasets = {*dataset};
    options.catalogue = toggles::catalogue();
    options.server.port = kPort;
    auto started = hone::engine::Engine::create(options);
    if (!started && started.error().code == Error::Unavailable) {
        options.server.port = 0;
        started = hone::engine::Engine::create(options);
    }
    return started;
}

}  // namespace

Result<std::unique_ptr<Workspace>> Workspace::open(const fs::path& folder) {
    std::error_code error;
    for (const char* part : {"profiles", "workloads"}) {
        fs::create_directories(folder / part, error);
        if (error)
            return fail(Error::PermissionDenied, "cannot create {}: {}", (folder / part).string(),
                        error.message())
                .hint("Choose a folder you may write to.");
    }
    std::unique_ptr<Workspace> workspace(new Workspace);
    workspace->m_folder = folder;
    auto opened = store::Store::open(folder / "hone.db");
    if (!opened)
        return fail(std::move(opened.error()));
    workspace->m_store = std::move(*opened);
    if (auto loaded = workspace->loadFiles(); !loaded)
        return fail(std::move(loaded.error()));
    return workspace;
}

Workspace::~Workspace() = default;

Result<> Workspace::loadFiles() {
    if (filesIn(m_folder / "profiles", kProfileSuffix).empty() &&
        filesIn(m_folder / "workloads", kWorkloadSuffix).empty())
        if (auto written = writeSamples(); !written)
            return written;
    loadProfiles();
    loadWorkloads();
    return {};
}

void Workspace::loadProfiles() {
    for (const fs::path& file : filesIn(m_folder / "profiles", kProfileSuffix)) {
        auto profile = model::Profile::load(file);
        if (!profile) {
            m_problems << QStringLiteral("%1: %2").arg(text(file.filename().string()),
                                                       text(profile.error().line()));
            continue;
        }
        if (byName(m_profiles, profile->name) != m_profiles.end()) {
            m_problems << tr("%1: another profile is also named \"%2\"")
                              .arg(text(file.filename().string()), text(profile->name));
            continue;
        }
        m_profileFiles[profile->name] = file;
        m_profiles.push_back(std::move(*profile));
    }
    if (!saved("baseline"))
        m_profiles.push_back(model::Profile{});  // Comparisons need it; it gets a file when it is saved.
    sortProfiles(m_profiles);
    m_current = *saved("baseline");
}

void Workspace::loadWorkloads() {
    for (const fs::path& file : filesIn(m_folder / "workloads", kWorkloadSuffix)) {
        auto workload = model::Workload::load(file);
        if (!workload) {
            m_problems << QStringLiteral("%1: %2").arg(text(file.filename().string()),
                                                       text(workload.error().line()));
            continue;
        }
        m_workloadFiles[workload->name] = file;
        m_workloads.push_back(std::move(*workload));
    }
}

Result<> Workspace::writeSamples() {
    for (const auto& profile : sampleProfiles(toggles::catalogue()))
        if (auto written = profile.save(freePath(m_folder / "profiles", profile.name, kProfileSuffix));
            !written)
            return written;
    for (const auto& workload : sampleWorkloads())
        if (auto written = workload.save(freePath(m_folder / "workloads", workload.name, kWorkloadSuffix));
            !written)
            return written;
    return {};
}

void Workspace::serve(const QString& datasetSpec) {
    if (m_serveJob != 0)
        m_jobs.cancel(m_serveJob);
    m_datasetSpec = datasetSpec;
    m_engineError.clear();
    auto previous = std::exchange(m_engine, nullptr);
    emit engineStarting();
    auto number = std::make_shared<int>(0);
    *number = m_jobs.start(
        tr("Opening %1").arg(datasetSpec), this,
        [spec = utf8(datasetSpec), previous = std::move(previous)](std::stop_token stop,
                                                                   JobReporter& reporter) mutable {
            return startEngine(spec, std::move(previous), stop, reporter);
        },
        [this, number](Result<std::unique_ptr<hone::engine::Engine>> arrived) {
            if (*number == m_serveJob)  // Otherwise another dataset was asked for meanwhile.
                engineArrived(std::move(arrived));
        });
    m_serveJob = *number;
}

void Workspace::engineArrived(Result<std::unique_ptr<hone::engine::Engine>> arrived) {
    m_serveJob = 0;
    if (arrived)
        if (auto applied = (*arrived)->apply(hone::engine::Arm::A, m_current); !applied)
            arrived = fail(std::move(applied.error()));
    if (!arrived) {
        m_engineError = text(arrived.error().line());
        emit engineFailed(m_engineError);
        return;
    }
    m_engine = std::move(*arrived);
    applyNetwork();
    emit engineChanged();
}

void Workspace::setNetwork(const QString& preset) {
    m_network = preset;
    applyNetwork();
    emit networkChanged();
}

void Workspace::applyNetwork() {
    if (!m_engine)
        return;
    std::optional<net::LinkOptions> link;
    for (const net::LinkPreset& preset : net::linkPresets())
        if (!m_network.isEmpty() && text(preset.options.name) == m_network)
            link = preset.options;
    m_engine->setLink(std::move(link));
}

const model::Profile* Workspace::saved(std::string_view name) const {
    const auto found = byName(m_profiles, name);
    return found == m_profiles.end() ? nullptr : &*found;
}

bool Workspace::isModified() const {
    const auto* file = saved(m_current.name);
    return file == nullptr || !file->sameSettings(m_current);
}

void Workspace::selectProfile(const QString& name) {
    const auto* wanted = saved(utf8(name));
    if (wanted == nullptr)
        return;
    const model::Profile copy = *wanted;
    if (const auto applied = change(copy); !applied)
        emit engineFailed(text(applied.error().line()));
}

Result<> Workspace::change(const model::Profile& profile) {
    if (m_engine) {
        if (auto applied = m_engine->apply(hone::engine::Arm::A, profile); !applied)
            return applied;
    } else if (auto resolved = hone::engine::resolve(profile, toggles::catalogue()); !resolved) {
        return fail(std::move(resolved.error()));
    }
    m_current = profile;
    emit currentChanged();
    return {};
}

Result<> Workspace::saveProfile(const QString& name) {
    const std::string wanted = utf8(name.trimmed());
    if (wanted.empty())
        return fail(Error::InvalidArgument, "a profile needs a name").hint("For example \"tuned 2\".");
    model::Profile profile = m_current;
    profile.name = wanted;
    const auto known = m_profileFiles.find(wanted);
    const fs::path file = known != m_profileFiles.end()
                              ? known->second
                              : freePath(m_folder / "profiles", wanted, kProfileSuffix);
    if (auto written = profile.save(file); !written)
        return written;
    m_profileFiles[wanted] = file;
    if (const auto at = byName(m_profiles, wanted); at != m_profiles.end())
        *at = profile;
    else
        m_profiles.push_back(profile);
    sortProfiles(m_profiles);
    m_current = profile;
    emit profilesChanged();
    emit currentChanged();
    return {};
}

Result<> Workspace::removeProfile(const QString& name) {
    const std::string wanted = utf8(name);
    if (wanted == "baseline")
        return fail(Error::InvalidArgument, "the baseline cannot be removed")
            .hint("Others are compared with it.");
    const auto at = byName(m_profiles, wanted);
    if (at == m_profiles.end())
        return fail(Error::NotFound, "there is no profile named \"{}\"", wanted);
    std::error_code error;
    fs::remove(m_profileFiles[wanted], error);
    if (error)
        return fail(Error::Io, "cannot remove {}: {}", m_profileFiles[wanted].string(), error.message());
    m_profileFiles.erase(wanted);
    m_profiles.erase(at);
    emit profilesChanged();
    emit currentChanged();
    return {};
}

Result<> Workspace::saveWorkload(const model::Workload& workload) {
    if (workload.name.empty())
        return fail(Error::InvalidArgument, "a workload needs a name").hint("For example \"Browse cities\".");
    const auto known = m_workloadFiles.find(workload.name);
    const fs::path file = known != m_workloadFiles.end()
                              ? known->second
                              : freePath(m_folder / "workloads", workload.name, kWorkloadSuffix);
    if (auto written = workload.save(file); !written)
        return written;
    m_workloadFiles[workload.name] = file;
    if (const auto at = byName(m_workloads, workload.name); at != m_workloads.end())
        *at = workload;
    else
        m_workloads.push_back(workload);
    emit workloadsChanged();
    return {};
}

}  // namespace hone::ui
