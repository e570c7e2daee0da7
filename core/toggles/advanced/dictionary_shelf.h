#pragma once

#include "core/toggles/advanced/answer_samples.h"
#include "core/toggles/advanced/dictionary_fields.h"
#include "core/toggles/advanced/training_memo.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <shared_mutex>
#include <thread>
#include <unordered_map>

namespace hone::toggles::advanced {

/// A dictionary of one table's answers, as it is served.
struct TrainedDictionary {
    std::string table;
    Style style = Style::Pretty;
    std::string id;    ///< "products-1a2b3c4d": its name and, with ".dict", its file; changes with its bytes.
    std::string path;  ///< "/dictionaries/products-1a2b3c4d.dict".
    std::string use;   ///< The value of its Use-As-Dictionary.
    std::shared_ptr<const coding::PreparedDictionary> prepared;
    std::size_t samples = 0, sampleBytes = 0;
    Nanos took{0};

    [[nodiscard]] const coding::Dictionary& dictionary() const { return prepared->dictionary(); }
};

/// Trains a dictionary a table and style when one is first asked for, on a thread of its own, and keeps it.
///
/// Thread: any; asking takes a shared lock. Owner: the toggle's State; the destructor ends the thread, which
/// may first finish with the table it is at. What was trained for a dataset is found again by the next shelf
/// with the same settings while this one lives, so that a change of another parameter trains nothing anew.
class DictionaryShelf {
public:
    struct Settings {
        std::size_t size = 65'536;
        int level = 3;
        bool thorough = false;
    };
    using Trained = std::shared_ptr<const TrainedDictionary>;
    struct Line {
        std::string table;
        Style style;
        std::string state;  ///< "ready", "training", or why there is none.
        Trained trained;
    };

    DictionaryShelf(std::span<const std::shared_ptr<data::Dataset>> datasets, Settings settings);
    ~DictionaryShelf();
    DictionaryShelf(const DictionaryShelf&) = delete;
    DictionaryShelf& operator=(const DictionaryShelf&) = delete;

    /// The dictionary of that table, or nothing yet: the first call has it trained.
    [[nodiscard]] Trained want(std::string_view table, Style style);
    [[nodiscard]] Trained find(const coding::DictionaryHash& hash) const;
    [[nodiscard]] Trained byPath(std::string_view path) const;
    [[nodiscard]] bool hasTable(std::string_view table) const;
    /// The style answers of that table were last seen in.
    [[nodiscard]] Style lastStyle(std::string_view table) const;
    /// What was asked for so far, by table.
    [[nodiscard]] std::vector<Line> lines() const;
    [[nodiscard]] std::uint64_t trainings() const { return m_trainings.load(std::memory_order_relaxed); }
    /// A database that does not answer; tables too small to learn from are no trouble.
    [[nodiscard]] std::string trouble() const;

private:
    struct Source {
        std::shared_ptr<data::Dataset> dataset;
        const data::Table* table = nullptr;
    };
    struct Slot {
        Trained trained;  ///< Null while it is being trained, or failed.
        std::optional<Error> error;
    };
    using Wanted = std::pair<std::string, Style>;

    [[nodiscard]] TrainingMemo::Key keyOf(const Source& source, Style style) const;
    void run(std::stop_token stop);
    [[nodiscard]] Result<Trained> train(const Wanted& wanted, std::stop_token stop);

    const Settings m_settings;
    std::map<std::string, Source, std::less<>> m_sources;  ///< Immutable once made.
    std::vector<Trained> m_inherited;  ///< Of the shelf before, which may go before we are asked.
    mutable std::shared_mutex m_mutex;
    std::map<Wanted, Slot> m_slots;                      ///< Guarded by m_mutex.
    std::map<std::string, Style, std::less<>> m_styles;  ///< Guarded by m_mutex.
    std::deque<Wanted> m_queue;                          ///< Guarded by m_mutex.
    std::condition_variable_any m_wake;
    std::atomic<std::uint64_t> m_trainings{0};
    std::jthread m_thread;  ///< Guarded by m_mutex; started by the first want().
};

}  // namespace hone::toggles::advanced
