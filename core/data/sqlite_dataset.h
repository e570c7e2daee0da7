#pragma once

#include "core/data/sqlite_session.h"

#include <mutex>

namespace hone::data {

/// Dataset over one SQLite file.
///
/// Thread: any; the pool is locked. Invariant: one connection stays open as long as the dataset, so that a
/// session that closes is never the last, which would fold the write-ahead log into the file each time.
class SqliteDataset final : public Dataset {
public:
    /// A working copy is removed with the dataset.
    static Result<std::shared_ptr<Dataset>> open(const std::filesystem::path& file, std::string name,
                                                 bool isWorkingCopy);
    ~SqliteDataset() override;

    [[nodiscard]] const std::string& name() const override { return m_name; }
    [[nodiscard]] const Schema& schema() const override { return m_core->catalog.schema; }
    [[nodiscard]] Result<std::unique_ptr<Session>> session(const Access& access) override;
    void release(std::unique_ptr<Session> session) override;
    [[nodiscard]] std::uint64_t writeGeneration() const override {
        return m_core->writeGeneration.load(std::memory_order_acquire);
    }

private:
    explicit SqliteDataset(std::string name) : m_name(std::move(name)) {}

    std::string m_name;
    std::shared_ptr<DatasetCore> m_core = std::make_shared<DatasetCore>();
    std::unique_ptr<sqlite::Connection> m_anchor;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<sqlite::Connection>> m_idle;  ///< Guarded by m_mutex.
};

/// Removes a SQLite file with its log and index files; missing ones are fine.
void removeDatabase(const std::filesystem::path& file);

}  // namespace hone::data
