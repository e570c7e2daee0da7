// Fragments: named once, used, without cycles, on types that are there and possible (section 5.5).

#include "core/toggles/graphql/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace hone::toggles::graphql {
namespace {

bool overlap(const Type& a, const Type& b) {
    if (&a == &b)
        return true;
    if (a.isAbstract() && b.isAbstract())
        return std::ranges::any_of(a.members, [&](const Type* member) { return b.includes(*member); });
    return a.isAbstract() ? a.includes(b) : b.isAbstract() && b.includes(a);
}

class FragmentRules final : public Visitor {
public:
    explicit FragmentRules(Checker& checker) : m_checker(checker) {}

    void operation(const Operation&) override { m_uses = &m_roots; }
    void fragment(const Fragment& fragment) override {
        m_uses = &m_spreads[fragment.name.text];
        condition(fragment.on, fmt::format("Fragment \"{}\"", fragment.name.text));
    }
    void variable(const VariableDefinition& variable) override { known(variable.type.named); }
    void spread(const Type* parent, const Selection& spread) override {
        m_uses->push_back(&spread);
        const Fragment* fragment = m_checker.document.fragment(spread.name.text);
        if (!fragment)
            return m_checker.report(fmt::format("Unknown fragment \"{}\".", spread.name.text),
                                    {spread.name.at});
        const Type* type = m_checker.schema.type(fragment->on.text);
        if (parent && type && type->isComposite() && !overlap(*parent, *type))
            m_checker.report(
                fmt::format("Fragment \"{}\" cannot be spread here as objects of type \"{}\" can "
                            "never be of type \"{}\".",
                            spread.name.text, parent->name, type->name),
                {spread.at});
    }
    void inlined(const Type* parent, const Selection& inlined) override {
        if (inlined.on.empty())
            return;
        condition(inlined.on, "Fragment");
        const Type* type = m_checker.schema.type(inlined.on.text);
        if (parent && type && type->isComposite() && !overlap(*parent, *type))
            m_checker.report(fmt::format("Fragment cannot be spread here as objects of type \"{}\" can never "
                                         "be of type \"{}\".",
                                         parent->name, type->name),
                             {inlined.at});
    }

    void names() {
        std::map<std::string_view, std::uint32_t> seen;
        for (const Fragment& fragment : m_checker.document.fragments)
            if (const auto [first, isNew] = seen.emplace(fragment.name.text, fragment.name.at); !isNew)
                m_checker.report(
                    fmt::format("There can be only one fragment named \"{}\".", fragment.name.text),
                    {first->second, fragment.name.at});
    }
    void unused() {
        std::set<std::string_view> used;
        std::vector<const Selection*> next = m_roots;
        while (!next.empty()) {
            const std::string_view name = next.back()->name.text;
            next.pop_back();
            if (used.insert(name).second)
                next.insert(next.end(), m_spreads[name].begin(), m_spreads[name].end());
        }
        for (const Fragment& fragment : m_checker.document.fragments)
            if (!used.contains(fragment.name.text))
                m_checker.report(fmt::format("Fragment \"{}\" is never used.", fragment.name.text),
                                 {fragment.at});
    }
    void cycles() {
        std::set<std::string_view> done;
        std::vector<std::string_view> path;
        for (const Fragment& fragment : m_checker.document.fragments)
            cyclesFrom(fragment.name.text, path, done);
    }

private:
    void known(const Name& name) {
        if (!m_checker.schema.type(name.text))
            m_checker.report(fmt::format("Unknown type \"{}\".", name.text), {name.at});
    }
    void condition(const Name& on, const std::string& who) {
        known(on);
        const Type* type = m_checker.schema.type(on.text);
        if (type && !type->isComposite())
            m_checker.report(
                fmt::format("{} cannot condition on non composite type \"{}\".", who, type->name), {on.at});
    }
    void cyclesFrom(std::string_view name, std::vector<std::string_view>& path,
                    std::set<std::string_view>& done) {
        if (!done.insert(name).second)
            return;
        path.push_back(name);
        for (const Selection* spread : m_spreads[name]) {
            const auto start = std::ranges::find(path, spread->name.text);
            if (start == path.end()) {
                cyclesFrom(spread->name.text, path, done);
                continue;
            }
            std::string via;
            for (auto step = start + 1; step < path.end(); ++step)
                via += fmt::format("{}\"{}\"", via.empty() ? " via " : ", ", *step);
            m_checker.report(
                fmt::format("Cannot spread fragment \"{}\" within itself{}.", spread->name.text, via),
                {spread->at});
        }
        path.pop_back();
    }

    using Spreads = std::vector<const Selection*>;
    Checker& m_checker;
    Spreads m_roots;                                ///< In operations.
    std::map<std::string_view, Spreads> m_spreads;  ///< By the fragment they are in.
    Spreads* m_uses = &m_roots;
};

}  // namespace

void checkFragments(Checker& checker) {
    FragmentRules rules(checker);
    walkAll(checker, rules);
    rules.names();
    rules.unused();
    rules.cycles();
}

}  // namespace hone::toggles::graphql
