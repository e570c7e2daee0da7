// Fields exist and are selected as their types ask (specification, sections 5.3.1 and 5.3.3).

#include "core/toggles/graphql/checker.h"

#include <fmt/format.h>

namespace hone::toggles::graphql {
namespace {

class FieldRules final : public Visitor {
public:
    explicit FieldRules(Checker& checker) : m_checker(checker) {}

    void field(const Type* parent, const Field* definition, const Selection& field) override {
        if (!parent)
            return;
        if (!definition)
            return m_checker.report(
                fmt::format("Cannot query field \"{}\" on type \"{}\".", field.name.text, parent->name),
                {field.at});
        const std::string type = definition->type.text();
        if (definition->type.type->isLeaf() && !field.selections.empty())
            m_checker.report(fmt::format("Field \"{}\" must not have a selection since type \"{}\" has no "
                                         "subfields.",
                                         field.name.text, type),
                             {field.at});
        if (!definition->type.type->isLeaf() && field.selections.empty())
            m_checker.report(fmt::format("Field \"{0}\" of type \"{1}\" must have a selection of subfields. "
                                         "Did you mean \"{0} {{ ... }}\"?",
                                         field.name.text, type),
                             {field.at});
    }

private:
    Checker& m_checker;
};

}  // namespace

void checkFields(Checker& checker) {
    FieldRules rules(checker);
    walkAll(checker, rules);
}

}  // namespace hone::toggles::graphql
