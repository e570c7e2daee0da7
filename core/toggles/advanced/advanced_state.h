#pragma once

#include "core/engine/stage.h"
#include "core/params/param_set.h"
#include "core/toggles/advanced/columnar_endpoint.h"
#include "core/toggles/advanced/previous_answers.h"
#include "core/toggles/advanced/served_files.h"

namespace hone::toggles::advanced {

/// The values of ToggleDef::counters, in their order.
enum class Count : std::uint8_t {
    Saved,       ///< Bytes.
    Out,         ///< Bytes of answers that were coded.
    Dictionary,  ///< Answers coded with a trained dictionary.
    Delta,       ///< With the answer before.
    Unknown,     ///< Dictionaries named by clients that are not here (any more).
    Unshrunk,    ///< Answers that would not have been shorter.
    Columnar,
    ColumnarBytes,
    Trainings,
    KeptBytes,
};
inline constexpr std::size_t kCountCount = 10;

struct Settings {
    bool dictionaries = true, deltas = true, columnar = true;
    int level = 3;
    std::size_t minSize = 0, deltaMin = 0;
    std::int64_t deltaFresh = 0;  ///< Seconds.
};

/// What the workers share: the dictionaries, the answers that went out, the counts. Thread: any.
class AdvancedState final : public engine::State, public std::enable_shared_from_this<AdvancedState> {
public:
    AdvancedState(const ParamSet& params, std::span<const std::shared_ptr<data::Dataset>> datasets);

    [[nodiscard]] std::unique_ptr<engine::Stage> makeStage() override;
    void readCounters(std::span<double> out) const override;
    /// Forgets the answers that went out. What was trained stays: it says nothing about requests.
    void reset() override { previous.clear(); }
    [[nodiscard]] const engine::Endpoint* endpoint(std::string_view path) const override {
        return m_files.has(path) ? &m_files : nullptr;
    }
    [[nodiscard]] std::string trouble() const override { return shelf ? shelf->trouble() : std::string(); }

    void count(Count which, std::uint64_t by = 1) {
        m_counts[static_cast<std::size_t>(which)].fetch_add(by, std::memory_order_relaxed);
    }

    const Settings settings;
    PreviousAnswers previous;
    ColumnarTotals columnar;
    const std::unique_ptr<DictionaryShelf> shelf;  ///< Null: no dictionaries.

private:
    ServedFiles m_files;
    std::atomic<std::uint64_t> m_counts[kCountCount] = {};
};

}  // namespace hone::toggles::advanced
