#include "core/toggles/graphql/introspection.h"

namespace hone::toggles::graphql {
namespace {

using Outcome = Completion::Outcome;

/// One answer about the schema; each function writes what one of the meta types has.
class Introspection {
public:
    explicit Introspection(Completion& to) : m_to(to), m_schema(to.planner.schema()) {}

    Outcome schema(PlannedField& field, const Path& path) {
        return object(field, path, "__Schema", [this](PlannedField& part, const Path& here) {
            const std::string& name = part.field->name;
            if (name == "description")
                return text(m_schema.description);
            if (name == "types")
                return m_to.list(m_schema.types.size(), here, [&](std::size_t i, const Path& at) {
                    return Completion::Outcome::Written == type(part, at, {m_schema.types[i].get(), ""});
                });
            if (name == "directives")
                return m_to.list(m_schema.directives.size(), here, [&](std::size_t i, const Path& at) {
                    return directive(part, at, m_schema.directives[i]) == Outcome::Written;
                });
            return type(part, here,
                        {name == "queryType"      ? m_schema.query
                         : name == "mutationType" ? m_schema.mutation
                                                  : m_schema.subscription,
                         ""});
        });
    }

    Outcome type(PlannedField& field, const Path& path, const TypeRef& ref) {
        if (!ref.type)
            return Outcome::Null;
        return object(field, path, "__Type", [this, &ref](PlannedField& part, const Path& here) {
            return typePart(part, here, ref);
        });
    }

private:
    template <class Value>
    Outcome object(PlannedField& field, const Path& path, std::string_view type, Value&& value) {
        return Completion::written(
            m_to.object(m_to.planner.below(field, *m_schema.type(type)), &path, value));
    }
    Outcome text(const std::string& text) { return text.empty() ? Outcome::Null : m_to.string(text); }
    Outcome optional(const std::optional<std::string>& text) {
        return text ? m_to.string(*text) : Outcome::Null;
    }
    Outcome flag(bool value) { return m_to.raw(value ? "true" : "false"); }

    /// Of the items, those that are not deprecated unless `includeDeprecated`.
    template <class Items, class Write>
    Outcome listed(PlannedField& field, const Path& path, const Items& items, Write&& write) {
        const bool all = field.arguments.value("includeDeprecated", false);
        std::vector<const typename Items::value_type*> shown;
        for (const auto& item : items)
            if (all || !item.deprecation)
                shown.push_back(&item);
        return m_to.list(shown.size(), path, [&](std::size_t i, const Path& at) {
            return write(field, at, *shown[i]) == Outcome::Written;
        });
    }
    Outcome types(PlannedField& field, const Path& path, const std::vector<const Type*>& types) {
        return m_to.list(types.size(), path, [&](std::size_t i, const Path& at) {
            return type(field, at, {types[i], ""}) == Outcome::Written;
        });
    }

    Outcome typePart(PlannedField& part, const Path& here, const TypeRef& ref) {
        constexpr std::string_view kKinds[] = {"SCALAR", "OBJECT", "INTERFACE",
                                               "UNION",  "ENUM",   "INPUT_OBJECT"};
        const std::string& name = part.field->name;
        const bool isWrapped = !ref.wraps.empty();
        const Type& type = *ref.type;
        if (name == "kind")
            return m_to.string(ref.isNonNull() ? "NON_NULL" : ref.isList() ? "LIST" : kKinds[type.kind]);
        if (name == "ofType")
            return isWrapped ? this->type(part, here, ref.item()) : Outcome::Null;
        if (isWrapped)
            return Outcome::Null;
        if (name == "name")
            return m_to.string(type.name);
        if (name == "description")
            return text(type.description);
        if (name == "specifiedByURL")
            return optional(type.specifiedBy);
        const bool hasFields = type.kind == Type::Object || type.kind == Type::Interface;
        if (name == "fields" && hasFields)
            return listed(part, here, type.fields, [this](auto& field, auto& path, auto& item) {
                return this->field(field, path, item);
            });
        if (name == "interfaces" && hasFields)
            return types(part, here, type.interfaces);
        if (name == "possibleTypes" && type.isAbstract())
            return types(part, here, type.members);
        if (name == "enumValues" && type.kind == Type::Enum)
            return listed(part, here, type.values, [this](auto& field, auto& path, auto& item) {
                return enumValue(field, path, item);
            });
        if (name == "inputFields" && type.kind == Type::Input)
            return inputs(part, here, type.inputs);
        return Outcome::Null;
    }

    Outcome inputs(PlannedField& part, const Path& here, const std::vector<InputValue>& inputs) {
        return listed(part, here, inputs,
                      [this](auto& field, auto& path, auto& item) { return input(field, path, item); });
    }

    /// Members that fields, inputs, enum values and directives have in common.
    template <class Item>
    Outcome common(const std::string& name, const Item& item) {
        if (name == "name")
            return m_to.string(item.name);
        if (name == "description")
            return text(item.description);
        if constexpr (requires { item.deprecation; }) {
            if (name == "isDeprecated")
                return flag(item.deprecation.has_value());
            if (name == "deprecationReason")
                return optional(item.deprecation);
        }
        return Outcome::Null;
    }

    Outcome field(PlannedField& field, const Path& path, const Field& item) {
        return object(field, path, "__Field", [&](PlannedField& part, const Path& here) {
            if (part.field->name == "args")
                return inputs(part, here, item.arguments);
            if (part.field->name == "type")
                return type(part, here, item.type);
            return common(part.field->name, item);
        });
    }
    Outcome input(PlannedField& field, const Path& path, const InputValue& item) {
        return object(field, path, "__InputValue", [&](PlannedField& part, const Path& here) {
            if (part.field->name == "type")
                return type(part, here, item.type);
            if (part.field->name == "defaultValue")
                return item.initial ? m_to.string(printValue(*item.initial)) : Outcome::Null;
            return common(part.field->name, item);
        });
    }
    Outcome enumValue(PlannedField& field, const Path& path, const EnumValue& item) {
        return object(field, path, "__EnumValue",
                      [&](PlannedField& part, const Path&) { return common(part.field->name, item); });
    }
    Outcome directive(PlannedField& field, const Path& path, const DirectiveType& item) {
        return object(field, path, "__Directive", [&](PlannedField& part, const Path& here) {
            if (part.field->name == "isRepeatable")
                return flag(item.repeatable);
            if (part.field->name == "args")
                return inputs(part, here, item.arguments);
            if (part.field->name == "locations")
                return m_to.list(item.locations.size(), here, [&](std::size_t i, const Path&) {
                    return m_to.string(item.locations[i]) == Outcome::Written;
                });
            return common(part.field->name, item);
        });
    }

    Completion& m_to;
    const Schema& m_schema;
};

}  // namespace

Outcome writeIntrospection(Completion& to, PlannedField& field, const Path& path) {
    Introspection introspection(to);
    if (field.field->name == "__schema")
        return introspection.schema(field, path);
    return introspection.type(field, path,
                              {to.planner.schema().type(field.arguments.value("name", std::string())), ""});
}

}  // namespace hone::toggles::graphql
