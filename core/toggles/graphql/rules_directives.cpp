// Directives: known, where they may be, once (specification, section 5.7).

#include "core/toggles/graphql/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace hone::toggles::graphql {
namespace {

class DirectiveRules final : public Visitor {
public:
    explicit DirectiveRules(Checker& checker) : m_checker(checker) {}

    void directives(std::span<const Directive> directives, std::string_view location) override {
        std::map<std::string_view, std::uint32_t> seen;
        for (const Directive& directive : directives) {
            const DirectiveType* type = m_checker.schema.directive(directive.name.text);
            if (!type) {
                m_checker.report(fmt::format("Unknown directive \"@{}\".", directive.name.text),
                                 {directive.at});
                continue;
            }
            if (std::ranges::find(type->locations, location) == type->locations.end())
                m_checker.report(
                    fmt::format("Directive \"@{}\" may not be used on {}.", directive.name.text, location),
                    {directive.at});
            const auto [first, isNew] = seen.emplace(directive.name.text, directive.at);
            if (!isNew && !type->repeatable)
                m_checker.report(fmt::format("The directive \"@{}\" can only be used once at this location.",
                                             directive.name.text),
                                 {first->second, directive.at});
        }
    }

private:
    Checker& m_checker;
};

}  // namespace

void checkDirectives(Checker& checker) {
    DirectiveRules rules(checker);
    walkAll(checker, rules);
}

}  // namespace hone::toggles::graphql
