#pragma once

#include "core/toggles/graphql/coercion.h"

namespace hone::toggles::graphql {

struct SelectionPlan;

/// One response key of an object: its field, all places that select it, its arguments.
struct PlannedField {
    std::string_view key;
    std::string label;  ///< "key": as it is written.
    const Field* field = nullptr;
    const Type* parent = nullptr;
    std::vector<const Selection*> nodes;
    nlohmann::json arguments;
    std::string fault;  ///< Why the arguments do not fit; the field is then an error wherever it is.
    std::vector<std::unique_ptr<SelectionPlan>> below;  ///< Made by Planner::below(), one per object type.
};

/// What is selected of one object type: fields collected and merged (section 6.3.2).
struct SelectionPlan {
    const Type* type = nullptr;
    std::vector<PlannedField> fields;
};

/// Works out once per operation what the algorithm of the specification works out for every object: which
/// fields to write, with which arguments. Selections are planned when they are first met.
///
/// Thread: one. Owner: one execution. Document, schema and variables outlive it.
class Planner {
public:
    Planner(const Schema& schema, const Document& document, const nlohmann::json& variables)
        : m_schema(schema), m_document(document), m_variables(variables) {}

    [[nodiscard]] std::unique_ptr<SelectionPlan> root(const Operation& operation);
    /// Of the field's value when that is such an object.
    SelectionPlan& below(PlannedField& field, const Type& object);
    [[nodiscard]] std::vector<Location> places(const PlannedField& field) const;
    [[nodiscard]] const Schema& schema() const { return m_schema; }

private:
    void collect(SelectionPlan& plan, const std::vector<Selection>& selections,
                 std::vector<std::string_view>& visited);
    void add(SelectionPlan& plan, const Selection& selection);

    const Schema& m_schema;
    const Document& m_document;
    const nlohmann::json& m_variables;
};

}  // namespace hone::toggles::graphql
