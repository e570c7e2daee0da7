#pragma once

#include "core/toggles/advanced/answer_samples.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hone::toggles::advanced {

struct TrainedDictionary;

/// What has been trained in this process and is still on some shelf: two arms, or a sweep over levels, need
/// not train the same again, and measure with the same bytes.
///
/// Thread: any; every method locks. It keeps nothing alive.
class TrainingMemo {
public:
    struct Key {
        std::shared_ptr<data::Dataset> dataset;
        std::string table;
        Style style = Style::Pretty;
        std::size_t size = 0;
        bool thorough = false;
    };

    static TrainingMemo& shared() {
        static TrainingMemo memo;
        return memo;
    }

    [[nodiscard]] std::shared_ptr<const TrainedDictionary> find(const Key& key) {
        const std::lock_guard lock(m_mutex);
        for (const auto& entry : m_entries)
            if (entry.isFor(key))
                return entry.trained.lock();
        return nullptr;
    }
    void keep(const Key& key, const std::shared_ptr<const TrainedDictionary>& trained) {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_entries, [](const Entry& entry) { return entry.trained.expired(); });
        m_entries.push_back({key.dataset, key.table, key.style, key.size, key.thorough, trained});
    }

private:
    struct Entry {
        std::weak_ptr<data::Dataset> dataset;
        std::string table;
        Style style;
        std::size_t size;
        bool thorough;
        std::weak_ptr<const TrainedDictionary> trained;

        [[nodiscard]] bool isFor(const Key& key) const {
            return dataset.lock() == key.dataset && table == key.table && style == key.style &&
                   size == key.size && thorough == key.thorough && !trained.expired();
        }
    };

    std::mutex m_mutex;
    std::vector<Entry> m_entries;  ///< Guarded by m_mutex.
};

}  // namespace hone::toggles::advanced
