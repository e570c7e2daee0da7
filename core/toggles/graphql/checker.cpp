#include "core/toggles/graphql/checker.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone::toggles::graphql {
namespace {

/// One walk; holds the visitor so that the steps need not pass it on.
class Walk {
public:
    Walk(const Schema& schema, Visitor& visitor) : m_schema(schema), m_visitor(visitor) {}

    void directives(const std::vector<Directive>& directives, std::string_view location) {
        m_visitor.directives(directives, location);
        for (const Directive& directive : directives) {
            const DirectiveType* type = m_schema.directive(directive.name.text);
            arguments(directive.arguments, type ? &type->arguments : nullptr,
                      fmt::format("@{}", directive.name.text), directive.at);
        }
    }
    void selections(const Type* parent, const std::vector<Selection>& selections) {
        for (const Selection& selection : selections) {
            switch (selection.kind) {
                case Selection::Field: field(parent, selection); break;
                case Selection::Spread:
                    m_visitor.spread(parent, selection);
                    directives(selection.directives, "FRAGMENT_SPREAD");
                    break;
                case Selection::Inline: inlined(parent, selection); break;
            }
        }
    }
    void variable(const VariableDefinition& definition) {
        m_visitor.variable(definition);
        const Type* type = m_schema.type(definition.type.named.text);
        if (definition.initial) {
            const TypeRef ref{type, definition.type.wraps};
            m_visitor.value(*definition.initial, type && type->isInput() ? &ref : nullptr, false);
        }
        directives(definition.directives, "VARIABLE_DEFINITION");
    }

private:
    void arguments(const std::vector<Argument>& arguments, const std::vector<InputValue>* known,
                   const std::string& owner, std::uint32_t at) {
        m_visitor.arguments(arguments, known, owner, at);
        for (const Argument& argument : arguments) {
            const InputValue* definition = nullptr;
            if (known)
                for (const InputValue& each : *known)
                    if (each.name == argument.name.text)
                        definition = &each;
            m_visitor.value(argument.value, definition ? &definition->type : nullptr,
                            definition && definition->initial);
        }
    }
    void field(const Type* parent, const Selection& selection) {
        const Field* definition = parent ? m_schema.field(*parent, selection.name.text) : nullptr;
        m_visitor.field(parent, definition, selection);
        arguments(selection.arguments, definition ? &definition->arguments : nullptr,
                  fmt::format("{}.{}", parent ? parent->name : "", selection.name.text), selection.at);
        directives(selection.directives, "FIELD");
        const Type* type = definition ? definition->type.type : nullptr;
        selections(type && type->isComposite() ? type : nullptr, selection.selections);
    }
    void inlined(const Type* parent, const Selection& selection) {
        m_visitor.inlined(parent, selection);
        directives(selection.directives, "INLINE_FRAGMENT");
        const Type* type = selection.on.empty() ? parent : m_schema.type(selection.on.text);
        selections(type && type->isComposite() ? type : nullptr, selection.selections);
    }

    const Schema& m_schema;
    Visitor& m_visitor;
};

}  // namespace

void Checker::report(std::string message, std::initializer_list<std::uint32_t> at) {
    if (isFull())
        return;
    Problem problem{.message = std::move(message), .code = "GRAPHQL_VALIDATION_FAILED"};
    for (const auto each : at)
        problem.locations.push_back(document.where(each));
    problems.push_back(std::move(problem));
}

void walk(const Checker& checker, const Operation& operation, Visitor& visitor) {
    constexpr std::string_view kLocations[] = {"QUERY", "MUTATION", "SUBSCRIPTION"};
    Walk walk(checker.schema, visitor);
    visitor.operation(operation);
    for (const VariableDefinition& variable : operation.variables)
        walk.variable(variable);
    walk.directives(operation.directives, kLocations[operation.kind]);
    walk.selections(checker.schema.root(operation.kind), operation.selections);
}

void walk(const Checker& checker, const Fragment& fragment, Visitor& visitor) {
    Walk walk(checker.schema, visitor);
    visitor.fragment(fragment);
    walk.directives(fragment.directives, "FRAGMENT_DEFINITION");
    const Type* type = checker.schema.type(fragment.on.text);
    walk.selections(type && type->isComposite() ? type : nullptr, fragment.selections);
}

void walkAll(const Checker& checker, Visitor& visitor) {
    for (const Operation& operation : checker.document.operations)
        walk(checker, operation, visitor);
    for (const Fragment& fragment : checker.document.fragments)
        walk(checker, fragment, visitor);
}

std::vector<Problem> validate(const Schema& schema, const Document& document) {
    Checker checker(schema, document);
    for (const auto check : {checkOperations, checkFields, checkArguments, checkFragments, checkValues,
                             checkDirectives, checkVariables, checkMerging})
        check(checker);
    return std::move(checker.problems);
}

}  // namespace hone::toggles::graphql
