#include "core/toggles/advanced/advanced_state.h"

namespace hone::toggles::advanced {
namespace {

Settings settingsOf(const ParamSet& params) {
    return {.dictionaries = params.flag("dictionary"),
            .deltas = params.flag("delta"),
            .columnar = params.flag("columnar"),
            .level = static_cast<int>(params.integer("level")),
            .minSize = static_cast<std::size_t>(params.integer("minSize")),
            .deltaMin = static_cast<std::size_t>(params.integer("deltaMin")),
            .deltaFresh = params.integer("deltaFresh")};
}

std::unique_ptr<DictionaryShelf> shelfFor(const ParamSet& params,
                                          std::span<const std::shared_ptr<data::Dataset>> datasets) {
    if (!params.flag("dictionary"))
        return nullptr;
    return std::make_unique<DictionaryShelf>(
        datasets,
        DictionaryShelf::Settings{.size = static_cast<std::size_t>(params.integer("dictionarySize")),
                                  .level = static_cast<int>(params.integer("level")),
                                  .thorough = params.text("training") == "thorough"});
}

}  // namespace

AdvancedState::AdvancedState(const ParamSet& params, std::span<const std::shared_ptr<data::Dataset>> datasets)
    : settings(settingsOf(params)),
      previous(static_cast<std::size_t>(params.integer("deltaMemory"))),
      shelf(shelfFor(params, datasets)),
      m_files(shelf.get()) {}

void AdvancedState::readCounters(std::span<double> out) const {
    const auto set = [&](Count which, std::uint64_t value) {
        out[static_cast<std::size_t>(which)] = static_cast<double>(value);
    };
    for (std::size_t i = 0; i < kCountCount; ++i)
        out[i] = static_cast<double>(m_counts[i].load(std::memory_order_relaxed));
    set(Count::Columnar, columnar.answers.load(std::memory_order_relaxed));
    set(Count::ColumnarBytes, columnar.bytes.load(std::memory_order_relaxed));
    set(Count::Trainings, shelf ? shelf->trainings() : 0);
    set(Count::KeptBytes, previous.bytes());
}

}  // namespace hone::toggles::advanced
