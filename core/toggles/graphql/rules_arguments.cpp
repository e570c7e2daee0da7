// Arguments of fields and directives: known, once, and there when required (specification, section 5.4).

#include "core/toggles/graphql/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace hone::toggles::graphql {
namespace {

class ArgumentRules final : public Visitor {
public:
    explicit ArgumentRules(Checker& checker) : m_checker(checker) {}

    void arguments(std::span<const Argument> arguments, const std::vector<InputValue>* known,
                   const std::string& owner, std::uint32_t at) override {
        once(arguments);
        if (!known)
            return;
        const bool isDirective = owner.starts_with('@');
        for (const Argument& argument : arguments)
            if (std::ranges::find(*known, argument.name.text, &InputValue::name) == known->end())
                m_checker.report(fmt::format("Unknown argument \"{}\" on {} \"{}\".", argument.name.text,
                                             isDirective ? "directive" : "field", owner),
                                 {argument.name.at});
        for (const InputValue& wanted : *known)
            if (wanted.isRequired() && std::ranges::none_of(arguments, [&](const Argument& argument) {
                    return argument.name.text == wanted.name;
                }))
                missing(wanted, owner, at);
    }

private:
    void once(std::span<const Argument> arguments) {
        std::map<std::string_view, std::uint32_t> seen;
        for (const Argument& argument : arguments)
            if (const auto [first, isNew] = seen.emplace(argument.name.text, argument.name.at); !isNew)
                m_checker.report(
                    fmt::format("There can be only one argument named \"{}\".", argument.name.text),
                    {first->second, argument.name.at});
    }
    void missing(const InputValue& wanted, const std::string& owner, std::uint32_t at) {
        const bool isDirective = owner.starts_with('@');
        m_checker.report(
            fmt::format("{} \"{}\" argument \"{}\" of type \"{}\" is required, but it was not provided.",
                        isDirective ? "Directive" : "Field",
                        isDirective ? owner : owner.substr(owner.find('.') + 1), wanted.name,
                        wanted.type.text()),
            {at});
    }

    Checker& m_checker;
};

}  // namespace

void checkArguments(Checker& checker) {
    ArgumentRules rules(checker);
    walkAll(checker, rules);
}

}  // namespace hone::toggles::graphql
