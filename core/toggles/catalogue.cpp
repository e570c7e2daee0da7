#include "core/toggles/catalogue.h"

#include "toggles/catalogue_list.h"

#include <algorithm>
#include <array>

namespace hone::toggles {

engine::Catalogue catalogue() {
    // The build lists folders by name; people and pipelines want the order of the strategies.
    static const auto kOrdered = [] {
        auto list = std::to_array(kCatalogue);
        std::ranges::sort(list, {}, [](const engine::ToggleDef* def) { return def->number; });
        return list;
    }();
    return kOrdered;
}

const engine::ToggleDef* find(std::string_view id) {
    const auto all = catalogue();
    const auto it = std::ranges::find(all, id, [](const engine::ToggleDef* def) { return def->id; });
    return it == all.end() ? nullptr : *it;
}

}  // namespace hone::toggles
