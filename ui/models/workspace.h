#pragma once

#include "core/engine/engine.h"
#include "core/model/profile.h"
#include "core/model/workload.h"
#include "core/store/store.h"
#include "ui/jobs/jobs.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <filesystem>
#include <map>
#include <memory>
#include <vector>

namespace hone::ui {

/// What the whole window is about: a folder with profiles and workloads as files, the store, and the running
/// engine. Panels read it and send intents; it says what changed.
///
/// Thread: GUI; slow work goes through jobs(). Owner: the application.
class Workspace : public QObject {
    Q_OBJECT
public:
    /// Creates the folder with sample profiles and workloads when it is new or empty.
    static Result<std::unique_ptr<Workspace>> open(const std::filesystem::path& folder);
    ~Workspace() override;

    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
    [[nodiscard]] store::Store& store() { return *m_store; }
    [[nodiscard]] Jobs& jobs() { return m_jobs; }
    /// Files that were left out because they do not read: "tuned.profile.json: …". For the status bar.
    [[nodiscard]] const QStringList& problems() const { return m_problems; }

    /// Starts (or restarts) the engine on a dataset spec ("cities", "shop:100k", a file). Runs as a job;
    /// engineChanged() or engineFailed() follows.
    void serve(const QString& datasetSpec);
    [[nodiscard]] hone::engine::Engine* engine() const {
        return m_engine.get();
    }  ///< Null while starting or failed.
    /// The same for a job: the engine stays until the job lets go, even when another one starts meanwhile.
    [[nodiscard]] std::shared_ptr<hone::engine::Engine> engineLease() const { return m_engine; }
    [[nodiscard]] QString datasetSpec() const { return m_datasetSpec; }
    /// The simulated network in front of the engine, by preset; empty: the real loopback alone. For
    /// connections from now on; a new engine gets it too.
    void setNetwork(const QString& preset);
    [[nodiscard]] const QString& network() const { return m_network; }
    [[nodiscard]] QString engineError() const { return m_engineError; }
    [[nodiscard]] bool isStarting() const { return m_serveJob != 0; }

    // Profiles: `current` is what arm A of the engine runs; edits apply at once.
    [[nodiscard]] const std::vector<model::Profile>& profiles() const { return m_profiles; }
    [[nodiscard]] const model::Profile& current() const { return m_current; }
    [[nodiscard]] bool isModified() const;  ///< Differs from the saved profile of that name.
    void selectProfile(const QString& name);
    /// Refused settings leave everything as it was; the error is for the control that asked.
    Result<> change(const model::Profile& profile);
    Result<> saveProfile(const QString& name);  ///< The current settings under that name.
    Result<> removeProfile(const QString& name);

    [[nodiscard]] const std::vector<model::Workload>& workloads() const { return m_workloads; }
    Result<> saveWorkload(const model::Workload& workload);

    void notifyRunsChanged() { emit runsChanged(); }
    void notifyAnswersChanged() { emit answersChanged(); }

signals:
    void engineStarting();
    void engineChanged();
    void networkChanged();
    void engineFailed(const QString& message);
    void currentChanged();
    void profilesChanged();
    void workloadsChanged();
    void runsChanged();
    void answersChanged();

private:
    Workspace() = default;
    Result<> loadFiles();
    Result<> writeSamples();
    void loadProfiles();
    void loadWorkloads();
    void applyNetwork();
    void engineArrived(Result<std::unique_ptr<hone::engine::Engine>> arrived);
    [[nodiscard]] const model::Profile* saved(std::string_view name) const;

    std::filesystem::path m_folder;
    std::unique_ptr<store::Store> m_store;
    std::shared_ptr<hone::engine::Engine> m_engine;
    QString m_network;
    QString m_datasetSpec, m_engineError;
    std::vector<model::Profile> m_profiles;
    model::Profile m_current;
    std::vector<model::Workload> m_workloads;
    std::map<std::string, std::filesystem::path, std::less<>> m_profileFiles, m_workloadFiles;  ///< By name.
    QStringList m_problems;
    int m_serveJob = 0;  ///< 0: none under way. Only the newest one's engine is taken.
    Jobs m_jobs;         ///< Last: its jobs end before what they use.
};

}  // namespace hone::ui
