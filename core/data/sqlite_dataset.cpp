#include "core/data/sqlite_dataset.h"

namespace hone::data {
namespace {

constexpr std::size_t kMaxIdleConnections = 64;

}  // namespace

Result<std::shared_ptr<Dataset>> Dataset::open(const std::filesystem::path& file) {
    return SqliteDataset::open(file, file.stem().string(), false);
}

Result<std::shared_ptr<Dataset>> SqliteDataset::open(const std::filesystem::path& file, std::string name,
                                                     bool isWorkingCopy) {
    std::shared_ptr<SqliteDataset> dataset(new SqliteDataset(std::move(name)));
    dataset->m_core->file = file;
    dataset->m_core->isWorkingCopy = isWorkingCopy;
    auto anchor = openForSession(*dataset->m_core);
    if (!anchor)
        return fail(std::move(anchor.error()));
    dataset->m_anchor = std::move(*anchor);
    // Readers and a writer do not wait for each other. In a user's own file `synchronous`
    // stays FULL: what a client saw as saved is on disk.
    if (const auto done = dataset->m_anchor->exec("PRAGMA journal_mode = WAL"); !done)
        return fail(done.error());
    auto catalog = loadCatalog(*dataset->m_anchor);
    if (!catalog)
        return fail(std::move(catalog.error()));
    dataset->m_core->catalog = std::move(*catalog);
    return dataset;
}

SqliteDataset::~SqliteDataset() {
    m_idle.clear();
    m_anchor.reset();
    if (m_core->isWorkingCopy)
        removeDatabase(m_core->file);
}

Result<std::unique_ptr<Session>> SqliteDataset::session(const Access& access) {
    std::unique_ptr<sqlite::Connection> connection;
    if (access.pooledConnection) {
        const std::scoped_lock lock(m_mutex);
        if (!m_idle.empty()) {
            connection = std::move(m_idle.back());  // The latest is the warmest.
            m_idle.pop_back();
        }
    }
    if (!connection) {
        auto opened = openForSession(*m_core);
        if (!opened)
            return fail(std::move(opened.error()));
        connection = std::move(*opened);
    }
    return std::make_unique<SqliteSession>(m_core, std::move(connection), access);
}

void SqliteDataset::release(std::unique_ptr<Session> session) {
    auto* const ours = dynamic_cast<SqliteSession*>(session.get());
    if (!ours || !ours->access().pooledConnection)
        return;
    auto connection = ours->takeConnection();
    const std::scoped_lock lock(m_mutex);
    if (connection && m_idle.size() < kMaxIdleConnections)
        m_idle.push_back(std::move(connection));
}

void removeDatabase(const std::filesystem::path& file) {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
        std::error_code ignored;
        std::filesystem::remove(file.string() + suffix, ignored);
    }
}

}  // namespace hone::data
