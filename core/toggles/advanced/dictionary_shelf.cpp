#include "core/toggles/advanced/dictionary_shelf.h"

#include "core/base/log.h"
#include "core/base/thread.h"
#include "core/coding/dictionary_training.h"
#include "core/http/semantics.h"

#include <fmt/format.h>

#include <numeric>

namespace hone::toggles::advanced {
namespace {

/// What trainers are fed: a hundred times what they are to find (zstd's own advice), within reason.
std::size_t sampleBudget(std::size_t dictionarySize) {
    return std::min<std::size_t>(dictionarySize * 100, std::size_t{8} * 1024 * 1024);
}

}  // namespace

DictionaryShelf::DictionaryShelf(std::span<const std::shared_ptr<data::Dataset>> datasets, Settings settings)
    : m_settings(settings) {
    for (const auto& dataset : datasets)
        for (const auto& table : dataset->schema().tables)
            m_sources.emplace(table.name, Source{dataset, &table});
    for (const auto& [name, source] : m_sources)
        for (const auto style : {Style::Pretty, Style::Minified})
            if (auto known = TrainingMemo::shared().find(keyOf(source, style)))
                m_inherited.push_back(std::move(known));
}

TrainingMemo::Key DictionaryShelf::keyOf(const Source& source, Style style) const {
    return {source.dataset, source.table->name, style, m_settings.size, m_settings.thorough};
}

DictionaryShelf::~DictionaryShelf() = default;

DictionaryShelf::Trained DictionaryShelf::want(std::string_view table, Style style) {
    Wanted wanted(table, style);
    {
        const std::shared_lock lock(m_mutex);
        if (const auto found = m_slots.find(wanted); found != m_slots.end())
            return found->second.trained;
    }
    if (!hasTable(table))
        return nullptr;
    const std::lock_guard lock(m_mutex);
    if (!m_slots.try_emplace(wanted).second)
        return nullptr;
    m_styles.insert_or_assign(wanted.first, style);
    m_queue.push_back(std::move(wanted));
    if (!m_thread.joinable())
        m_thread = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
    m_wake.notify_one();
    return nullptr;
}

void DictionaryShelf::run(std::stop_token stop) {
    nameThread("hone-train");
    for (;;) {
        Wanted wanted;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return !m_queue.empty(); }))
                return;
            wanted = std::move(m_queue.front());
            m_queue.pop_front();
        }
        auto trained = train(wanted, stop);
        if (!trained)
            log::info("no dictionary for {}: {}", wanted.first, trained.error().line());
        const std::lock_guard lock(m_mutex);
        auto& slot = m_slots[wanted];
        if (trained)
            slot.trained = std::move(*trained);
        else
            slot.error = std::move(trained.error());
    }
}

Result<DictionaryShelf::Trained> DictionaryShelf::train(const Wanted& wanted, std::stop_token stop) {
    const auto& source = m_sources.find(wanted.first)->second;
    const auto& [dataset, table] = source;
    const auto key = keyOf(source, wanted.second);
    if (auto known = TrainingMemo::shared().find(key)) {
        auto again = std::make_shared<TrainedDictionary>(*known);
        if (auto prepared = coding::PreparedDictionary::create(known->dictionary(), m_settings.level))
            again->prepared = std::move(*prepared);
        TrainingMemo::shared().keep(key, again);
        return again;
    }
    const Nanos begin = monotonicNow();
    const auto samples =
        sampleAnswers(*dataset, *table, wanted.second, sampleBudget(m_settings.size), std::move(stop));
    if (!samples)
        return fail(samples.error());
    auto bytes =
        coding::trainDictionary(*samples, {.size = m_settings.size, .thorough = m_settings.thorough});
    if (!bytes)
        return fail(std::move(bytes.error()));
    const auto hash = sha256(*bytes);
    auto prepared =
        coding::PreparedDictionary::create({.hash = hash, .bytes = std::move(*bytes)}, m_settings.level);
    if (!prepared)
        return fail(std::move(prepared.error()));
    m_trainings.fetch_add(1, std::memory_order_relaxed);
    const auto resource = "/api/" + http::percentEncode(table->name);
    auto made = std::make_shared<TrainedDictionary>();
    made->table = table->name;
    made->style = wanted.second;
    made->id = fmt::format("{}-{}", http::percentEncode(table->name), hexOf(hash).substr(0, 8));
    made->path = "/dictionaries/" + made->id + ".dict";
    made->use = useAsDictionary(matchBelow(resource), made->id);
    made->prepared = std::move(*prepared);
    made->samples = samples->size();
    made->sampleBytes = std::accumulate(samples->begin(), samples->end(), std::size_t{0},
                                        [](std::size_t sum, const auto& one) { return sum + one.size(); });
    made->took = monotonicNow() - begin;
    TrainingMemo::shared().keep(key, made);
    return made;
}

DictionaryShelf::Trained DictionaryShelf::find(const coding::DictionaryHash& hash) const {
    const std::shared_lock lock(m_mutex);
    for (const auto& [wanted, slot] : m_slots)
        if (slot.trained && slot.trained->dictionary().hash == hash)
            return slot.trained;
    return nullptr;
}

DictionaryShelf::Trained DictionaryShelf::byPath(std::string_view path) const {
    const std::shared_lock lock(m_mutex);
    for (const auto& [wanted, slot] : m_slots)
        if (slot.trained && slot.trained->path == path)
            return slot.trained;
    return nullptr;
}

bool DictionaryShelf::hasTable(std::string_view table) const { return m_sources.contains(table); }

Style DictionaryShelf::lastStyle(std::string_view table) const {
    const std::shared_lock lock(m_mutex);
    const auto found = m_styles.find(table);
    return found == m_styles.end() ? Style::Pretty : found->second;
}

std::vector<DictionaryShelf::Line> DictionaryShelf::lines() const {
    std::vector<Line> lines;
    const std::shared_lock lock(m_mutex);
    for (const auto& [wanted, slot] : m_slots)
        lines.push_back({wanted.first, wanted.second,
                         slot.trained ? "ready"
                         : slot.error ? slot.error->line()
                                      : "training",
                         slot.trained});
    return lines;
}

std::string DictionaryShelf::trouble() const {
    const std::shared_lock lock(m_mutex);
    for (const auto& [wanted, slot] : m_slots)
        if (slot.error && slot.error->code != Error::InvalidArgument && slot.error->code != Error::Cancelled)
            return fmt::format("no dictionary for {}: {}", wanted.first, slot.error->line());
    return {};
}

}  // namespace hone::toggles::advanced
