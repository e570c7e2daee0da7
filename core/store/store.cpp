#include "core/store/store.h"

#include "core/store/answer_repository.h"
#include "core/store/migrate.h"
#include "core/store/result_repository.h"

#include <cstdlib>
#include <mutex>

namespace hone::store {
namespace {

std::string textOf(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class SqliteStore final : public Store {
public:
    explicit SqliteStore(std::unique_ptr<sqlite::Connection> db)
        : m_db(std::move(db)), m_results(*m_db), m_answers(*m_db) {}
    ~SqliteStore() override { static_cast<void>(m_results.forgetRemoved()); }

    Result<> saveRun(const model::RunResult& run) override {
        const std::lock_guard lock(m_mutex);
        return m_results.save(summarise(run), textOf(run.toJson()));
    }
    Result<> saveComparison(const model::Comparison& comparison) override {
        const std::lock_guard lock(m_mutex);
        return m_results.save(summarise(comparison), textOf(comparison.toJson()));
    }
    Result<> saveAttribution(const model::Attribution& attribution) override {
        const std::lock_guard lock(m_mutex);
        return m_results.save(summarise(attribution), textOf(attribution.toJson()));
    }
    Result<std::vector<RunSummary>> list(std::string_view search) override {
        const std::lock_guard lock(m_mutex);
        return m_results.list(search);
    }
    Result<RunSummary> find(std::string_view id) override {
        const std::lock_guard lock(m_mutex);
        return m_results.find(id);
    }
    Result<model::RunResult> run(std::string_view id) override { return read<model::RunResult>(id); }
    Result<model::Comparison> comparison(std::string_view id) override { return read<model::Comparison>(id); }

    Result<model::Attribution> attribution(std::string_view id) override {
        return read<model::Attribution>(id);
    }

    Result<> annotate(std::string_view id, std::string_view name, std::string_view note,
                      const std::vector<std::string>& tags) override {
        const std::lock_guard lock(m_mutex);
        auto body = m_results.body(id);
        if (!body)
            return fail(std::move(body.error()));
        // The result carries its own name, so that an exported one keeps what the list shows.
        auto json = nlohmann::json::parse(*body, nullptr, false);
        json["name"] = name;
        json["note"] = note;
        json["tags"] = tags;
        return m_results.annotate(id, name, note, tags, textOf(json));
    }
    Result<> remove(std::string_view id) override {
        const std::lock_guard lock(m_mutex);
        return m_results.setRemoved(id, true);
    }
    Result<> restore(std::string_view id) override {
        const std::lock_guard lock(m_mutex);
        return m_results.setRemoved(id, false);
    }
    Result<> saveAnswer(const model::SurveyAnswer& answer) override {
        const std::lock_guard lock(m_mutex);
        return m_answers.save(answer);
    }
    Result<std::vector<model::SurveyAnswer>> answers(std::string_view surveyId) override {
        const std::lock_guard lock(m_mutex);
        return m_answers.list(surveyId);
    }
    std::int64_t bytesUsed() override {
        const std::lock_guard lock(m_mutex);
        return m_db->scalar("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            .value_or(0);
    }
    const std::filesystem::path& file() const override { return m_db->file(); }

private:
    template <class T>
    Result<T> read(std::string_view id) {
        std::string text;
        {
            const std::lock_guard lock(m_mutex);
            auto found = m_results.find(id);
            if (!found)
                return fail(std::move(found.error()));
            auto body = m_results.body(found->id);
            if (!body)
                return fail(std::move(body.error()));
            text = std::move(*body);
        }
        const auto json = nlohmann::json::parse(text, nullptr, false);
        if (json.is_discarded())
            return fail(Error::Malformed, "the stored result {} does not parse as JSON", id);
        return T::fromJson(json);
    }

    std::mutex m_mutex;  ///< Guards everything below.
    std::unique_ptr<sqlite::Connection> m_db;
    ResultRepository m_results;
    AnswerRepository m_answers;
};

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& file) {
    std::error_code error;
    if (const auto folder = file.parent_path(); !folder.empty())
        std::filesystem::create_directories(folder, error);
    if (error)
        return fail(Error::PermissionDenied, "the folder {} cannot be made: {}", file.parent_path().string(),
                    error.message())
            .hint("Choose another workspace folder with --workspace.");
    auto db = sqlite::Connection::open(file, sqlite::Mode::Create);
    if (!db)
        return fail(std::move(db.error()));
    // FULL: what was said to be saved survives a power cut (also in WAL mode).
    for (const char* pragma :
         {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON"})
        if (auto set = (*db)->exec(pragma); !set)
            return fail(std::move(set.error()));
    if (auto migrated = migrate(**db); !migrated)
        return fail(std::move(migrated.error()));
    return std::make_unique<SqliteStore>(std::move(*db));
}

std::filesystem::path defaultWorkspace() {
    if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0')
        return std::filesystem::path(data) / "hone" / "workspace";
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home != nullptr ? home : ".") / ".local" / "share" / "hone" / "workspace";
}

}  // namespace hone::store
