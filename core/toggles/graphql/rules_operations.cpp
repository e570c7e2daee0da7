// Operations (specification, sections 5.1.1 and 5.2).

#include "core/toggles/graphql/checker.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace hone::toggles::graphql {
namespace {

std::string definitionName(const Definition& definition) {
    return definition.kind == Definition::Schema ? "schema" : fmt::format("\"{}\"", definition.name.text);
}

/// The fields of a subscription's root by response key, through fragments (CollectSubscriptionFields).
void collect(const Document& document, const std::vector<Selection>& selections,
             std::map<std::string_view, std::vector<const Selection*>>& fields,
             std::set<std::string_view>& visited) {
    for (const Selection& selection : selections) {
        if (selection.kind == Selection::Field)
            fields[selection.key()].push_back(&selection);
        else if (selection.kind == Selection::Inline)
            collect(document, selection.selections, fields, visited);
        else if (visited.insert(selection.name.text).second)
            if (const Fragment* fragment = document.fragment(selection.name.text))
                collect(document, fragment->selections, fields, visited);
    }
}

void checkSubscription(Checker& checker, const Operation& operation) {
    std::map<std::string_view, std::vector<const Selection*>> fields;
    std::set<std::string_view> visited;
    collect(checker.document, operation.selections, fields, visited);
    const std::string who = operation.name.empty() ? "Anonymous Subscription"
                                                   : fmt::format("Subscription \"{}\"", operation.name.text);
    if (fields.size() > 1)
        checker.report(fmt::format("{} must select only one top level field.", who), {operation.at});
    for (const auto& [key, nodes] : fields)
        if (nodes.front()->name.text.starts_with("__"))
            checker.report(fmt::format("{} must not select an introspection top level field.", who),
                           {nodes.front()->at});
}

}  // namespace

void checkOperations(Checker& checker) {
    const Document& document = checker.document;
    for (const Definition& definition : document.definitions)
        checker.report(fmt::format("The {} definition is not executable.", definitionName(definition)),
                       {definition.at});
    std::map<std::string_view, std::uint32_t> names;
    for (const Operation& operation : document.operations) {
        if (operation.name.empty()) {
            if (document.operations.size() > 1)
                checker.report("This anonymous operation must be the only defined operation.",
                               {operation.at});
        } else if (const auto [known, isNew] = names.emplace(operation.name.text, operation.name.at);
                   !isNew) {
            checker.report(fmt::format("There can be only one operation named \"{}\".", operation.name.text),
                           {known->second, operation.name.at});
        }
        if (!checker.schema.root(operation.kind))
            checker.report(fmt::format("The schema has no {} operations.",
                                       operation.kind == Operation::Mutation ? "mutation" : "subscription"),
                           {operation.at});
        else if (operation.kind == Operation::Subscription)
            checkSubscription(checker, operation);
    }
}

}  // namespace hone::toggles::graphql
