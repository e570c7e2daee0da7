#include "core/toggles/graphql/plan.h"

#include <algorithm>

namespace hone::toggles::graphql {

std::unique_ptr<SelectionPlan> Planner::root(const Operation& operation) {
    auto plan = std::make_unique<SelectionPlan>();
    plan->type = m_schema.root(operation.kind);
    std::vector<std::string_view> visited;
    collect(*plan, operation.selections, visited);
    return plan;
}

SelectionPlan& Planner::below(PlannedField& field, const Type& object) {
    for (const auto& plan : field.below)
        if (plan->type == &object)
            return *plan;
    auto plan = std::make_unique<SelectionPlan>();
    plan->type = &object;
    std::vector<std::string_view> visited;
    for (const Selection* node : field.nodes)
        collect(*plan, node->selections, visited);
    return *field.below.emplace_back(std::move(plan));
}

std::vector<Location> Planner::places(const PlannedField& field) const {
    std::vector<Location> places;
    for (const Selection* node : field.nodes)
        places.push_back(m_document.where(node->at));
    return places;
}

void Planner::collect(SelectionPlan& plan, const std::vector<Selection>& selections,
                      std::vector<std::string_view>& visited) {
    const auto applies = [&](std::string_view condition) {
        const Type* type = m_schema.type(condition);
        return type && type->includes(*plan.type);
    };
    for (const Selection& selection : selections) {
        if (!isIncluded(selection.directives, m_variables))
            continue;
        if (selection.kind == Selection::Field) {
            add(plan, selection);
        } else if (selection.kind == Selection::Inline) {
            if (selection.on.empty() || applies(selection.on.text))
                collect(plan, selection.selections, visited);
        } else if (std::ranges::find(visited, selection.name.text) == visited.end()) {
            visited.push_back(selection.name.text);
            const Fragment* fragment = m_document.fragment(selection.name.text);
            if (fragment && applies(fragment->on.text))
                collect(plan, fragment->selections, visited);
        }
    }
}

void Planner::add(SelectionPlan& plan, const Selection& selection) {
    const auto known = std::ranges::find(plan.fields, selection.key(), &PlannedField::key);
    if (known != plan.fields.end())
        return known->nodes.push_back(&selection);
    PlannedField field{.key = selection.key(),
                       .label = {},
                       .field = m_schema.field(*plan.type, selection.name.text),
                       .parent = plan.type,
                       .nodes = {&selection},
                       .arguments = {},
                       .fault = {},
                       .below = {}};
    field.label.append("\"").append(field.key).append("\":");
    if (!field.field->arguments.empty()) {
        auto arguments = coerceArguments(field.field->arguments, selection.arguments, m_variables);
        if (arguments)
            field.arguments = std::move(*arguments);
        else
            field.fault = std::move(arguments.error());
    }
    plan.fields.push_back(std::move(field));
}

}  // namespace hone::toggles::graphql
