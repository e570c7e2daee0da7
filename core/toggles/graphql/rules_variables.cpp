// Variables: named once, of input types, defined, used, and where their type may be (section 5.8).

#include "core/toggles/graphql/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace hone::toggles::graphql {
namespace {

struct Usage {
    const Value* variable = nullptr;
    std::optional<TypeRef> type;  ///< Of the place; none: unknown.
    bool hasDefault = false;      ///< The place has one.
};

/// Which variables and fragments one operation or fragment uses.
class Usages final : public Visitor {
public:
    void spread(const Type*, const Selection& spread) override { spreads.push_back(spread.name.text); }
    void value(const Value& value, const TypeRef* type, bool hasDefault) override {
        collect(value, type ? std::optional(*type) : std::nullopt, hasDefault);
    }

    std::vector<Usage> usages;
    std::vector<std::string_view> spreads;

private:
    void collect(const Value& value, std::optional<TypeRef> type, bool hasDefault) {
        if (value.kind == Value::Variable)
            return usages.push_back({&value, std::move(type), hasDefault});
        if (type && type->isNonNull())
            type = type->nullable();
        if (value.kind == Value::List)
            for (const Value& item : value.items)
                collect(item, type && type->isList() ? std::optional(type->item()) : type, false);
        while (type && !type->wraps.empty())
            type = type->item();
        for (std::size_t i = 0; value.kind == Value::Object && i < value.items.size(); ++i) {
            const InputValue* field = type ? type->type->input(value.names[i].text) : nullptr;
            collect(value.items[i], field ? std::optional(field->type) : std::nullopt,
                    field && field->initial);
        }
    }
};

bool isSubtype(const TypeRef& type, const TypeRef& of) {
    if (of.isNonNull())
        return type.isNonNull() && isSubtype(type.nullable(), of.nullable());
    if (type.isNonNull())
        return isSubtype(type.nullable(), of);
    if (of.isList() != type.isList())
        return false;
    return of.isList() ? isSubtype(type.item(), of.item()) : type.type == of.type;
}

/// IsVariableUsageAllowed.
bool isAllowed(const VariableDefinition& definition, const TypeRef& type, const Usage& usage) {
    if (!usage.type->isNonNull() || type.isNonNull())
        return isSubtype(type, *usage.type);
    const bool hasValue = definition.initial && definition.initial->kind != Value::Null;
    return (hasValue || usage.hasDefault) && isSubtype(type, usage.type->nullable());
}

class VariableRules {
public:
    explicit VariableRules(Checker& checker) : m_checker(checker) {
        for (const Fragment& fragment : checker.document.fragments)
            walk(checker, fragment, m_fragments[fragment.name.text]);
    }

    void check(const Operation& operation) {
        Usages own;
        walk(m_checker, operation, own);
        std::set<std::string_view> visited;
        std::vector<const Usage*> all;
        gather(own, visited, all);
        std::map<std::string_view, const VariableDefinition*> defined;
        for (const VariableDefinition& variable : operation.variables)
            define(variable, defined);
        const std::string in =
            operation.name.empty() ? "" : fmt::format(" in operation \"{}\"", operation.name.text);
        std::set<std::string_view> used;
        for (const Usage* usage : all) {
            used.insert(usage->variable->text);
            const auto found = defined.find(usage->variable->text);
            if (found == defined.end())
                undefined(*usage, operation);
            else
                position(*usage, *found->second);
        }
        for (const VariableDefinition& variable : operation.variables)
            if (!used.contains(variable.name.text))
                m_checker.report(fmt::format("Variable \"${}\" is never used{}.", variable.name.text, in),
                                 {variable.at});
    }

private:
    void gather(const Usages& from, std::set<std::string_view>& visited, std::vector<const Usage*>& all) {
        for (const Usage& usage : from.usages)
            all.push_back(&usage);
        for (const std::string_view name : from.spreads)
            if (const auto found = m_fragments.find(name);
                found != m_fragments.end() && visited.insert(name).second)
                gather(found->second, visited, all);
    }
    void define(const VariableDefinition& variable,
                std::map<std::string_view, const VariableDefinition*>& defined) {
        if (const auto [first, isNew] = defined.emplace(variable.name.text, &variable); !isNew)
            m_checker.report(fmt::format("There can be only one variable named \"${}\".", variable.name.text),
                             {first->second->name.at, variable.name.at});
        const Type* type = m_checker.schema.type(variable.type.named.text);
        if (type && !type->isInput())
            m_checker.report(fmt::format("Variable \"${}\" cannot be non-input type \"{}\".",
                                         variable.name.text, TypeRef{type, variable.type.wraps}.text()),
                             {variable.type.at});
    }
    void undefined(const Usage& usage, const Operation& operation) {
        m_checker.report(operation.name.empty()
                             ? fmt::format("Variable \"${}\" is not defined.", usage.variable->text)
                             : fmt::format("Variable \"${}\" is not defined by operation \"{}\".",
                                           usage.variable->text, operation.name.text),
                         {usage.variable->at, operation.at});
    }
    void position(const Usage& usage, const VariableDefinition& definition) {
        const Type* named = m_checker.schema.type(definition.type.named.text);
        if (!named || !usage.type)
            return;
        const TypeRef type{named, definition.type.wraps};
        if (!isAllowed(definition, type, usage))
            m_checker.report(
                fmt::format("Variable \"${}\" of type \"{}\" used in position expecting type \"{}\".",
                            usage.variable->text, type.text(), usage.type->text()),
                {definition.at, usage.variable->at});
    }

    Checker& m_checker;
    std::map<std::string_view, Usages> m_fragments;
};

}  // namespace

void checkVariables(Checker& checker) {
    VariableRules rules(checker);
    for (const Operation& operation : checker.document.operations)
        rules.check(operation);
}

}  // namespace hone::toggles::graphql
